/* The tree of routes. */
#include "routes.h"

#include <string.h>

#include "../lib/buffer.h"

typedef struct node {
    const char *text; /* of the segment that leads here; NULL: a parameter, or the root */
    struct node *literals; /* those below, by way of .next */
    struct node *parameter; /* the one below that takes any segment */
    struct node *next;
    souk_route_t route;
} node_t;

struct souk_routes {
    souk_pool_t *pool;
    node_t root;
};

souk_routes_t *souk_routes_new(souk_pool_t *pool)
{
    souk_routes_t *routes = souk_pool_alloc(pool, sizeof *routes);

    routes->pool = pool;
    return routes;
}

static node_t *find_literal(const node_t *node, const char *text)
{
    node_t *below = node->literals;

    while (below && strcmp(below->text, text) != 0)
        below = below->next;
    return below;
}

static node_t *step_into(souk_routes_t *routes, node_t *node, const souk_segment_t *segment)
{
    node_t *below = segment->parameter ? node->parameter : find_literal(node, segment->text);

    if (below)
        return below;
    below = souk_pool_alloc(routes->pool, sizeof *below);
    if (segment->parameter) {
        node->parameter = below;
        return below;
    }
    below->text = segment->text;
    below->next = node->literals;
    node->literals = below;
    return below;
}

const souk_offer_t *souk_routes_add(souk_routes_t *routes, const souk_offer_t *offer)
{
    node_t *node = &routes->root;
    const souk_offer_t **place;

    for (size_t i = 0; i < offer->segment_count; i++)
        node = step_into(routes, node, &offer->segments[i]);
    place = &node->route.offers[offer->method];
    if (*place)
        return *place;
    *place = offer;
    return NULL;
}

static bool is_offered(const souk_route_t *route)
{
    for (int method = 0; method < SOUK_METHODS; method++)
        if (route->offers[method])
            return true;
    return false;
}

static const souk_route_t *find(const node_t *node, const souk_target_t *target, size_t at)
{
    const souk_route_t *found = NULL;
    const node_t *literal;

    if (at == target->segment_count)
        return is_offered(&node->route) ? &node->route : NULL;
    literal = find_literal(node, target->segments[at]);
    if (literal)
        found = find(literal, target, at + 1);
    if (!found && node->parameter && *target->segments[at])
        found = find(node->parameter, target, at + 1);
    return found;
}

const souk_route_t *souk_routes_find(const souk_routes_t *routes, const souk_target_t *target)
{
    return find(&routes->root, target, 0);
}

const char *souk_route_allow(const souk_route_t *route, souk_pool_t *pool)
{
    souk_buffer_t text = { .pool = pool };

    for (souk_method_t method = 0; method < SOUK_METHODS; method++) {
        if (!route->offers[method])
            continue;
        souk_buffer_add_text(&text, souk_method_name(method));
        souk_buffer_add_text(&text, method == SOUK_GET ? ", HEAD, " : ", ");
    }
    souk_buffer_add_text(&text, "OPTIONS");
    return souk_buffer_done(&text).data;
}
