/* Threads that may block, for handlers of one call. */
#include <assert.h>
#include <czmq.h>

#include "blocking.h"
#include "builtin.h"
#include "handover.h"
#include "memory.h"
#include "once.h"
#include "settings.h"

struct souk_blocking {
    size_t count;
    zactor_t *threads[SOUK_BLOCKING_MAX];
    bool busy[SOUK_BLOCKING_MAX];
};

/* The batch has failed as its one call has, which has a reason then. */
static bool conclude(souk_batch_t *batch, bool done)
{
    souk_call_t *call = batch->calls[0];
    if (done)
        return true;
    souk_fail(call, &souk_internal, "the handler gave no reason");
    souk_call_fail_as(batch->all, call);
    return false;
}

static bool run_handler(souk_batch_t *batch)
{
    return conclude(batch, souk_once_run(batch->calls[0]));
}

static bool run_prepare(souk_batch_t *batch)
{
    souk_call_t *call = batch->calls[0];
    return conclude(batch, call->operation->prepare(call, call->request));
}

static void serve_call(souk_desk_t *desk, souk_call_t *call)
{
    if (call->operation->prepare)
        souk_batch_serve(desk, run_prepare, false, &call, 1);
    if (!call->error)
        souk_batch_serve(desk, run_handler, call->operation->writes, &call, 1);
}

static void serve_calls(zsock_t *pipe, souk_desk_t *desk)
{
    while (true) {
        souk_call_t *call = souk_handover_take(pipe);
        if (!call)
            return;
        if (desk->db)
            souk_desk_connect(desk);
        souk_desk_t *home = call->desk;
        call->desk = desk;
        serve_call(desk, call);
        call->desk = home;
        souk_handover_give(pipe, call);
    }
}

static void run_thread(zsock_t *pipe, void *argument)
{
    const souk_actor_t *actor = argument;
    souk_desk_t desk = { .actor = actor, .client = souk_client_new(souk_settings.brokers) };
    owned(souk_pool) pool = souk_pool_new();
    if (actor->queries[0])
        desk.db = souk_db_new(souk_settings_dsn(actor->name, pool),
            souk_handler_queries(actor, pool), NULL, NULL);
    zsock_signal(pipe, 0);
    serve_calls(pipe, &desk);
    souk_db_destroy(&desk.db);
    souk_client_destroy(&desk.client);
}

souk_blocking_t *souk_blocking_new(const souk_actor_t *actor, int threads)
{
    souk_blocking_t *blocking = souk_sure(calloc(1, sizeof *blocking));
    assert(threads <= SOUK_BLOCKING_MAX);
    for (int i = 0; i < threads; i++)
        blocking->threads[blocking->count++] = zactor_new(run_thread, (void *)actor);
    return blocking;
}

void souk_blocking_destroy(souk_blocking_t **self)
{
    souk_blocking_t *blocking = *self;
    if (!blocking)
        return;
    for (size_t i = 0; i < blocking->count; i++)
        zactor_destroy(&blocking->threads[i]);
    free(blocking);
    *self = NULL;
}

static size_t find_free(const souk_blocking_t *blocking)
{
    size_t i = 0;
    while (i < blocking->count && blocking->busy[i])
        i++;
    return i;
}

bool souk_blocking_has_room(const souk_blocking_t *blocking)
{
    return find_free(blocking) < blocking->count;
}

void souk_blocking_give(souk_blocking_t *blocking, souk_call_t *call)
{
    size_t i = find_free(blocking);
    assert(i < blocking->count);
    souk_handover_give(zactor_sock(blocking->threads[i]), call);
    blocking->busy[i] = true;
}

souk_call_t *souk_blocking_next(souk_blocking_t *blocking)
{
    for (size_t i = 0; i < blocking->count; i++) {
        zsock_t *pipe = zactor_sock(blocking->threads[i]);
        if (!blocking->busy[i] || !(zsock_events(pipe) & ZMQ_POLLIN))
            continue;
        souk_call_t *call = souk_handover_take(pipe);
        blocking->busy[i] = false;
        return call;
    }
    return NULL;
}

/* Every socket that is polled costs four system calls, so those that cannot say anything are left
   out. */
size_t souk_blocking_poll(souk_blocking_t *blocking, zmq_pollitem_t *items, size_t max)
{
    size_t count = 0;
    assert(blocking->count <= max);
    for (size_t i = 0; i < blocking->count; i++)
        if (blocking->busy[i])
            items[count++] = (zmq_pollitem_t){
                .socket = zsock_resolve(blocking->threads[i]),
                .events = ZMQ_POLLIN,
            };
    return count;
}
