/* Pricing: coupons, tax and shipping, as orders ask for them and as staff makes them. */
#include <stdio.h>

#include "till.h"

static void send_by_post(void **state)
{
    as_staff(state);
    ask(state, "pricing.put_method",
        "{'code': 'post', 'name': 'By post', 'countries': ['DE', 'AT'], 'tiers': ["
        "{'currency': 'EUR', 'max_weight_g': 1000, 'price': 390},"
        "{'currency': 'EUR', 'max_weight_g': 5000, 'price': 690},"
        "{'currency': 'EUR', 'max_weight_g': 5000, 'min_value': 5000, 'price': 0}]}");
    expect(state, "{'active': true}");
    as_customer(state, NULL);
}

static void without_anything_set_it_costs_what_the_lines_cost(void **state)
{
    ask(state, "pricing.total", "{" MUGS "}");
    expect(state,
        "{'subtotal': {'amount': 1200, 'currency': 'EUR'}, 'discount': {'amount': 0, 'currency': "
        "'EUR'}, 'shipping': {'amount': 0, 'currency': 'EUR'}, 'tax': {'amount': 0, 'currency': "
        "'EUR'}, 'tax_included': true, 'total': {'amount': 1200, 'currency': 'EUR'}, 'promotions': "
        "[]}");
    ask(state, "pricing.total", "{" MUGS ", 'country': 'DE'}");
    expect(state,
        "{'tax': {'amount': 0, 'currency': 'EUR'}, 'total': {'amount': 1200, 'currency': 'EUR'}}");
}

static void shipping_is_by_weight_value_and_country(void **state)
{
    send_by_post(state);
    ask(state, "pricing.total", "{" MUGS ", 'country': 'DE', 'shipping_method': 'post'}");
    expect(state,
        "{'shipping': {'amount': 390, 'currency': 'EUR'}, 'total': {'amount': 1590, 'currency': "
        "'EUR'}}");
    ask(state, "pricing.total",
        "{'currency': 'EUR', 'lines': [{'sku': 'pot', 'quantity': 1, 'price': {'amount': 4999, "
        "'currency': 'EUR'}, 'weight_g': 1001}], 'country': 'DE', 'shipping_method': 'post'}");
    expect(state, "{'shipping': {'amount': 690, 'currency': 'EUR'}}");
    ask(state, "pricing.total",
        "{'currency': 'EUR', 'lines': [{'sku': 'pot', 'quantity': 1, 'price': {'amount': 5000, "
        "'currency': 'EUR'}, 'weight_g': 1001}], 'country': 'DE', 'shipping_method': 'post'}");
    expect(state, "{'shipping': {'amount': 0, 'currency': 'EUR'}}");
    ask(state, "pricing.total", "{" MUGS ", 'country': 'FR', 'shipping_method': 'post'}");
    expect_error(state, "shipping_unavailable", "post");
    ask(state, "pricing.total", "{" MUGS ", 'country': 'DE', 'shipping_method': 'mule'}");
    expect_error(state, "unknown_shipping_method", "mule");
    ask(state, "pricing.shipping", "{'country': 'AT', 'currency': 'EUR', 'weight_g': 2000}");
    expect(state,
        "{'items': [{'code': 'post', 'name': 'By post', 'price': {'amount': 690, 'currency': "
        "'EUR'}}]}");
    ask(state, "pricing.shipping", "{'country': 'FR', 'currency': 'EUR'}");
    expect(state, "{'items': []}");
}

static void nobody_saves_the_shipping_by_not_speaking_of_it(void **state)
{
    send_by_post(state);
    ask(state, "pricing.total", "{" MUGS ", 'country': 'DE'}");
    expect_error(state, "shipping_method_needed", "");
    ask(state, "pricing.preview", "{" MUGS ", 'country': 'DE'}");
    expect(state, "{'refusals': [{'code': 'shipping_method_needed'}], 'total': {'amount': 1200}}");
    ask(state, "pricing.total", "{" MUGS ", 'country': 'FR'}");
    expect(state, "{'total': {'amount': 1200}}");
    ask(state, "pricing.total",
        "{'currency': 'EUR', 'country': 'DE', 'lines': [{'sku': 'song', 'quantity': 1,"
        " 'price': {'amount': 99, 'currency': 'EUR'}}]}");
    expect(state, "{'total': {'amount': 99}}");
}

static void a_method_that_is_dropped_is_gone(void **state)
{
    send_by_post(state);
    as_staff(state);
    ask(state, "pricing.list_methods", "{}");
    expect(state, "{'items': [{'code': 'post'}], 'next': null}");
    ask(state, "pricing.drop_method", "{'code': 'post'}");
    expect(state, "{}");
    ask(state, "pricing.drop_method", "{'code': 'post'}");
    expect_error(state, "no_such_shipping_method", "");
    ask(state, "pricing.put_method",
        "{'code': 'post', 'name': 'By post', 'countries': ['Germany'], 'tiers': ["
        "{'currency': 'EUR', 'price': 390}]}");
    expect_error(state, "invalid", "Germany");
}

static void a_promotion_without_a_code_is_for_everybody(void **state)
{
    promise(state, "{'name': 'Spring', 'kind': 'percent', 'percent': 100000}");
    ask(state, "pricing.total", "{" MUGS "}");
    expect(state,
        "{'discount': {'amount': 120, 'currency': 'EUR'}, 'total': {'amount': 1080, 'currency': "
        "'EUR'}, 'promotions': [{'name': 'Spring', 'code': null, 'limited': false, "
        "'amount': {'amount': 120, 'currency': 'EUR'}}], 'lines': [{'sku': 'mug', 'discount': "
        "{'amount': 120, 'currency': 'EUR'}}]}");
}

static void a_coupon_is_for_whoever_has_the_code(void **state)
{
    promise(state,
        "{'code': 'spring', 'name': 'Spring', 'kind': 'amount', 'amount': 500, 'currency': 'EUR'}");
    ask(state, "pricing.total", "{" MUGS "}");
    expect(state, "{'total': {'amount': 1200, 'currency': 'EUR'}}");
    ask(state, "pricing.total", "{" MUGS ", 'coupons': ['Spring']}");
    expect(state,
        "{'total': {'amount': 700, 'currency': 'EUR'}, 'promotions': [{'code': 'SPRING', 'amount': "
        "{'amount': 500, 'currency': 'EUR'}}]}");
    ask(state, "pricing.total", "{" MUGS ", 'coupons': ['autumn']}");
    expect_error(state, "unknown_coupon", "autumn");
}

static void a_coupon_that_does_not_go_is_refused_with_its_reason(void **state)
{
    promise(state,
        "{'code': 'OVER', 'name': 'Over', 'kind': 'percent', 'percent': 1,"
        " 'starts_at': '2020-01-01T00:00:00Z', 'ends_at': '2021-01-01T00:00:00Z'}");
    promise(state,
        "{'code': 'SOON', 'name': 'Soon', 'kind': 'percent', 'percent': 1,"
        " 'starts_at': '2999-01-01T00:00:00Z'}");
    promise(state,
        "{'code': 'MUCH', 'name': 'Much', 'kind': 'percent', 'percent': 100000,"
        " 'minimum': 1201, 'currency': 'EUR'}");
    promise(state,
        "{'code': 'USD', 'name': 'Dollars', 'kind': 'amount', 'amount': 1, 'currency': 'USD'}");
    promise(state,
        "{'code': 'BOWL', 'name': 'Bowls', 'kind': 'percent', 'percent': 1, 'skus': ['bowl']}");
    static const struct {
        const char *coupon, *code;
    } cases[] = {
        { "OVER", "coupon_expired" },
        { "SOON", "unknown_coupon" },
        { "MUCH", "coupon_not_applicable" },
        { "USD", "coupon_not_applicable" },
        { "BOWL", "coupon_not_applicable" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char json[200];
        ask(state, "pricing.total", "{" MUGS ", 'coupons': ['%s']}", cases[i].coupon);
        expect_error(state, cases[i].code, cases[i].coupon);
        ask(state, "pricing.preview", "{" MUGS ", 'coupons': ['%s']}", cases[i].coupon);
        snprintf(json, sizeof json,
            "{'total': {'amount': 1200, 'currency': 'EUR'}, 'refusals': [{'about': '%s', 'code': "
            "'%s'}]}",
            cases[i].coupon, cases[i].code);
        expect(state, json);
    }
}

static void what_a_promotion_needs_is_named(void **state)
{
    static const struct {
        const char *draft, *part;
    } cases[] = {
        { "{'name': 'a', 'kind': 'percent'}", "required of percent" },
        { "{'name': 'a', 'kind': 'amount', 'currency': 'EUR'}", "required of amount" },
        { "{'name': 'a', 'kind': 'amount', 'amount': 1}", "required of an amount" },
        { "{'name': 'a', 'kind': 'buy_x_get_y', 'buy': 1}", "required of buy_x_get_y" },
        { "{'name': 'a', 'kind': 'free_shipping', 'ends_at': '2020-01-01T00:00:00Z'}", "after" },
    };
    as_staff(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ask(state, "pricing.create_promotion", "%s", cases[i].draft);
        expect_error(state, "invalid", cases[i].part);
    }
}

static void a_code_is_had_once(void **state)
{
    promise(state, "{'code': 'spring', 'name': 'Spring', 'kind': 'free_shipping'}");
    as_staff(state);
    ask(state, "pricing.create_promotion",
        "{'code': 'SPRING', 'name': 'Again', 'kind': 'free_shipping'}");
    expect_error(state, "code_taken", "");
}

static void a_promotion_is_changed_and_ended_by_who_has_seen_it(void **state)
{
    const char *id = promise(state, "{'name': 'Spring', 'kind': 'percent', 'percent': 100000}");
    as_staff(state);
    ask(state, "pricing.revise_promotion",
        "{'id': '%s', 'name': 'May', 'kind': 'percent', 'percent': 200000, 'version': 1}", id);
    expect(state, "{'name': 'May', 'version': 2}");
    ask(state, "pricing.revise_promotion",
        "{'id': '%s', 'name': 'June', 'kind': 'percent', 'percent': 300000, 'version': 1}", id);
    expect_error(state, "stale", "");
    ask(state, "pricing.total", "{" MUGS "}");
    expect(state, "{'discount': {'amount': 240, 'currency': 'EUR'}}");
    ask(state, "pricing.end_promotion", "{'id': '%s', 'version': 2}", id);
    expect(state, "{'version': 3}");
    ask(state, "pricing.total", "{" MUGS "}");
    expect(state, "{'discount': {'amount': 0, 'currency': 'EUR'}}");
    ask(state, "pricing.list_promotions", "{}");
    assert_string_equal(told_first(state, "id"), id);
    ask(state, "pricing.get_promotion", "{'id': '" FIRST "'}");
    expect_error(state, "no_such_promotion", "");
}

static void redeem(void **state, const char *order, const char *who, const char *promotion)
{
    ask(state, "pricing.redeem", "{'order_id': '%s', %s, 'uses': [{'promotion_id': '%s'}]}", order,
        who, promotion);
}

static void the_last_use_of_all_is_had_once(void **state)
{
    const char *id = promise(state,
        "{'code': 'ONE', 'name': 'One', 'kind': 'percent', 'percent': 100000, 'limit_total': 1}");
    ask(state, "pricing.total", "{" MUGS ", 'coupons': ['one']}");
    expect(state, "{'promotions': [{'limited': true}]}");
    redeem(state, FIRST, "'user_id': '" ALICE "'", id);
    expect(state, "{}");
    redeem(state, FIRST, "'user_id': '" ALICE "'", id);
    expect(state, "{}");
    redeem(state, SECOND, "'user_id': '" BOB "'", id);
    expect_error(state, "coupon_used_up", "");
    ask(state, "pricing.total", "{" MUGS ", 'coupons': ['one']}");
    expect_error(state, "coupon_used_up", "one");
    expect_row(state, "SELECT used FROM pricing.promotion", "1");

    ask(state, "pricing.give_back", "{'order_id': '" FIRST "'}");
    ask(state, "pricing.give_back", "{'order_id': '" FIRST "'}");
    expect(state, "{}");
    redeem(state, SECOND, "'user_id': '" BOB "'", id);
    expect(state, "{}");
    redeem(state, FIRST, "'user_id': '" ALICE "'", id);
    expect_error(state, "redemption_gone", "");
    expect_row(state, "SELECT used FROM pricing.promotion", "1");
}

static void a_customer_has_so_many_uses_and_another_one_as_many(void **state)
{
    const char *id = promise(state,
        "{'code': 'EACH', 'name': 'Each', 'kind': 'percent', 'percent': 100000,"
        " 'limit_per_customer': 1}");
    redeem(state, FIRST, "'email': 'Ada@Example.com'", id);
    expect(state, "{}");
    redeem(state, SECOND, "'email': 'ada@example.com'", id);
    expect_error(state, "coupon_used_up", "this customer");
    ask(state, "pricing.total", "{" MUGS ", 'coupons': ['EACH'], 'email': 'ADA@example.com'}");
    expect_error(state, "coupon_used_up", "");
    ask(state, "pricing.total", "{" MUGS ", 'coupons': ['EACH'], 'user_id': '" BOB "'}");
    expect(state, "{'discount': {'amount': 120, 'currency': 'EUR'}}");
    redeem(state, SECOND, "'user_id': '" BOB "'", id);
    expect(state, "{}");
}

static void what_is_given_back_before_it_was_redeemed_stays_given_back(void **state)
{
    const char *id =
        promise(state, "{'name': 'One', 'kind': 'percent', 'percent': 100000, 'limit_total': 1}");
    ask(state, "pricing.give_back", "{'order_id': '" FIRST "'}");
    redeem(state, FIRST, "'user_id': '" ALICE "'", id);
    expect_error(state, "redemption_gone", "");
    expect_row(state, "SELECT used FROM pricing.promotion", "0");
}

/* One order many times at once is one order; what is for everybody is left out once it is used up.
 */
static void many_who_redeem_at_once_do_not_exceed_the_limit(void **state)
{
    const char *id =
        promise(state, "{'name': 'Few', 'kind': 'percent', 'percent': 100000, 'limit_total': 1}");
    ask_often(state, 20, "pricing.redeem",
        "{'order_id': '" FIRST "', 'user_id': '" ALICE "', 'uses': [{'promotion_id': '%s'}]}", id);
    assert_int_equal(answers(state, "ok"), 20);
    expect_row(state, "SELECT used FROM pricing.promotion", "1");
    expect_row(state, "SELECT count(*) FROM pricing.redemption", "1");
    ask(state, "pricing.total", "{" MUGS "}");
    expect(state, "{'discount': {'amount': 0, 'currency': 'EUR'}, 'refusals': []}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(without_anything_set_it_costs_what_the_lines_cost,
            conversation_begin),
        cmocka_unit_test_setup(shipping_is_by_weight_value_and_country, conversation_begin),
        cmocka_unit_test_setup(nobody_saves_the_shipping_by_not_speaking_of_it, conversation_begin),
        cmocka_unit_test_setup(a_method_that_is_dropped_is_gone, conversation_begin),
        cmocka_unit_test_setup(a_promotion_without_a_code_is_for_everybody, conversation_begin),
        cmocka_unit_test_setup(a_coupon_is_for_whoever_has_the_code, conversation_begin),
        cmocka_unit_test_setup(a_coupon_that_does_not_go_is_refused_with_its_reason,
            conversation_begin),
        cmocka_unit_test_setup(what_a_promotion_needs_is_named, conversation_begin),
        cmocka_unit_test_setup(a_code_is_had_once, conversation_begin),
        cmocka_unit_test_setup(a_promotion_is_changed_and_ended_by_who_has_seen_it,
            conversation_begin),
        cmocka_unit_test_setup(the_last_use_of_all_is_had_once, conversation_begin),
        cmocka_unit_test_setup(a_customer_has_so_many_uses_and_another_one_as_many,
            conversation_begin),
        cmocka_unit_test_setup(what_is_given_back_before_it_was_redeemed_stays_given_back,
            conversation_begin),
        cmocka_unit_test_setup(many_who_redeem_at_once_do_not_exceed_the_limit, conversation_begin),
    };
    return cmocka_run_group_tests(tests, till_open, conversation_close);
}
