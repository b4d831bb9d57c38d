/* A request's arguments, from path, query and body, held against what the operation describes. */
#include "../lib/json.h"
#include "../lib/wire.h"
#include "versions.h"

static void add_flaw(souk_flaws_t *flaws, souk_pool_t *pool, const char *name, const char *message)
{
    souk_flaw(flaws, pool, &(souk_place_t){ .name = name }, "%s", message);
}

static void put(json_t *object, const souk_offer_t *offer, const souk_parameter_t *parameter,
    souk_flaws_t *flaws, souk_pool_t *pool)
{
    const souk_field_t *field = souk_record_field(offer->request, parameter->name);
    json_t *there = json_object_get(object, parameter->name);
    json_t *value = field ? souk_json_from_text(field, parameter->value) : NULL;

    if (!field)
        add_flaw(flaws, pool, parameter->name, "there is no such parameter");
    else if (there && json_is_array(there) && json_is_array(value))
        json_array_extend(there, value);
    else if (there)
        add_flaw(flaws, pool, parameter->name, "is given twice");
    else
        json_object_set(object, parameter->name, value);
    json_decref(value);
}

static void put_path(souk_request_t *request, json_t *object, souk_flaws_t *flaws)
{
    const souk_offer_t *offer = request->offer;
    for (size_t i = 0; i < offer->segment_count; i++) {
        souk_parameter_t parameter = { offer->segments[i].text, request->target.segments[i] };
        if (offer->segments[i].parameter)
            put(object, offer, &parameter, flaws, request->pool);
    }
}

static void put_query(souk_request_t *request, json_t *object, souk_flaws_t *flaws)
{
    const souk_parameter_t *parameters = request->target.query.items;
    for (size_t i = 0; i < request->target.query.count; i++)
        if (souk_method_has_body(request->offer->method))
            add_flaw(flaws, request->pool, parameters[i].name, "does not belong in the query");
        else
            put(object, request->offer, &parameters[i], flaws, request->pool);
}

/* The version that is asked for stands in a header, and nowhere else. */
static void put_version(souk_request_t *request, json_t *object, souk_flaws_t *flaws)
{
    const char *name = request->offer->operation->if_match;
    int64_t version;

    if (!name)
        return;
    if (json_object_get(object, name))
        add_flaw(flaws, request->pool, name, "belongs in the header If-Match");
    else if (souk_version_asked(request, &version))
        json_object_set_new(object, name, json_integer(version));
}

static bool refuse(souk_request_t *request, const souk_flaws_t *flaws)
{
    souk_list_t list = { 0 };
    souk_problem_t problem = souk_problem_of(&souk_invalid);
    for (size_t i = 0; i < flaws->count && i < SOUK_FLAWS_MAX; i++) {
        struct souk_problem_flaw *flaw = souk_list_add(&list, request->pool, sizeof *flaw);
        *flaw = (struct souk_problem_flaw){ flaws->items[i].pointer, flaws->items[i].message };
    }
    souk_request_refuse(request, &problem, flaws->items[0].message, &list);
    return false;
}

static void refuse_type(souk_request_t *request)
{
    souk_request_refuse(request, &souk_problem_wrong_type,
        request->headers.content_type
            ? "Content-Type is something else; send Content-Type: application/json, in UTF-8"
            : "Content-Type is missing; send Content-Type: application/json",
        NULL);
}

static bool may_be_read(souk_request_t *request)
{
    if (!souk_method_has_body(request->offer->method)) {
        souk_problem_t problem = souk_problem_of(&souk_invalid);
        souk_request_refuse(request, &problem,
            "this method takes no body; send what is asked as query parameters", NULL);
    } else if (!souk_headers_say_json(request->headers.content_type)) {
        refuse_type(request);
    }
    return request->status == 0;
}

/* What is signed is handed on as it came, since the signature is over its bytes. */
static json_t *take_signed(souk_request_t *request)
{
    souk_bytes_t text = { request->body_size ? request->body : "", request->body_size };
    souk_flaws_t flaws = { 0 };
    size_t characters;

    if (souk_text_measure(text, &characters))
        return json_pack("{s:s%, s:s}", "body", text.data, text.size, "signature",
            request->signature);
    souk_flaw(&flaws, request->pool, NULL, "must be UTF-8 without NUL");
    refuse(request, &flaws);
    return NULL;
}

/* The body as an object, an empty one where there is none; NULL: the request is refused. */
static json_t *read_body(souk_request_t *request)
{
    souk_bytes_t text = { request->body, request->body_size };
    souk_flaws_t flaws = { 0 };
    json_t *object;

    if (request->body_size && !may_be_read(request))
        return NULL;
    if (request->offer->operation->signature)
        return take_signed(request);
    if (!request->body_size)
        return json_object();
    object = souk_json_parse(text, request->pool, &flaws);
    if (object && !json_is_object(object))
        souk_flaw(&flaws, request->pool, NULL, "must be an object");
    if (flaws.count == 0)
        return object;
    json_decref(object);
    refuse(request, &flaws);
    return NULL;
}

bool souk_request_arguments(souk_request_t *request)
{
    const souk_record_t *record = request->offer->request;
    void *value = souk_pool_alloc(request->pool, record->size);
    souk_flaws_t flaws = { 0 };
    json_t *object = read_body(request);

    if (!object)
        return false;
    put_path(request, object, &flaws);
    put_query(request, object, &flaws);
    put_version(request, object, &flaws);
    bool fits = flaws.count == 0 && souk_json_decode(record, object, value, request->pool, &flaws);
    json_decref(object);
    if (!fits)
        return refuse(request, &flaws);
    request->arguments = souk_wire_encode(record, value, request->pool);
    return true;
}
