/* Records as paths, queries and bodies. */
#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "json.h"
#include "memory.h"
#include "web_encode.h"

/* RFC 3986 section 2.3: all but the unreserved characters. */
static void add_escaped(souk_buffer_t *out, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        char escaped[4];
        if (isalnum(*c) || strchr("-._~", *c))
            souk_buffer_add_char(out, (char)*c);
        else
            souk_buffer_add(out, escaped, (size_t)snprintf(escaped, sizeof escaped, "%%%02X", *c));
    }
}

static const char *print(const souk_field_t *field, const void *value, souk_pool_t *pool)
{
    char *time;

    switch (field->type) {
    case SOUK_BOOL:
        return *(const bool *)value ? "true" : "false";
    case SOUK_INT:
        return souk_pool_format(pool, "%d", *(const int *)value);
    case SOUK_LONG:
        return souk_pool_format(pool, "%" PRId64, *(const int64_t *)value);
    case SOUK_DOUBLE:
        return souk_pool_format(pool, "%.17g", *(const double *)value);
    case SOUK_TIME:
        time = souk_pool_alloc(pool, SOUK_TIME_TEXT_SIZE);
        souk_time_print(*(const souk_time_t *)value, time);
        return time;
    default:
        return *(const char *const *)value;
    }
}

static void add_pair(souk_buffer_t *form, const char *name, const char *text)
{
    if (form->size)
        souk_buffer_add_char(form, '&');
    souk_buffer_add_text(form, name);
    souk_buffer_add_char(form, '=');
    add_escaped(form, text);
}

static void add_record(souk_buffer_t *form, const souk_record_t *record, const char *value,
    const char *within, const char *path);

static void add_list(souk_buffer_t *form, const souk_field_t *field, const souk_list_t *list,
    const char *name)
{
    const char *item = list->items;

    for (size_t i = 0; i < list->count; i++, item += souk_item_size(field))
        if (field->of)
            add_record(form, field->of, item, souk_pool_format(form->pool, "%s[%zu]", name, i), "");
        else
            add_pair(form, souk_pool_format(form->pool, "%s[]", name),
                *(const char *const *)(const void *)item);
}

static void add_field(souk_buffer_t *form, const souk_field_t *field, const void *value,
    const char *name)
{
    if (souk_field_is_absent(field, value))
        return;
    if (field->type == SOUK_RECORD)
        add_record(form, field->of, value, name, "");
    else if (field->type == SOUK_LIST)
        add_list(form, field, value, name);
    else
        add_pair(form, name, print(field, value, form->pool));
}

static bool is_in_path(const char *path, const char *name)
{
    size_t size = strlen(name);

    for (const char *at = path; (at = strchr(at, '{'));)
        if (strncmp(++at, name, size) == 0 && at[size] == '}')
            return true;
    return false;
}

static void add_record(souk_buffer_t *form, const souk_record_t *record, const char *value,
    const char *within, const char *path)
{
    size_t count = souk_record_count(record);

    for (const souk_field_t *field = record->fields; field < record->fields + count; field++)
        if (!is_in_path(path, field->name))
            add_field(form, field, value + field->offset,
                within ? souk_pool_format(form->pool, "%s[%s]", within, field->name) : field->name);
}

const char *souk_web_form(const souk_web_ask_t *ask, const void *takes, souk_pool_t *pool)
{
    souk_buffer_t form = { .pool = pool };

    add_record(&form, ask->takes, takes, NULL, ask->http);
    return souk_buffer_done(&form).data;
}

const char *souk_web_json(const souk_web_ask_t *ask, const void *takes, souk_pool_t *pool)
{
    souk_flaws_t flaws = { 0 };
    json_t *json = souk_json_parse(souk_json_encode(ask->takes, takes, pool), pool, &flaws);
    size_t count = souk_record_count(ask->takes);
    char *text;

    for (size_t i = 0; i < count; i++)
        if (is_in_path(ask->http, ask->takes->fields[i].name))
            json_object_del(json, ask->takes->fields[i].name);
    text = souk_sure(json_dumps(json, JSON_COMPACT));
    json_decref(json);
    const char *kept = souk_pool_text(pool, text, strlen(text));
    free(text);
    return kept;
}

static const char *add_parameter(souk_buffer_t *path, const souk_web_ask_t *ask, const void *takes,
    const char *name)
{
    const char *end = strchr(name, '}');
    const souk_field_t *field =
        souk_record_field(ask->takes, souk_pool_text(path->pool, name, (size_t)(end - name)));

    assert(field && field->type == SOUK_TEXT);
    add_escaped(path, *(const char *const *)(const void *)((const char *)takes + field->offset));
    return end + 1;
}

const char *souk_web_path(const souk_web_ask_t *ask, const void *takes, souk_pool_t *pool)
{
    souk_buffer_t path = { .pool = pool };
    const char *c = strchr(ask->http, ' ') + 1;

    while (*c)
        if (*c == '{')
            c = add_parameter(&path, ask, takes, c + 1);
        else
            souk_buffer_add_char(&path, *c++);
    return souk_buffer_done(&path).data;
}
