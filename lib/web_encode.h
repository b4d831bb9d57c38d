/* The parts that a request to somebody else's service is made of. All are in pool. */
#ifndef SOUK_WEB_ENCODE_H
#define SOUK_WEB_ENCODE_H

#include "web.h"

/* Of what .http says: the path, with its parameters in it; and what takes has beyond them, as the
   body of a form (which is a query, too) and as JSON. */
const char *souk_web_path(const souk_web_ask_t *ask, const void *takes, souk_pool_t *pool);
const char *souk_web_form(const souk_web_ask_t *ask, const void *takes, souk_pool_t *pool);
const char *souk_web_json(const souk_web_ask_t *ask, const void *takes, souk_pool_t *pool);

#endif
