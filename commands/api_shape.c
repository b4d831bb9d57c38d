/* The tables of fields in docs/API.md. */
#include "api_shape.h"

#include <inttypes.h>
#include <string.h>

struct shape {
    const char *name; /* of the record; several may have it, then they are numbered */
    const char *heading;
    const char *link;
    const char *table;
};

const char *souk_api_cell(const char *text, souk_pool_t *pool)
{
    souk_buffer_t out = { .pool = pool };

    for (; text && *text; text++) {
        if (*text == '|')
            souk_buffer_add_char(&out, '\\');
        souk_buffer_add_char(&out, *text == '\n' ? ' ' : *text);
    }
    return souk_buffer_done(&out).data;
}

/* As readers of Markdown make anchors: small letters, blanks become lines, all else goes. */
const char *souk_api_anchor(const char *heading, souk_pool_t *pool)
{
    souk_buffer_t out = { .pool = pool };

    for (; *heading; heading++)
        if (!strchr(".:", *heading))
            souk_buffer_add_char(&out, *heading == ' ' ? '-' : *heading);
    return souk_buffer_done(&out).data;
}

static const char *type_of(souk_shapes_t *shapes, const souk_field_t *field)
{
    const char *of = field->of     ? souk_shapes_link(shapes, field->of)
        : field->type == SOUK_LIST ? souk_type_name(SOUK_TEXT)
                                   : souk_type_name(field->type);

    return field->type == SOUK_LIST ? souk_pool_format(shapes->pool, "list of %s", of) : of;
}

/* Of what there are min to max. */
static const char *unit_of(const souk_field_t *field)
{
    return field->type == SOUK_TEXT ? " characters" : field->type == SOUK_LIST ? " items" : "";
}

static const char *bounds_of(const souk_field_t *field, souk_pool_t *pool)
{
    bool numbers = *unit_of(field) == '\0';

    if (field->max && (field->min || numbers))
        return souk_pool_format(pool, "%" PRId64 " to %" PRId64 "%s", field->min, field->max,
            unit_of(field));
    if (field->max)
        return souk_pool_format(pool, "up to %" PRId64 "%s", field->max, unit_of(field));
    if (field->min)
        return souk_pool_format(pool, "at least %" PRId64 "%s", field->min, unit_of(field));
    return NULL;
}

static const char *choices_of(const souk_field_t *field, souk_pool_t *pool)
{
    const char *choices = NULL;

    for (const char *const *one = field->one_of; one && *one; one++)
        choices = choices ? souk_pool_format(pool, "%s, `%s`", choices, *one)
                          : souk_pool_format(pool, "`%s`", *one);
    return choices;
}

static const char *absence_of(const souk_field_t *field, souk_pool_t *pool)
{
    if (field->fallback)
        return souk_pool_format(pool, "`%s` where absent", field->fallback);
    return field->optional ? "optional" : NULL;
}

/* What holds for a field beyond its type, the things apart. */
static const char *limits_of(const souk_field_t *field, const char *if_match, souk_pool_t *pool)
{
    bool in_header = if_match && strcmp(if_match, field->name) == 0;
    const char *parts[] = {
        in_header ? "over HTTP the header If-Match" : NULL,
        field->format ? souk_format_name(field->format) : NULL,
        bounds_of(field, pool),
        choices_of(field, pool),
        in_header ? NULL : absence_of(field, pool),
        field->secret ? "secret" : NULL,
    };
    const char *all = "";

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            all = souk_pool_format(pool, "%s%s%s", all, *all ? "; " : "", parts[i]);
    return all;
}

const char *souk_shapes_table(souk_shapes_t *shapes, const souk_record_t *record,
    const char *if_match)
{
    souk_pool_t *pool = shapes->pool;
    souk_buffer_t out = { .pool = pool };

    souk_buffer_add_text(&out, "| field | type | limits | |\n|---|---|---|---|\n");
    for (size_t i = 0; i < souk_record_count(record); i++) {
        const souk_field_t *field = &record->fields[i];
        souk_buffer_add_text(&out,
            souk_pool_format(pool, "| `%s` | %s | %s | %s |\n", field->name, type_of(shapes, field),
                souk_api_cell(limits_of(field, if_match, pool), pool),
                souk_api_cell(field->doc, pool)));
    }
    return souk_buffer_done(&out).data;
}

/* A header file's record is another constant in each file that includes it, but the same shape. */
static const char *find_link(const souk_shapes_t *shapes, const char *name, const char *table,
    size_t *namesakes)
{
    const struct shape *told = shapes->told.items;

    for (size_t i = 0; i < shapes->told.count; i++) {
        if (strcmp(told[i].name, name) != 0)
            continue;
        if (strcmp(told[i].table, table) == 0)
            return told[i].link;
        ++*namesakes;
    }
    return NULL;
}

static const char *add(souk_shapes_t *shapes, struct shape shape)
{
    const char *anchor = souk_api_anchor(shape.heading, shapes->pool);

    shape.link = souk_pool_format(shapes->pool, "[%s](#%s)", shape.name, anchor);
    *(struct shape *)souk_list_add(&shapes->told, shapes->pool, sizeof shape) = shape;
    return shape.link;
}

const char *souk_shapes_link(souk_shapes_t *shapes, const souk_record_t *record)
{
    const char *table, *link, *number = "";
    size_t namesakes = 0;

    /* Everybody's; they stand in the part that is for all. */
    if (record == &souk_money || record == &souk_price)
        return souk_pool_format(shapes->pool, "[%s](#%s)", record->name, record->name);
    table = souk_shapes_table(shapes, record, NULL);
    link = find_link(shapes, record->name, table, &namesakes);
    if (link)
        return link;
    if (namesakes)
        number = souk_pool_format(shapes->pool, " %zu", namesakes + 1);
    return add(shapes,
        (struct shape){
            .name = record->name,
            .heading =
                souk_pool_format(shapes->pool, "%s: %s%s", shapes->service, record->name, number),
            .table = table,
        });
}

void souk_shapes_tell(const souk_shapes_t *shapes, souk_buffer_t *out)
{
    const struct shape *told = shapes->told.items;

    for (size_t i = 0; i < shapes->told.count; i++)
        souk_buffer_add_text(out,
            souk_pool_format(shapes->pool, "#### %s\n\n%s\n", told[i].heading, told[i].table));
}
