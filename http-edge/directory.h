/* Which services there are and what they offer: learned from the broker and from them, again and
   again. */
#ifndef SOUK_DIRECTORY_H
#define SOUK_DIRECTORY_H

#include "request.h"

/* Asks an operation that takes nothing, on behalf of nobody; tag takes the answer. False: no broker
   is there. */
must_check bool souk_edge_ask(souk_client_t *client, const char *operation, souk_tag_t *tag);

souk_directory_t *souk_directory_new(const struct souk_edge_settings *settings,
    souk_client_t *client);
void souk_directory_destroy(souk_directory_t **directory);

/* How long to wait before the services are looked at once more: right after the start, when they
   are just coming, not for long. before_ms is what was said last, 0 at first. */
int souk_refresh_pause_ms(const struct souk_edge_settings *settings, int before_ms);

/* Looks at the services anew where it is time. */
void souk_directory_turn(souk_directory_t *directory);
int souk_directory_wait_ms(const souk_directory_t *directory);

const souk_routes_t *souk_directory_routes(const souk_directory_t *directory);
/* What is known of an operation by its whole name; NULL: nothing. */
const struct souk_operation_description *souk_directory_operation(const souk_directory_t *directory,
    const char *name);
/* Whether it is known what the service offers, and whether it is also there at the moment. */
bool souk_directory_knows(const souk_directory_t *directory, const char *name);
bool souk_directory_has(const souk_directory_t *directory, const char *name);
/* The OpenAPI document of all that is offered. */
souk_bytes_t souk_directory_openapi(const souk_directory_t *directory);

#endif
