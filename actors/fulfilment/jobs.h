/* The orders that are to be shipped, as they are told of. Whoever changes anything of an order's
   here locks its job before. */
#ifndef FULFILMENT_JOBS_H
#define FULFILMENT_JOBS_H

#include "records.h"

struct job {
    const char *order_id;
    const char *user_id;
    const char *status;
};
static const souk_record_t job = {
    .name = "job",
    .size = sizeof(struct job),
    .fields = {
        FIELD(job, order_id),
        FIELD(job, user_id),
    },
};
static const souk_record_t job_row = {
    .name = "job_row",
    .size = sizeof(struct job),
    .fields = {
        FIELD(job, order_id),
        FIELD(job, user_id),
        FIELD(job, status),
    },
};

extern const souk_query_t fulfilment_note_orders, fulfilment_lock_jobs, fulfilment_lock_job_of,
    fulfilment_call_off;

bool fulfilment_follow_confirmed(souk_batch_t *batch);
bool fulfilment_follow_cancelled(souk_batch_t *batch);

#endif
