/* A stored method, forgotten here and then by the provider. */
#include "drop.h"

#include "methods.h"
#include "queries/payment_methods.h"

static const souk_record_t dropped_method = {
    .name = "dropped_method",
    .size = sizeof(struct farewell),
    .fields = {
        FIELD(farewell, id),
        FIELD(farewell, user_id),
        FIELD(farewell, token, .secret = true),
        FIELD(farewell, customer, .optional = true),
        FIELD(farewell, in_use),
    },
};
static const souk_record_t wanted_method = {
    .name = "wanted_method",
    .size = sizeof(struct farewell),
    .fields = {
        FIELD(farewell, id),
        FIELD(farewell, user_id),
    },
};

const souk_query_t payment_drop_method = {
    .sql = &sql_drop_method,
    .takes = &wanted_method,
    .gives = &dropped_method,
};
const souk_query_t payment_promote_method = {
    .sql = &sql_promote_method,
    .takes = &owner,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    *(struct farewell *)state = (struct farewell){
        .id = ((const struct method_id *)request)->id,
        .user_id = souk_caller(call)->user,
    };
    return true;
}

/* What was stored before the provider kept anything for its customer is nobody's there. */
static void judge(souk_batch_t *batch, size_t i, const souk_list_t *rows)
{
    struct farewell *it = souk_batch_state(batch, i);
    const struct farewell *row = rows->items;

    if (!rows->count) {
        souk_batch_refuse(batch, i, &payment_no_such_method);
    } else if (row->in_use) {
        souk_batch_fail(batch, i, &souk_running, "something is just being paid with it");
    } else {
        *it = *row;
        if (!it->customer)
            souk_batch_finish(batch, i);
    }
}

static bool drop(souk_batch_t *batch)
{
    if (!payment_lock_owners(batch))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        struct farewell *it = souk_batch_state(batch, i);
        struct choice owned_by = { it->user_id, NULL };
        souk_list_t rows = { 0 };

        if (!souk_db_all(batch->all, &payment_drop_method, it, &rows) ||
            !souk_db_run(batch->all, &payment_promote_method, &owned_by))
            return false;
        judge(batch, i, &rows);
    }
    return true;
}

const souk_saga_t payment_drop = {
    .state = &farewell,
    .open = open,
    .steps = {
        { .name = "drop", .batch = drop, .no_return = true },
        { .name = "farewell", .outside = payment_say_farewell },
        { .name = "settle", .batch = payment_end_farewells },
    },
    .answer = souk_saga_answer_nothing,
    .stranded = &payment_claim_farewells,
    .key = "id",
    .passed = souk_saga_always,
};
