/* Orders: placed once, all of it or nothing, and seen by nobody but their customer. */
#include <stdio.h>

#include "mugs.h"

extern const souk_actor_t order_actor;

#define ALICE "018f0000-0000-7000-8000-00000000000a"
#define BOB "018f0000-0000-7000-8000-00000000000b"
#define LEFT "018f0000-0000-7000-8000-0000000000ff"
#define TWO_MUGS "{'lines': [{'sku': 'mug', 'quantity': 2}], 'payment_method': 'pm_sim_ok'}"

static int open(void **state)
{
    return conversation_open(state, &order_actor);
}

/* Alice is about to order, and nothing stands in her way. */
static int begin(void **state)
{
    conversation_begin(state);
    as_customer(state, ALICE);
    under_key(state, "first");
    two_mugs_are_sold(state);
    given(state, "payment.charge", "{'payment_id': '" LEFT "', 'status': 'captured'}");
    return 0;
}

static void place(void **state)
{
    ask(state, "order.place", TWO_MUGS);
}

static void an_order_that_is_paid_is_confirmed(void **state)
{
    place(state);
    expect(state,
        "{'status': 'confirmed', 'total': {'amount': 1200, 'currency': 'EUR'},"
        " 'lines': [{'sku': 'mug', 'name': 'Blue mug', 'quantity': 2,"
        " 'price': {'amount': 600, 'currency': 'EUR'}}]}");
    expect_row(state, "SELECT count(*) FROM \"order\".order_history WHERE status = 'confirmed'",
        "1");
    expect_row(state,
        "SELECT body #>> '{total,amount}' FROM \"order\".told WHERE topic = 'order.confirmed'",
        "1200");
    assert_int_equal(asked(state, "inventory.expire"), 0);
    assert_int_equal(asked(state, "inventory.release"), 0);
    assert_int_equal(asked(state, "payment.void"), 0);
}

static void a_price_is_kept_as_it_was(void **state)
{
    place(state);
    const char *id = told(state, "id");
    given(state, "product.quote", "{'lines': [], 'total': {'amount': 1, 'currency': 'EUR'}}");
    ask(state, "order.get", "{'id': '%s'}", id);
    expect(state,
        "{'status': 'confirmed', 'total': {'amount': 1200, 'currency': 'EUR'},"
        " 'lines': [{'sku': 'mug', 'quantity': 2, 'price': {'amount': 600, 'currency': 'EUR'}}]}");
}

static void a_declined_card_leaves_nothing_behind(void **state)
{
    given(state, "payment.charge", "{'payment_id': '" LEFT "', 'status': 'declined'}");
    place(state);
    expect_error(state, "card_declined", "pm_sim_ok");
    expect_row(state, "SELECT reason FROM \"order\".orders WHERE status = 'rejected'",
        "card_declined");
    expect_row(state, "SELECT count(*) FROM \"order\".told WHERE topic = 'order.confirmed'", "0");
    assert_int_equal(asked(state, "inventory.release"), 1);
}

static void what_the_bank_wants_confirmed_leaves_nothing_behind(void **state)
{
    given(state, "payment.charge",
        "{'payment_id': '" LEFT "', 'status': 'authentication_required'}");
    place(state);
    expect_error(state, "authentication_required", "another method");
    expect_row(state, "SELECT status || ' ' || reason FROM \"order\".orders",
        "rejected authentication_required");
    place(state);
    expect_error(state, "authentication_required", "another method");
    assert_int_equal(asked(state, "payment.charge"), 1);
}

static void a_card_without_money_leaves_the_order_waiting(void **state)
{
    given(state, "payment.charge", "{'payment_id': '" LEFT "', 'status': 'insufficient'}");
    place(state);
    expect(state, "{'status': 'awaiting_payment'}");
    expect_row(state, "SELECT count(*) FROM \"order\".told WHERE topic = 'order.confirmed'", "0");
    assert_int_equal(asked(state, "inventory.expire"), 1);
    assert_int_equal(asked(state, "inventory.release"), 0);
}

static void what_is_out_of_stock_is_not_charged(void **state)
{
    given_error(state, "inventory.reserve", "out_of_stock", "mug: 1 left");
    place(state);
    expect_error(state, "out_of_stock", "mug: 1 left");
    assert_int_equal(asked(state, "payment.charge"), 0);
    expect_row(state, "SELECT status || reason FROM \"order\".orders", "rejectedout_of_stock");
}

static void what_is_not_sold_begins_no_order(void **state)
{
    given_error(state, "product.quote", "unknown_sku", "there is no product mug");
    place(state);
    expect_error(state, "unknown_sku", "mug");
    expect_row(state, "SELECT count(*) FROM \"order\".orders", "0");
}

static void an_unknown_payment_method_gives_the_stock_back(void **state)
{
    given_error(state, "payment.charge", "unknown_payment_method", "pm_sim_ok");
    place(state);
    expect_error(state, "unknown_payment_method", "pm_sim_ok");
    assert_int_equal(asked(state, "inventory.release"), 1);
}

static void the_same_key_is_answered_as_the_first_time(void **state)
{
    place(state);
    const char *id = told(state, "id");
    place(state);
    expect(state, "{'status': 'confirmed', 'lines': [{'sku': 'mug', 'quantity': 2}]}");
    assert_string_equal(told(state, "id"), id);
    assert_int_equal(asked(state, "payment.charge"), 1);
}

static void the_same_key_is_refused_as_the_first_time(void **state)
{
    given(state, "payment.charge", "{'payment_id': '" LEFT "', 'status': 'declined'}");
    place(state);
    given(state, "payment.charge", "{'payment_id': '" LEFT "', 'status': 'captured'}");
    place(state);
    expect_error(state, "card_declined", "declined");
    expect_row(state, "SELECT count(*) FROM \"order\".orders", "1");
}

static void the_same_key_for_something_else_is_refused(void **state)
{
    place(state);
    ask(state, "order.place",
        "{'lines': [{'sku': 'mug', 'quantity': 3}], 'payment_method': 'pm_sim_ok'}");
    expect_error(state, "key_reused", "");
}

static void the_same_key_of_another_customer_is_another_key(void **state)
{
    place(state);
    as_customer(state, BOB);
    place(state);
    expect(state, "{'status': 'confirmed'}");
    expect_row(state, "SELECT count(*) FROM \"order\".orders WHERE status = 'confirmed'", "2");
}

static void the_same_key_many_times_at_once_makes_one_order(void **state)
{
    ask_often(state, 100, "order.place", TWO_MUGS);
    assert_int_equal(answers(state, "ok"), 1);
    assert_int_equal(answers(state, "order_running"), 99);
    expect_row(state, "SELECT count(*) FROM \"order\".orders", "1");
    assert_int_equal(asked(state, "payment.charge"), 1);
}

static void what_was_ordered_stays_ordered_when_the_product_is_gone(void **state)
{
    place(state);
    const char *id = told(state, "id");
    given_error(state, "product.quote", "unknown_sku", "there is no mug any more");
    place(state);
    expect(state, "{'status': 'confirmed'}");
    assert_string_equal(told(state, "id"), id);
    assert_int_equal(asked(state, "payment.charge"), 1);
    under_key(state, "another");
    place(state);
    expect_error(state, "unknown_sku", "no mug");
}

static void what_was_the_shops_own_fault_may_be_tried_again(void **state)
{
    given_error(state, "inventory.reserve", "internal", "the inventory is broken");
    place(state);
    expect_error(state, "internal", "broken");
    expect_row(state, "SELECT status FROM \"order\".orders", "rejected");
    given(state, "inventory.reserve", "{}");
    place(state);
    expect(state, "{'status': 'confirmed'}");
}

static void an_order_without_a_key_is_refused(void **state)
{
    under_key(state, NULL);
    place(state);
    expect_error(state, "key_missing", "");
}

static void an_order_of_nobody_is_refused(void **state)
{
    as_customer(state, NULL);
    place(state);
    expect_error(state, "unauthorized", "");
}

static void an_order_is_nobody_elses_business(void **state)
{
    place(state);
    const char *id = told(state, "id");
    as_customer(state, BOB);
    ask(state, "order.get", "{'id': '%s'}", id);
    expect_error(state, "no_such_order", "");
    ask(state, "order.list", "{'limit': 10}");
    expect(state, "{'items': [], 'next': null}");
}

static void orders_are_listed_newest_first_page_by_page(void **state)
{
    place(state);
    const char *first = told(state, "id");
    under_key(state, "second");
    place(state);
    const char *second = told(state, "id");

    ask(state, "order.list", "{'limit': 1}");
    char page[200];
    snprintf(page, sizeof page,
        "{'items': [{'id': '%s', 'lines': [{'sku': 'mug'}]}], 'next': '%s'}", second, second);
    expect(state, page);
    ask(state, "order.list", "{'limit': 1, 'after': '%s'}", told(state, "next"));
    snprintf(page, sizeof page, "{'items': [{'id': '%s'}], 'next': null}", first);
    expect(state, page);
}

static void rejected_orders_are_not_listed(void **state)
{
    given(state, "payment.charge", "{'payment_id': '" LEFT "', 'status': 'declined'}");
    place(state);
    ask(state, "order.list", "{'limit': 10}");
    expect(state, "{'items': []}");
}

static void an_order_that_a_crash_left_is_given_back(void **state)
{
    run_sql(state,
        "INSERT INTO \"order\".orders (id, user_id, request_key, fingerprint, status,"
        " payment_method, total_amount, total_currency, placed_at)"
        " VALUES ('" LEFT "', '" ALICE
        "', 'first', 'x', 'placing', 'pm_sim_ok', 1200, 'EUR', now())");
    run_sql(state,
        "INSERT INTO \"order\".in_flight VALUES ('" LEFT "', 1, now() - interval '1 minute')");
    expect_row_soon(state, "SELECT reason FROM \"order\".orders", "interrupted");
    expect_row(state, "SELECT count(*) FROM \"order\".in_flight", "0");
    assert_int_equal(asked(state, "payment.void"), 1);
    assert_int_equal(asked(state, "inventory.release"), 1);
    place(state);
    expect(state, "{'status': 'confirmed'}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_order_that_is_paid_is_confirmed, begin),
        cmocka_unit_test_setup(a_price_is_kept_as_it_was, begin),
        cmocka_unit_test_setup(a_declined_card_leaves_nothing_behind, begin),
        cmocka_unit_test_setup(what_the_bank_wants_confirmed_leaves_nothing_behind, begin),
        cmocka_unit_test_setup(a_card_without_money_leaves_the_order_waiting, begin),
        cmocka_unit_test_setup(what_is_out_of_stock_is_not_charged, begin),
        cmocka_unit_test_setup(what_is_not_sold_begins_no_order, begin),
        cmocka_unit_test_setup(an_unknown_payment_method_gives_the_stock_back, begin),
        cmocka_unit_test_setup(the_same_key_is_answered_as_the_first_time, begin),
        cmocka_unit_test_setup(the_same_key_is_refused_as_the_first_time, begin),
        cmocka_unit_test_setup(the_same_key_for_something_else_is_refused, begin),
        cmocka_unit_test_setup(the_same_key_of_another_customer_is_another_key, begin),
        cmocka_unit_test_setup(the_same_key_many_times_at_once_makes_one_order, begin),
        cmocka_unit_test_setup(what_was_ordered_stays_ordered_when_the_product_is_gone, begin),
        cmocka_unit_test_setup(what_was_the_shops_own_fault_may_be_tried_again, begin),
        cmocka_unit_test_setup(an_order_without_a_key_is_refused, begin),
        cmocka_unit_test_setup(an_order_of_nobody_is_refused, begin),
        cmocka_unit_test_setup(an_order_is_nobody_elses_business, begin),
        cmocka_unit_test_setup(orders_are_listed_newest_first_page_by_page, begin),
        cmocka_unit_test_setup(rejected_orders_are_not_listed, begin),
        cmocka_unit_test_setup(an_order_that_a_crash_left_is_given_back, begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
