/* Coupons that somebody guesses. */
#include "till.h"

#define GUESS "{" MUGS ", 'coupons': ['%s'], 'address': '%s'}"

static void guess(void **state, int times, const char *address)
{
    for (int i = 0; i < times; i++) {
        ask(state, "pricing.total", GUESS, "none", address);
        expect_error(state, "unknown_coupon", "none");
    }
}

static void whoever_guesses_coupons_has_to_wait_and_nobody_else_has(void **state)
{
    promise(state, "{'code': 'SPRING', 'name': 'S', 'kind': 'percent', 'percent': 100000}");
    guess(state, 11, "2001:db8::1");
    ask(state, "pricing.total", GUESS, "none", "2001:db8::2");
    expect_error(state, "too_many_attempts", "");
    ask(state, "pricing.total", GUESS, "spring", "2001:db8::1");
    expect_error(state, "too_many_attempts", "");
    ask(state, "pricing.total", "{" MUGS ", 'address': '2001:db8::1'}");
    expect(state, "{'total': {'amount': 1200}}");
    ask(state, "pricing.total", GUESS, "spring", "2001:db8:0:1::1");
    expect(state, "{'total': {'amount': 1080}}");
    ask(state, "pricing.total",
        "{" MUGS ", 'coupons': ['spring'], 'address': '2001:db8::1', 'user_id': '" ALICE "'}");
    expect(state, "{'total': {'amount': 1080}}");

    run_sql(state, "UPDATE pricing.failure SET at = now() - interval '2 seconds'");
    ask(state, "pricing.total", GUESS, "spring", "2001:db8::1");
    expect(state, "{'total': {'amount': 1080}}");
}

static void whoever_guesses_much_at_once_gets_no_further(void **state)
{
    ask_often(state, 30, "pricing.total", GUESS, "none", "192.0.2.1");
    assert_int_equal(answers(state, "unknown_coupon"), 11);
    assert_int_equal(answers(state, "too_many_attempts"), 19);
    expect_row(state, "SELECT count FROM pricing.failure", "11");
}

static void a_service_is_held_up_by_nothing(void **state)
{
    ask_often(state, 30, "pricing.total", "{" MUGS ", 'coupons': ['none']}");
    assert_int_equal(answers(state, "unknown_coupon"), 30);
    ask_often(state, 30, "pricing.try_coupons", "{'coupons': ['none']}");
    assert_int_equal(answers(state, "ok"), 30);
    expect_row(state, "SELECT count(*) FROM pricing.failure", "0");
}

static void coupons_for_a_cart_are_counted_with_those_for_orders(void **state)
{
    promise(state, "{'code': 'SPRING', 'name': 'S', 'kind': 'percent', 'percent': 100000}");
    promise(state,
        "{'code': 'SOON', 'name': 'S', 'kind': 'percent', 'percent': 100000,"
        " 'starts_at': '2999-01-01T00:00:00Z'}");
    for (int i = 0; i < 20; i++)
        ask(state, "pricing.try_coupons", "{'user_id': '" ALICE "', 'coupons': ['spring']}");
    expect(state, "{}");
    for (int i = 0; i < 6; i++) {
        ask(state, "pricing.try_coupons",
            "{'user_id': '" ALICE "', 'coupons': ['none', 'Spring', 'SOON']}");
        expect(state, "{}");
    }
    ask(state, "pricing.try_coupons", "{'user_id': '" ALICE "', 'coupons': ['spring']}");
    expect_error(state, "too_many_attempts", "");
    ask(state, "pricing.total", "{" MUGS ", 'coupons': ['spring'], 'user_id': '" ALICE "'}");
    expect_error(state, "too_many_attempts", "");
    ask(state, "pricing.preview", "{" MUGS ", 'coupons': ['spring'], 'user_id': '" ALICE "'}");
    expect(state, "{'total': {'amount': 1080}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(whoever_guesses_coupons_has_to_wait_and_nobody_else_has,
            conversation_begin),
        cmocka_unit_test_setup(whoever_guesses_much_at_once_gets_no_further, conversation_begin),
        cmocka_unit_test_setup(a_service_is_held_up_by_nothing, conversation_begin),
        cmocka_unit_test_setup(coupons_for_a_cart_are_counted_with_those_for_orders,
            conversation_begin),
    };
    return cmocka_run_group_tests(tests, till_open, conversation_close);
}
