/* Which offer answers at an address: a tree of path segments, made anew when services change. */
#ifndef SOUK_ROUTES_H
#define SOUK_ROUTES_H

#include "offer.h"

/* One address and what is offered there. */
typedef struct {
    const souk_offer_t *offers[SOUK_METHODS];
} souk_route_t;

typedef struct souk_routes souk_routes_t;

/* In pool, as is all that is added. Offers are borrowed. */
souk_routes_t *souk_routes_new(souk_pool_t *pool);

/* NULL, or the offer that has this method and address already: then nothing is added. */
const souk_offer_t *souk_routes_add(souk_routes_t *routes, const souk_offer_t *offer);

/* A literal segment wins over a parameter, the further left the more. A parameter is never empty.
   NULL: nothing is offered at this address. */
const souk_route_t *souk_routes_find(const souk_routes_t *routes, const souk_target_t *target);

/* The value of the header Allow. */
const char *souk_route_allow(const souk_route_t *route, souk_pool_t *pool);

#endif
