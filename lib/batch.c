/* Several calls served together: what a handler may do with them, and how an attempt is run. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "trail.h"

enum {
    REASON_MAX = 500,
    ATTEMPTS_MAX = 4, /* where the database says that trying again may help */
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

bool souk_batch_done(const souk_batch_t *batch, size_t i)
{
    assert(i < batch->count);
    return batch->calls[i]->finished || batch->calls[i]->error;
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

void souk_batch_refuse(souk_batch_t *batch, size_t i, const souk_error_t *error)
{
    souk_refuse(batch->calls[i], error);
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

const souk_told_t *souk_batch_event(const souk_batch_t *batch, size_t i)
{
    assert(i < batch->count && batch->calls[i]->event);
    return batch->calls[i]->event;
}

static size_t gathered_size(const souk_call_t *call)
{
    if (call->follow)
        return call->follow->data->size;
    return call->state ? call->operation->saga->state->size : call->operation->request->size;
}

souk_list_t souk_batch_gather(const souk_batch_t *batch)
{
    souk_list_t list = { 0 };
    for (size_t i = 0; i < batch->count; i++) {
        const souk_call_t *call = batch->calls[i];
        if (souk_batch_done(batch, i))
            continue;
        size_t size = gathered_size(call);
        memcpy(souk_list_add(&list, batch->all->pool, size),
            call->state ? call->state : call->request, size);
    }
    return list;
}

souk_list_t souk_batch_texts(const souk_batch_t *batch, size_t member)
{
    souk_list_t texts = { 0 };
    for (size_t i = 0; i < batch->count; i++) {
        const char *state = souk_batch_state(batch, i);
        souk_list_add_text(&texts, batch->all->pool, *(const char *const *)(state + member));
    }
    return texts;
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
    if (work(batch) && souk_trail_note(batch))
        return souk_db_commit(db, batch->all);
    souk_db_rollback(db);
    return false;
}

/* Replies, states and reasons may point into what the attempt made. A call that waits keeps none of
   it: it may come back any number of times. */
static void keep_attempt(const souk_batch_t *batch)
{
    souk_shared_t *shared = souk_shared_new(batch->all->pool);
    shared->holders = 1;
    for (size_t i = 0; i < batch->count; i++)
        if (batch->calls[i]->error || !batch->calls[i]->wait_ms)
            souk_call_hold(batch->calls[i], shared);
    souk_shared_release(shared);
}

/* One attempt of work in one transaction (where writes). False: nothing was written, and each call
   has failed with the reason. */
static bool attempt(souk_desk_t *desk, souk_work_fn *work, bool writes, souk_call_t **calls,
    size_t count)
{
    souk_batch_t batch = { .all = souk_call_new(desk), .calls = calls, .count = count };
    void **states = save_states(&batch);
    bool done = try_work(&batch, work, writes);

    if (done && writes) {
        souk_trail_noted(&batch);
    } else if (!done) {
        souk_refuse(batch.all, &souk_internal);
        restore(&batch, states);
        for (size_t i = 0; i < count; i++)
            souk_call_fail_as(calls[i], batch.all);
    }
    keep_attempt(&batch);
    return done;
}

/* Where the database itself is the reason (it is gone, full, or others hold the rows for long)
   there is nothing to be found out by trying each call alone, and after a COMMIT whose outcome
   nobody knows it would be wrong. */
static bool worth_splitting(const souk_call_t *call)
{
    return call->error->kind != SOUK_UNAVAILABLE && call->error->kind != SOUK_UNKNOWN;
}

static bool attempt_anew(souk_desk_t *desk, souk_work_fn *work, bool writes, souk_call_t **calls,
    size_t count)
{
    for (size_t i = 0; i < count; i++)
        souk_call_reset(calls[i]);
    return attempt(desk, work, writes, calls, count);
}

/* After a deadlock, say, the same may work when it is tried again. */
static bool attempt_often(souk_desk_t *desk, souk_work_fn *work, bool writes, souk_call_t **calls,
    size_t count)
{
    bool done = false, again = true;
    for (int i = 0; again && i < ATTEMPTS_MAX; i++) {
        done = attempt_anew(desk, work, writes, calls, count);
        again = !done && desk->db && souk_db_may_retry(desk->db);
    }
    return done;
}

/* A server that was restarted is noticed by the first statement that it does not get. That nothing
   was done is certain then, so it is tried once more over a new connection. */
static bool attempt_connected(souk_desk_t *desk, souk_work_fn *work, bool writes,
    souk_call_t **calls, size_t count)
{
    char why[300];
    if (!desk->db || calls[0]->error->kind != SOUK_UNAVAILABLE || souk_db_connected(desk->db) ||
        souk_db_connect(desk->db, why, sizeof why) != SOUK_DB_READY)
        return false;
    return attempt_anew(desk, work, writes, calls, count);
}

void souk_batch_serve(souk_desk_t *desk, souk_work_fn *work, bool writes, souk_call_t **calls,
    size_t count)
{
    if (attempt_often(desk, work, writes, calls, count) ||
        attempt_connected(desk, work, writes, calls, count))
        return;
    bool alone = count > 1 && worth_splitting(calls[0]);
    for (size_t i = 0; alone && i < count; i++)
        attempt_often(desk, work, writes, &calls[i], 1);
}
