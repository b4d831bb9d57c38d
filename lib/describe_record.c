/* The way back: from fields that a service described to a record with offsets of its own. What
   comes in is from outside: it is bounded here, and held against itself like any other table. */
#include <stdalign.h>
#include <string.h>

#include "describe.h"

enum {
    DESCRIBED_FIELDS_MAX = 256, /* of a record and all within it */
};

typedef struct {
    souk_pool_t *pool;
    size_t fields_left;
    int depth;
    const char *why; /* NULL: all is well so far */
} maker_t;

static const souk_record_t *make_record(maker_t *maker, const char *name,
    const souk_list_t *fields);

/* Says why, with the name of what it is about, and returns false. */
static bool refuse(maker_t *maker, const char *name, const char *why)
{
    maker->why = souk_pool_format(maker->pool, "%.64s: %s", name, why);
    return false;
}

static const char *copy(maker_t *maker, const char *text)
{
    return text ? souk_pool_text(maker->pool, text, strlen(text)) : NULL;
}

static const char *const *copy_texts(maker_t *maker, const souk_list_t *list)
{
    const char *const *texts = list->items;
    const char **copies;

    if (!list->count)
        return NULL;
    copies = souk_pool_alloc(maker->pool, (list->count + 1) * sizeof *copies);
    for (size_t i = 0; i < list->count; i++)
        copies[i] = copy(maker, texts[i]);
    return copies;
}

/* Formats may come that this version does not know; the service itself checks them. */
static souk_format_t format_of(const struct souk_field_description *description)
{
    souk_format_t format;

    if (!description->format || !souk_format_named(description->format, &format))
        return SOUK_ANY;
    return format;
}

static bool make_inner(maker_t *maker, souk_field_t *field,
    const struct souk_field_description *description)
{
    bool of_text = description->of && strcmp(description->of, "text") == 0;
    bool of_record = description->of && strcmp(description->of, "record") == 0;

    if (field->type == SOUK_LIST && !of_text && !of_record)
        return refuse(maker, field->name, "a list is of text or of record");
    if (field->type != SOUK_RECORD && !(field->type == SOUK_LIST && of_record))
        return true;
    if (!description->fields.count)
        return refuse(maker, field->name, "a record without fields");
    field->of = make_record(maker, description->record ? description->record : field->name,
        &description->fields);
    return field->of != NULL;
}

static bool make_field(maker_t *maker, souk_field_t *field,
    const struct souk_field_description *description)
{
    *field = (souk_field_t){
        .name = copy(maker, description->name),
        .min = description->min,
        .max = description->max,
        .format = format_of(description),
        .one_of = copy_texts(maker, &description->one_of),
        .fallback = copy(maker, description->fallback),
        .doc = copy(maker, description->doc),
        .optional = description->optional,
        .secret = description->secret,
    };
    if (!maker->fields_left--)
        return refuse(maker, field->name, "too many fields");
    if (!souk_type_named(description->type, &field->type))
        return refuse(maker, field->name, "its type is unknown");
    return make_inner(maker, field, description);
}

/* The alignment of any type of field, and nothing is lost by taking it for all. */
static size_t round_up(size_t size)
{
    size_t alignment = alignof(max_align_t);

    return (size + alignment - 1) / alignment * alignment;
}

static bool make_fields(maker_t *maker, souk_record_t *record, const souk_list_t *fields)
{
    const struct souk_field_description *descriptions = fields->items;

    for (size_t i = 0; i < fields->count; i++) {
        souk_field_t *field = &record->fields[i];

        if (!make_field(maker, field, &descriptions[i]))
            return false;
        field->offset = record->size;
        record->size += round_up(souk_field_size(field));
    }
    return true;
}

static const souk_record_t *make_record(maker_t *maker, const char *name, const souk_list_t *fields)
{
    souk_record_t *record = souk_pool_alloc(maker->pool, sizeof *record);

    record->name = copy(maker, name);
    if (fields->count > SOUK_FIELDS_MAX)
        refuse(maker, name, "too many fields");
    else if (++maker->depth > SOUK_DEPTH_MAX)
        refuse(maker, name, "too deep");
    else if (make_fields(maker, record, fields)) {
        maker->depth--;
        /* A struct has some size even if nothing is in it. */
        record->size += record->size ? 0 : 1;
        return record;
    }
    return NULL;
}

const souk_record_t *souk_record_from(const char *name, const souk_list_t *fields,
    souk_pool_t *pool, const char **why)
{
    maker_t maker = { .pool = pool, .fields_left = DESCRIBED_FIELDS_MAX };
    const souk_record_t *record = make_record(&maker, name ? name : "unnamed", fields);

    *why = record ? souk_record_check(record, pool) : maker.why;
    return *why ? NULL : record;
}
