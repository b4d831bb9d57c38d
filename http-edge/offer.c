/* Holds what a service says of itself against what can be served. A service is outside: what is no
   description at all is refused, and an operation that cannot be served costs no other. */
#include "offer.h"

#include <ctype.h>
#include <string.h>

#include "../lib/wire.h"

static const char *const methods[SOUK_METHODS] = {
    [SOUK_GET] = "GET",
    [SOUK_POST] = "POST",
    [SOUK_PUT] = "PUT",
    [SOUK_PATCH] = "PATCH",
    [SOUK_DELETE] = "DELETE",
};

const char *souk_method_name(souk_method_t method)
{
    return methods[method];
}

bool souk_method_named(const char *name, size_t size, souk_method_t *method)
{
    for (*method = 0; *method < SOUK_METHODS; (*method)++)
        if (strlen(methods[*method]) == size && memcmp(methods[*method], name, size) == 0)
            return true;
    return false;
}

bool souk_method_has_body(souk_method_t method)
{
    return method == SOUK_POST || method == SOUK_PUT || method == SOUK_PATCH;
}

static bool is_plain(const char *text, size_t size, const char *further)
{
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr(further, text[i]))
            return false;
    return size > 0;
}

/* A parameter is one value, so its field is neither a list nor a record. */
static const char *set_parameter(souk_offer_t *offer, souk_segment_t *segment, const char *text,
    size_t size)
{
    const souk_field_t *field;

    segment->parameter = true;
    segment->text = souk_pool_text(offer->service->pool, text + 1, size - 2);
    field = souk_record_field(offer->request, segment->text);
    if (!field || !souk_field_is_simple(field))
        return "its route names a parameter that is no simple field of the request";
    if (souk_offer_in_path(offer, segment->text))
        return "its route names a parameter twice";
    return NULL;
}

static const char *set_segment(souk_offer_t *offer, const char *text, size_t size)
{
    souk_segment_t *segment = &offer->segments[offer->segment_count];
    const char *why = NULL;

    if (offer->segment_count == SOUK_SEGMENTS_MAX)
        return "its route is too long";
    if (size > 2 && text[0] == '{' && text[size - 1] == '}')
        why = set_parameter(offer, segment, text, size);
    else if (!is_plain(text, size, "-._~"))
        why = "its route is not made of plain segments and {parameters}";
    else
        segment->text = souk_pool_text(offer->service->pool, text, size);
    offer->segment_count++;
    return why;
}

/* "POST /v1/things/{id}"; NULL where all is well. */
static const char *set_route(souk_offer_t *offer, const char *http)
{
    size_t method_size = strcspn(http, " ");
    const char *path = http + method_size, *why = NULL;

    if (!souk_method_named(http, method_size, &offer->method) || strncmp(path, " /", 2) != 0)
        return "its route is not a method and a path";
    for (path++; *path == '/' && path[1] && !why; path += 1 + strcspn(path + 1, "/"))
        why = set_segment(offer, path + 1, strcspn(path + 1, "/"));
    return why || !*path || offer->segment_count == 0 ? why : "its route ends with a slash";
}

bool souk_offer_in_path(const souk_offer_t *offer, const char *field)
{
    for (size_t i = 0; i < offer->segment_count; i++)
        if (offer->segments[i].parameter && strcmp(offer->segments[i].text, field) == 0)
            return true;
    return false;
}

bool souk_offer_in_header(const souk_offer_t *offer, const char *field)
{
    const char *if_match = offer->operation->if_match;

    return if_match && strcmp(if_match, field) == 0;
}

/* An operation is named after its service, so that none can speak for another. */
static bool is_named_after(const char *operation, const char *service)
{
    size_t size = strlen(service);

    return strncmp(operation, service, size) == 0 && operation[size] == '.' &&
        is_plain(operation + size + 1, strlen(operation + size + 1), "_-.");
}

/* A code has one meaning: the library's own cannot be given another kind. */
static const char *check_error(const struct souk_error_description *error)
{
    const souk_error_t *common = souk_error_common(error->code);
    souk_kind_t kind;

    if (!souk_kind_named(error->kind, &kind))
        return "one of its errors is of a kind that there is not";
    if (souk_code_succeeds(error->code) || (common && common->kind != kind))
        return "one of its errors has a code that means something else";
    return NULL;
}

static const char *check_errors(const struct souk_operation_description *says)
{
    const struct souk_error_description *errors = says->errors.items;
    const char *why = NULL;

    for (size_t i = 0; !why && i < says->errors.count; i++)
        why = check_error(&errors[i]);
    return why;
}

static const char *check_versions(const souk_offer_t *offer)
{
    const char *etag = offer->operation->etag, *if_match = offer->operation->if_match;

    if (etag && !souk_record_has_number(offer->reply, etag))
        return "its etag is no number of the reply";
    if (if_match && !souk_record_has_number(offer->request, if_match))
        return "its if_match is no number of the request";
    return NULL;
}

static bool has_text(const souk_record_t *record, const char *name)
{
    const souk_field_t *field = souk_record_field(record, name);

    return field && field->type == SOUK_TEXT;
}

static const char *check_signature(const souk_offer_t *offer)
{
    const char *header = offer->operation->signature;

    if (!header)
        return NULL;
    if (!is_plain(header, strlen(header), "-"))
        return "its signature is no name of a header";
    if (!has_text(offer->request, "body") || !has_text(offer->request, "signature"))
        return "its request has no texts body and signature";
    return offer->method == SOUK_POST ? NULL : "it is signed, but no POST";
}

static const char *set_offer(souk_offer_t *offer, souk_service_t *service,
    const struct souk_operation_description *says)
{
    const char *why = NULL;

    *offer = (souk_offer_t){ .service = service, .operation = says };
    if (!is_named_after(says->name, service->name))
        return "its name is not SERVICE.OPERATION";
    if (says->http_status < 200 || says->http_status > 299)
        return "its http_status is not one of success";
    if ((why = check_errors(says)))
        return why;
    offer->request = souk_record_from(says->request_name, &says->request, service->pool, &why);
    if (offer->request)
        offer->reply = souk_record_from(says->reply_name, &says->reply, service->pool, &why);
    if (!offer->request || !offer->reply || (why = check_versions(offer)))
        return why;
    why = set_route(offer, says->http);
    return why ? why : check_signature(offer);
}

static void add_oddity(souk_service_t *service, const char *operation, const char *why)
{
    const char **oddity = souk_list_add(&service->oddities, service->pool, sizeof *oddity);

    *oddity = souk_pool_format(service->pool, "%s: %s", operation, why);
}

static bool tells_calls(const struct souk_description *description)
{
    const struct souk_event_description *events = description->events.items;
    size_t size = strlen(description->service);

    for (size_t i = 0; i < description->events.count; i++)
        if (strncmp(events[i].topic, description->service, size) == 0 &&
            strcmp(events[i].topic + size, ".called") == 0)
            return true;
    return false;
}

static void make_offers(souk_service_t *service)
{
    const struct souk_operation_description *says = service->description.operations.items;

    service->tells_calls = tells_calls(&service->description);
    for (size_t i = 0; i < service->description.operations.count; i++) {
        souk_offer_t offer;
        const char *why = says[i].http ? set_offer(&offer, service, &says[i]) : NULL;
        if (why)
            add_oddity(service, says[i].name, why);
        else if (says[i].http)
            *(souk_offer_t *)souk_list_add(&service->offers, service->pool, sizeof offer) = offer;
    }
}

static souk_service_t *new_service(void)
{
    souk_pool_t *pool = souk_pool_new();
    souk_service_t *service = souk_pool_alloc(pool, sizeof *service);

    service->pool = pool;
    service->holders = 1;
    return service;
}

souk_service_t *souk_service_of(const struct souk_description *description)
{
    souk_service_t *service = new_service();

    service->name = description->service;
    service->description = *description;
    make_offers(service);
    return service;
}

souk_service_t *souk_service_new(const char *name, souk_bytes_t description, souk_pool_t *pool,
    const char **why)
{
    souk_service_t *service = new_service();
    souk_flaws_t flaws = { 0 };

    service->name = souk_pool_text(service->pool, name, strlen(name));
    service->told.data = souk_pool_text(service->pool, description.data, description.size);
    service->told.size = description.size;
    if (!souk_wire_decode(&souk_description, description, &service->description, service->pool,
            &flaws)) {
        *why = souk_pool_format(pool, "%s %s", flaws.items[0].pointer, flaws.items[0].message);
        souk_service_release(&service);
        return NULL;
    }
    if (strcmp(service->description.service, name) != 0) {
        *why = "/service is not the name that it serves under";
        souk_service_release(&service);
        return NULL;
    }
    make_offers(service);
    return service;
}

souk_service_t *souk_service_hold(souk_service_t *service)
{
    service->holders++;
    return service;
}

void souk_service_release(souk_service_t **service)
{
    souk_pool_t *pool = *service && --(*service)->holders == 0 ? (*service)->pool : NULL;

    souk_pool_destroy(&pool);
    *service = NULL;
}

static const struct souk_error_description *find_error(const struct souk_operation_description
                                                           *operation,
    const char *code)
{
    const struct souk_error_description *errors = operation ? operation->errors.items : NULL;

    for (size_t i = 0; errors && i < operation->errors.count; i++)
        if (strcmp(errors[i].code, code) == 0)
            return &errors[i];
    return NULL;
}

bool souk_error_lookup(const struct souk_operation_description *operation, const char *code,
    souk_kind_t *kind, const char **meaning)
{
    const struct souk_error_description *declared = find_error(operation, code);
    const souk_error_t *common = souk_error_common(code);

    if (declared && souk_kind_named(declared->kind, kind)) {
        *meaning = declared->meaning ? declared->meaning : code;
        return true;
    }
    if (!common)
        return false;
    *kind = common->kind;
    *meaning = common->meaning;
    return true;
}
