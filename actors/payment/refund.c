/* Money that was taken, given back in parts: each once by its key, and together never more than was
   taken. The payment's row is locked while that is decided, and what is under way counts. */
#include "refund.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "capture.h"
#include "queries/payment_refunds.h"

const souk_error_t payment_not_refundable = {
    .code = "not_refundable",
    .kind = SOUK_CONFLICT,
    .meaning = "No money was taken that could be given back.",
};

struct refund {
    const char *id;
    const char *payment_id;
    const char *order_id;
    const char *key;
    souk_money_t amount;
    const char *reason;
    const char *who;
    const char *status;
    const char *reference, *method; /* of the payment */
    struct deed deed;
};
static const souk_record_t refund = {
    .name = "refund",
    .size = sizeof(struct refund),
    .fields = {
        FIELD(refund, id),
        FIELD(refund, payment_id, .optional = true),
        FIELD(refund, order_id),
        FIELD(refund, key),
        FIELD(refund, amount),
        FIELD(refund, reason, .optional = true),
        FIELD(refund, who),
        FIELD(refund, status),
    },
};
static const souk_record_t known_refund = {
    .name = "known_refund",
    .size = sizeof(struct refund),
    .fields = {
        FIELD(refund, id),
        FIELD(refund, order_id),
        FIELD(refund, key),
        FIELD(refund, amount),
        FIELD(refund, status),
        FIELD(refund, reference, .optional = true),
        FIELD(refund, method),
    },
};

const souk_query_t payment_find_refunds = {
    .sql = &sql_find_refunds,
    .takes = &refund,
    .gives = &known_refund,
    .many = true,
};
const souk_query_t payment_save_refunds = {
    .sql = &sql_save_refunds,
    .takes = &refund,
    .many = true,
};
const souk_query_t payment_settle_refunds = {
    .sql = &sql_settle_refunds,
    .takes = &refund,
    .many = true,
};
const souk_query_t payment_claim_refunding = {
    .sql = &sql_claim_refunding,
    .takes = &souk_stranded,
    .gives = &known_refund,
};

static bool open_refund(souk_call_t *call, const struct refund_wish *wish, const char *key,
    void *state)
{
    const char *user = souk_caller(call)->user;

    if (wish->amount.amount == 0)
        return souk_fail_field(call, "/amount/amount", "must be at least 1");
    *(struct refund *)state = (struct refund){
        .id = souk_call_new_id(call),
        .order_id = wish->order_id,
        .key = key,
        .amount = wish->amount,
        .reason = wish->reason,
        .who = user ? user : "system",
        .status = "refunding",
    };
    return true;
}

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct refund_wish *wish = request;
    return open_refund(call, wish, wish->key, state);
}

/* Keys of staff are apart from those that other services make up. */
static bool open_for_staff(souk_call_t *call, const void *request, void *state)
{
    const souk_caller_t *caller = souk_caller(call);
    const char *key = souk_pool_format(souk_call_pool(call), "staff %s %s",
        caller->user ? caller->user : "", caller->key);
    return open_refund(call, request, key, state);
}

static bool same_currency(const struct payment *row, const struct refund *it)
{
    return strcmp(row->amount.currency, it->amount.currency) == 0;
}

static bool is_taken(const struct payment *row)
{
    return strcmp(row->status, "captured") == 0 || strcmp(row->status, "refunded") == 0 ||
        strcmp(row->status, "partially_refunded") == 0;
}

/* What is left for one call is what those before it have left. */
static void judge(souk_batch_t *batch, size_t i, struct payment *row)
{
    struct refund *it = souk_batch_state(batch, i);
    int64_t left = row ? row->captured - row->refunded - row->refunding : 0;

    if (!row) {
        souk_batch_refuse(batch, i, &payment_missing);
    } else if (strcmp(row->status, "opened") == 0 || strcmp(row->status, "capturing") == 0) {
        souk_batch_fail(batch, i, &souk_running, "the payment is %s", row->status);
    } else if (!is_taken(row)) {
        souk_batch_fail(batch, i, &payment_not_refundable, "the payment is %s", row->status);
    } else if (!same_currency(row, it)) {
        souk_batch_fail(batch, i, &payment_too_much, "it was paid in %s", row->amount.currency);
    } else if (it->amount.amount > left) {
        souk_batch_fail(batch, i, &payment_too_much, "%lld is left of the payment",
            (long long)left);
    } else {
        row->refunding += it->amount.amount;
        it->payment_id = row->id;
        it->reference = row->reference;
        it->method = row->method;
    }
}

/* Asked again it goes on, or is answered as it was settled. */
static void join(souk_batch_t *batch, size_t i, const struct refund *known)
{
    struct refund *it = souk_batch_state(batch, i);

    if (known->amount.amount != it->amount.amount ||
        strcmp(known->amount.currency, it->amount.currency) != 0) {
        souk_batch_fail(batch, i, &souk_key_reused, "another amount was given back under this key");
        return;
    }
    it->id = known->id;
    it->status = known->status;
    it->reference = known->reference;
    it->method = known->method;
    if (strcmp(known->status, "refunding") != 0)
        souk_batch_finish(batch, i);
}

static const struct refund *find_known(const souk_list_t *rows, const struct refund *it)
{
    const struct refund *known = rows->items;

    for (size_t i = 0; i < rows->count; i++)
        if (strcmp(known[i].order_id, it->order_id) == 0 && strcmp(known[i].key, it->key) == 0)
            return &known[i];
    return NULL;
}

static souk_list_t orders_of(souk_batch_t *batch)
{
    souk_list_t ids = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct refund *it = souk_batch_state(batch, i);
        souk_list_add_text(&ids, souk_call_pool(batch->all), it->order_id);
    }
    return ids;
}

/* Of two calls under one key in one batch, the second is told of the first. */
static bool decide(souk_batch_t *batch, const souk_list_t *locked, souk_list_t *known)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    const souk_index_t *payments = souk_index_of(locked, &locked_payment, "order_id", pool);
    souk_list_t begun = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        struct refund *it = souk_batch_state(batch, i);
        const struct refund *before = find_known(known, it);
        if (before) {
            join(batch, i, before);
            continue;
        }
        judge(batch, i, souk_index_find(payments, it->order_id));
        if (souk_batch_failed(batch, i))
            continue;
        /* Another call under the same key may need it for longer than this one lives. */
        it->id = souk_pool_text(pool, it->id, strlen(it->id));
        *(struct refund *)souk_list_add(&begun, pool, sizeof *it) = *it;
        *(struct refund *)souk_list_add(known, pool, sizeof *it) = *it;
    }
    return souk_db_run(batch->all, &payment_save_refunds, &begun);
}

static bool begin(souk_batch_t *batch)
{
    souk_list_t orders = orders_of(batch), wanted = souk_batch_gather(batch);
    souk_list_t locked = { 0 }, known = { 0 };

    return payment_lock(batch, &orders, &locked) &&
        souk_db_all(batch->all, &payment_find_refunds, &wanted, &known) &&
        decide(batch, &locked, &known);
}

static struct deed *deed_of(souk_batch_t *batch, size_t i)
{
    struct refund *it = souk_batch_state(batch, i);

    if (!it->deed.key)
        it->deed = (struct deed){
            .key = souk_pool_format(souk_call_pool(batch->calls[i]), "%s.refund.%s", it->order_id,
                it->id),
            .order_id = it->order_id,
            .reference = it->reference,
            .amount = it->amount,
            .method = it->method,
        };
    return &it->deed;
}

static bool ask_provider(souk_batch_t *batch)
{
    return payment_ask(batch, deed_of, payment_provider()->refund);
}

static bool settle(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct refund *it = souk_batch_state(batch, i);
        it->status = it->deed.outcome;
    }
    souk_list_t settled = souk_batch_gather(batch);
    return souk_db_run(batch->all, &payment_settle_refunds, &settled);
}

static bool answer(souk_call_t *call, const void *state, void *reply)
{
    const struct refund *it = state;
    *(struct refund_state *)reply = (struct refund_state){ it->id, it->status, it->amount };
    return true;
}

#define STEPS                                                                                      \
    {                                                                                              \
        { .name = "begin", .batch = begin, .no_return = true },                                    \
            { .name = "provider", .outside = ask_provider },                                       \
            { .name = "settle", .batch = settle },                                                 \
    }

const souk_saga_t payment_refund = {
    .state = &refund,
    .open = open,
    .steps = STEPS,
    .answer = answer,
    .stranded = &payment_claim_refunding,
    .key = "id",
    .passed = souk_saga_always,
    .patience_ms = &souk_settings.charge_timeout_ms,
};

/* What a crash left of these is taken up by payment.refund. */
const souk_saga_t payment_staff_refund = {
    .state = &refund,
    .open = open_for_staff,
    .steps = STEPS,
    .answer = answer,
    .key = "id",
};
