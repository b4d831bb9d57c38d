/* Which address a request comes from. */
#ifndef SOUK_PEER_H
#define SOUK_PEER_H

#include <microhttpd.h>

#include "../lib/pool.h"

/* Of the connection, as text, in pool; NULL: it is neither IPv4 nor IPv6. */
const char *souk_peer_address(struct MHD_Connection *connection, souk_pool_t *pool);

/* Whose request it is, where peer sends it. Of proxies, which are addresses with blanks between
   them, or NULL, it is believed whom they sent it for: forwarded_for, X-Forwarded-For's value or
   NULL. NULL: this is not known. This machine itself is never anybody: whatever runs here may be a
   proxy. Pure. */
const char *souk_peer_client(const char *peer, const char *forwarded_for, const char *proxies,
    souk_pool_t *pool);

/* NULL where proxies (or NULL) is made of addresses, else what is wrong with it, in pool. */
const char *souk_peer_check(const char *proxies, souk_pool_t *pool);

#endif
