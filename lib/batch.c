/* Several calls served together: what a handler may do with them, and how an attempt is run. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call_internal.h"

enum {
    REASON_MAX = 500,
    ATTEMPTS_MAX = 4, /* of one call alone, where the database says that trying again may help */
};

const void *souk_batch_request(const souk_batch_t *batch, size_t i)
{
    assert(i < batch->count);
    return batch->calls[i]->request;
}

void *souk_batch_reply(const souk_batch_t *batch, size_t i)
{
    assert(i < batch->count);
    return batch->calls[i]->reply;
}

void *souk_batch_state(const souk_batch_t *batch, size_t i)
{
    assert(i < batch->count && batch->calls[i]->state);
    return batch->calls[i]->state;
}

bool souk_batch_failed(const souk_batch_t *batch, size_t i)
{
    assert(i < batch->count);
    return batch->calls[i]->error != NULL;
}

void souk_batch_fail(souk_batch_t *batch, size_t i, const souk_error_t *error, const char *format,
    ...)
{
    char reason[REASON_MAX];
    va_list arguments;
    assert(i < batch->count);
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    souk_fail(batch->calls[i], error, "%s", reason);
}

void souk_batch_finish(souk_batch_t *batch, size_t i)
{
    assert(i < batch->count && batch->calls[i]->state);
    batch->calls[i]->finished = true;
}

void souk_batch_wait(souk_batch_t *batch, size_t i, int for_ms)
{
    assert(i < batch->count && batch->calls[i]->state && for_ms > 0);
    batch->calls[i]->wait_ms = for_ms;
}

const char *souk_batch_reason(const souk_batch_t *batch, size_t i)
{
    assert(i < batch->count);
    const souk_error_t *error = batch->calls[i]->saga_error;
    return error ? error->code : NULL;
}

static size_t gathered_size(const souk_call_t *call)
{
    return call->state ? call->operation->saga->state->size : call->operation->request->size;
}

souk_list_t souk_batch_gather(const souk_batch_t *batch)
{
    souk_list_t list = { 0 };
    for (size_t i = 0; i < batch->count; i++) {
        const souk_call_t *call = batch->calls[i];
        if (call->error || call->finished)
            continue;
        size_t size = gathered_size(call);
        memcpy(souk_list_add(&list, batch->all->pool, size),
            call->state ? call->state : call->request, size);
    }
    return list;
}

/* States as they were before an attempt, so that one that fails leaves no trace in them. */
static void **save_states(const souk_batch_t *batch)
{
    void **states = souk_alloc(batch->all, batch->count * sizeof *states);
    for (size_t i = 0; i < batch->count; i++) {
        souk_call_t *call = batch->calls[i];
        if (!call->state)
            continue;
        size_t size = call->operation->saga->state->size;
        states[i] = memcpy(souk_alloc(batch->all, size), call->state, size);
    }
    return states;
}

static void restore(const souk_batch_t *batch, void *const *states)
{
    for (size_t i = 0; i < batch->count; i++) {
        souk_call_t *call = batch->calls[i];
        souk_call_reset(call);
        if (states[i])
            memcpy(call->state, states[i], call->operation->saga->state->size);
    }
}

static bool try_work(souk_batch_t *batch, souk_work_fn *work, bool writes)
{
    souk_db_t *db = batch->all->desk->db;
    if (!writes)
        return work(batch);
    souk_db_begin(db);
    if (work(batch))
        return souk_db_commit(db, batch->all);
    souk_db_rollback(db);
    return false;
}

/* The calls keep the attempt's memory, since their replies and states may point into its rows. */
bool souk_batch_attempt(souk_desk_t *desk, souk_work_fn *work, bool writes, souk_call_t **calls,
    size_t count)
{
    souk_batch_t batch = { .all = souk_call_new(desk), .calls = calls, .count = count };
    souk_shared_t *shared = souk_shared_new(batch.all->pool);
    void **states = save_states(&batch);
    for (size_t i = 0; i < count; i++)
        souk_call_hold(calls[i], shared);

    bool done = try_work(&batch, work, writes);
    if (!done)
        restore(&batch, states);
    for (size_t i = 0; !done && i < count; i++)
        souk_fail(calls[i], batch.all->error ? batch.all->error : &souk_internal, "%s",
            batch.all->reason ? batch.all->reason : souk_internal.meaning);
    return done;
}

/* After a lost connection there is nothing to be found out by trying each call alone, and after a
   COMMIT whose outcome nobody knows it would be wrong. */
static bool worth_splitting(const souk_call_t *call)
{
    return call->error->kind != SOUK_UNAVAILABLE && call->error->kind != SOUK_UNKNOWN;
}

static void serve_alone(souk_desk_t *desk, souk_work_fn *work, bool writes, souk_call_t *call)
{
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
        souk_call_reset(call);
        if (souk_batch_attempt(desk, work, writes, &call, 1))
            return;
        if (!desk->db || !souk_db_may_retry(desk->db))
            return;
    }
}

/* A server that was restarted is noticed by the first statement that it does not get. That nothing
   was done is certain then, so it is tried once more over a new connection. */
static bool try_again_connected(souk_desk_t *desk, souk_work_fn *work, bool writes,
    souk_call_t **calls, size_t count)
{
    char why[300];
    if (!desk->db || calls[0]->error->kind != SOUK_UNAVAILABLE || souk_db_connected(desk->db) ||
        souk_db_connect(desk->db, why, sizeof why) != SOUK_DB_READY)
        return false;
    for (size_t i = 0; i < count; i++)
        souk_call_reset(calls[i]);
    return souk_batch_attempt(desk, work, writes, calls, count);
}

void souk_batch_serve(souk_desk_t *desk, souk_work_fn *work, bool writes, souk_call_t **calls,
    size_t count)
{
    if (souk_batch_attempt(desk, work, writes, calls, count) ||
        try_again_connected(desk, work, writes, calls, count))
        return;
    bool retry = desk->db && souk_db_may_retry(desk->db);
    if (!worth_splitting(calls[0]) || (count == 1 && !retry))
        return;
    for (size_t i = 0; i < count; i++)
        serve_alone(desk, work, writes, calls[i]);
}
