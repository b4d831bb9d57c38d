/* Runs actors: threads, the bus, transactions, sagas, timers. */
#ifndef SOUK_RUNTIME_H
#define SOUK_RUNTIME_H

#include "actor.h"

typedef struct souk_runtime souk_runtime_t;

/* Holds the actor's tables against each other and starts its threads. They wait for database and
   broker by themselves, and serve as soon as both are there. NULL: *why (in pool) says what does
   not fit, and nothing runs. */
must_check souk_runtime_t *souk_runtime_start(const souk_actor_t *actor, souk_pool_t *pool,
    const char **why);

/* Says DISCONNECT, finishes what was taken (for at most SOUK_STOP_MS), stops the threads. Leaves
 *runtime NULL; takes NULL. */
void souk_runtime_stop(souk_runtime_t **runtime);

/* False once the actor has ended by itself: it met what waiting does not mend (the log says what).
 */
bool souk_runtime_healthy(const souk_runtime_t *runtime);

#endif
