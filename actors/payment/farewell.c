/* How the provider lets go of what the shop has forgotten. */
#include "farewell.h"

#include "methods.h"
#include "queries/payment_methods.h"

static const souk_record_t farewell_id = {
    .name = "farewell_id",
    .size = sizeof(struct farewell),
    .fields = {
        FIELD(farewell, id),
    },
};

const souk_query_t payment_settle_farewells = {
    .sql = &sql_settle_farewells,
    .takes = &farewell_id,
    .many = true,
};
const souk_query_t payment_claim_farewells = {
    .sql = &sql_claim_farewells,
    .takes = &souk_stranded,
    .gives = &farewell,
};

bool payment_lock_owners(souk_batch_t *batch)
{
    souk_list_t user_ids = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct farewell *it = souk_batch_state(batch, i);
        souk_list_add_text(&user_ids, souk_call_pool(batch->all), it->user_id);
    }
    return payment_lock_methods_of(batch->all, &user_ids);
}

static struct deed *deed_of(souk_batch_t *batch, size_t i)
{
    struct farewell *it = souk_batch_state(batch, i);

    if (!it->deed.key)
        it->deed = (struct deed){
            .key = it->user_id,
            .user_id = it->user_id,
            .customer = it->customer,
            .method = it->token,
            .attempt = it->attempt,
        };
    return &it->deed;
}

bool payment_say_farewell(souk_batch_t *batch)
{
    return payment_ask(batch, deed_of, payment_provider()->forget);
}

bool payment_end_farewells(souk_batch_t *batch)
{
    souk_list_t gone = souk_batch_gather(batch);
    return souk_db_run(batch->all, &payment_settle_farewells, &gone);
}
