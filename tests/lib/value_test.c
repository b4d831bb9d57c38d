/* Values of any form: MessagePack to JSON and back, and within records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../lib/json.h"
#include "../../lib/value.h"
#include "../../lib/wire.h"

static int make(void **state)
{
    *state = souk_pool_new();
    return 0;
}

static int drop(void **state)
{
    souk_pool_t *pool = *state;
    souk_pool_destroy(&pool);
    return 0;
}

static json_t *json_of(const char *text, souk_pool_t *pool)
{
    souk_flaws_t flaws = { 0 };
    json_t *json = souk_json_parse((souk_bytes_t){ text, strlen(text) }, pool, &flaws);
    assert_non_null(json);
    return json;
}

static void what_json_says_comes_back(void **state)
{
    static const char *const texts[] = {
        "{}",
        "{\"a\":1,\"b\":-7,\"c\":9223372036854775807,\"d\":1.5}",
        "{\"text\":\"caf\xc3\xa9 \\\"quoted\\\"\",\"yes\":true,\"no\":false,\"nothing\":null}",
        "{\"list\":[1,\"two\",[3],{\"four\":4}],\"empty\":[]}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *json = json_of(texts[i], *state);
        souk_bytes_t value = souk_value_from(json, *state);
        assert_true(souk_wire_sound(value));
        assert_string_equal(souk_value_print(value, *state), texts[i]);
        json_decref(json);
    }
}

static void what_json_has_no_word_for_is_null_and_what_is_no_value_is_nothing(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *text;
    } cases[] = {
        { "\x81\xa1"
          "a\xc4\x01x",
            6, "{\"a\":null}" }, /* bytes */
        { "\x81\xa1"
          "a\xcf\xff\xff\xff\xff\xff\xff\xff\xff",
            12, "{\"a\":null}" }, /* more than JSON's integers here */
        { "\x81\x01\x02", 3, "{}" }, /* a key that is no text */
        { "\x81\xa1", 2, "null" }, /* it ends too early */
        { "", 0, "null" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(souk_value_print((souk_bytes_t){ cases[i].bytes, cases[i].size },
                                *state),
            cases[i].text);
}

struct letter {
    const char *to;
    souk_bytes_t data;
};
static const souk_record_t letter = {
    .name = "letter",
    .size = sizeof(struct letter),
    .fields = {
        FIELD(letter, to),
        FIELD(letter, data, .optional = true),
    },
};

static void a_record_holds_a_value_of_any_form(void **state)
{
    souk_flaws_t flaws = { 0 };
    struct letter first, second;
    json_t *json = json_of("{\"to\":\"ada\",\"data\":{\"a\":[1,{\"b\":null}]}}", *state);
    assert_true(souk_json_decode(&letter, json, &first, *state, &flaws));
    json_decref(json);
    souk_bytes_t bytes = souk_wire_encode(&letter, &first, *state);
    assert_true(souk_wire_decode(&letter, bytes, &second, *state, &flaws));
    assert_string_equal(souk_json_encode(&letter, &second, *state).data,
        "{\"to\":\"ada\",\"data\":{\"a\":[1,{\"b\":null}]}}");
}

static void a_value_may_be_absent_but_is_a_map(void **state)
{
    souk_flaws_t flaws = { 0 };
    struct letter it;
    json_t *json = json_of("{\"to\":\"ada\"}", *state);
    assert_true(souk_json_decode(&letter, json, &it, *state, &flaws));
    assert_int_equal(it.data.size, 0);
    json_decref(json);
    json = json_of("{\"to\":\"ada\",\"data\":[1]}", *state);
    assert_false(souk_json_decode(&letter, json, &it, *state, &flaws));
    assert_string_equal(flaws.items[0].pointer, "/data");
    assert_string_equal(flaws.items[0].message, "must be an object");
    json_decref(json);
    static const char list[] = "\x82\xa2to\xa1x\xa4"
                               "data\x91\x01";
    flaws = (souk_flaws_t){ 0 };
    assert_false(
        souk_wire_decode(&letter, (souk_bytes_t){ list, sizeof list - 1 }, &it, *state, &flaws));
    assert_string_equal(flaws.items[0].pointer, "/data");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_json_says_comes_back),
        cmocka_unit_test(what_json_has_no_word_for_is_null_and_what_is_no_value_is_nothing),
        cmocka_unit_test(a_record_holds_a_value_of_any_form),
        cmocka_unit_test(a_value_may_be_absent_but_is_a_map),
    };
    return cmocka_run_group_tests(tests, make, drop);
}
