/* The header fields that the edge looks at, and the shapes that it refuses: whatever two readers of
   the same bytes could frame in two ways (request smuggling). */
#ifndef SOUK_HEADERS_H
#define SOUK_HEADERS_H

#include <microhttpd.h>

#include "../lib/pool.h"

/* NULL where the request has none such. */
typedef struct {
    const char *authorization;
    const char *connection;
    const char *content_length;
    const char *content_type;
    const char *expect;
    const char *forwarded_for; /* of several the last, which the proxy next to us wrote */
    const char *host;
    const char *idempotency_key;
    const char *if_match;
    const char *if_none_match;
    const char *traceparent;
    const char *transfer_encoding;

    souk_pool_t *pool;
    const char *line_end; /* of the field read last, in libmicrohttpd's memory */
    const char *why; /* the first thing that is wrong; NULL: nothing */
} souk_headers_t;

/* Reads what connection has received. head is where the request's line began (what libmicrohttpd
   hands out as the method). */
void souk_headers_read(souk_headers_t *headers, struct MHD_Connection *connection, const char *head,
    souk_pool_t *pool);

/* One field, as its bytes were received: the value behind the name in the same memory, a NUL for
   the colon and for the end of the line. */
void souk_headers_take(souk_headers_t *headers, const char *name, size_t name_size,
    const char *value, size_t value_size);

/* The value of a field that is known only by what is asked, in pool; NULL: there is none such. */
const char *souk_headers_find(struct MHD_Connection *connection, const char *name,
    souk_pool_t *pool);

/* What makes the request as a whole unfit, or NULL. version is "HTTP/1.1" or such. */
const char *souk_headers_flaw(const souk_headers_t *headers, const char *version);

/* Whether content_type is application/json, in UTF-8 where it says so. */
bool souk_headers_say_json(const char *content_type);

/* The token of "Bearer TOKEN" (RFC 6750 section 2.1); NULL where authorization is not that. */
const char *souk_headers_token(const char *authorization, souk_pool_t *pool);

/* 1 to SOUK_KEY_MAX printable ASCII characters. */
bool souk_headers_key_fits(const char *key);

#endif
