/* The relay of an actor's outbox: a thread that numbers what was committed there, and publishes it.
   Once a second it says which number is the last, so that nobody who follows misses the end. */
#ifndef SOUK_OUTBOX_H
#define SOUK_OUTBOX_H

#include "actor.h"

typedef struct souk_outbox souk_outbox_t;

/* NULL where the actor tells of nothing. */
souk_outbox_t *souk_outbox_new(const souk_actor_t *actor);
/* Takes NULL. What is in the outbox then is told by the next one. */
void souk_outbox_destroy(souk_outbox_t **outbox);

/* There may be news: something was committed. Cheap, and may be said more often than needed; by one
   thread. Takes NULL. */
void souk_outbox_wake(souk_outbox_t *outbox);

#endif
