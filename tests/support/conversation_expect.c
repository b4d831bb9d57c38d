/* What a conversation came to: the answers, and what is in the rows. */
#include <stdio.h>
#include <string.h>

#include "conversation_internal.h"

enum {
    SOON_MS = 10000,
    LOOK_MS = 20,
};

/* Objects may have more than is expected of them. */
static bool matches(const json_t *found, const json_t *expected)
{
    const char *name;
    const json_t *value;
    size_t i;
    if (json_is_object(expected)) {
        json_object_foreach((json_t *)expected, name, value)
        {
            if (!matches(json_object_get(found, name), value))
                return false;
        }
        return json_is_object(found);
    }
    if (!json_is_array(expected))
        return json_equal(found, expected);
    if (json_array_size(found) != json_array_size(expected))
        return false;
    json_array_foreach(expected, i, value)
    {
        if (!matches(json_array_get(found, i), value))
            return false;
    }
    return true;
}

void expect(void **state, const char *json)
{
    struct conversation *it = *state;
    for (size_t i = 0; i < it->count; i++)
        if (!souk_code_succeeds(it->codes[i]))
            fail_msg("answered %s: %s", it->codes[i], it->message);
    assert_true(it->count > 0);
    json_t *expected = json_loads(conversation_json(json, it->pool), 0, NULL);
    assert_non_null(expected);
    bool fits = matches(it->reply, expected);
    json_decref(expected);
    if (!fits) {
        char *text = json_dumps(it->reply, JSON_COMPACT);
        fail_msg("expected %s, but it was %s", json, text);
    }
}

void expect_error(void **state, const char *code, const char *part)
{
    struct conversation *it = *state;
    assert_string_equal(it->codes[0], code);
    if (!strstr(it->message, part))
        fail_msg("expected \"%s\" in \"%s\"", part, it->message);
}

int answers(void **state, const char *code)
{
    struct conversation *it = *state;
    int count = 0;
    for (size_t i = 0; i < it->count; i++)
        count += strcmp(it->codes[i], code) == 0;
    return count;
}

static const char *text_of(struct conversation *it, const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    assert_non_null(text);
    return souk_pool_text(it->pool, text, strlen(text));
}

const char *told(void **state, const char *name)
{
    struct conversation *it = *state;
    return text_of(it, it->reply, name);
}

const char *told_first(void **state, const char *name)
{
    struct conversation *it = *state;
    return text_of(it, json_array_get(json_object_get(it->reply, "items"), 0), name);
}

void expect_row(void **state, const char *sql, const char *value)
{
    struct conversation *it = *state;
    const char *found = souk_test_database_tell(&it->database, sql, it->pool);
    if (strcmp(found, value) != 0)
        fail_msg("%s: expected %s, found %s", sql, value, found);
}

const char *row(void **state, const char *format, ...)
{
    struct conversation *it = *state;
    char sql[1000];
    va_list values;
    va_start(values, format);
    assert_true(vsnprintf(sql, sizeof sql, format, values) < (int)sizeof sql);
    va_end(values);
    return souk_test_database_tell(&it->database, sql, it->pool);
}

void expect_row_soon(void **state, const char *sql, const char *value)
{
    struct conversation *it = *state;
    int64_t until_ms = souk_clock_ms() + SOON_MS;
    while (souk_clock_ms() < until_ms &&
        strcmp(souk_test_database_tell(&it->database, sql, it->pool), value) != 0)
        zmq_poll(NULL, 0, LOOK_MS);
    expect_row(state, sql, value);
}

void run_sql(void **state, const char *sql)
{
    struct conversation *it = *state;
    souk_test_database_tell(&it->database, sql, it->pool);
}

void meanwhile(void **state, const char *sql)
{
    struct conversation *it = *state;
    souk_test_database_hold(&it->database, sql);
}
