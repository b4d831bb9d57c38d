/* The loop of an actor: takes calls from the bus, serves what is waiting together, answers. */
#ifndef SOUK_LOOP_H
#define SOUK_LOOP_H

#include <czmq.h>

#include "actor.h"

/* A zactor function; argument is a const souk_actor_t *. Signals at once, then waits for the
   database and serves. Ends on $TERM, or by itself where the statements do not fit the database. */
void souk_loop_actor(zsock_t *pipe, void *argument);

#endif
