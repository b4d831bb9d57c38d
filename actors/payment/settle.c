/* How a charge that is opened comes to its end: the provider is asked, and what came of it is
   written down, in the books and for whoever follows. */
#include "settle.h"

#include <sodium.h>
#include <string.h>

#include "../../lib/settings.h"
#include "queries/payment_settle.h"

const souk_query_t payment_save_references = {
    .sql = &sql_save_references,
    .takes = &payment,
    .many = true,
};
const souk_query_t payment_settle_rows = {
    .sql = &sql_settle_payments,
    .takes = &payment,
    .many = true,
};
const souk_query_t payment_fail_rows = {
    .sql = &sql_fail_payments,
    .takes = &payment,
    .many = true,
};

/* Under a key that it was asked for before, the provider would answer as before. */
static const char *key_of(souk_call_t *call, const struct payment *it)
{
    return it->tries > 1 ? souk_pool_format(souk_call_pool(call), "%s.%d", it->order_id, it->tries)
                         : it->order_id;
}

static const char *outcome_of(const struct payment *it)
{
    if (it->refused)
        return "declined";
    if (payment_is_free(it))
        return it->manual ? "authorized" : "captured";
    return NULL;
}

/* Of a slow call the sweeper may say that its payment is being tried once more. */
static struct deed *deed_of(souk_batch_t *batch, size_t i)
{
    struct payment *it = souk_batch_state(batch, i);

    if (it->deed.tries != it->tries)
        it->deed = (struct deed){
            .key = key_of(batch->calls[i], it),
            .order_id = it->order_id,
            .reference = it->reference,
            .amount = it->amount,
            .method = it->method,
            .customer = it->customer,
            .manual = it->manual,
            .tries = it->tries,
            .outcome = outcome_of(it),
        };
    return &it->deed;
}

static struct deed **add(souk_list_t *deeds, souk_call_t *call)
{
    return souk_list_add(deeds, souk_call_pool(call), sizeof(struct deed *));
}

/* Those that a crash left are of either kind. */
static bool take_or_set_aside(souk_call_t *call, const souk_list_t *deeds)
{
    struct deed **all = deeds->items;
    souk_list_t taken = { 0 }, set_aside = { 0 };

    for (size_t i = 0; i < deeds->count; i++)
        *add(all[i]->manual ? &set_aside : &taken, call) = all[i];
    return (taken.count == 0 || payment_provider()->charge(call, &taken)) &&
        (set_aside.count == 0 || payment_provider()->authorize(call, &set_aside));
}

/* What was learned at the last look is written down before money is moved under it: a provider may
   have forgotten the key by the time at which a crash is made good. */
static bool save_references(souk_batch_t *batch)
{
    souk_list_t learned = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        if (!it->deed.reference || it->deed.reference == it->reference)
            continue;
        it->reference = it->deed.reference;
        *(struct payment *)souk_list_add(&learned, souk_call_pool(batch->all), sizeof *it) = *it;
    }
    return souk_db_run(batch->all, &payment_save_references, &learned);
}

bool payment_charge_outside(souk_batch_t *batch)
{
    return save_references(batch) && payment_ask(batch, deed_of, take_or_set_aside);
}

bool payment_is_taken(const struct payment *it)
{
    return strcmp(it->status, "captured") == 0 || strcmp(it->status, "authorized") == 0;
}

/* Capped exponential backoff with full jitter (Brooker, AWS Architecture Blog, 2015): those that
   failed together do not come back together. */
static int pause_ms(int tries)
{
    int64_t most = (int64_t)souk_settings.retry_ms << (tries - 1);

    if (most > souk_settings.retry_max_ms)
        most = souk_settings.retry_max_ms;
    return (int)randombytes_uniform((uint32_t)most + 1);
}

int payment_next_in_ms(const struct payment *it)
{
    bool is_spent = payment_provider()->tokens_pay_once && !it->customer;

    return is_spent || it->tries >= SOUK_CHARGE_TRIES ? -1 : pause_ms(it->tries);
}

/* Payments are locked in the order of their orders, those that failed among the others. */
static bool save_outcomes(souk_batch_t *batch, const souk_list_t *taken, const souk_list_t *failed)
{
    souk_list_t orders = payment_orders_of(batch), rows = { 0 };
    bool is_mixed = taken->count && failed->count;

    return (!is_mixed || payment_lock(batch, &orders, &rows)) &&
        souk_db_run(batch->all, &payment_settle_rows, taken) &&
        souk_db_run(batch->all, &payment_fail_rows, failed);
}

bool payment_settle_charge(souk_batch_t *batch)
{
    souk_list_t taken = { 0 }, failed = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        it->status = it->deed.outcome;
        it->reference = it->deed.reference;
        it->next_in_ms = payment_next_in_ms(it);
        *(struct payment *)souk_list_add(payment_is_taken(it) ? &taken : &failed,
            souk_call_pool(batch->all), sizeof *it) = *it;
    }
    return save_outcomes(batch, &taken, &failed);
}

/* What was given back later was charged all the same. */
bool payment_answer_charge(souk_call_t *call, const void *state, void *reply)
{
    const struct payment *it = state;
    bool refunded =
        strcmp(it->status, "refunded") == 0 || strcmp(it->status, "partially_refunded") == 0;
    *(struct receipt *)reply = (struct receipt){ it->id, refunded ? "captured" : it->status };
    return true;
}
