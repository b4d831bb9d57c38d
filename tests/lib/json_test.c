/* Records as JSON: what is written is read again, and what is wrong is told where it is. */
#include "json.h"

#include "shapes.h"

static bool decode(const char *quoted, struct order *it, souk_pool_t *pool, souk_flaws_t *flaws)
{
    char *text = souk_pool_text(pool, quoted, strlen(quoted));
    json_t *json;
    bool fits;

    for (char *c = text; *c; c++)
        *c = (char)(*c == '\'' ? '"' : *c);
    json = souk_json_parse((souk_bytes_t){ text, strlen(text) }, pool, flaws);
    assert_non_null(json);
    fits = souk_json_decode(&order, json, it, pool, flaws);
    json_decref(json);
    return fits;
}

#define LEAST "'id': '" ORDER_ID "', 'status': 'placing', 'total': {'amount': 1, 'currency': 'EUR'}"
#define ORDER_WITH(rest) "{" LEAST ", 'lines': [{'sku': 'MUG', 'quantity': 1}], " rest "}"
#define ORDER_OF(lines) "{" LEAST ", 'lines': " lines "}"

static void an_order_comes_back_as_it_was_written(void **state)
{
    struct order written = example_order(), read;
    souk_flaws_t flaws = { 0 };
    souk_bytes_t text = souk_json_encode(&order, &written, *state);
    json_t *json = souk_json_parse(text, *state, &flaws);

    assert_non_null(json);
    assert_true(souk_json_decode(&order, json, &read, *state, &flaws));
    assert_example_order(&read);
    json_decref(json);
}

static void json_is_written_compactly_and_in_order(void **state)
{
    struct order it = example_order();

    it.lines.count = 1;
    it.discount = (souk_money_t){ -5, "USD" };
    assert_string_equal(souk_json_encode(&order, &it, *state).data,
        "{\"id\":\"" ORDER_ID "\",\"email\":\"ann@example.org\",\"status\":\"confirmed\","
        "\"lines\":[{\"sku\":\"MUG-BLUE\",\"quantity\":2}],"
        "\"tags\":[\"new\",\"\",\"\\\"quoted\\\"\\n\\\\\\t\\u0001\"],"
        "\"total\":{\"amount\":1200,\"currency\":\"EUR\"},"
        "\"discount\":{\"amount\":-5,\"currency\":\"USD\"},"
        "\"placed_at\":\"2026-01-31T23:59:59.123Z\",\"weight\":-9223372036854775808,"
        "\"rating\":4.1,\"limit\":7,\"gift\":true,\"note\":null}");
}

static void absent_values_are_null(void **state)
{
    struct order it = { .status = "placing" };

    assert_string_equal(souk_json_encode(&order, &it, *state).data,
        "{\"id\":null,\"email\":null,\"status\":\"placing\",\"lines\":[],\"tags\":null,"
        "\"total\":{\"amount\":0,\"currency\":null},\"discount\":null,\"placed_at\":null,"
        "\"weight\":null,\"rating\":null,\"limit\":0,\"gift\":false,\"note\":null}");
}

static void a_double_is_written_so_that_it_reads_back(void **state)
{
    static const souk_record_t rating = {
        .name = "rating",
        .size = sizeof(double),
        .fields = { { .name = "r", .type = SOUK_DOUBLE } },
    };
    double cases[] = { 0.1, 1.0 / 3, 1e300, 5e-324, -2.5, 123456789012345678.0, 0 };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_flaws_t flaws = { 0 };
        json_t *json =
            souk_json_parse(souk_json_encode(&rating, &cases[i], *state), *state, &flaws);
        double read;

        assert_true(souk_json_decode(&rating, json, &read, *state, &flaws));
        assert_true(read == cases[i]);
        json_decref(json);
    }
    assert_string_equal(souk_json_encode(&rating, &(double){ 1 / 0.0 }, *state).data,
        "{\"r\":null}");
}

static const struct {
    const char *sent, *pointer, *message;
} misfits[] = {
    { "[]", "", "must be an object" },
    { "'text'", "", "must be an object" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': 0}]"), "/lines/0/quantity", "must be at least 1" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': 100}]"), "/lines/0/quantity", "must be at most 99" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': 1.5}]"), "/lines/0/quantity",
        "must be a whole number" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': '1'}]"), "/lines/0/quantity",
        "must be a whole number" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': true}]"), "/lines/0/quantity",
        "must be a whole number" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': 2147483648}]"), "/lines/0/quantity",
        "must be from -2147483648 to 2147483647" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': 1e99}]"), "/lines/0/quantity", "is too large" },
    { ORDER_OF("[{'sku': 'MUG'}]"), "/lines/0/quantity", "is required" },
    { ORDER_OF("[{'sku': 'MUG', 'quantity': 1, 'size': 2}]"), "/lines/0/size",
        "is not a known field" },
    { ORDER_OF("[[]]"), "/lines/0", "must be an object" },
    { ORDER_OF("'MUG'"), "/lines", "must be a list" },
    { ORDER_OF("[]"), "/lines", "must have at least 1 item" },
    { ORDER_OF("[1,2,3,4]"), "/lines", "must have at most 3 items" },
    { ORDER_WITH("'a/b~': 1"), "/a~1b~0", "is not a known field" },
    { ORDER_WITH("'tags': [null]"), "/tags/0", "must be a text" },
    { ORDER_WITH("'placed_at': 1769903999123"), "/placed_at",
        "must be a time such as 2026-01-31T23:59:59Z" },
    { ORDER_WITH("'placed_at': 'yesterday'"), "/placed_at",
        "must be a time such as 2026-01-31T23:59:59Z" },
    { ORDER_WITH("'rating': '4'"), "/rating", "must be a number" },
    { ORDER_WITH("'gift': 'true'"), "/gift", "must be true or false" },
    { ORDER_WITH("'discount': {}"), "/discount/amount", "is required" },
    { ORDER_WITH("'total_amount': 1"), "/total_amount", "is not a known field" },
};

static void each_flaw_is_told_with_its_place(void **state)
{

    for (size_t i = 0; i < sizeof misfits / sizeof *misfits; i++) {
        souk_flaws_t flaws = { 0 };
        struct order it;

        if (decode(misfits[i].sent, &it, *state, &flaws))
            fail_msg("taken: %s", misfits[i].sent);
        assert_string_equal(flaws.items[0].pointer, misfits[i].pointer);
        assert_string_equal(flaws.items[0].message, misfits[i].message);
    }
}

static void whole_numbers_may_be_written_with_a_point(void **state)
{
    souk_flaws_t flaws = { 0 };
    struct order it;

    assert_true(decode(ORDER_WITH("'limit': 5.0, 'rating': 4"), &it, *state, &flaws));
    assert_int_equal(it.limit, 5);
    assert_true(it.rating == 4);
}

static void no_more_flaws_are_told_than_are_useful(void **state)
{
    char *keys = souk_pool_format(*state, "{'k': 1");
    souk_flaws_t flaws = { 0 };
    struct order it;

    for (int i = 0; i < 100; i++)
        keys = souk_pool_format(*state, "%s, 'k%d': 1", keys, i);
    assert_false(decode(souk_pool_format(*state, "%s}", keys), &it, *state, &flaws));
    assert_int_equal(flaws.count, SOUK_FLAWS_MAX);
}

static void an_endless_key_is_not_told_back(void **state)
{
    char key[1000] = "";
    souk_flaws_t flaws = { 0 };
    struct order it;

    memset(key, 'k', sizeof key - 1);
    assert_false(decode(souk_pool_format(*state, ORDER_WITH("'%s': 1"), key), &it, *state, &flaws));
    assert_string_equal(flaws.items[0].pointer, "");
    assert_string_equal(flaws.items[0].message, "has a field that is not known");
}

static void what_is_no_json_is_told_with_its_position(void **state)
{
    static const struct {
        souk_bytes_t text;
        const char *message;
    } cases[] = {
        { { NULL, 0 }, "line 1, column 0: it ends too early" },
        { { "{", 1 }, "line 1, column 1: it ends too early" },
        { { "{\"a\":\n  secret}", 15 }, "line 2, column 8: this is not JSON" },
        { { "{} {}", 5 }, "line 1, column 4: something comes behind its end" },
        { { "{\"a\":1,\"a\":2}", 13 }, "line 1, column 10: this key was there before" },
        { { "[1e999]", 7 }, "line 1, column 6: this number is too large" },
        { { "[9223372036854775808]", 21 }, "line 1, column 20: this number is too large" },
        { { "[\"\xff\"]", 5 }, "line 1, column 2: this is not UTF-8" },
        { { "[\"\\u0000\"]", 10 }, "line 1, column 9: NUL is not allowed" },
        { { "[\"\\ud800\"]", 10 }, "line 1, column 9: this is not JSON" },
        { { "[NaN]", 5 }, "line 1, column 4: this is not JSON" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_flaws_t flaws = { 0 };

        assert_null(souk_json_parse(cases[i].text, *state, &flaws));
        assert_int_equal(flaws.count, 1);
        assert_string_equal(flaws.items[0].pointer, "");
        assert_string_equal(flaws.items[0].message, cases[i].message);
    }
}

static void a_thousand_brackets_are_refused(void **state)
{
    char brackets[5000];
    souk_flaws_t flaws = { 0 };

    memset(brackets, '[', sizeof brackets);
    assert_null(souk_json_parse((souk_bytes_t){ brackets, sizeof brackets }, *state, &flaws));
    assert_non_null(strstr(flaws.items[0].message, "too deep"));
}

static void data_deeper_than_the_library_goes_is_refused(void **state)
{
    char *deep = souk_pool_format(*state, "{\"name\":\"c\"}");
    souk_flaws_t flaws = { 0 };
    struct category it;
    json_t *json;

    for (int depth = 0; depth < SOUK_DEPTH_MAX; depth++)
        deep = souk_pool_format(*state, "{\"name\":\"c\",\"within\":[%s]}", deep);
    json = souk_json_parse((souk_bytes_t){ deep, strlen(deep) }, *state, &flaws);
    assert_false(souk_json_decode(&category, json, &it, *state, &flaws));
    assert_string_equal(flaws.items[0].message, "is too deep");
    json_decref(json);
}

static void a_parameter_becomes_what_its_field_wants(void **state)
{
    static const struct {
        souk_type_t type;
        const char *text, *json;
    } cases[] = {
        { SOUK_INT, "7", "7" },
        { SOUK_INT, "seven", "\"seven\"" },
        { SOUK_INT, "99999999999", "\"99999999999\"" },
        { SOUK_LONG, "99999999999", "99999999999" },
        { SOUK_DOUBLE, "1.5", "1.5" },
        { SOUK_BOOL, "true", "true" },
        { SOUK_BOOL, "yes", "\"yes\"" },
        { SOUK_TEXT, "7", "\"7\"" },
        { SOUK_TIME, "2026-01-31T23:59:59Z", "\"2026-01-31T23:59:59Z\"" },
        { SOUK_LIST, "MUG", "[\"MUG\"]" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_field_t field = { .type = cases[i].type };
        json_t *json = souk_json_from_text(&field, cases[i].text);
        char *text = json_dumps(json, JSON_ENCODE_ANY | JSON_COMPACT);

        assert_string_equal(text, cases[i].json);
        free(text);
        json_decref(json);
    }
}

static void a_parameter_that_is_not_utf_8_is_left_to_the_decoder(void **state)
{
    souk_field_t field = { .name = "name", .type = SOUK_TEXT };
    json_t *object = json_object();
    souk_flaws_t flaws = { 0 };
    struct category it;

    json_object_set_new(object, "name", souk_json_from_text(&field, "\xff\xfe"));
    assert_false(souk_json_decode(&category, object, &it, *state, &flaws));
    assert_string_equal(flaws.items[0].pointer, "/name");
    json_decref(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        POOLED(an_order_comes_back_as_it_was_written),
        POOLED(json_is_written_compactly_and_in_order),
        POOLED(absent_values_are_null),
        POOLED(a_double_is_written_so_that_it_reads_back),
        POOLED(each_flaw_is_told_with_its_place),
        POOLED(whole_numbers_may_be_written_with_a_point),
        POOLED(no_more_flaws_are_told_than_are_useful),
        POOLED(an_endless_key_is_not_told_back),
        POOLED(what_is_no_json_is_told_with_its_position),
        POOLED(a_thousand_brackets_are_refused),
        POOLED(data_deeper_than_the_library_goes_is_refused),
        POOLED(a_parameter_becomes_what_its_field_wants),
        POOLED(a_parameter_that_is_not_utf_8_is_left_to_the_decoder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
