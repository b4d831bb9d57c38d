/* Records to JSON (RFC 8259), written straight from the tables. */
#include "json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "value.h"

static void add_escape(souk_buffer_t *json, char c)
{
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    char escape[8];

    for (const char *pair = named; *pair; pair += 2) {
        if (*pair == c) {
            souk_buffer_add(json, (char[]){ '\\', pair[1] }, 2);
            return;
        }
    }
    souk_buffer_add(json, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", c));
}

static void add_string(souk_buffer_t *json, const char *text)
{
    const char *run = text;

    souk_buffer_add_char(json, '"');
    for (; *text; text++) {
        if ((unsigned char)*text >= ' ' && *text != '"' && *text != '\\')
            continue;
        souk_buffer_add(json, run, (size_t)(text - run));
        add_escape(json, *text);
        run = text + 1;
    }
    souk_buffer_add(json, run, (size_t)(text - run));
    souk_buffer_add_char(json, '"');
}

static void add_integer(souk_buffer_t *json, int64_t number)
{
    char digits[24], *start = digits + sizeof digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;

    do
        *--start = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--start = '-';
    souk_buffer_add(json, start, (size_t)(digits + sizeof digits - start));
}

/* The shorter of two texts that read back as the same number; JSON has none for what is no number.
 */
static void add_double(souk_buffer_t *json, double number)
{
    char text[32];
    double back;

    if (!isfinite(number)) {
        souk_buffer_add_text(json, "null");
        return;
    }
    snprintf(text, sizeof text, "%.15g", number);
    if (sscanf(text, "%lf", &back) != 1 || back != number)
        snprintf(text, sizeof text, "%.17g", number);
    souk_buffer_add_text(json, text);
}

static void add_time(souk_buffer_t *json, souk_time_t time)
{
    char text[SOUK_TIME_TEXT_SIZE];

    souk_time_print(time, text);
    add_string(json, text);
}

static void add_record(souk_buffer_t *json, const souk_record_t *record, const char *value);

static void add_list(souk_buffer_t *json, const souk_field_t *field, const souk_list_t *list)
{
    const char *item = list->items;
    size_t item_size = souk_item_size(field);

    souk_buffer_add_char(json, '[');
    for (size_t i = 0; i < list->count; i++, item += item_size) {
        if (i)
            souk_buffer_add_char(json, ',');
        if (field->of)
            add_record(json, field->of, item);
        else
            add_string(json, *(const char *const *)item);
    }
    souk_buffer_add_char(json, ']');
}

static void add_value(souk_buffer_t *json, const souk_field_t *field, const void *value)
{
    switch (field->type) {
    case SOUK_BOOL:
        souk_buffer_add_text(json, *(const bool *)value ? "true" : "false");
        break;
    case SOUK_INT:
        add_integer(json, *(const int *)value);
        break;
    case SOUK_LONG:
        add_integer(json, *(const int64_t *)value);
        break;
    case SOUK_DOUBLE:
        add_double(json, *(const double *)value);
        break;
    case SOUK_TEXT:
        add_string(json, *(const char *const *)value);
        break;
    case SOUK_TIME:
        add_time(json, *(const souk_time_t *)value);
        break;
    case SOUK_VALUE:
        souk_buffer_add_text(json, souk_value_print(*(const souk_bytes_t *)value, json->pool));
        break;
    case SOUK_LIST:
        add_list(json, field, value);
        break;
    case SOUK_RECORD:
        add_record(json, field->of, value);
        break;
    }
}

static void add_record(souk_buffer_t *json, const souk_record_t *record, const char *value)
{
    size_t count = souk_record_count(record);

    souk_buffer_add_char(json, '{');
    for (size_t i = 0; i < count; i++) {
        const souk_field_t *field = &record->fields[i];

        if (i)
            souk_buffer_add_char(json, ',');
        add_string(json, field->name);
        souk_buffer_add_char(json, ':');
        if (souk_field_is_absent(field, value + field->offset))
            souk_buffer_add_text(json, "null");
        else
            add_value(json, field, value + field->offset);
    }
    souk_buffer_add_char(json, '}');
}

souk_bytes_t souk_json_encode(const souk_record_t *record, const void *value, souk_pool_t *pool)
{
    souk_buffer_t json = { .pool = pool };

    add_record(&json, record, value);
    return souk_buffer_done(&json);
}
