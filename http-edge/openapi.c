/* The OpenAPI 3.1 document of what services offer. */
#include "openapi.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/json.h"
#include "../lib/memory.h"
#include "openapi_schema.h"
#include "problem.h"
#include "routes.h"

enum {
    STATUS_SIZE = 12
};

static json_t *parameter_of(souk_schemas_t *schemas, const souk_field_t *field, const char *in,
    bool required)
{
    return json_pack("{s:s, s:s, s:b, s:o}", "name", field->name, "in", in, "required", required,
        "schema", souk_schema_of_field(schemas, field));
}

static void add_field(json_t *parameters, souk_schemas_t *schemas, const souk_offer_t *offer,
    const souk_field_t *field)
{
    bool required = !field->optional && !field->fallback;

    if (souk_offer_in_header(offer, field->name))
        return;
    if (souk_offer_in_path(offer, field->name))
        json_array_append_new(parameters, parameter_of(schemas, field, "path", true));
    else if (!souk_method_has_body(offer->method))
        json_array_append_new(parameters, parameter_of(schemas, field, "query", required));
}

static json_t *header_of(souk_schemas_t *schemas, const souk_field_t *field, const char *pattern,
    bool required)
{
    json_t *parameter = parameter_of(schemas, field, "header", required);

    json_object_set_new(json_object_get(parameter, "schema"), "pattern", json_string(pattern));
    return parameter;
}

static const char random_uuid[] = "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-4[0-9A-Fa-f]{3}-"
                                  "[89ABab][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}$";

static void add_headers(json_t *parameters, souk_schemas_t *schemas,
    const struct souk_operation_description *operation)
{
    static const souk_field_t key = {
        .name = "Idempotency-Key",
        .type = SOUK_TEXT,
        .min = 1,
        .max = SOUK_KEY_MAX,
        .doc = "asking twice with one key does it once",
    };
    static const souk_field_t if_match = {
        .name = "If-Match",
        .type = SOUK_TEXT,
        .min = 1,
        .doc = "the ETag of the version that is to be changed, or *",
    };
    souk_field_t signature = {
        .type = SOUK_TEXT,
        .min = 1,
        .doc = "signs the body: t=SECONDS,v1=HEX",
    };

    if (operation->needs_key || operation->takes_key)
        json_array_append_new(parameters,
            header_of(schemas, &key, operation->uuid_key ? random_uuid : "^[ -~]*$",
                operation->needs_key));
    if (operation->if_match)
        json_array_append_new(parameters,
            header_of(schemas, &if_match, "^(\\*|\"[^\"]+\")$", true));
    signature.name = operation->signature;
    if (operation->signature)
        json_array_append_new(parameters, header_of(schemas, &signature, "^[ -~]*$", true));
}

static json_t *parameters_of(souk_schemas_t *schemas, const souk_offer_t *offer)
{
    json_t *parameters = json_array();

    for (size_t i = 0; i < souk_record_count(offer->request); i++)
        add_field(parameters, schemas, offer, &offer->request->fields[i]);
    add_headers(parameters, schemas, offer->operation);
    return parameters;
}

static json_t *content_of(const char *type, json_t *schema)
{
    return json_pack("{s:{s:o}}", type, "schema", schema);
}

static void add_success(json_t *responses, souk_schemas_t *schemas, const souk_offer_t *offer,
    int status, const char *description)
{
    json_t *response = json_pack("{s:s}", "description", description);
    char key[STATUS_SIZE];

    if (status != 204)
        json_object_set_new(response, "content",
            content_of("application/json", souk_schema_of_record(schemas, offer->reply)));
    snprintf(key, sizeof key, "%d", status);
    json_object_set_new(responses, key, response);
}

/* One response for each status; its description has the meanings of all errors, a line each. */
static void add_problem(json_t *responses, int status, const char *code, const char *meaning)
{
    char key[STATUS_SIZE];
    json_t *there, *before;

    snprintf(key, sizeof key, "%d", status);
    there = json_object_get(responses, key);
    before = json_object_get(there, "description");
    if (before) {
        json_object_set_new(there, "description",
            json_sprintf("%s\n`%s`: %s", json_string_value(before), code, meaning));
        return;
    }
    json_object_set_new(responses, key,
        json_pack("{s:o, s:o}", "description", json_sprintf("`%s`: %s", code, meaning), "content",
            content_of("application/problem+json",
                souk_schema_reference(souk_problem_record.name))));
}

/* Here libmicrohttpd answers, which has no room left to read what was asked. */
static void add_oversized(json_t *responses)
{
    static const struct {
        const char *status, *means;
    } answers[] = {
        { "414", "The address is longer than what is taken, about 15 KiB." },
        { "431", "The header fields are longer than what is taken, about 7 KiB." },
    };

    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        json_object_set_new(responses, answers[i].status,
            json_pack("{s:s}", "description", answers[i].means));
}

static void add_error(json_t *responses, const souk_error_t *error)
{
    add_problem(responses, souk_kind(error->kind)->http_status, error->code, error->meaning);
}

static void add_declared(json_t *responses, const souk_list_t *list)
{
    const struct souk_error_description *errors = list->items;
    souk_kind_t kind;

    for (size_t i = 0; i < list->count; i++)
        if (souk_kind_named(errors[i].kind, &kind))
            add_problem(responses, souk_kind(kind)->http_status, errors[i].code,
                errors[i].meaning ? errors[i].meaning : "");
}

/* What any operation may be answered, whatever it declares. */
static void add_common(json_t *responses, const souk_offer_t *offer)
{
    static const souk_error_t *const always[] = { &souk_invalid, &souk_unauthorized, &souk_internal,
        &souk_busy, &souk_unavailable, &souk_expired, &souk_timeout, &souk_worker_lost };
    static const souk_problem_t *const with_body[] = { &souk_problem_too_large,
        &souk_problem_wrong_type };

    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        add_error(responses, always[i]);
    if (offer->operation->role)
        add_error(responses, &souk_forbidden);
    if (offer->operation->needs_key)
        add_error(responses, &souk_key_missing);
    if (offer->operation->needs_key || offer->operation->takes_key) {
        add_error(responses, &souk_key_reused);
        add_error(responses, &souk_running);
    }
    if (offer->operation->if_match) {
        add_error(responses, &souk_stale);
        add_problem(responses, souk_problem_version_missing.status,
            souk_problem_version_missing.code, souk_problem_version_missing.title);
    }
    for (size_t i = 0; i < 2 && souk_method_has_body(offer->method); i++)
        add_problem(responses, with_body[i]->status, with_body[i]->code, with_body[i]->title);
    add_problem(responses, souk_problem_bad_reply.status, souk_problem_bad_reply.code,
        souk_problem_bad_reply.title);
    add_oversized(responses);
}

static json_t *responses_of(souk_schemas_t *schemas, const souk_offer_t *offer)
{
    json_t *responses = json_object();

    if (offer->operation->accepts)
        add_success(responses, schemas, offer, 202,
            "Taken on; the work goes on, and this is how it stands.");
    add_success(responses, schemas, offer, offer->operation->http_status, "Done.");
    if (offer->operation->etag && offer->method == SOUK_GET)
        json_object_set_new(responses, "304",
            json_pack("{s:s}", "description", "It is what If-None-Match says."));
    add_declared(responses, &offer->operation->errors);
    add_common(responses, offer);
    return responses;
}

/* Where nothing in the body must be there, the whole need not be there. What is in one that is
   signed is between those two. */
static json_t *body_of(souk_schemas_t *schemas, const souk_offer_t *offer)
{
    bool required = false;

    if (offer->operation->signature)
        return json_pack("{s:b, s:o}", "required", true, "content",
            content_of("application/json", json_pack("{s:s}", "type", "object")));
    for (size_t i = 0; i < souk_record_count(offer->request); i++) {
        const souk_field_t *field = &offer->request->fields[i];
        required |= !field->optional && !field->fallback &&
            !souk_offer_in_path(offer, field->name) && !souk_offer_in_header(offer, field->name);
    }
    return json_pack("{s:b, s:o}", "required", required, "content",
        content_of("application/json", souk_schema_of_body(schemas, offer)));
}

/* Of what anyone may ask, too, it matters who is logged in: an order, say, is theirs. */
static json_t *security_of(const struct souk_operation_description *says)
{
    return says->role ? json_pack("[{s:[]}]", "bearer") : json_pack("[{}, {s:[]}]", "bearer");
}

static json_t *operation_of(souk_schemas_t *schemas, const souk_offer_t *offer)
{
    const struct souk_operation_description *says = offer->operation;
    json_t *operation =
        json_pack("{s:s, s:[s], s:o, s:o}", "operationId", says->name, "tags", offer->service->name,
            "parameters", parameters_of(schemas, offer), "responses", responses_of(schemas, offer));

    if (says->summary)
        json_object_set_new(operation, "summary", json_string(says->summary));
    if (souk_method_has_body(offer->method) && souk_record_count(offer->request))
        json_object_set_new(operation, "requestBody", body_of(schemas, offer));
    json_object_set_new(operation, "security", security_of(says));
    return operation;
}

static void add_offer(json_t *paths, souk_schemas_t *schemas, const souk_offer_t *offer)
{
    const char *path = strchr(offer->operation->http, '/');
    const char *name = souk_method_name(offer->method);
    char method[8] = { 0 };

    for (size_t i = 0; name[i] && i + 1 < sizeof method; i++)
        method[i] = (char)tolower((unsigned char)name[i]);
    if (!json_object_get(paths, path))
        json_object_set_new(paths, path, json_object());
    json_object_set_new(json_object_get(paths, path), method, operation_of(schemas, offer));
}

static int by_name(const void *a, const void *b)
{
    const souk_offer_t *const *first = a, *const *second = b;

    return strcmp((*first)->operation->name, (*second)->operation->name);
}

/* Of two that have one address the first wins, as it does where requests are routed. Described they
   are in the order of their names: whose record has the short name follows from what comes first,
   and that must not be whose service happened to be up first. */
static souk_list_t offers_of(const souk_list_t *services, souk_pool_t *pool)
{
    souk_routes_t *routes = souk_routes_new(pool);
    souk_service_t *const *service = services->items;
    souk_list_t all = { 0 };

    for (size_t i = 0; i < services->count; i++) {
        const souk_offer_t *offers = service[i]->offers.items;
        for (size_t k = 0; k < service[i]->offers.count; k++)
            if (!souk_routes_add(routes, &offers[k]))
                *(const souk_offer_t **)souk_list_add(&all, pool, sizeof(void *)) = &offers[k];
    }
    if (all.count)
        qsort(all.items, all.count, sizeof(void *), by_name);
    return all;
}

static json_t *paths_of(const souk_list_t *services, souk_schemas_t *schemas)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_list_t all = offers_of(services, pool);
    const souk_offer_t *const *offers = all.items;
    json_t *paths = json_object();

    for (size_t i = 0; i < all.count; i++) {
        schemas->service = offers[i]->service->name;
        add_offer(paths, schemas, offers[i]);
    }
    return paths;
}

static json_t *document_of(const souk_list_t *services)
{
    souk_schemas_t schemas = { .components = json_object(), .service = "" };
    json_t *paths;

    /* Before the services' records, so that it is the edge's own problem which has this name. */
    json_decref(souk_schema_of_record(&schemas, &souk_problem_record));
    paths = paths_of(services, &schemas);
    return json_pack("{s:s, s:{s:s, s:s}, s:o, s:{s:o, s:{s:{s:s, s:s}}}}", "openapi", "3.1.0",
        "info", "title", "Souk", "version", "1", "paths", paths, "components", "schemas",
        schemas.components, "securitySchemes", "bearer", "type", "http", "scheme", "bearer");
}

souk_bytes_t souk_openapi(const souk_list_t *services, souk_pool_t *pool)
{
    json_t *document = document_of(services);
    char *text = souk_sure(json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS));
    souk_bytes_t bytes = { .size = strlen(text) };

    bytes.data = souk_pool_text(pool, text, bytes.size);
    free(text);
    json_decref(document);
    return bytes;
}
