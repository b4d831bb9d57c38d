/* Maps of any form, which travel as MessagePack and are shown as JSON. Numbers, texts, lists, maps,
   true, false and nil are the same on both sides; what JSON has no word for is null there. */
#ifndef SOUK_VALUE_H
#define SOUK_VALUE_H

#include <jansson.h>

#include "pool.h"

/* In pool. */
souk_bytes_t souk_value_from(const json_t *json, souk_pool_t *pool);

/* NULL where the value is not one well-formed value within the library's limits. Caller owns. */
must_check json_t *souk_value_json(souk_bytes_t value);
/* Its JSON, compact, in pool; "null" where there is none. */
const char *souk_value_print(souk_bytes_t value, souk_pool_t *pool);

#endif
