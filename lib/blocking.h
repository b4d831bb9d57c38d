/* Threads that may block, for handlers of one call: each has a database connection and a client of
   its own, and serves one call at a time. */
#ifndef SOUK_BLOCKING_H
#define SOUK_BLOCKING_H

#include "call_internal.h"

typedef struct souk_blocking souk_blocking_t;

souk_blocking_t *souk_blocking_new(const souk_actor_t *actor, int threads);
/* All calls must have come back. */
void souk_blocking_destroy(souk_blocking_t **blocking);

/* Whether a thread is free. */
bool souk_blocking_has_room(const souk_blocking_t *blocking);
/* Gives the call to one, which must be there. */
void souk_blocking_give(souk_blocking_t *blocking, souk_call_t *call);
/* A call that has been served and is the caller's again; NULL: none. Never waits. */
souk_call_t *souk_blocking_next(souk_blocking_t *blocking);
size_t souk_blocking_poll(souk_blocking_t *blocking, zmq_pollitem_t *items, size_t max);

#endif
