/* What the provider has done, held against what is written here. What is still under way on either
   side is not compared, and what began at the edge of the time is looked for beyond it. */
#include "reconcile.h"

#include <string.h>
#include <strings.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "queries/payment_reconcile.h"

enum {
    ENTRIES_MAX = 20000,
    SPAN_MAX_S = 31 * 24 * 3600,
    DEFAULT_SPAN_MS = 3600 * 1000,
    SETTLING_MS = 60 * 1000,
    MARGIN_MS = 15 * 60 * 1000, /* of clocks, and of what a crash has held up */
    FAILURES_MAX = 5,
};

struct comparing {
    souk_time_t from, until;
    int limit;
    struct journal journal;
    souk_list_t differences; /* struct difference */
    int compared, count;
};
static const souk_record_t comparing = {
    .name = "comparing",
    .size = sizeof(struct comparing),
    .fields = {
        FIELD(comparing, from),
        FIELD(comparing, until),
        FIELD(comparing, limit),
    },
};
static const souk_record_t compared_payment = {
    .name = "compared_payment",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
        FIELD(payment, order_id),
        FIELD(payment, amount, .optional = true),
        FIELD(payment, status),
        FIELD(payment, reference),
        FIELD(payment, captured),
        FIELD(payment, refunding),
        FIELD(payment, refunded),
    },
};
const souk_query_t payment_list_made = {
    .sql = &sql_list_made,
    .takes = &comparing,
    .gives = &compared_payment,
};
const souk_query_t payment_list_named = {
    .sql = &sql_list_named,
    .takes = &order_ids,
    .gives = &compared_payment,
};

/* A payment is tried again for as long as its order waits. */
static struct journal journal_of(souk_call_t *call, souk_time_t from, souk_time_t until)
{
    int64_t tries_ms = souk_settings.reservation_s * INT64_C(1000);
    return (struct journal){
        .from = { from.ms - MARGIN_MS },
        .until = { until.ms + MARGIN_MS + tries_ms },
        .limit = ENTRIES_MAX,
        .pool = souk_call_pool(call),
    };
}

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct reconciling *asked = request;
    souk_time_t until = { asked->until.ms ? asked->until.ms : souk_now().ms - SETTLING_MS };
    souk_time_t from = { asked->from.ms ? asked->from.ms : until.ms - DEFAULT_SPAN_MS };

    if (from.ms >= until.ms)
        return souk_fail_field(call, "/until", "must be after from");
    if (until.ms - from.ms > SPAN_MAX_S * INT64_C(1000))
        return souk_fail_field(call, "/until", "must be at most 31 days after from");
    *(struct comparing *)state = (struct comparing){
        .from = from,
        .until = until,
        .limit = ENTRIES_MAX,
        .journal = journal_of(call, from, until),
    };
    return true;
}

static void read_one(souk_batch_t *batch, size_t i)
{
    struct journal *journal = &((struct comparing *)souk_batch_state(batch, i))->journal;

    if (!payment_provider()->read(batch->calls[i], journal))
        return;
    if (journal->entries.count > (size_t)journal->limit)
        souk_batch_fail(batch, i, &souk_invalid, "more than %d charges: ask for a shorter time",
            journal->limit);
    else if (journal->failures > FAILURES_MAX)
        souk_batch_fail(batch, i, &souk_unavailable, "the provider does not answer");
    else if (!journal->done)
        souk_batch_wait(batch, i, journal->wait_ms);
}

static bool read_journals(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        read_one(batch, i);
    return true;
}

static const char *say_here(souk_pool_t *pool, const struct payment *row)
{
    if (!row)
        return "nothing";
    return souk_pool_format(pool, "%s: %lld of %lld %s taken, %lld given back", row->status,
        (long long)row->captured, (long long)row->amount.amount,
        row->amount.currency ? row->amount.currency : "", (long long)row->refunded);
}

static const char *say_there(souk_pool_t *pool, const struct entry *entry)
{
    if (!entry)
        return "nothing";
    return souk_pool_format(pool, "%s: %lld %s taken, %lld given back", entry->status,
        (long long)entry->captured, entry->currency, (long long)entry->refunded);
}

static void note(struct comparing *it, souk_pool_t *pool, const char *kind,
    const struct payment *row, const struct entry *entry)
{
    it->count++;
    if (it->differences.count == DIFFERENCES_MAX)
        return;
    *(struct difference *)souk_list_add(&it->differences, pool, sizeof(struct difference)) =
        (struct difference){
            .kind = kind,
            .order_id = row ? row->order_id : entry->order_id,
            .reference = entry ? entry->reference : row->reference,
            .here = say_here(pool, row),
            .there = say_there(pool, entry),
        };
}

static bool is_settled(const struct payment *row)
{
    return strcmp(row->status, "opened") != 0 && strcmp(row->status, "capturing") != 0 &&
        strcmp(row->status, "voiding") != 0 && row->refunding == 0;
}

static bool is_set_aside(const char *status)
{
    return strcmp(status, "authorized") == 0;
}

/* NULL: they say the same. */
static const char *difference_of(const struct payment *row, const struct entry *entry)
{
    bool same_state = is_set_aside(row->status) == is_set_aside(entry->status) &&
        (row->captured > 0) == (entry->captured > 0);

    if (!same_state)
        return "other_state";
    if (row->captured != entry->captured || row->refunded != entry->refunded ||
        strcasecmp(row->amount.currency, entry->currency) != 0)
        return "other_amount";
    return NULL;
}

static bool has_money(const struct entry *entry)
{
    return entry->captured > entry->refunded || is_set_aside(entry->status);
}

/* A try that failed is nobody's loss, and only the last one is written here. */
static void compare_entry(struct comparing *it, souk_pool_t *pool, const struct payment *row,
    const struct entry *entry)
{
    bool is_same = row && row->amount.currency && strcmp(row->reference, entry->reference) == 0;
    const char *kind = is_same ? difference_of(row, entry) : "missing_here";

    if (row && !is_settled(row))
        return;
    if (is_same ? kind != NULL : has_money(entry))
        note(it, pool, kind, row, entry);
}

static bool must_be_there(const struct payment *row)
{
    bool has_been = row->captured > 0 || (is_set_aside(row->status) && row->amount.amount > 0);
    return has_been && is_settled(row) && payment_provider()->owns(row->reference);
}

static bool is_within(const struct comparing *it, souk_time_t time)
{
    return time.ms >= it->from.ms && time.ms < it->until.ms;
}

static souk_list_t orders_of(const struct journal *journal, souk_pool_t *pool)
{
    const struct entry *entries = journal->entries.items;
    souk_list_t ids = { 0 };

    for (size_t i = 0; i < journal->entries.count; i++)
        if (entries[i].order_id &&
            souk_uuid_parse(entries[i].order_id, (uint8_t[SOUK_UUID_BYTES]){ 0 }))
            souk_list_add_text(&ids, pool, entries[i].order_id);
    return ids;
}

static void compare_all(struct comparing *it, souk_pool_t *pool, const souk_list_t *made,
    const souk_list_t *named)
{
    const struct entry *entries = it->journal.entries.items;
    const struct payment *rows = made->items;
    const souk_index_t *here = souk_index_of(named, &compared_payment, "order_id", pool);
    const souk_index_t *there =
        souk_index_of(&it->journal.entries, &journal_entry, "reference", pool);

    for (size_t i = 0; i < it->journal.entries.count; i++) {
        const struct entry *entry = &entries[i];
        if (!is_within(it, entry->at))
            continue;
        it->compared++;
        compare_entry(it, pool, entry->order_id ? souk_index_find(here, entry->order_id) : NULL,
            entry);
    }
    for (size_t i = 0; i < made->count; i++)
        if (must_be_there(&rows[i]) && !souk_index_find(there, rows[i].reference))
            note(it, pool, "missing_there", &rows[i], NULL);
}

static bool compare(souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(batch->all);

    for (size_t i = 0; i < batch->count; i++) {
        struct comparing *it = souk_batch_state(batch, i);
        struct order_ids orders = { orders_of(&it->journal, pool) };
        souk_list_t made = { 0 }, named = { 0 };
        if (!souk_db_all(batch->all, &payment_list_made, it, &made) ||
            !souk_db_all(batch->all, &payment_list_named, &orders, &named))
            return false;
        if (made.count > (size_t)it->limit)
            souk_batch_fail(batch, i, &souk_invalid,
                "more than %d payments: ask for a shorter time", it->limit);
        else
            compare_all(it, pool, &made, &named);
    }
    return true;
}

static bool answer(souk_call_t *call, const void *state, void *reply)
{
    const struct comparing *it = state;
    *(struct reconciliation *)reply = (struct reconciliation){
        .from = it->from,
        .until = it->until,
        .compared = it->compared,
        .count = it->count,
        .differences = it->differences,
    };
    return true;
}

const souk_saga_t payment_reconcile = {
    .state = &comparing,
    .open = open,
    .steps = {
        { .name = "read", .outside = read_journals },
        { .name = "compare", .batch = compare },
    },
    .answer = answer,
};
