/* All that was taken or set aside for an order, given back, less what was given back before. */
#include "void.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "queries/payment.h"

const souk_query_t payment_bury_rows = {
    .sql = &sql_bury_payments,
    .takes = &payment,
    .many = true,
};
const souk_query_t payment_void_rows = {
    .sql = &sql_void_payments,
    .takes = &order_ids,
    .gives = &voided_payment,
};
const souk_query_t payment_settle_voids = {
    .sql = &sql_settle_voids,
    .takes = &payment,
    .many = true,
};
const souk_query_t payment_claim_voiding = {
    .sql = &sql_claim_voiding,
    .takes = &souk_stranded,
    .gives = &voided_payment,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct order_key *key = request;
    *(struct payment *)state = (struct payment){
        .id = souk_call_new_id(call),
        .order_id = key->order_id,
        .status = "voided",
    };
    return true;
}

static bool is_unsettled(const struct payment *it)
{
    return it->refunding > 0 || strcmp(it->status, "opened") == 0 ||
        strcmp(it->status, "capturing") == 0;
}

static bool close(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };
    struct order_ids ids = { payment_orders_of(batch) };

    if (!souk_db_run(batch->all, &payment_bury_rows, &wanted) ||
        !souk_db_all(batch->all, &payment_void_rows, &ids, &rows))
        return false;
    const souk_index_t *known =
        souk_index_of(&rows, &voided_payment, "order_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        *it = *(const struct payment *)souk_index_find(known, it->order_id);
        if (is_unsettled(it))
            souk_batch_fail(batch, i, &souk_running,
                "what became of the money of order %s is not known yet", it->order_id);
        else if (strcmp(it->status, "voiding") != 0)
            souk_batch_finish(batch, i);
    }
    return true;
}

static struct deed *deed_of(souk_batch_t *batch, size_t i)
{
    struct payment *it = souk_batch_state(batch, i);

    if (!it->deed.key)
        it->deed = (struct deed){
            .key = souk_pool_format(souk_call_pool(batch->calls[i]), "%s.void", it->order_id),
            .order_id = it->order_id,
            .reference = it->reference,
            .amount = { it->captured - it->refunded, it->amount.currency },
            .method = it->method,
            .manual = it->captured == 0,
            .outcome = payment_is_free(it) ? "voided" : NULL,
        };
    return &it->deed;
}

static bool give_back(souk_batch_t *batch)
{
    return payment_ask(batch, deed_of, payment_provider()->release);
}

static bool settle(souk_batch_t *batch)
{
    souk_list_t settled = souk_batch_gather(batch);
    return souk_db_run(batch->all, &payment_settle_voids, &settled);
}

const souk_saga_t payment_void = {
    .state = &payment,
    .open = open,
    .steps = {
        { .name = "close", .batch = close, .no_return = true },
        { .name = "refund", .outside = give_back },
        { .name = "settle", .batch = settle },
    },
    .answer = souk_saga_answer_nothing,
    .stranded = &payment_claim_voiding,
    .key = "id",
    .passed = souk_saga_always,
    .patience_ms = &souk_settings.charge_timeout_ms,
};
