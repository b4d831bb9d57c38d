/* Whose account is closed is forgotten here and then by the provider. */
#include "forget.h"

#include "../../lib/index.h"
#include "queries/payment_methods.h"

static const souk_record_t leavers = {
    .name = "leavers",
    .size = sizeof(struct farewell),
    .fields = {
        FIELD(farewell, user_id),
    },
};

const souk_query_t payment_forget_users = {
    .sql = &sql_forget_users,
    .takes = &leavers,
    .many = true,
};
const souk_query_t payment_find_farewells = {
    .sql = &sql_find_farewells,
    .takes = &leavers,
    .gives = &farewell,
    .many = true,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct leaver *who = request;
    *(struct farewell *)state = (struct farewell){ .id = who->user_id, .user_id = who->user_id };
    return true;
}

/* Whom the provider never heard of is done with. Whoever is asked about once more goes on. */
static bool forget(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!payment_lock_owners(batch) || !souk_db_run(batch->all, &payment_forget_users, &wanted) ||
        !souk_db_all(batch->all, &payment_find_farewells, &wanted, &rows))
        return false;
    const souk_index_t *known = souk_index_of(&rows, &farewell, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct farewell *it = souk_batch_state(batch, i);
        const struct farewell *row = souk_index_find(known, it->id);
        if (row)
            *it = *row;
        else
            souk_batch_finish(batch, i);
    }
    return true;
}

/* What a crash left of these is taken up by payment.drop_method. */
const souk_saga_t payment_forget = {
    .state = &farewell,
    .open = open,
    .steps = {
        { .name = "forget", .batch = forget, .no_return = true },
        { .name = "farewell", .outside = payment_say_farewell },
        { .name = "settle", .batch = payment_end_farewells },
    },
    .answer = souk_saga_answer_nothing,
    .key = "id",
};
