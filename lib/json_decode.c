/* Records from JSON. */
#include <math.h>
#include <string.h>

#include "json.h"
#include "value.h"

enum {
    KEY_TOLD_MAX = 64, /* longer unknown keys are told of without their name */
};

/* Doubles below 2^63 hold whole numbers that int64_t holds too. */
static const double whole_end = 9223372036854775808.0;

typedef struct {
    souk_pool_t *pool;
    souk_flaws_t *flaws;
    int depth; /* of records, the whole being the first */
    bool passes_over; /* what the record does not have */
} decoder_t;

/* Jansson's own words may quote what was sent; these do not. */
static const char *parse_error(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_premature_end_of_input:
        return "it ends too early";
    case json_error_end_of_input_expected:
        return "something comes behind its end";
    case json_error_invalid_utf8:
        return "this is not UTF-8";
    case json_error_duplicate_key:
        return "this key was there before";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "NUL is not allowed";
    case json_error_numeric_overflow:
        return "this number is too large";
    case json_error_stack_overflow:
        return "this is too deep";
    default:
        return "this is not JSON";
    }
}

json_t *souk_json_parse(souk_bytes_t text, souk_pool_t *pool, souk_flaws_t *flaws)
{
    size_t options = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
    json_error_t error;
    json_t *json = json_loadb(text.size ? text.data : "", text.size, options, &error);

    if (!json)
        souk_flaw(flaws, pool, NULL, "line %d, column %d: %s", error.line, error.column,
            parse_error(&error));
    return json;
}

static void read_record(decoder_t *decoder, const souk_record_t *record, const json_t *json,
    char *value, const souk_place_t *place);

static void refuse_type(decoder_t *decoder, const souk_field_t *field, const souk_place_t *place)
{
    souk_flaw(decoder->flaws, decoder->pool, place, "%s", souk_type_demand(field->type));
}

/* 2.0 is as whole as 2: JSON knows one kind of number. */
static void read_number(decoder_t *decoder, const souk_field_t *field, const json_t *json,
    void *value, const souk_place_t *place)
{
    double real = json_real_value(json);

    if (json_is_integer(json))
        souk_field_number(field, json_integer_value(json), value, decoder->flaws, decoder->pool,
            place);
    else if (!json_is_real(json) || real != floor(real))
        refuse_type(decoder, field, place);
    else if (real < -whole_end || real >= whole_end)
        souk_flaw(decoder->flaws, decoder->pool, place, "is too large");
    else
        souk_field_number(field, (int64_t)real, value, decoder->flaws, decoder->pool, place);
}

static void read_double(decoder_t *decoder, const souk_field_t *field, const json_t *json,
    double *value, const souk_place_t *place)
{
    if (!json_is_number(json)) {
        refuse_type(decoder, field, place);
        return;
    }
    *value = json_number_value(json);
    souk_field_check(field, value, decoder->flaws, decoder->pool, place);
}

static void read_bool(decoder_t *decoder, const souk_field_t *field, const json_t *json,
    bool *value, const souk_place_t *place)
{
    if (json_is_boolean(json))
        *value = json_is_true(json);
    else
        refuse_type(decoder, field, place);
}

static void read_time(decoder_t *decoder, const json_t *json, souk_time_t *value,
    const souk_place_t *place)
{
    if (!json_is_string(json) || !souk_time_parse(json_string_value(json), value))
        souk_flaw(decoder->flaws, decoder->pool, place,
            "must be a time such as 2026-01-31T23:59:59Z");
}

/* For a text field, and for an item of a list of texts. */
static void read_text(decoder_t *decoder, const souk_field_t *field, const json_t *json,
    const char **value, const souk_place_t *place)
{
    souk_bytes_t bytes = { json_string_value(json), json_string_length(json) };

    if (json_is_string(json))
        *value = souk_field_text(field, bytes, decoder->flaws, decoder->pool, place);
    else
        souk_flaw(decoder->flaws, decoder->pool, place, "%s", souk_type_demand(SOUK_TEXT));
}

static void read_items(decoder_t *decoder, const souk_field_t *field, const json_t *array,
    souk_list_t *list, const souk_place_t *place)
{
    size_t item_size = souk_item_size(field), count = json_array_size(array);
    char *item;

    *list = souk_list_new(decoder->pool, count, item_size);
    item = list->items;
    for (size_t i = 0; i < count; i++, item += item_size) {
        souk_place_t item_place = { .parent = place, .index = i };
        const json_t *json = json_array_get(array, i);

        if (field->of)
            read_record(decoder, field->of, json, item, &item_place);
        else
            read_text(decoder, field, json, (const char **)(void *)item, &item_place);
        if (decoder->flaws->count == SOUK_FLAWS_MAX)
            return;
    }
}

/* A list that is too long is not read at all. */
static void read_list(decoder_t *decoder, const souk_field_t *field, const json_t *json,
    souk_list_t *list, const souk_place_t *place)
{
    souk_list_t claimed = { .count = json_array_size(json) };
    size_t flaws = decoder->flaws->count;

    if (!json_is_array(json)) {
        refuse_type(decoder, field, place);
        return;
    }
    souk_field_check(field, &claimed, decoder->flaws, decoder->pool, place);
    if (decoder->flaws->count == flaws)
        read_items(decoder, field, json, list, place);
}

static void read_value(decoder_t *decoder, const souk_field_t *field, const json_t *json,
    souk_bytes_t *value, const souk_place_t *place)
{
    if (json_is_object(json))
        *value = souk_value_from(json, decoder->pool);
    else
        refuse_type(decoder, field, place);
}

static void read_field(decoder_t *decoder, const souk_field_t *field, const json_t *json,
    void *value, const souk_place_t *place)
{
    switch (field->type) {
    case SOUK_BOOL:
        read_bool(decoder, field, json, value, place);
        break;
    case SOUK_INT:
    case SOUK_LONG:
        read_number(decoder, field, json, value, place);
        break;
    case SOUK_DOUBLE:
        read_double(decoder, field, json, value, place);
        break;
    case SOUK_TEXT:
        read_text(decoder, field, json, value, place);
        break;
    case SOUK_TIME:
        read_time(decoder, json, value, place);
        break;
    case SOUK_VALUE:
        read_value(decoder, field, json, value, place);
        break;
    case SOUK_LIST:
        read_list(decoder, field, json, value, place);
        break;
    case SOUK_RECORD:
        read_record(decoder, field->of, json, value, place);
        break;
    }
}

static void refuse_unknown_keys(decoder_t *decoder, const souk_record_t *record,
    const json_t *object, const souk_place_t *place)
{
    for (void *at = json_object_iter((json_t *)object); at;
         at = json_object_iter_next((json_t *)object, at)) {
        const char *key = json_object_iter_key(at);
        souk_place_t key_place = { .parent = place, .name = key };

        if (souk_record_field(record, key))
            continue;
        if (strlen(key) > KEY_TOLD_MAX)
            souk_flaw(decoder->flaws, decoder->pool, place, "has a field that is not known");
        else
            souk_flaw(decoder->flaws, decoder->pool, &key_place, "is not a known field");
        if (decoder->flaws->count == SOUK_FLAWS_MAX)
            return;
    }
}

static void read_fields(decoder_t *decoder, const souk_record_t *record, const json_t *object,
    char *value, const souk_place_t *place)
{
    size_t count = souk_record_count(record), known = 0;

    for (const souk_field_t *field = record->fields; field < record->fields + count; field++) {
        souk_place_t field_place = { .parent = place, .name = field->name };
        const json_t *json = json_object_get(object, field->name);

        known += json != NULL;
        if (json && !json_is_null(json))
            read_field(decoder, field, json, value + field->offset, &field_place);
        else
            souk_field_absent(field, value + field->offset, decoder->flaws, decoder->pool,
                &field_place);
    }
    if (known < json_object_size(object) && !decoder->passes_over)
        refuse_unknown_keys(decoder, record, object, place);
}

static void read_record(decoder_t *decoder, const souk_record_t *record, const json_t *json,
    char *value, const souk_place_t *place)
{
    if (!json_is_object(json)) {
        souk_flaw(decoder->flaws, decoder->pool, place, "%s", souk_type_demand(SOUK_RECORD));
        return;
    }
    if (decoder->depth == SOUK_DEPTH_MAX) {
        souk_flaw(decoder->flaws, decoder->pool, place, "is too deep");
        return;
    }
    decoder->depth++;
    read_fields(decoder, record, json, value, place);
    decoder->depth--;
}

static bool decode(decoder_t *decoder, const souk_record_t *record, const json_t *object,
    void *value)
{
    size_t flaws_before = decoder->flaws->count;

    memset(value, 0, record->size);
    read_record(decoder, record, object, value, NULL);
    return decoder->flaws->count == flaws_before && flaws_before < SOUK_FLAWS_MAX;
}

bool souk_json_decode(const souk_record_t *record, const json_t *object, void *value,
    souk_pool_t *pool, souk_flaws_t *flaws)
{
    return decode(&(decoder_t){ .pool = pool, .flaws = flaws }, record, object, value);
}

bool souk_json_decode_some(const souk_record_t *record, const json_t *object, void *value,
    souk_pool_t *pool, souk_flaws_t *flaws)
{
    decoder_t decoder = { .pool = pool, .flaws = flaws, .passes_over = true };
    return decode(&decoder, record, object, value);
}

static json_t *from_simple_text(const souk_field_t *field, const char *text)
{
    union {
        bool yes;
        int number;
        int64_t long_number;
        double real;
        const char *text;
        souk_time_t time;
    } value;

    if (!souk_field_parse(field, text, &value))
        return json_string_nocheck(text);
    switch (field->type) {
    case SOUK_BOOL:
        return json_boolean(value.yes);
    case SOUK_INT:
        return json_integer(value.number);
    case SOUK_LONG:
        return json_integer(value.long_number);
    case SOUK_DOUBLE:
        return json_real(value.real);
    default:
        return json_string_nocheck(text);
    }
}

/* The decoder is told of what is not UTF-8, too, so nothing is checked here. */
json_t *souk_json_from_text(const souk_field_t *field, const char *text)
{
    if (field->type == SOUK_LIST)
        return json_pack("[o]", json_string_nocheck(text));
    return from_simple_text(field, text);
}
