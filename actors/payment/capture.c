/* Money that was set aside, taken: once, all or a part of it. Who captures first has it: the status
   is changed under the row's lock. */
#include "capture.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "queries/payment.h"

const souk_error_t payment_not_authorized = {
    .code = "not_authorized",
    .kind = SOUK_CONFLICT,
    .meaning = "No money is set aside for the order.",
};
const souk_error_t payment_already_captured = {
    .code = "already_captured",
    .kind = SOUK_CONFLICT,
    .meaning = "Another amount was captured for the order already.",
};
const souk_error_t payment_too_much = {
    .code = "too_much",
    .kind = SOUK_MISUSED,
    .meaning = "This is more than there is of the payment.",
};

const souk_query_t payment_begin_captures = {
    .sql = &sql_begin_captures,
    .takes = &payment,
    .many = true,
};
const souk_query_t payment_settle_captures = {
    .sql = &sql_settle_captures,
    .takes = &payment,
    .many = true,
};
const souk_query_t payment_claim_capturing = {
    .sql = &sql_claim_capturing,
    .takes = &souk_stranded,
    .gives = &capturing_payment,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct capture_wish *wish = request;
    *(struct payment *)state = (struct payment){
        .id = "",
        .order_id = wish->order_id,
        .status = "",
        .wanted = wish->amount,
    };
    return true;
}

static bool was_captured(const struct payment *row)
{
    return strcmp(row->status, "captured") == 0 ||
        (row->captured > 0 && strcmp(row->status, "voiding") != 0 &&
            strcmp(row->status, "voided") != 0);
}

/* Of two calls in one batch the second sees what the first has made of the row. */
static void judge(souk_batch_t *batch, size_t i, struct payment *row)
{
    int64_t wanted = ((struct payment *)souk_batch_state(batch, i))->wanted;

    if (!row) {
        souk_batch_refuse(batch, i, &payment_missing);
    } else if (was_captured(row) && wanted && wanted != row->captured) {
        souk_batch_fail(batch, i, &payment_already_captured, "%lld was captured",
            (long long)row->captured);
    } else if (strcmp(row->status, "capturing") == 0 || strcmp(row->status, "opened") == 0) {
        souk_batch_fail(batch, i, &souk_running, "the payment is %s", row->status);
    } else if (was_captured(row)) {
        souk_batch_finish(batch, i);
    } else if (strcmp(row->status, "authorized") != 0) {
        souk_batch_fail(batch, i, &payment_not_authorized, "the payment is %s", row->status);
    } else if (wanted > row->amount.amount) {
        souk_batch_fail(batch, i, &payment_too_much, "%lld was set aside",
            (long long)row->amount.amount);
    } else {
        row->status = "capturing";
        row->captured = wanted ? wanted : row->amount.amount;
    }
}

static bool begin(souk_batch_t *batch)
{
    souk_list_t orders = payment_orders_of(batch), rows = { 0 };

    if (!payment_lock(batch, &orders, &rows))
        return false;
    const souk_index_t *locked =
        souk_index_of(&rows, &locked_payment, "order_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        struct payment *row = souk_index_find(locked, it->order_id);
        judge(batch, i, row);
        if (row)
            *it = *row;
    }
    souk_list_t begun = souk_batch_gather(batch);
    return souk_db_run(batch->all, &payment_begin_captures, &begun);
}

static struct deed *deed_of(souk_batch_t *batch, size_t i)
{
    struct payment *it = souk_batch_state(batch, i);

    if (!it->deed.key)
        it->deed = (struct deed){
            .key = souk_pool_format(souk_call_pool(batch->calls[i]), "%s.capture", it->order_id),
            .order_id = it->order_id,
            .reference = it->reference,
            .amount = { it->captured, it->amount.currency },
            .method = it->method,
            .outcome = payment_is_free(it) ? "captured" : NULL,
        };
    return &it->deed;
}

static bool ask_provider(souk_batch_t *batch)
{
    return payment_ask(batch, deed_of, payment_provider()->capture);
}

static bool settle(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        it->status = it->deed.outcome;
    }
    souk_list_t settled = souk_batch_gather(batch);
    return souk_db_run(batch->all, &payment_settle_captures, &settled);
}

static bool answer(souk_call_t *call, const void *state, void *reply)
{
    const struct payment *it = state;
    *(struct receipt *)reply = (struct receipt){ it->id, it->status };
    return true;
}

const souk_saga_t payment_capture = {
    .state = &payment,
    .open = open,
    .steps = {
        { .name = "begin", .batch = begin, .no_return = true },
        { .name = "provider", .outside = ask_provider },
        { .name = "settle", .batch = settle },
    },
    .answer = answer,
    .stranded = &payment_claim_capturing,
    .key = "id",
    .passed = souk_saga_always,
    .patience_ms = &souk_settings.charge_timeout_ms,
};
