/* The broker: a zactor function, so that `souk broker` and `souk all` run the same. */
#ifndef SOUK_BROKER_H
#define SOUK_BROKER_H

#include <czmq.h>

#include "settings.h"

/* args is a const struct souk_broker_settings *, copied before the actor signals that it is ready.
   Where an endpoint cannot be bound the log says which and why, and the actor has ended: its pipe
   carries the signal -1 (255, as zsock_wait has it), after the one that zactor_new keeps to itself.
   So whoever polls the actor learns that there is no broker. Ends on $TERM. */
void souk_broker_actor(zsock_t *pipe, void *args);

#endif
