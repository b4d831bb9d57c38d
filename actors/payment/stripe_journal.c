/* Stripe's journal, as reconciliation reads it: page by page, what was given back beside each
 * charge. */
#include <string.h>

#include "../../lib/settings.h"
#include "stripe.h"
#include "stripe_answers.h"
#include "stripe_asks.h"

enum {
    PAGE = 100, /* the most that Stripe gives */
};

static int64_t ask_page(const struct journal *journal)
{
    static const char *charges[] = { "data.latest_charge" };
    struct stripe_wish wish = {
        .created = { journal->from.ms / 1000, journal->until.ms / 1000 + 1 },
        .limit = PAGE,
        .starting_after = journal->after,
        .expand = { charges, 1 },
    };
    return souk_web_send(&stripe_list_intents, &wish, NULL);
}

static const char *status_of(const struct stripe_record *record)
{
    if (stripe_is(record->status, "succeeded"))
        return "captured";
    return stripe_is(record->status, "requires_capture") ? "authorized" : "failed";
}

static void add_page(struct journal *journal, const struct stripe_records *page)
{
    const struct stripe_record *all = page->data.items;

    for (size_t i = 0; i < page->data.count; i++) {
        *(struct entry *)souk_list_add(&journal->entries, journal->pool, sizeof(struct entry)) =
            (struct entry){
                .order_id = all[i].metadata.order_id,
                .reference = all[i].id,
                .status = status_of(&all[i]),
                .currency = all[i].currency,
                .captured = all[i].amount_received,
                .refunded = all[i].latest_charge.amount_refunded,
                .at = { all[i].created * 1000 },
            };
        journal->after = all[i].id;
    }
    journal->done = !page->has_more || journal->entries.count > (size_t)journal->limit;
}

/* Reading may be tried again without harm. */
static void take_page(struct journal *journal)
{
    souk_web_answer_t answer;

    if (!souk_web_take(journal->work, journal->pool, &answer))
        return;
    journal->work = 0;
    journal->failures = answer.gives ? 0 : journal->failures + 1;
    if (answer.gives)
        add_page(journal, answer.gives);
}

bool stripe_read(souk_call_t *call, struct journal *journal)
{
    bool is_asked = journal->work;

    souk_web_turn();
    if (is_asked)
        take_page(journal);
    else
        journal->work = ask_page(journal);
    souk_web_turn();
    bool has_failed = is_asked && !journal->work && journal->failures;
    journal->wait_ms =
        has_failed ? souk_settings.provider_retry_ms : souk_web_pause_ms(journal->work);
    return true;
}

bool stripe_owns(const char *reference)
{
    return strncmp(reference, "pi_", 3) == 0;
}
