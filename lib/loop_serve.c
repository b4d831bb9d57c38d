/* Calls, from the message that brings them to their answer: each goes where those of its kind wait,
   and is served with them. */
#include <string.h>

#include <utlist.h>

#include "builtin.h"
#include "describe.h"
#include "loop_internal.h"
#include "parcel.h"

size_t loop_in_progress(const struct loop *loop)
{
    size_t count = loop->blocked + loop->handlers.count + souk_sagas_count(loop->sagas);
    for (size_t i = 0; i < SOUK_OPERATIONS_MAX; i++)
        count += loop->queues[i].count;
    return count;
}

bool loop_has_batches(const struct loop *loop)
{
    for (size_t i = 0; i < SOUK_OPERATIONS_MAX && loop->actor->operations[i].name; i++)
        if (loop->queues[i].count)
            return true;
    return false;
}

void loop_answer(struct loop *loop, souk_call_t *call, const char *code)
{
    souk_trail_remember(loop->trail, call, code);
    souk_parcel_answer(call, code);
    loop->served++;
}

static void finish(struct loop *loop, souk_call_t *call)
{
    loop_answer(loop, call, "ok");
    souk_call_destroy(&call);
}

static const char *database_state(const struct loop *loop)
{
    if (!loop->desk.db)
        return "none";
    return souk_db_connected(loop->desk.db) ? "ok" : "away";
}

static void tell_health(struct loop *loop, struct souk_health *health)
{
    health->database = database_state(loop);
    health->status = strcmp(health->database, "away") == 0 ? "degraded" : "ok";
    health->served = loop->served;
    health->in_progress = (int)loop_in_progress(loop);
}

static void enqueue(struct queue *queue, souk_call_t *call)
{
    DL_APPEND(queue->calls, call);
    queue->count++;
}

/* What takes its time must not use up the credit that everything else needs, too. */
static void enqueue_handler(struct loop *loop, souk_call_t *call)
{
    if (loop->handlers.count < (size_t)souk_settings.handlers_max) {
        enqueue(&loop->handlers, call);
        return;
    }
    souk_refuse(call, &souk_busy);
    finish(loop, call);
}

/* Every call goes where calls of its kind are served. */
void loop_take(struct loop *loop, souk_call_t *call)
{
    const souk_operation_t *operation = call->operation;
    if (!call->error)
        souk_call_expire(call);
    if (!call->error && operation == &souk_describe_operation)
        souk_describe(loop->actor, call->reply, call->pool);
    if (!call->error && operation == &souk_health_operation)
        tell_health(loop, call->reply);

    if (call->error || operation == &souk_describe_operation || operation == &souk_health_operation)
        finish(loop, call);
    else if (operation->saga)
        souk_sagas_begin(loop->sagas, call);
    else if (operation->handler)
        enqueue_handler(loop, call);
    else
        enqueue(&loop->queues[operation - loop->actor->operations], call);
}

static souk_call_t *dequeue(struct queue *queue)
{
    souk_call_t *call = queue->calls;
    DL_DELETE(queue->calls, call);
    queue->count--;
    return call;
}

static void serve_batch(struct loop *loop, const souk_operation_t *operation, struct queue *queue)
{
    souk_call_t *calls[SOUK_BATCH_MAX];
    size_t most = operation->batch_max ? operation->batch_max : SOUK_BATCH_MAX, count = 0;
    while (queue->count && count < most)
        calls[count++] = dequeue(queue);
    souk_batch_serve(&loop->desk, operation->batch, operation->writes, calls, count);
    for (size_t i = 0; i < count; i++)
        finish(loop, calls[i]);
}

/* One that has waited for too long is not begun with: nobody waits for it any more. */
static void serve_handlers(struct loop *loop)
{
    while (loop->handlers.count && souk_blocking_has_room(loop->blocking)) {
        souk_call_t *call = dequeue(&loop->handlers);
        if (souk_call_expire(call)) {
            finish(loop, call);
        } else {
            souk_blocking_give(loop->blocking, call);
            loop->blocked++;
        }
    }
}

void loop_serve(struct loop *loop)
{
    const souk_operation_t *operations = loop->actor->operations;
    for (size_t i = 0; i < SOUK_OPERATIONS_MAX && operations[i].name; i++)
        if (loop->queues[i].count)
            serve_batch(loop, &operations[i], &loop->queues[i]);
    serve_handlers(loop);
}

void loop_take_served(struct loop *loop)
{
    souk_call_t *call;
    while ((call = souk_blocking_next(loop->blocking))) {
        loop->blocked--;
        loop->wrote |= call->operation->writes;
        finish(loop, call);
    }
}

static void give_up(struct loop *loop, souk_call_t *call)
{
    souk_fail(call, &souk_unavailable, "the service is being stopped");
    finish(loop, call);
}

/* What has not begun is not begun any more. Threads cannot be told to hurry: what they have in hand
   takes as long as its statements and asks may take. */
void loop_give_up(struct loop *loop)
{
    zmq_pollitem_t items[SOUK_BLOCKING_MAX];
    for (size_t i = 0; i < SOUK_OPERATIONS_MAX; i++)
        while (loop->queues[i].count)
            give_up(loop, dequeue(&loop->queues[i]));
    while (loop->handlers.count)
        give_up(loop, dequeue(&loop->handlers));
    for (loop_take_served(loop); loop->blocked; loop_take_served(loop)) {
        zmq_poll(items, (int)souk_blocking_poll(loop->blocking, items, SOUK_BLOCKING_MAX),
            SOUK_RECONNECT_MS);
        loop_beat(loop);
    }
}
