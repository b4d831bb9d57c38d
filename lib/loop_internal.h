/* The loop of an actor as its own files see it. */
#ifndef SOUK_LOOP_INTERNAL_H
#define SOUK_LOOP_INTERNAL_H

#include "blocking.h"
#include "loop.h"
#include "outbox.h"
#include "sagas.h"
#include "settings.h"
#include "trail.h"

struct queue {
    souk_call_t *calls;
    size_t count;
};

struct loop {
    const souk_actor_t *actor;
    zsock_t *pipe;
    souk_desk_t desk;
    souk_client_t *client; /* for what sagas ask */
    souk_sagas_t *sagas;
    souk_blocking_t *blocking;
    char *brokers; /* the endpoints, cut apart */
    souk_link_t *links[SOUK_BROKERS_MAX];
    size_t link_count;
    struct queue queues[SOUK_OPERATIONS_MAX]; /* of batches */
    struct queue handlers; /* calls that wait for a thread */
    int64_t timer_ms[SOUK_TIMERS_MAX];
    int64_t tick_ms, connect_ms, stop_ms; /* when next; stop_ms: 0 while nobody said so */
    size_t blocked; /* calls on threads that block */
    souk_outbox_t *outbox; /* NULL: it tells of nothing */
    zactor_t *follower; /* NULL: it follows nobody */
    souk_trail_t *trail;
    int64_t commits; /* of the loop's own, those that the outbox knows of */
    bool wrote; /* one of those threads did, and the outbox does not know it yet */
    int64_t served;
};

/* loop_serve.c: calls, from the message that brings them to their answer */

void loop_take(struct loop *loop, souk_call_t *call);
/* Serves all batches that wait, and hands calls to threads that are free. */
void loop_serve(struct loop *loop);
/* Takes back what threads have served. */
void loop_take_served(struct loop *loop);
/* A call that has ended is answered, with code or its error. It lives on. */
void loop_answer(struct loop *loop, souk_call_t *call, const char *code);
/* Whether there are batches to be served at once. */
bool loop_has_batches(const struct loop *loop);
size_t loop_in_progress(const struct loop *loop);
/* Answers all that has not begun, and waits for what threads have in hand. */
void loop_give_up(struct loop *loop);

/* loop.c */

/* So that a long statement does not look like death to the broker; argument is the loop. */
void loop_beat(void *argument);

#endif
