/* What becomes of orders after they were placed, and how staff look after them. */
#include <stdio.h>

#include "mugs.h"

extern const souk_actor_t order_actor;

#define ALICE "018f0000-0000-7000-8000-00000000000a"
#define BOB "018f0000-0000-7000-8000-00000000000b"
#define PAYMENT "018f0000-0000-7000-8000-0000000000ff"

static int open(void **state)
{
    return conversation_open(state, &order_actor);
}

static int begin(void **state)
{
    conversation_begin(state);
    as_customer(state, ALICE);
    two_mugs_are_sold(state);
    given(state, "payment.charge", "{'payment_id': '" PAYMENT "', 'status': 'captured'}");
    return 0;
}

static const char *place(void **state, const char *key)
{
    under_key(state, key);
    ask(state, "order.place",
        "{'lines': [{'sku': 'mug', 'quantity': 2}], 'payment_method': 'pm_sim_ok'}");
    under_key(state, NULL);
    return told(state, "id");
}

static void cancel(void **state, const char *id)
{
    ask(state, "order.cancel", "{'id': '%s', 'reason': 'changed my mind'}", id);
}

static void what_is_cancelled_is_given_back(void **state)
{
    const char *id = place(state, "first");
    cancel(state, id);
    expect(state, "{'status': 'cancelled'}");
    assert_int_equal(asked(state, "payment.void"), 1);
    assert_int_equal(asked(state, "inventory.release"), 1);
    expect_row(state, "SELECT count(*) FROM \"order\".in_flight", "0");
    expect_row(state, "SELECT count(*) FROM \"order\".told WHERE topic = 'order.cancelled'", "1");
    ask(state, "order.get", "{'id': '%s'}", id);
    expect(state, "{'status': 'cancelled'}");
}

static void cancelling_twice_is_cancelling_once(void **state)
{
    const char *id = place(state, "first");
    cancel(state, id);
    cancel(state, id);
    expect(state, "{'status': 'cancelled'}");
    assert_int_equal(asked(state, "payment.void"), 1);
    expect_row(state, "SELECT count(*) FROM \"order\".told WHERE topic = 'order.cancelled'", "1");
}

static void of_many_who_cancel_at_once_one_does(void **state)
{
    const char *id = place(state, "first");
    ask_often(state, 5, "order.cancel", "{'id': '%s'}", id);
    assert_int_equal(answers(state, "ok") + answers(state, "order_running"), 5);
    assert_true(answers(state, "ok") >= 1);
    expect_row(state, "SELECT count(*) FROM \"order\".order_history WHERE status = 'cancelled'",
        "1");
    expect_row(state, "SELECT count(*) FROM \"order\".told WHERE topic = 'order.cancelled'", "1");
}

static void what_waits_for_its_payment_can_be_cancelled(void **state)
{
    given(state, "payment.charge", "{'payment_id': '" PAYMENT "', 'status': 'insufficient'}");
    cancel(state, place(state, "first"));
    expect(state, "{'status': 'cancelled'}");
    assert_int_equal(asked(state, "payment.void"), 1);
}

/* Its stock is free again, and so are its coupons. */
static void what_is_not_paid_in_time_is_cancelled(void **state)
{
    given(state, "payment.charge", "{'payment_id': '" PAYMENT "', 'status': 'insufficient'}");
    place(state, "first");
    run_sql(state, "UPDATE \"order\".awaiting SET until = now()");
    expect_row_soon(state, "SELECT status FROM \"order\".orders", "cancelled");
    expect_row(state, "SELECT count(*) FROM \"order\".awaiting", "0");
    expect_row(state, "SELECT why FROM \"order\".order_history WHERE status = 'cancelling'",
        "not paid in time");
    assert_int_equal(asked(state, "inventory.release"), 1);
    assert_int_equal(asked(state, "pricing.give_back"), 1);
}

static void what_was_cancelled_meanwhile_does_not_lapse(void **state)
{
    given(state, "payment.charge", "{'payment_id': '" PAYMENT "', 'status': 'insufficient'}");
    cancel(state, place(state, "first"));
    run_sql(state, "UPDATE \"order\".awaiting SET until = now()");
    expect_row_soon(state, "SELECT count(*) FROM \"order\".awaiting", "0");
    expect_row(state, "SELECT count(*) FROM \"order\".order_history WHERE status = 'cancelling'",
        "1");
}

static void what_was_rejected_cannot_be_cancelled(void **state)
{
    given(state, "payment.charge", "{'payment_id': '" PAYMENT "', 'status': 'declined'}");
    under_key(state, "first");
    ask(state, "order.place",
        "{'lines': [{'sku': 'mug', 'quantity': 2}], 'payment_method': 'pm_sim_ok'}");
    expect_error(state, "card_declined", "");
    as_staff(state);
    ask(state, "order.search", "{}");
    cancel(state, told_first(state, "id"));
    expect_error(state, "not_cancellable", "is rejected");
    assert_int_equal(asked(state, "payment.void"), 1);
}

static void nobody_cancels_the_order_of_another(void **state)
{
    const char *id = place(state, "first");
    as_customer(state, BOB);
    cancel(state, id);
    expect_error(state, "no_such_order", "");
    ask(state, "order.history", "{'id': '%s'}", id);
    expect_error(state, "no_such_order", "");
    as_staff(state);
    cancel(state, id);
    expect(state, "{'status': 'cancelled'}");
    expect_row(state, "SELECT who FROM \"order\".order_history WHERE status = 'cancelling'", STAFF);
}

static void a_cancellation_that_a_crash_left_is_finished(void **state)
{
    const char *id = place(state, "first");
    char sql[400];
    snprintf(sql, sizeof sql,
        "WITH moved AS (UPDATE \"order\".orders SET status = 'cancelling' WHERE id = '%s')"
        " INSERT INTO \"order\".in_flight (order_id, work, touched_at)"
        " VALUES ('%s', 'cancelling', now() - interval '1 hour')",
        id, id);
    run_sql(state, sql);
    expect_row_soon(state, "SELECT status FROM \"order\".orders", "cancelled");
    assert_int_equal(asked(state, "payment.void"), 1);
    assert_int_equal(asked(state, "inventory.release"), 1);
    expect_row(state, "SELECT count(*) FROM \"order\".in_flight", "0");
}

static void what_is_being_shipped_cannot_be_cancelled(void **state)
{
    const char *id = place(state, "first");
    for (int i = 0; i < 2; i++)
        ask(state, "order.ship", "{'id': '%s', 'who': 'carrier'}", id);
    expect(state, "{'status': 'shipping', 'user_id': '" ALICE "'}");
    cancel(state, id);
    expect_error(state, "not_cancellable", "is shipping");
    assert_int_equal(asked(state, "payment.void"), 0);
    expect_row(state,
        "SELECT string_agg(who, ' ') FROM \"order\".order_history WHERE status = 'shipping'",
        "carrier");
}

static void what_is_cancelled_is_not_shipped(void **state)
{
    const char *id = place(state, "first");
    cancel(state, id);
    ask(state, "order.ship", "{'id': '%s'}", id);
    expect_error(state, "not_shippable", "is cancelled");
    ask(state, "order.ship", "{'id': '" PAYMENT "'}");
    expect_error(state, "no_such_order", "");
}

/* Of the last of its shipments, or of another. */
static void hear_shipment(void **state, const char *topic, const char *id, const char *complete)
{
    char json[300];
    snprintf(json, sizeof json,
        "{'order_id': '%s', 'user_id': '" ALICE "', 'shipment_id': '" PAYMENT "', 'complete': %s}",
        id, complete);
    hear(state, topic, json);
}

static void hear_returned(void **state, const char *id)
{
    char json[300];
    snprintf(json, sizeof json,
        "{'order_id': '%s', 'user_id': '" ALICE "', 'return_id': '" PAYMENT
        "', 'lines': [], 'complete': true}",
        id);
    hear(state, "fulfilment.returned", json);
}

static void an_order_comes_as_far_as_the_last_of_its_shipments(void **state)
{
    const char *id = place(state, "first");
    ask(state, "order.ship", "{'id': '%s'}", id);
    hear_shipment(state, "fulfilment.shipped", id, "false");
    expect_row(state, "SELECT status FROM \"order\".orders", "shipping");
    for (int i = 0; i < 2; i++)
        hear_shipment(state, "fulfilment.shipped", id, "true");
    expect_row(state, "SELECT status FROM \"order\".orders", "shipped");
    hear_shipment(state, "fulfilment.delivered", id, "true");
    hear_shipment(state, "fulfilment.shipped", id, "true");
    expect_row(state, "SELECT status FROM \"order\".orders", "delivered");
    hear_returned(state, id);
    hear_shipment(state, "fulfilment.delivered", id, "true");
    expect_row(state, "SELECT status FROM \"order\".orders", "returned");
    expect_row(state,
        "SELECT string_agg(substr(topic, 7), ' ' ORDER BY at) FROM \"order\".told"
        " WHERE topic <> 'order.called'",
        "confirmed shipped delivered returned");
    expect_row(state, "SELECT string_agg(status, ' ' ORDER BY id) FROM \"order\".order_history",
        "confirmed shipping shipped delivered returned");
}

static void what_was_never_shipped_does_not_arrive(void **state)
{
    const char *id = place(state, "first");
    hear_shipment(state, "fulfilment.delivered", id, "true");
    expect_row(state, "SELECT status FROM \"order\".orders", "confirmed");
}

static void a_history_begins_with_the_order_itself(void **state)
{
    const char *id = place(state, "first");
    cancel(state, id);
    ask(state, "order.history", "{'id': '%s'}", id);
    expect(state,
        "{'items': [{'status': 'placing', 'why': 'placed'}, {'status': 'confirmed', 'why': 'paid'},"
        " {'status': 'cancelling', 'why': 'changed my mind'},"
        " {'status': 'cancelled', 'why': 'cancelled'}]}");
}

static void staff_see_the_orders_of_all(void **state)
{
    const char *mine = place(state, "first");
    as_customer(state, BOB);
    const char *his = place(state, "first");
    char json[400];

    ask(state, "order.search", "{'limit': 1}");
    expect_error(state, "forbidden", "staff");
    as_staff(state);
    ask(state, "order.get", "{'id': '%s'}", mine);
    expect(state, "{'status': 'confirmed'}");
    ask(state, "order.search", "{'limit': 1}");
    snprintf(json, sizeof json, "{'items': [{'id': '%s', 'user_id': '" BOB "'}], 'next': '%s'}",
        his, his);
    expect(state, json);
    ask(state, "order.search", "{'limit': 1, 'after': '%s'}", his);
    snprintf(json, sizeof json, "{'items': [{'id': '%s'}], 'next': null}", mine);
    expect(state, json);
    ask(state, "order.search", "{'user_id': '" ALICE "'}");
    expect(state, json);
}

static void staff_look_for_orders_by_status_and_time(void **state)
{
    const char *first = place(state, "first");
    cancel(state, first);
    place(state, "second");
    char json[400];

    as_staff(state);
    ask(state, "order.search", "{'status': 'cancelled'}");
    snprintf(json, sizeof json, "{'items': [{'id': '%s'}], 'next': null}", first);
    expect(state, json);
    ask(state, "order.search", "{'placed_before': '2020-01-01T00:00:00Z'}");
    expect(state, "{'items': [], 'next': null}");
    ask(state, "order.search", "{'status': 'cancelled', 'placed_from': '2020-01-01T00:00:00Z'}");
    expect(state, json);
}

/* What is looked at for one page is bounded, and the next page goes on from there. */
static void among_many_that_do_not_fit_the_search_goes_on(void **state)
{
    const char *first = place(state, "first");
    cancel(state, first);
    run_sql(state,
        "INSERT INTO \"order\".orders (id, user_id, fingerprint, status, payment_method,"
        " total_amount, total_currency, placed_at)"
        " SELECT format('f0000000-0000-7000-8000-%s', lpad(number::text, 12, '0'))::uuid,"
        " '" BOB "', '', 'confirmed', '', 1, 'EUR', now()"
        " FROM generate_series(1, 2000) AS number");
    as_staff(state);
    ask(state, "order.search", "{'status': 'cancelled'}");
    expect(state, "{'items': [], 'next': 'f0000000-0000-7000-8000-000000000001'}");
    ask(state, "order.search",
        "{'status': 'cancelled', 'after': 'f0000000-0000-7000-8000-000000000001'}");
    char json[200];
    snprintf(json, sizeof json, "{'items': [{'id': '%s'}], 'next': null}", first);
    expect(state, json);
    ask(state, "order.search", "{'status': 'cancelled', 'user_id': '" ALICE "'}");
    expect(state, json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_cancelled_is_given_back, begin),
        cmocka_unit_test_setup(cancelling_twice_is_cancelling_once, begin),
        cmocka_unit_test_setup(of_many_who_cancel_at_once_one_does, begin),
        cmocka_unit_test_setup(what_waits_for_its_payment_can_be_cancelled, begin),
        cmocka_unit_test_setup(what_is_not_paid_in_time_is_cancelled, begin),
        cmocka_unit_test_setup(what_was_cancelled_meanwhile_does_not_lapse, begin),
        cmocka_unit_test_setup(what_was_rejected_cannot_be_cancelled, begin),
        cmocka_unit_test_setup(nobody_cancels_the_order_of_another, begin),
        cmocka_unit_test_setup(a_cancellation_that_a_crash_left_is_finished, begin),
        cmocka_unit_test_setup(what_is_being_shipped_cannot_be_cancelled, begin),
        cmocka_unit_test_setup(what_is_cancelled_is_not_shipped, begin),
        cmocka_unit_test_setup(an_order_comes_as_far_as_the_last_of_its_shipments, begin),
        cmocka_unit_test_setup(what_was_never_shipped_does_not_arrive, begin),
        cmocka_unit_test_setup(a_history_begins_with_the_order_itself, begin),
        cmocka_unit_test_setup(staff_see_the_orders_of_all, begin),
        cmocka_unit_test_setup(staff_look_for_orders_by_status_and_time, begin),
        cmocka_unit_test_setup(among_many_that_do_not_fit_the_search_goes_on, begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
