/* The OpenAPI 3.1 document of what services offer. */
#ifndef SOUK_OPENAPI_H
#define SOUK_OPENAPI_H

#include "offer.h"

/* services are souk_service_t *. The text is in pool. */
souk_bytes_t souk_openapi(const souk_list_t *services, souk_pool_t *pool);

#endif
