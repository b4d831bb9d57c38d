/* Records on the bus: what is packed is read again, and what is wrong is told where it is. */
#include "wire.h"

#include <msgpack.h>

#include "json.h"
#include "shapes.h"

/* JSON with ' for ", as MessagePack, so that cases can be read. */
static void pack_json(msgpack_packer *packer, const json_t *json)
{
    const char *key;
    json_t *value;
    size_t index;

    switch (json_typeof(json)) {
    case JSON_OBJECT:
        msgpack_pack_map(packer, json_object_size(json));
        json_object_foreach((json_t *)json, key, value)
        {
            msgpack_pack_str(packer, strlen(key));
            msgpack_pack_str_body(packer, key, strlen(key));
            pack_json(packer, value);
        }
        break;
    case JSON_ARRAY:
        msgpack_pack_array(packer, json_array_size(json));
        json_array_foreach(json, index, value) pack_json(packer, value);
        break;
    case JSON_STRING:
        msgpack_pack_str(packer, json_string_length(json));
        msgpack_pack_str_body(packer, json_string_value(json), json_string_length(json));
        break;
    case JSON_INTEGER:
        msgpack_pack_int64(packer, json_integer_value(json));
        break;
    case JSON_REAL:
        msgpack_pack_double(packer, json_real_value(json));
        break;
    case JSON_TRUE:
        msgpack_pack_true(packer);
        break;
    case JSON_FALSE:
        msgpack_pack_false(packer);
        break;
    case JSON_NULL:
        msgpack_pack_nil(packer);
        break;
    }
}

static souk_bytes_t packed(const char *quoted, souk_pool_t *pool)
{
    char *text = souk_pool_text(pool, quoted, strlen(quoted)), *copy;
    msgpack_sbuffer buffer;
    msgpack_packer packer;
    size_t size;
    json_t *json;

    for (char *c = text; *c; c++)
        *c = (char)(*c == '\'' ? '"' : *c);
    json = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(json);
    msgpack_sbuffer_init(&buffer);
    msgpack_packer_init(&packer, &buffer, msgpack_sbuffer_write);
    pack_json(&packer, json);
    size = buffer.size;
    copy = souk_pool_alloc(pool, size);
    memcpy(copy, buffer.data, size);
    msgpack_sbuffer_destroy(&buffer);
    json_decref(json);
    return (souk_bytes_t){ copy, size };
}

#define LEAST "'id': '" ORDER_ID "', 'status': 'placing', 'total': {'amount': 1, 'currency': 'EUR'}"
#define ORDER_WITH(rest) "{" LEAST ", 'lines': [{'sku': 'MUG', 'quantity': 1}], " rest "}"
#define ORDER_OF(lines) "{" LEAST ", 'lines': " lines "}"

static void an_order_comes_back_as_it_was_sent(void **state)
{
    struct order sent = example_order(), received;
    souk_flaws_t flaws = { 0 };
    souk_bytes_t bytes = souk_wire_encode(&order, &sent, *state);

    assert_true(souk_wire_sound(bytes));
    assert_true(souk_wire_decode(&order, bytes, &received, *state, &flaws));
    assert_example_order(&received);
}

static void a_category_within_a_category_comes_back(void **state)
{
    struct category inner[] = { { "mugs", { 0 } }, { "plates", { 0 } } };
    struct category sent = { "kitchen", { inner, 2 } }, received;
    souk_flaws_t flaws = { 0 };
    souk_bytes_t bytes = souk_wire_encode(&category, &sent, *state);

    assert_true(souk_wire_decode(&category, bytes, &received, *state, &flaws));
    assert_int_equal(received.within.count, 2);
    assert_string_equal(((struct category *)received.within.items)[1].name, "plates");
}

static void absent_values_unknown_keys_and_any_order_are_fine(void **state)
{
    souk_bytes_t bytes = packed("{'weight': null, 'colour': {'a': [1, 2]}, 'limit': null, "
                                "'lines': [{'quantity': 1, 'x': 1, 'sku': 'MUG'}], " LEAST "}",
        *state);
    souk_flaws_t flaws = { 0 };
    struct order it;

    assert_true(souk_wire_decode(&order, bytes, &it, *state, &flaws));
    assert_int_equal(it.limit, 20);
    assert_null(it.note);
    assert_string_equal(((struct line *)it.lines.items)->sku, "MUG");
}

static const struct {
    const char *sent, *pointer, *message;
} misfits[] = {
    { "[]", "", "must be an object" },
    { "7", "", "must be an object" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': 0}]"), "/lines/0/quantity", "must be at least 1" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': 1.5}]"), "/lines/0/quantity",
        "must be a whole number" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': '1'}]"), "/lines/0/quantity",
        "must be a whole number" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': 4294967297}]"), "/lines/0/quantity",
        "must be from -2147483648 to 2147483647" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': null}]"), "/lines/0/quantity", "is required" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': 1}, {'sku': '', 'quantity': 1}]"), "/lines/1/sku",
        "must have at least 1 character" },
    { ORDER_OF("[7]"), "/lines/0", "must be an object" },
    { ORDER_OF("[null]"), "/lines/0", "must be an object" },
    { ORDER_OF("[]"), "/lines", "must have at least 1 item" },
    { ORDER_OF("[1, 2, 3, 4]"), "/lines", "must have at most 3 items" },
    { ORDER_OF("{}"), "/lines", "must be a list" },
    { ORDER_OF("null"), "/lines", "is required" },
    { ORDER_WITH("'tags': ['a', 7]"), "/tags/1", "must be a text" },
    { ORDER_WITH("'email': 'ann'"), "/email", "must be an email address" },
    { ORDER_WITH("'discount': {'amount': 1}"), "/discount/currency", "is required" },
    { ORDER_WITH("'discount': {'amount': 1, 'currency': 'eur'}"), "/discount/currency",
        "must be a currency's ISO 4217 code, such as EUR" },
    { ORDER_WITH("'placed_at': '2026-01-31T23:59:59Z'"), "/placed_at", "must be a time" },
    { ORDER_WITH("'placed_at': 9223372036854775807"), "/placed_at",
        "must be a time between the years 0 and 9999" },
    { ORDER_WITH("'rating': 6"), "/rating", "must be at most 5" },
    { ORDER_WITH("'rating': true"), "/rating", "must be a number" },
    { ORDER_WITH("'gift': 1"), "/gift", "must be true or false" },
    { ORDER_WITH("'note': 7"), "/note", "must be a text" },
    { ORDER_WITH("'note': 'longer than ten'"), "/note", "must have at most 10 characters" },
};

static void each_flaw_is_told_with_its_place(void **state)
{

    for (size_t i = 0; i < sizeof misfits / sizeof *misfits; i++) {
        souk_flaws_t flaws = { 0 };
        struct order it;

        if (souk_wire_decode(&order, packed(misfits[i].sent, *state), &it, *state, &flaws))
            fail_msg("taken: %s", misfits[i].sent);
        assert_int_equal(flaws.count, 1);
        assert_string_equal(flaws.items[0].pointer, misfits[i].pointer);
        assert_string_equal(flaws.items[0].message, misfits[i].message);
    }
}

static void all_flaws_are_told_together(void **state)
{
    souk_flaws_t flaws = { 0 };
    struct order it;

    assert_false(souk_wire_decode(&order, packed("{}", *state), &it, *state, &flaws));
    assert_int_equal(flaws.count, 4);
    assert_string_equal(flaws.items[3].pointer, "/total");
}

static void no_flaw_repeats_what_was_sent(void **state)
{
    souk_flaws_t flaws = { 0 };
    struct order it;
    const char *sent = "{'id': 'SeCrEt', 'email': 'SeCrEt', 'status': 'SeCrEt', 'lines': 'SeCrEt',"
                       "'total': {'amount': 'SeCrEt', 'currency': 'SeCrEt'}, 'limit': 'SeCrEt'}";

    assert_false(souk_wire_decode(&order, packed(sent, *state), &it, *state, &flaws));
    assert_int_equal(flaws.count, 7);
    for (size_t i = 0; i < flaws.count; i++)
        assert_null(strstr(flaws.items[i].message, "SeCrEt"));
}

static void a_field_told_twice_is_refused(void **state)
{
    static const char twice[] = "\x82\xa4name\xa1"
                                "a\xa4name\xa1"
                                "b";
    souk_flaws_t flaws = { 0 };
    struct category it;

    assert_false(souk_wire_decode(&category, (souk_bytes_t){ twice, sizeof twice - 1 }, &it, *state,
        &flaws));
    assert_string_equal(flaws.items[0].pointer, "/name");
    assert_string_equal(flaws.items[0].message, "is there twice");
}

static void data_deeper_than_the_library_goes_is_refused(void **state)
{
    char *deep = souk_pool_format(*state, "{'name': 'c'}");
    souk_flaws_t flaws = { 0 };
    struct category it;

    for (int depth = 1; depth < SOUK_DEPTH_MAX; depth++)
        deep = souk_pool_format(*state, "{'name': 'c', 'within': [%s]}", deep);
    assert_true(souk_wire_decode(&category, packed(deep, *state), &it, *state, &flaws));
    deep = souk_pool_format(*state, "{'name': 'c', 'within': [%s]}", deep);
    assert_false(souk_wire_decode(&category, packed(deep, *state), &it, *state, &flaws));
    assert_string_equal(flaws.items[0].message, "is too deep");
}

#define BYTES(text)                                                                                \
    {                                                                                              \
        text, sizeof text - 1                                                                      \
    }

static void bytes_that_are_not_one_value_are_not_sound(void **state)
{
    static const souk_bytes_t cases[] = {
        { NULL, 0 },
        BYTES("\xc1"),
        BYTES("\x81\xa1"),
        BYTES("\x81\xa1k"),
        BYTES("\x80\x80"),
        BYTES("\xc0\xc0"),
        BYTES("\xd9\x05"
              "abcd"),
        BYTES("\xdb\xff\xff\xff\xff"),
        BYTES("\xdc\x00"),
        BYTES("\xcf\x01\x02\x03"),
        BYTES("\xd8\x01"
              "123456789012345"),
        BYTES(
            "\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x90"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (souk_wire_sound(cases[i]))
            fail_msg("case %zu was taken", i);
}

static void every_kind_of_value_is_sound(void **state)
{
    static const souk_bytes_t cases[] = {
        BYTES("\x00"),
        BYTES("\x7f"),
        BYTES("\xff"),
        BYTES("\xc0"),
        BYTES("\x80"),
        BYTES("\x90"),
        BYTES("\xa0"),
        BYTES("\xa3"
              "abc"),
        BYTES("\xd9\x04"
              "abcd"),
        BYTES("\xc4\x02"
              "ab"),
        BYTES("\xca"
              "1234"),
        BYTES("\xcb"
              "12345678"),
        BYTES("\xd3"
              "12345678"),
        BYTES("\xd4\x01"
              "a"),
        BYTES("\xd8\x01"
              "1234567890123456"),
        BYTES("\xc7\x02\x01"
              "ab"),
        BYTES("\xdc\x00\x02\x01\x02"),
        BYTES("\xde\x00\x01\xa1k\xc0"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!souk_wire_sound(cases[i]))
            fail_msg("case %zu was refused", i);
}

/* Nothing larger than a block of the pool may be asked for: under a sanitizer this would end the
   process, and on a small machine too. */
static void a_header_that_claims_gigabytes_costs_nothing(void **state)
{
    static const souk_bytes_t cases[] = {
        BYTES("\xdd\xff\xff\xff\xff"),
        BYTES("\xdf\xff\xff\xff\xff"),
        BYTES("\xdd\x7f\xff\xff\xff\xc0\xc0"),
        BYTES("\x81\xa4name\xdd\xff\xff\xff\xff"),
        BYTES("\x81\xa4name\xdb\xff\xff\xff\xff"),
        BYTES("\x81\xa6within\xdf\x40\x00\x00\x00"),
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_flaws_t flaws = { 0 };
        struct category it;

        assert_false(souk_wire_decode(&category, cases[i], &it, *state, &flaws));
        assert_string_equal(flaws.items[0].pointer, "");
    }
}

static void a_frame_of_nothing_but_items_is_refused(void **state)
{
    size_t size = SOUK_WIRE_MAX;
    char *frame = souk_pool_alloc(*state, size + 1);

    memcpy(frame, "\xdd\x00\x3f\xff\xfb", 5);
    assert_false(souk_wire_sound((souk_bytes_t){ frame, size }));
    memcpy(frame, "\xc6\x00\x3f\xff\xfb", 5);
    assert_true(souk_wire_sound((souk_bytes_t){ frame, size }));
    memcpy(frame, "\xc6\x00\x3f\xff\xfc", 5);
    assert_false(souk_wire_sound((souk_bytes_t){ frame, size + 1 }));
}

static void a_reply_is_a_code_and_a_value(void **state)
{
    struct line sent = { "MUG", 3 }, received;
    souk_bytes_t frame = souk_wire_encode_reply("ok", &line, &sent, *state), value;
    souk_flaws_t flaws = { 0 };
    const char *code;

    assert_true(souk_wire_split_reply(frame, *state, &code, &value));
    assert_string_equal(code, "ok");
    assert_true(souk_wire_decode(&line, value, &received, *state, &flaws));
    assert_int_equal(received.quantity, 3);
}

static void what_is_no_reply_is_not_split(void **state)
{
    static const souk_bytes_t cases[] = {
        { NULL, 0 },
        BYTES("\x90"),
        BYTES("\x91\xa2ok"),
        BYTES("\x93\xa2ok\xc0\xc0"),
        BYTES("\x92\x07\xc0"),
        BYTES("\x92\xc4\x02ok\xc0"),
        BYTES("\x92\xa2o\0\xc0"),
        BYTES("\x81\xa2ok\xc0"),
        BYTES("\x92\xa2ok\xdd\xff\xff\xff\xff"),
        BYTES("\x92\xa2ok\xc0\xc0"),
    };
    const char *code;
    souk_bytes_t value;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (souk_wire_split_reply(cases[i], *state, &code, &value))
            fail_msg("case %zu was taken", i);
    assert_true(souk_wire_split_reply((souk_bytes_t)BYTES("\xdc\x00\x02\xd9\x02ok\xc0"), *state,
        &code, &value));
    assert_int_equal(value.size, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        POOLED(an_order_comes_back_as_it_was_sent),
        POOLED(a_category_within_a_category_comes_back),
        POOLED(absent_values_unknown_keys_and_any_order_are_fine),
        POOLED(each_flaw_is_told_with_its_place),
        POOLED(all_flaws_are_told_together),
        POOLED(no_flaw_repeats_what_was_sent),
        POOLED(a_field_told_twice_is_refused),
        POOLED(data_deeper_than_the_library_goes_is_refused),
        POOLED(bytes_that_are_not_one_value_are_not_sound),
        POOLED(every_kind_of_value_is_sound),
        POOLED(a_header_that_claims_gigabytes_costs_nothing),
        POOLED(a_frame_of_nothing_but_items_is_refused),
        POOLED(a_reply_is_a_code_and_a_value),
        POOLED(what_is_no_reply_is_not_split),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
