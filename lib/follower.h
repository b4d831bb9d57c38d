/* The thread of an actor that follows others: takes their events from the bus, asks for those that
   it missed, and has each dealt with once, in the order of each source. */
#ifndef SOUK_FOLLOWER_H
#define SOUK_FOLLOWER_H

#include <czmq.h>

#include "actor.h"

/* NULL where the actor follows nobody. Ended with zactor_destroy; takes what it has in hand to its
   end. */
zactor_t *souk_follower_new(const souk_actor_t *actor);

#endif
