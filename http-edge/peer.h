/* Which address a connection comes from. */
#ifndef SOUK_PEER_H
#define SOUK_PEER_H

#include <microhttpd.h>

#include "../lib/pool.h"

/* As text, in pool; NULL: it is neither IPv4 nor IPv6. */
const char *souk_peer_address(struct MHD_Connection *connection, souk_pool_t *pool);

#endif
