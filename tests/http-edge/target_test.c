/* How a request's target is taken apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../http-edge/target.h"

static void paths_are_split_before_they_are_decoded(void **state)
{
    static const struct {
        const char *text;
        const char *segments[4];
    } cases[] = {
        { "/", { NULL } },
        { "/v1", { "v1" } },
        { "/v1/orders", { "v1", "orders" } },
        { "/v1/", { "v1", "" } },
        { "//v1", { "", "v1" } },
        { "/a%2Fb/c", { "a/b", "c" } },
        { "/%C3%A4pfel", { "äpfel" } },
        { "/a+b", { "a+b" } },
        { "/a?b/c", { "a" } },
        { "/../etc", { "..", "etc" } },
        { "http://souk.example/v1/me", { "v1", "me" } },
        { "HTTPS://souk.example", { NULL } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        owned(souk_pool) pool = souk_pool_new();
        souk_target_t target;
        const char *why;
        size_t k = 0;

        assert_true(souk_target_parse(cases[i].text, pool, &target, &why));
        for (; cases[i].segments[k]; k++)
            assert_string_equal(target.segments[k], cases[i].segments[k]);
        assert_int_equal(target.segment_count, k);
    }
}

static void parameters_come_in_the_order_they_were_sent(void **state)
{
    static const souk_parameter_t expected[] = {
        { "sku", "MUG BLUE" },
        { "sku", "A+B" },
        { "limit", "" },
        { "name", "a=b" },
        { "", "x" },
    };
    owned(souk_pool) pool = souk_pool_new();
    souk_target_t target;
    const char *why;

    (void)state;
    assert_true(souk_target_parse("/v1/stock?sku=MUG+BLUE&&sku=A%2bB&limit&name=a=b&=x&", pool,
        &target, &why));
    assert_int_equal(target.query.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < target.query.count; i++) {
        const souk_parameter_t *parameter = (souk_parameter_t *)target.query.items + i;
        assert_string_equal(parameter->name, expected[i].name);
        assert_string_equal(parameter->value, expected[i].value);
    }
}

static void what_could_be_read_in_two_ways_is_no_target(void **state)
{
    static const char *const cases[] = {
        "",
        "*",
        "v1/me",
        "souk.example:443",
        "/a b",
        "/a\tb",
        "/\xc3\xa4",
        "/a#b",
        "/%",
        "/%4",
        "/%zz",
        "/%00",
        "/%ff",
        "/%c3%28",
        "/?a=%",
        "/?%=a",
        "/?a=%00",
        "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        owned(souk_pool) pool = souk_pool_new();
        souk_target_t target;
        const char *why = NULL;

        if (souk_target_parse(cases[i], pool, &target, &why))
            fail_msg("%s was taken", cases[i]);
        assert_non_null(why);
    }
}

static void a_query_has_an_end(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    char text[4 * SOUK_QUERY_MAX + 16] = "/?";
    souk_target_t target;
    const char *why;

    (void)state;
    for (int i = 0; i < SOUK_QUERY_MAX; i++)
        strcat(text, "a=1&");
    assert_true(souk_target_parse(text, pool, &target, &why));
    strcat(text, "a=1");
    assert_false(souk_target_parse(text, pool, &target, &why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_split_before_they_are_decoded),
        cmocka_unit_test(parameters_come_in_the_order_they_were_sent),
        cmocka_unit_test(what_could_be_read_in_two_ways_is_no_target),
        cmocka_unit_test(a_query_has_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
