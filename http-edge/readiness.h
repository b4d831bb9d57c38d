/* Whether the services that the edge needs are there and well: what /readyz answers. */
#ifndef SOUK_READINESS_H
#define SOUK_READINESS_H

#include "request.h"

souk_readiness_t *souk_readiness_new(const struct souk_edge_settings *settings,
    souk_client_t *client);
void souk_readiness_destroy(souk_readiness_t **readiness);

/* Asks each service that is there how it is, where it is time. */
void souk_readiness_turn(souk_readiness_t *readiness, const souk_directory_t *directory);

/* Those that are not there, with blanks between, and those that are there without being well (they
   lack their database, or do not answer); "" where there are none. In pool. */
const char *souk_readiness_missing(const souk_readiness_t *readiness,
    const souk_directory_t *directory, souk_pool_t *pool);
const char *souk_readiness_unwell(const souk_readiness_t *readiness,
    const souk_directory_t *directory, souk_pool_t *pool);
/* Whether there is one that has not said yet what it offers, or not for long. */
bool souk_readiness_incomplete(const souk_readiness_t *readiness,
    const souk_directory_t *directory);

#endif
