/* What is to be done for orders, and what is not to be done any more. */
#include "jobs.h"

#include "errors.h"
#include "queries/fulfilment.h"

const souk_query_t fulfilment_note_orders = {
    .sql = &sql_note_orders,
    .takes = &job,
    .many = true,
};
const souk_query_t fulfilment_lock_jobs = {
    .sql = &sql_lock_jobs,
    .takes = &ids,
    .gives = &job_row,
};
const souk_query_t fulfilment_lock_job_of = {
    .sql = &sql_lock_job_of,
    .takes = &by_id,
    .gives = &job_row,
    .missing = &no_such_shipment,
};
const souk_query_t fulfilment_call_off = {
    .sql = &sql_call_off,
    .takes = &ids,
};

bool fulfilment_follow_confirmed(souk_batch_t *batch)
{
    souk_list_t told = souk_batch_gather(batch);
    return souk_db_run(batch->all, &fulfilment_note_orders, &told);
}

/* What was planned by whoever had the lock before is seen by the second statement. */
bool fulfilment_follow_cancelled(souk_batch_t *batch)
{
    struct ids cancelled = { 0 };
    souk_list_t jobs = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct by_order *told = souk_batch_request(batch, i);
        souk_list_add_text(&cancelled.ids, souk_call_pool(batch->all), told->order_id);
    }
    return souk_db_all(batch->all, &fulfilment_lock_jobs, &cancelled, &jobs) &&
        souk_db_run(batch->all, &fulfilment_call_off, &cancelled);
}
