/* Carries events from publishers to subscribers, and subscriptions the other way. */
#ifndef SOUK_RELAY_H
#define SOUK_RELAY_H

#include <czmq.h>

/* An actor, to be ended with zactor_destroy. Takes both sockets, which are bound already: an XSUB
   where events come in, an XPUB where they go out. */
zactor_t *souk_relay_new(zsock_t **in, zsock_t **out);

#endif
