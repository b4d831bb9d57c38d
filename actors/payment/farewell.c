/* How the provider lets go of what the shop has forgotten. */
#include "farewell.h"

#include "queries/payment_methods.h"

struct farewell_ids {
    souk_list_t id;
};
static const souk_record_t farewell_ids = {
    .name = "farewell_ids",
    .size = sizeof(struct farewell_ids),
    .fields = {
        FIELD(farewell_ids, id),
    },
};

const souk_query_t payment_settle_farewells = {
    .sql = &sql_settle_farewells,
    .takes = &farewell_ids,
};
const souk_query_t payment_claim_farewells = {
    .sql = &sql_claim_farewells,
    .takes = &souk_stranded,
    .gives = &farewell,
};

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
    struct farewell_ids gone = { 0 };

    for (size_t i = 0; i < batch->count; i++)
        souk_list_add_text(&gone.id, souk_call_pool(batch->all),
            ((struct farewell *)souk_batch_state(batch, i))->id);
    return souk_db_run(batch->all, &payment_settle_farewells, &gone);
}

bool payment_answer_nothing(souk_call_t *call, const void *state, void *reply)
{
    return true;
}
