/* What a service offers over HTTP: its description, checked, with the records made from it. */
#ifndef SOUK_OFFER_H
#define SOUK_OFFER_H

#include "../lib/describe.h"
#include "target.h"

typedef enum {
    SOUK_GET,
    SOUK_POST,
    SOUK_PUT,
    SOUK_PATCH,
    SOUK_DELETE,
    SOUK_METHODS,
} souk_method_t;

const char *souk_method_name(souk_method_t method);
must_check bool souk_method_named(const char *name, size_t size, souk_method_t *method);
/* Whether what is asked stands in a body; else it stands in the query. */
bool souk_method_has_body(souk_method_t method);

typedef struct {
    const char *text; /* the literal, or the parameter's name */
    bool parameter;
} souk_segment_t;

typedef struct souk_service souk_service_t;

/* One operation that has a route. */
typedef struct {
    souk_service_t *service;
    const struct souk_operation_description *operation;
    const souk_record_t *request, *reply;
    souk_method_t method;
    size_t segment_count;
    souk_segment_t segments[SOUK_SEGMENTS_MAX];
} souk_offer_t;

/* Whether field is one of the route's parameters. */
bool souk_offer_in_path(const souk_offer_t *offer, const char *field);

/* Whether a header says it (If-Match), and so neither body nor query. */
bool souk_offer_in_header(const souk_offer_t *offer, const char *field);

/* One service as it described itself once. Lives as long as somebody holds it, for requests may be
   under way when a newer description comes. */
struct souk_service {
    souk_pool_t *pool;
    size_t holders;
    const char *name;
    struct souk_description description;
    souk_bytes_t told; /* the description as it came */
    bool tells_calls; /* SERVICE.called is among its events: whoever may not it refuses itself */
    souk_list_t offers; /* souk_offer_t */
    souk_list_t oddities; /* const char *: what is wrong with operations that are not offered */
};

/* Held once, by the caller. NULL: *why (in pool) says what is wrong with the whole description. */
must_check souk_service_t *souk_service_new(const char *name, souk_bytes_t description,
    souk_pool_t *pool, const char **why);
/* The same from a description that is there already, whose memory outlives the service. */
souk_service_t *souk_service_of(const struct souk_description *description);
souk_service_t *souk_service_hold(souk_service_t *service);
/* Takes NULL; leaves *service NULL. */
void souk_service_release(souk_service_t **service);

/* The kind of an error by its code: declared by operation (which may be NULL), else the library's;
   false where nobody declared it. *meaning is borrowed. */
must_check bool souk_error_lookup(const struct souk_operation_description *operation,
    const char *code, souk_kind_t *kind, const char **meaning);

#endif
