/* Holds a record's table against itself, so that codecs may rely on it. */
#include <string.h>

#include "record.h"

enum {
    NAME_SIZE_MAX = 64,
    /* What `describe` says of a field is itself data, two records deep before the first field. */
    TABLE_DEPTH_MAX = SOUK_DEPTH_MAX - 2,
    SIZE_BOUND_MAX = 4 << 20, /* no frame holds a longer text or list */
};

/* The records around the one that is looked at. A list may lead back to one of them: data ends. */
typedef struct around {
    const struct around *outer;
    const souk_record_t *record;
    size_t depth;
} around_t;

static bool is_name(const char *name)
{
    if (*name < 'a' || *name > 'z' || strlen(name) > NAME_SIZE_MAX)
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(name);
}

static bool is_text(const souk_field_t *field)
{
    return field->type == SOUK_TEXT || (field->type == SOUK_LIST && !field->of);
}

static const char *check_place(const souk_record_t *record, const souk_field_t *field)
{
    if (field->type == SOUK_RECORD && !field->of)
        return "a record needs .of";
    if (field->of && field->type != SOUK_LIST && field->type != SOUK_RECORD)
        return "only lists and records have .of";
    if (field->offset > record->size || souk_field_size(field) > record->size - field->offset)
        return "it lies outside of its struct";
    return NULL;
}

static const char *check_number_bounds(const souk_field_t *field)
{
    bool is_int = field->type == SOUK_INT;

    if (field->max && field->min > field->max)
        return ".min is above .max";
    if (is_int && (field->min < INT32_MIN || field->min > INT32_MAX))
        return ".min is no int";
    if (is_int && (field->max < INT32_MIN || field->max > INT32_MAX))
        return ".max is no int";
    return NULL;
}

static const char *check_size_bounds(const souk_field_t *field)
{
    int64_t library_max = field->type == SOUK_LIST ? SOUK_LIST_MAX : SOUK_TEXT_MAX;

    if (field->min < 0 || field->max < 0)
        return "its size has a bound below 0";
    if (field->max > SIZE_BOUND_MAX)
        return ".max is more than a frame holds";
    if (field->min > (field->max ? field->max : library_max))
        return ".min is above .max";
    return NULL;
}

static const char *check_bounds(const souk_field_t *field)
{
    switch (field->type) {
    case SOUK_INT:
    case SOUK_LONG:
    case SOUK_DOUBLE:
        return check_number_bounds(field);
    case SOUK_TEXT:
    case SOUK_LIST:
        return check_size_bounds(field);
    default:
        return field->min || field->max ? "its type has no .min and .max" : NULL;
    }
}

static const char *check_fallback(const souk_field_t *field, souk_pool_t *pool)
{
    souk_flaws_t flaws = { 0 };
    union {
        int64_t number;
        double real;
        const char *text;
    } value;

    if (!souk_field_is_simple(field))
        return "values, lists and records have no .fallback";
    if (!souk_field_parse(field, field->fallback, &value))
        return "its .fallback is of another type";
    souk_field_check(field, &value, &flaws, pool, NULL);
    return flaws.count ? "its .fallback is not allowed" : NULL;
}

static const char *check_field(const souk_record_t *record, const souk_field_t *field,
    souk_pool_t *pool)
{
    const char *why;

    if (!is_name(field->name))
        return "a name is [a-z][a-z0-9_]*, not longer than 64";
    if (souk_record_field(record, field->name) != field)
        return "there are two of this name";
    if (field->type > SOUK_RECORD || field->format >= SOUK_FORMATS)
        return "its type or format is unknown";
    if ((why = check_place(record, field)) || (why = check_bounds(field)))
        return why;
    if ((field->format || field->one_of) && !is_text(field))
        return "only texts have .format and .one_of";
    return field->fallback ? check_fallback(field, pool) : NULL;
}

static const char *check_within(const souk_record_t *record, const around_t *outer,
    souk_pool_t *pool);

static bool leads_back(const souk_field_t *field, const around_t *around)
{
    for (; around; around = around->outer)
        if (around->record == field->of)
            return true;
    return false;
}

/* What is wrong with the record that field is made of. */
static const char *check_inner(const souk_field_t *field, const around_t *around, souk_pool_t *pool)
{
    if (!field->of)
        return NULL;
    if (!leads_back(field, around))
        return check_within(field->of, around, pool);
    if (field->type == SOUK_LIST)
        return NULL;
    return souk_pool_format(pool, "%s.%s: a record contains itself", around->record->name,
        field->name);
}

static const char *check_within(const souk_record_t *record, const around_t *outer,
    souk_pool_t *pool)
{
    around_t around = { outer, record, outer ? outer->depth + 1 : 1 };
    const char *why;

    if (!record->name || !is_name(record->name))
        return "a record has no name, or one that is not [a-z][a-z0-9_]*";
    if (!record->size)
        return souk_pool_format(pool, "%s: its .size is 0", record->name);
    if (around.depth > TABLE_DEPTH_MAX)
        return souk_pool_format(pool, "%s: it is too deep in other records", record->name);
    for (const souk_field_t *field = record->fields;
         field < record->fields + souk_record_count(record); field++) {
        if ((why = check_field(record, field, pool)))
            return souk_pool_format(pool, "%s.%s: %s", record->name, field->name, why);
        if ((why = check_inner(field, &around, pool)))
            return why;
    }
    return NULL;
}

const char *souk_record_check(const souk_record_t *record, souk_pool_t *pool)
{
    return check_within(record, NULL, pool);
}
