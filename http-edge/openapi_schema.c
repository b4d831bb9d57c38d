/* JSON Schemas of described fields. */
#include "openapi_schema.h"

#include <string.h>

#include "../lib/json.h"

enum {
    NAME_SIZE = 200
};

static json_t *type_of(const souk_field_t *field, const char *type)
{
    if (!field->optional)
        return json_pack("{s:s}", "type", type);
    return json_pack("{s:[s,s]}", "type", type, "null");
}

static void set_bounds(json_t *schema, const char *least, int64_t min, const char *most,
    int64_t max)
{
    if (min)
        json_object_set_new(schema, least, json_integer(min));
    if (max)
        json_object_set_new(schema, most, json_integer(max));
}

static void set_choices(json_t *schema, const souk_field_t *field, bool nullable)
{
    json_t *choices;

    if (!field->one_of)
        return;
    choices = json_array();
    for (size_t i = 0; field->one_of[i]; i++)
        json_array_append_new(choices, json_string(field->one_of[i]));
    if (nullable)
        json_array_append_new(choices, json_null());
    json_object_set_new(schema, "enum", choices);
}

static void set_format(json_t *schema, const souk_field_t *field)
{
    /* What JSON Schema has a format for is called as it is there. */
    static const struct {
        const char *keyword, *value;
    } says[] = {
        [SOUK_UUID] = { "format", "uuid" },
        [SOUK_EMAIL] = { "format", "email" },
        [SOUK_CURRENCY] = { "pattern", "^[A-Z]{3}$" },
        [SOUK_COUNTRY] = { "pattern", "^[A-Z]{2}$" },
        [SOUK_REGION] = { "pattern", "^[A-Z0-9]{1,3}$" },
        [SOUK_URL] = { "format", "uri" },
        [SOUK_PASSWORD] = { "format", "password" },
        [SOUK_NO_CARD] = { "format", "no-card" },
    };

    if (field->format != SOUK_ANY)
        json_object_set_new(schema, says[field->format].keyword,
            json_string(says[field->format].value));
    else if (field->secret)
        json_object_set_new(schema, "format", json_string("password"));
}

static json_t *schema_of_text(const souk_field_t *field)
{
    json_t *schema = type_of(field, "string");

    set_bounds(schema, "minLength", field->min, "maxLength",
        field->max ? field->max : SOUK_TEXT_MAX);
    set_choices(schema, field, field->optional);
    set_format(schema, field);
    return schema;
}

/* The bounds of a list are those of its length, all else holds for its texts. */
static json_t *schema_of_item(souk_schemas_t *schemas, const souk_field_t *field)
{
    json_t *schema;

    if (field->of)
        return souk_schema_of_record(schemas, field->of);
    schema = json_pack("{s:s, s:i}", "type", "string", "maxLength", SOUK_TEXT_MAX);
    set_choices(schema, field, false);
    set_format(schema, field);
    return schema;
}

static json_t *schema_of_list(souk_schemas_t *schemas, const souk_field_t *field)
{
    json_t *schema = type_of(field, "array");

    json_object_set_new(schema, "items", schema_of_item(schemas, field));
    set_bounds(schema, "minItems", field->min, "maxItems", field->max ? field->max : SOUK_LIST_MAX);
    return schema;
}

static json_t *schema_of_inner(souk_schemas_t *schemas, const souk_field_t *field)
{
    json_t *schema = souk_schema_of_record(schemas, field->of);

    if (!field->optional)
        return schema;
    return json_pack("{s:[o,{s:s}]}", "anyOf", schema, "type", "null");
}

/* Where there is a largest number there is a smallest, be it 0. */
static json_t *schema_of_number(const souk_field_t *field, const char *type, const char *format)
{
    json_t *schema = type_of(field, type);

    set_bounds(schema, "minimum", field->min, "maximum", field->max);
    if (field->max && !field->min)
        json_object_set_new(schema, "minimum", json_integer(0));
    json_object_set_new(schema, "format", json_string(format));
    return schema;
}

static json_t *schema_of_time(const souk_field_t *field)
{
    json_t *schema = type_of(field, "string");

    json_object_set_new(schema, "format", json_string("date-time"));
    return schema;
}

static json_t *schema_of_type(souk_schemas_t *schemas, const souk_field_t *field)
{
    switch (field->type) {
    case SOUK_BOOL:
        return type_of(field, "boolean");
    case SOUK_INT:
        return schema_of_number(field, "integer", "int32");
    case SOUK_LONG:
        return schema_of_number(field, "integer", "int64");
    case SOUK_DOUBLE:
        return schema_of_number(field, "number", "double");
    case SOUK_TEXT:
        return schema_of_text(field);
    case SOUK_TIME:
        return schema_of_time(field);
    case SOUK_VALUE:
        return type_of(field, "object");
    case SOUK_LIST:
        return schema_of_list(schemas, field);
    case SOUK_RECORD:
        return schema_of_inner(schemas, field);
    }
    return json_object();
}

json_t *souk_schema_of_field(souk_schemas_t *schemas, const souk_field_t *field)
{
    souk_field_t said = *field;
    json_t *schema;

    /* To say null is to say nothing. */
    said.optional |= schemas->given && field->fallback;
    schema = schema_of_type(schemas, &said);
    if (field->doc && *field->doc)
        json_object_set_new(schema, "description", json_string(field->doc));
    if (field->fallback)
        json_object_set_new(schema, "default", souk_json_from_text(field, field->fallback));
    return schema;
}

static json_t *object_of(souk_schemas_t *schemas, const souk_record_t *record,
    const souk_offer_t *offer)
{
    json_t *properties = json_object(), *required = json_array(), *schema;

    for (size_t i = 0; i < souk_record_count(record); i++) {
        const souk_field_t *field = &record->fields[i];
        if (offer &&
            (souk_offer_in_path(offer, field->name) || souk_offer_in_header(offer, field->name)))
            continue;
        json_object_set_new(properties, field->name, souk_schema_of_field(schemas, field));
        if (!field->optional && !field->fallback)
            json_array_append_new(required, json_string(field->name));
    }
    schema = json_pack("{s:s, s:o}", "type", "object", "properties", properties);
    if (schemas->given)
        json_object_set_new(schema, "additionalProperties", json_false());
    if (json_array_size(required))
        json_object_set(schema, "required", required);
    json_decref(required);
    return schema;
}

json_t *souk_schema_reference(const char *name)
{
    return json_pack("{s:o}", "$ref", json_sprintf("#/components/schemas/%s", name));
}

/* OpenAPI allows fewer characters in a component's name than services may use. */
static void set_name(char name[NAME_SIZE], const char *service, const char *record,
    const char *suffix)
{
    snprintf(name, NAME_SIZE, "%s%s%s%s", service, *service ? "." : "", record, suffix);
    for (char *c = name; *c; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", *c))
            *c = '_';
}

static bool fits(const json_t *components, const char *name, const json_t *schema)
{
    const json_t *there = json_object_get(components, name);

    return !there || json_equal(there, schema);
}

/* The record's own name if it is free for this schema, else one that says more. */
static bool find_name(char name[NAME_SIZE], const souk_schemas_t *schemas, const char *record,
    const json_t *schema)
{
    const char *const services[] = { "", schemas->service };
    const char *const suffixes[] = { "", schemas->given ? ".given" : "" };

    for (size_t i = 0; *record && i < 4; i++) {
        set_name(name, services[i / 2], record, suffixes[i % 2]);
        if (fits(schemas->components, name, schema))
            return true;
    }
    return false;
}

json_t *souk_schema_of_record(souk_schemas_t *schemas, const souk_record_t *record)
{
    json_t *schema = object_of(schemas, record, NULL);
    char name[NAME_SIZE];

    if (!find_name(name, schemas, record->name ? record->name : "", schema))
        return schema;
    json_object_set_new(schemas->components, name, schema);
    return souk_schema_reference(name);
}

/* What the path or a header says does not stand in the body. */
static bool is_whole(const souk_offer_t *offer)
{
    for (size_t i = 0; i < offer->segment_count; i++)
        if (offer->segments[i].parameter)
            return false;
    return !offer->operation->if_match;
}

json_t *souk_schema_of_body(souk_schemas_t *schemas, const souk_offer_t *offer)
{
    json_t *schema;

    schemas->given = true;
    schema = is_whole(offer) ? souk_schema_of_record(schemas, offer->request)
                             : object_of(schemas, offer->request, offer);
    schemas->given = false;
    return schema;
}
