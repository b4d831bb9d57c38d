/* Ordering from a cart and as a guest, and what an order says beyond its lines. */
#include <stdio.h>

#include "mugs.h"

extern const souk_actor_t order_actor;

#define ALICE "018f0000-0000-7000-8000-00000000000a"
#define CART "6b1f3c52-0000-4000-8000-00000000000c"
#define PAYMENT "018f0000-0000-7000-8000-0000000000ff"
#define MUG "'lines': [{'sku': 'mug', 'quantity': 2}]"
#define PAID "'payment_method': 'pm_sim_ok'"
#define HOME "{'name': 'Ada', 'line1': '1 Mill Lane', 'city': 'London', 'country': 'GB'}"

static int open(void **state)
{
    return conversation_open(state, &order_actor);
}

static int begin(void **state)
{
    conversation_begin(state);
    under_key(state, "first");
    two_mugs_are_sold(state);
    given(state, "cart.read",
        "{'lines': [{'sku': 'mug', 'quantity': 2}], 'coupons': [], 'round': 1}");
    given(state, "payment.charge", "{'payment_id': '" PAYMENT "', 'status': 'captured'}");
    return 0;
}

static void a_guest_orders_with_an_email_address(void **state)
{
    ask(state, "order.place", "{" MUG ", " PAID ", 'email': 'Ada@Example.com'}");
    expect(state, "{'status': 'confirmed', 'email': 'Ada@Example.com'}");
    const char *id = told(state, "id");

    under_key(state, NULL);
    ask(state, "order.track", "{'id': '%s', 'email': 'ada@example.com'}", id);
    expect(state, "{'status': 'confirmed', 'email': 'Ada@Example.com'}");
    ask(state, "order.track", "{'id': '%s', 'email': 'eve@example.com'}", id);
    expect_error(state, "no_such_order", "");
    ask(state, "order.get", "{'id': '%s'}", id);
    expect_error(state, "unauthorized", "");
    as_customer(state, ALICE);
    ask(state, "order.get", "{'id': '%s'}", id);
    expect_error(state, "no_such_order", "");
    as_staff(state);
    ask(state, "order.search", "{'email': 'ADA@example.com'}");
    assert_string_equal(told_first(state, "id"), id);
    ask(state, "order.search", "{'email': 'eve@example.com'}");
    expect(state, "{'items': []}");
}

static void the_order_of_a_customer_is_not_tracked_by_an_address(void **state)
{
    as_customer(state, ALICE);
    ask(state, "order.place", "{" MUG ", " PAID "}");
    const char *id = told(state, "id");
    as_customer(state, NULL);
    ask(state, "order.track", "{'id': '%s', 'email': 'alice@example.com'}", id);
    expect_error(state, "no_such_order", "");
}

static void whoever_is_nobody_says_who_it_is(void **state)
{
    ask(state, "order.place", "{" MUG ", " PAID "}");
    expect_error(state, "unauthorized", "email");
    as_customer(state, ALICE);
    ask(state, "order.place", "{" MUG ", " PAID ", 'email': 'ada@example.com'}");
    expect_error(state, "invalid", "for guests");
}

static void a_guests_key_is_the_guests_own(void **state)
{
    ask(state, "order.place", "{" MUG ", " PAID ", 'email': 'ada@example.com'}");
    ask(state, "order.place", "{" MUG ", " PAID ", 'email': 'ada@example.com'}");
    assert_int_equal(answers(state, "replayed"), 1);
    expect(state, "{'email': 'ada@example.com'}");
    ask(state, "order.place", "{" MUG ", " PAID ", 'email': 'bob@example.com'}");
    assert_int_equal(answers(state, "ok"), 1);
    expect_row(state, "SELECT count(*) FROM \"order\".orders", "2");
}

static void what_is_in_the_cart_is_ordered_and_taken_out(void **state)
{
    as_customer(state, ALICE);
    ask(state, "order.place", "{'cart_id': '" CART "', " PAID "}");
    expect(state, "{'status': 'confirmed', 'lines': [{'sku': 'mug', 'quantity': 2}]}");
    assert_int_equal(asked(state, "cart.close"), 1);
    expect_row(state, "SELECT count(*) FROM \"order\".to_close", "0");
    expect_row(state, "SELECT count(*) FROM \"order\".in_flight", "0");
}

static void what_is_in_a_cart_is_ordered_once_under_whatever_key(void **state)
{
    as_customer(state, ALICE);
    ask(state, "order.place", "{'cart_id': '" CART "', " PAID "}");
    const char *id = told(state, "id");
    under_key(state, "second");
    ask(state, "order.place", "{'cart_id': '" CART "', " PAID "}");
    expect_error(state, "cart_ordered", id);
    ask(state, "order.place", "{" MUG ", " PAID "}");
    expect(state, "{'status': 'confirmed'}");
    expect_row(state, "SELECT count(*) FROM \"order\".orders", "2");

    given(state, "cart.read",
        "{'lines': [{'sku': 'mug', 'quantity': 2}], 'coupons': [], 'round': 2}");
    under_key(state, "third");
    ask(state, "order.place", "{'cart_id': '" CART "', " PAID "}");
    expect(state, "{'status': 'confirmed'}");
}

static void a_cart_whose_order_was_rejected_is_ordered_once_more(void **state)
{
    as_customer(state, ALICE);
    given(state, "payment.charge", "{'payment_id': '" PAYMENT "', 'status': 'declined'}");
    ask(state, "order.place", "{'cart_id': '" CART "', " PAID "}");
    expect_error(state, "card_declined", "");
    given(state, "payment.charge", "{'payment_id': '" PAYMENT "', 'status': 'captured'}");
    under_key(state, "second");
    ask(state, "order.place", "{'cart_id': '" CART "', " PAID "}");
    expect(state, "{'status': 'confirmed'}");
}

/* Nobody learns of an order by the id of a cart that is not for him. */
static void whoever_cannot_look_into_a_cart_is_told_of_no_order(void **state)
{
    as_customer(state, ALICE);
    ask(state, "order.place", "{'cart_id': '" CART "', " PAID "}");
    given_error(state, "cart.read", "no_such_cart", "no such cart");
    under_key(state, "second");
    ask(state, "order.place", "{'cart_id': '" CART "', " PAID "}");
    expect_error(state, "no_such_cart", "");
}

static void what_is_not_ordered_stays_in_the_cart(void **state)
{
    as_customer(state, ALICE);
    given(state, "payment.charge", "{'payment_id': '" PAYMENT "', 'status': 'declined'}");
    ask(state, "order.place", "{'cart_id': '" CART "', " PAID "}");
    expect_error(state, "card_declined", "");
    assert_int_equal(asked(state, "cart.close"), 0);
    expect_row(state, "SELECT count(*) FROM \"order\".to_close", "0");
}

static void an_order_comes_from_a_cart_or_names_its_lines(void **state)
{
    as_customer(state, ALICE);
    ask(state, "order.place", "{'cart_id': '" CART "', " MUG ", " PAID "}");
    expect_error(state, "invalid", "together with a cart");
    ask(state, "order.place", "{" PAID "}");
    expect_error(state, "invalid", "is required");
    given_error(state, "cart.read", "cart_empty", "nothing in it");
    ask(state, "order.place", "{'cart_id': '" CART "', " PAID "}");
    expect_error(state, "cart_empty", "nothing in it");
    expect_row(state, "SELECT count(*) FROM \"order\".orders", "0");
}

static void a_cart_that_was_ordered_is_answered_the_same_when_nothing_is_in_it_any_more(
    void **state)
{
    static const char all[] = "{'status': 'confirmed', 'email': 'ada@example.com', 'note': 'ring'}";
    for (int i = 0; i < 2; i++) {
        ask(state, "order.place",
            "{'cart_id': '" CART "', " PAID ", 'email': 'ada@example.com', 'note': 'ring'}");
        expect(state, all);
        given_error(state, "cart.read", "cart_empty", "nothing in it");
    }
    assert_int_equal(answers(state, "replayed"), 1);
}

/* The order is what it is; only the cart still has to learn of it. */
static void a_cart_that_a_crash_left_is_closed(void **state)
{
    as_customer(state, ALICE);
    ask(state, "order.place", "{'cart_id': '" CART "', " PAID "}");
    run_sql(state,
        "INSERT INTO \"order\".to_close (order_id, cart_id, touched_at)"
        " SELECT id, '" CART "', now() - interval '1 hour' FROM \"order\".orders");
    expect_row_soon(state, "SELECT count(*) FROM \"order\".to_close", "0");
    assert_int_equal(asked(state, "cart.close"), 2);
    expect_row(state, "SELECT status FROM \"order\".orders", "confirmed");
    assert_int_equal(asked(state, "inventory.release"), 0);
    assert_int_equal(asked(state, "payment.void"), 0);
}

static void what_an_order_says_is_kept(void **state)
{
    as_customer(state, ALICE);
    ask(state, "order.place",
        "{" MUG ", " PAID ", 'shipping_address': " HOME ", 'note': 'ring twice'}");
    static const char all[] = "{'note': 'ring twice', 'shipping_address': " HOME
                              ", 'discount': {'amount': 0}, 'tax': {'amount': 0},"
                              " 'tax_included': true}";
    expect(state, all);
    ask(state, "order.get", "{'id': '%s'}", told(state, "id"));
    expect(state, all);
    ask(state, "order.place",
        "{" MUG ", " PAID ", 'shipping_address': " HOME ", 'note': 'ring twice'}");
    assert_int_equal(answers(state, "replayed"), 1);
    expect(state, all);
}

static void what_costs_something_else_by_now_is_not_ordered(void **state)
{
    as_customer(state, ALICE);
    ask(state, "order.place",
        "{" MUG ", " PAID ", 'expected_total': {'amount': 1199, 'currency': 'EUR'}}");
    expect_error(state, "total_changed", "1200 EUR now, in minor units");
    expect_row(state, "SELECT count(*) FROM \"order\".orders", "0");
    ask(state, "order.place",
        "{" MUG ", " PAID ", 'expected_total': {'amount': 1200, 'currency': 'EUR'}}");
    expect(state, "{'status': 'confirmed'}");
}

static void where_the_region_decides_the_tax_it_is_named(void **state)
{
    as_customer(state, ALICE);
    pricing_says(state, "pricing.total",
        (told_totals_t){ .total = 1200, .region_flaw = "is required for GB" });
    ask(state, "order.place", "{" MUG ", " PAID ", 'shipping_address': " HOME "}");
    expect_error(state, "invalid", "is required for GB");
    expect_row(state, "SELECT count(*) FROM \"order\".orders", "0");
}

static void an_order_from_before_regions_were_codes_is_told_as_it_was(void **state)
{
    as_customer(state, ALICE);
    ask(state, "order.place", "{" MUG ", " PAID ", 'shipping_address': " HOME "}");
    const char *id = told(state, "id");
    run_sql(state,
        "UPDATE \"order\".order_detail SET body = jsonb_set(body, '{shipping_address,region}',"
        " '\"Greater London\"')");
    ask(state, "order.get", "{'id': '%s'}", id);
    expect(state, "{'shipping_address': {'city': 'London', 'region': 'Greater London'}}");
}

/* A limited coupon, which takes a euro off. */
#define SPRING                                                                                     \
    "{'promotion_id': '" PAYMENT "', 'code': 'SPRING', 'name': 'Spring', 'limited': true,"         \
    " 'amount': {'amount': 100, 'currency': 'EUR'}}"

/* What pricing says is kept as it was said, line by line, and the limited coupon is held. */
static void what_comes_off_and_on_top_is_kept(void **state)
{
    static const char whole[] =
        "{'lines': [{'sku': 'mug', 'discount': {'amount': 100}, 'tax': {'amount': 304}}],"
        " 'discount': {'amount': 100}, 'shipping': {'amount': 500}, 'tax': {'amount': 304},"
        " 'tax_included': false, 'total': {'amount': 1904}, 'shipping_method': 'post',"
        " 'discounts': [{'code': 'SPRING', 'amount': {'amount': 100}}]}";

    as_customer(state, ALICE);
    pricing_says(state, "pricing.total",
        (told_totals_t){ 100, 500, 304, 1904, .tax_on_top = true, .promotions = SPRING });
    ask(state, "order.place",
        "{" MUG ", " PAID ", 'coupons': ['spring'], 'shipping_method': 'post',"
        " 'shipping_address': " HOME "}");
    expect(state, whole);
    assert_int_equal(asked(state, "pricing.redeem"), 1);
    ask(state, "order.get", "{'id': '%s'}", told(state, "id"));
    expect(state, whole);
}

static void a_coupon_that_somebody_else_got_orders_nothing(void **state)
{
    as_customer(state, ALICE);
    pricing_says(state, "pricing.total",
        (told_totals_t){ .discount = 100, .total = 1100, .promotions = SPRING });
    given_error(state, "pricing.redeem", "coupon_used_up", "used up");
    ask(state, "order.place", "{" MUG ", " PAID ", 'coupons': ['spring']}");
    expect_error(state, "coupon_used_up", "used up");
    assert_int_equal(asked(state, "inventory.reserve"), 0);
    assert_int_equal(asked(state, "pricing.give_back"), 1);
    expect_row(state, "SELECT reason FROM \"order\".orders", "coupon_used_up");
}

static void what_nothing_limits_is_not_redeemed(void **state)
{
    as_customer(state, ALICE);
    given(state, "payment.charge", "{'payment_id': '" PAYMENT "', 'status': 'declined'}");
    ask(state, "order.place", "{" MUG ", " PAID "}");
    expect_error(state, "card_declined", "");
    assert_int_equal(asked(state, "pricing.redeem"), 0);
    assert_int_equal(asked(state, "pricing.give_back"), 0);
}

static void whoever_is_blocked_orders_nothing(void **state)
{
    as_customer(state, ALICE);
    given_error(state, "user.eligible", "user_blocked", "blocked");
    ask(state, "order.place", "{" MUG ", " PAID "}");
    expect_error(state, "user_blocked", "blocked");
    expect_row(state, "SELECT count(*) FROM \"order\".orders", "0");
}

static void a_shipping_method_needs_somewhere_to_ship_to(void **state)
{
    as_customer(state, ALICE);
    ask(state, "order.place", "{" MUG ", " PAID ", 'shipping_method': 'post'}");
    expect_error(state, "invalid", "required for a shipping method");
}

static void of_a_customer_who_is_gone_only_the_order_is_kept(void **state)
{
    as_customer(state, ALICE);
    ask(state, "order.place",
        "{" MUG ", " PAID ", 'note': 'ring twice', 'billing_address': {'name': 'Ada', 'line1': "
        "'Here 1', 'city': 'There', 'postal_code': '12345', 'country': 'DE'}}");
    const char *id = told(state, "id");
    for (int i = 0; i < 2; i++) {
        ask(state, "order.forget", "{'user_id': '" ALICE "'}");
        expect(state, "{}");
    }
    as_staff(state);
    under_key(state, NULL);
    ask(state, "order.get", "{'id': '%s'}", id);
    expect(state, "{'status': 'confirmed', 'note': null, 'billing_address': null}");
    expect_row(state,
        "SELECT count(*) FROM \"order\".order_detail WHERE body::text ~ 'Ada|ring|Here'", "0");
}

static void what_was_ordered_while_its_customer_left_is_forgotten_too(void **state)
{
    ask(state, "order.forget", "{'user_id': '" ALICE "'}");
    as_customer(state, ALICE);
    ask(state, "order.place", "{" MUG ", " PAID ", 'note': 'ring twice'}");
    assert_int_equal(answers(state, "ok"), 1);
    expect_row_soon(state, "SELECT count(*) FROM \"order\".order_detail WHERE body::text ~ 'ring'",
        "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_guest_orders_with_an_email_address, begin),
        cmocka_unit_test_setup(the_order_of_a_customer_is_not_tracked_by_an_address, begin),
        cmocka_unit_test_setup(whoever_is_nobody_says_who_it_is, begin),
        cmocka_unit_test_setup(a_guests_key_is_the_guests_own, begin),
        cmocka_unit_test_setup(what_is_in_the_cart_is_ordered_and_taken_out, begin),
        cmocka_unit_test_setup(
            a_cart_that_was_ordered_is_answered_the_same_when_nothing_is_in_it_any_more, begin),
        cmocka_unit_test_setup(what_is_in_a_cart_is_ordered_once_under_whatever_key, begin),
        cmocka_unit_test_setup(a_cart_whose_order_was_rejected_is_ordered_once_more, begin),
        cmocka_unit_test_setup(whoever_cannot_look_into_a_cart_is_told_of_no_order, begin),
        cmocka_unit_test_setup(what_is_not_ordered_stays_in_the_cart, begin),
        cmocka_unit_test_setup(an_order_comes_from_a_cart_or_names_its_lines, begin),
        cmocka_unit_test_setup(a_cart_that_a_crash_left_is_closed, begin),
        cmocka_unit_test_setup(what_an_order_says_is_kept, begin),
        cmocka_unit_test_setup(what_costs_something_else_by_now_is_not_ordered, begin),
        cmocka_unit_test_setup(where_the_region_decides_the_tax_it_is_named, begin),
        cmocka_unit_test_setup(an_order_from_before_regions_were_codes_is_told_as_it_was, begin),
        cmocka_unit_test_setup(what_comes_off_and_on_top_is_kept, begin),
        cmocka_unit_test_setup(a_coupon_that_somebody_else_got_orders_nothing, begin),
        cmocka_unit_test_setup(what_nothing_limits_is_not_redeemed, begin),
        cmocka_unit_test_setup(whoever_is_blocked_orders_nothing, begin),
        cmocka_unit_test_setup(a_shipping_method_needs_somewhere_to_ship_to, begin),
        cmocka_unit_test_setup(of_a_customer_who_is_gone_only_the_order_is_kept, begin),
        cmocka_unit_test_setup(what_was_ordered_while_its_customer_left_is_forgotten_too, begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
