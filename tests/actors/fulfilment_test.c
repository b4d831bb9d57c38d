/* Shipments, from an order that is confirmed to the door. */
#include "parcels.h"

static void an_order_leaves_from_where_its_goods_lie(void **state)
{
    plan(state);
    expect_row(state,
        "SELECT string_agg(format('%s %s %s', location, sku, quantity), ', ' ORDER BY location, "
        "sku)"
        " FROM fulfilment.shipment JOIN fulfilment.shipment_line ON shipment_id = id",
        "attic mug 1, main mug 3, main plate 1");
    expect_row(state, "SELECT count(*) FROM fulfilment.told WHERE topic = 'fulfilment.created'",
        "2");
    expect_row(state, "SELECT status FROM fulfilment.job", "planned");
}

static void what_is_told_twice_is_planned_once(void **state)
{
    plan(state);
    hear_confirmed(state, ORDER);
    ask(state, "fulfilment.plan", "{'order_id': '" ORDER "'}");
    expect(state, "{}");
    expect_row(state, SHIPMENTS, "attic:pending main:pending");
}

static void what_has_left_before_is_not_packed(void **state)
{
    given(state, "inventory.allocation",
        "{'status': 'shipped', 'lines': [{'sku': 'mug', 'location': 'main', 'quantity': 1,"
        " 'shipped': 1}]}");
    hear_confirmed(state, ORDER);
    expect_row_soon(state, "SELECT status FROM fulfilment.job", "closed");
    expect_row(state, SHIPMENTS, "");
}

static void while_the_stock_does_not_answer_the_order_waits(void **state)
{
    given_error(state, "inventory.allocation", "unavailable", "away");
    hear_confirmed(state, ORDER);
    expect_row_soon(state, "SELECT due_at > now() FROM fulfilment.job", "t");
    held(state, AT("main", "mug", "1"));
    expect_row_soon(state, SHIPMENTS, "main:pending");
}

static void a_cancelled_order_stays_in_the_house(void **state)
{
    plan(state);
    hear_cancelled(state, ORDER);
    expect_row(state, SHIPMENTS, "attic:cancelled main:cancelled");
    expect_row(state, "SELECT status FROM fulfilment.job", "cancelled");
    expect_row(state, "SELECT count(*) FROM fulfilment.told WHERE topic = 'fulfilment.cancelled'",
        "2");
    to(state, "fulfilment.ship", shipment_at(state, "main"));
    expect_error(state, "wrong_status", "it is cancelled");
    assert_int_equal(asked(state, "order.ship"), 0);
}

static void a_shipment_is_picked_packed_shipped_and_delivered(void **state)
{
    plan(state);
    const char *id = shipment_at(state, "main");
    to(state, "fulfilment.pick", id);
    expect(state, "{'status': 'picking', 'version': 2}");
    ask(state, "fulfilment.pack",
        "{'id': '%s', 'carrier': 'Swift', 'tracking_number': 'SW1', 'version': 2}", id);
    expect(state, "{'status': 'packed', 'version': 3}");
    to(state, "fulfilment.ship", id);
    expect(state, "{'status': 'shipped'}");
    to(state, "fulfilment.deliver", id);
    expect(state, "{'status': 'delivered'}");
    to(state, "fulfilment.get", id);
    expect(state,
        "{'status': 'delivered', 'carrier': 'Swift', 'tracking_number': 'SW1', 'location': 'main',"
        " 'lines': [{'sku': 'mug', 'quantity': 3}, {'sku': 'plate', 'quantity': 1}],"
        " 'history': [{'status': 'pending', 'who': 'fulfilment'}, {'status': 'picking',"
        " 'who': '" STAFF "'}, {'status': 'packed'}, {'status': 'shipped'},"
        " {'status': 'delivered'}]}");
    assert_int_equal(asked(state, "inventory.commit"), 1);
    expect_row(state, "SELECT count(*) FROM fulfilment.departure", "0");
}

static void what_is_done_twice_is_done_once(void **state)
{
    plan(state);
    const char *id = shipment_at(state, "main");
    for (int i = 0; i < 2; i++)
        to(state, "fulfilment.pick", id);
    expect(state, "{'status': 'picking', 'version': 2}");
    for (int i = 0; i < 2; i++)
        to(state, "fulfilment.ship", id);
    expect(state, "{'status': 'shipped'}");
    for (int i = 0; i < 2; i++)
        to(state, "fulfilment.deliver", id);
    expect(state, "{'status': 'delivered'}");
    to(state, "fulfilment.ship", id);
    expect(state, "{'status': 'delivered'}");
    assert_int_equal(asked(state, "inventory.commit"), 1);
    expect_row(state,
        "SELECT string_agg(topic, ' ' ORDER BY at, topic) FROM fulfilment.told"
        " WHERE topic NOT IN ('fulfilment.created', 'fulfilment.called')",
        "fulfilment.shipped fulfilment.delivered");
}

static void there_is_no_way_back(void **state)
{
    plan(state);
    const char *id = shipment_at(state, "main");
    to(state, "fulfilment.deliver", id);
    expect_error(state, "wrong_status", "it is pending");
    to(state, "fulfilment.ship", id);
    to(state, "fulfilment.pick", id);
    expect_error(state, "wrong_status", "it is shipped");
    to(state, "fulfilment.pick", ORDER);
    expect_error(state, "no_such_shipment", "");
    to(state, "fulfilment.ship", ORDER);
    expect_error(state, "no_such_shipment", "");
}

static void of_two_who_see_the_same_the_second_is_told(void **state)
{
    plan(state);
    const char *id = shipment_at(state, "main");
    to(state, "fulfilment.pick", id);
    ask(state, "fulfilment.pack", "{'id': '%s', 'version': 1}", id);
    expect_error(state, "stale", "version 2");
    ask(state, "fulfilment.ship", "{'id': '%s', 'version': 1}", id);
    expect_error(state, "stale", "version 2");
}

static void a_tracking_number_is_of_one_parcel(void **state)
{
    plan(state);
    ask(state, "fulfilment.pack", "{'id': '%s', 'tracking_number': 'SW1'}",
        shipment_at(state, "main"));
    ask(state, "fulfilment.pack", "{'id': '%s', 'tracking_number': 'SW1'}",
        shipment_at(state, "attic"));
    expect_error(state, "tracking_number_taken", "");
    ask(state, "fulfilment.ship", "{'id': '%s', 'tracking_number': 'SW1'}",
        shipment_at(state, "attic"));
    expect_error(state, "tracking_number_taken", "");
    expect_row(state, "SELECT count(*) FROM fulfilment.departure", "0");
}

static void whether_an_order_may_leave_is_said_there(void **state)
{
    plan(state);
    given_error(state, "order.ship", "not_shippable", "it is cancelling");
    to(state, "fulfilment.ship", shipment_at(state, "main"));
    expect_error(state, "not_shippable", "cancelling");
    expect_row(state, SHIPMENTS, "attic:pending main:pending");
    expect_row(state, "SELECT count(*) FROM fulfilment.departure", "0");
    assert_int_equal(asked(state, "inventory.commit"), 0);
}

static const char completes[] =
    "SELECT coalesce(string_agg(format('%s:%s', substr(topic, 12), body ->> 'complete'), ' '"
    " ORDER BY at, topic), '') FROM fulfilment.told WHERE body ? 'complete'";

static void the_last_to_leave_and_the_last_to_arrive_say_so(void **state)
{
    plan(state);
    const char *main = shipment_at(state, "main"), *attic = shipment_at(state, "attic");
    to(state, "fulfilment.ship", main);
    to(state, "fulfilment.deliver", main);
    to(state, "fulfilment.ship", attic);
    to(state, "fulfilment.deliver", attic);
    expect_row(state, completes, "shipped:false delivered:false shipped:true delivered:true");
}

static void what_could_not_be_delivered_waits_to_be_inspected(void **state)
{
    plan(state);
    const char *main = shipment_at(state, "main"), *attic = shipment_at(state, "attic");
    to(state, "fulfilment.ship", main);
    to(state, "fulfilment.ship", attic);
    to(state, "fulfilment.deliver", main);
    to(state, "fulfilment.bring_back", attic);
    expect(state, "{'status': 'returned'}");
    expect_row(state, completes, "shipped:false shipped:true delivered:false undelivered:true");
    ask(state, "fulfilment.list_returns", "{'status': 'received'}");
    expect(state,
        "{'items': [{'reason': 'undelivered', 'location': 'attic', 'order_id': '" ORDER "',"
        " 'lines': [{'sku': 'mug', 'quantity': 1, 'restocked': 0}]}]}");
}

static void all_that_is_left_of_an_order_leaves_at_once(void **state)
{
    plan(state);
    to(state, "fulfilment.ship", shipment_at(state, "attic"));
    ask(state, "fulfilment.ship_order", "{'id': '" ORDER "'}");
    expect(state, "{'id': '" ORDER "', 'status': 'shipped'}");
    ask(state, "fulfilment.ship_order", "{'id': '" ORDER "'}");
    expect(state, "{'status': 'shipped'}");
    expect_row(state, SHIPMENTS, "attic:shipped main:shipped");
    assert_int_equal(asked(state, "inventory.commit"), 2);
}

/* The event may still be on its way. */
static void an_order_that_is_not_known_yet_is_planned_and_leaves(void **state)
{
    ask(state, "fulfilment.ship_order", "{'id': '" ORDER "'}");
    expect(state, "{'status': 'shipped'}");
    expect_row(state, SHIPMENTS, "attic:shipped main:shipped");
    hear_confirmed(state, ORDER);
    expect_row(state, "SELECT status FROM fulfilment.job", "planned");
    assert_int_equal(asked(state, "inventory.commit"), 1);
}

static void of_many_who_ship_an_order_at_once_one_does(void **state)
{
    plan(state);
    ask_often(state, 5, "fulfilment.ship_order", "{'id': '" ORDER "'}");
    assert_int_equal(answers(state, "ok") + answers(state, "leaving_already"), 5);
    assert_true(answers(state, "ok") >= 1);
    assert_int_equal(asked(state, "inventory.commit"), 1);
    expect_row(state, "SELECT count(*) FROM fulfilment.told WHERE topic = 'fulfilment.shipped'",
        "2");
}

static void what_a_crash_left_on_its_way_out_leaves(void **state)
{
    plan(state);
    run_sql(state,
        "WITH gone AS (INSERT INTO fulfilment.departure (id, order_id, key, outcome, who,"
        " touched_at) VALUES ('" OTHER_ORDER "', '" ORDER "', 'k', 'shipped', 'x',"
        " now() - interval '1 hour'))"
        " UPDATE fulfilment.shipment SET departure_id = '" OTHER_ORDER "' WHERE location = 'main'");
    expect_row_soon(state, SHIPMENTS, "attic:pending main:shipped");
    assert_int_equal(asked(state, "inventory.commit"), 1);
    assert_int_equal(asked(state, "order.ship"), 0);
    expect_row(state, "SELECT count(*) FROM fulfilment.departure", "0");
}

static void while_it_is_leaving_nobody_touches_it(void **state)
{
    plan(state);
    const char *id = shipment_at(state, "main");
    run_sql(state,
        "WITH gone AS (INSERT INTO fulfilment.departure (id, order_id, key, outcome, who,"
        " touched_at) VALUES ('" OTHER_ORDER "', '" ORDER "', 'k', 'shipped', 'x',"
        " now() + interval '1 hour'))"
        " UPDATE fulfilment.shipment SET departure_id = '" OTHER_ORDER "' WHERE location = 'main'");
    to(state, "fulfilment.pick", id);
    expect_error(state, "leaving_already", "");
    under_key(state, "split");
    ask(state, "fulfilment.split", "{'id': '%s', 'lines': [{'sku': 'mug', 'quantity': 1}]}", id);
    expect_error(state, "leaving_already", "");
}

static void some_of_a_shipment_leaves_by_itself(void **state)
{
    plan(state);
    const char *id = shipment_at(state, "main");
    under_key(state, "split");
    for (int i = 0; i < 2; i++)
        ask(state, "fulfilment.split",
            "{'id': '%s', 'lines': [{'sku': 'mug', 'quantity': 2},"
            " {'sku': 'plate', 'quantity': 1}]}",
            id);
    expect(state,
        "{'status': 'pending', 'location': 'main',"
        " 'lines': [{'sku': 'mug', 'quantity': 2}, {'sku': 'plate', 'quantity': 1}]}");
    under_key(state, NULL);
    to(state, "fulfilment.get", id);
    expect(state, "{'version': 2, 'lines': [{'sku': 'mug', 'quantity': 1}]}");
    expect_row(state, SHIPMENTS, "attic:pending main:pending main:pending");
}

static void something_must_be_left_of_a_shipment(void **state)
{
    plan(state);
    under_key(state, "split");
    ask(state, "fulfilment.split", "{'id': '%s', 'lines': [{'sku': 'mug', 'quantity': 1}]}",
        shipment_at(state, "attic"));
    expect_error(state, "not_in_shipment", "nothing would be left");
    ask(state, "fulfilment.split", "{'id': '%s', 'lines': [{'sku': 'mug', 'quantity': 4}]}",
        shipment_at(state, "main"));
    expect_error(state, "not_in_shipment", "mug: 3 are in it");
    ask(state, "fulfilment.split",
        "{'id': '%s', 'lines': [{'sku': 'mug', 'quantity': 2}, {'sku': 'mug', 'quantity': 2}]}",
        shipment_at(state, "main"));
    expect_error(state, "not_in_shipment", "mug: 1 are in it");
    to(state, "fulfilment.pack", shipment_at(state, "main"));
    ask(state, "fulfilment.split", "{'id': '%s', 'lines': [{'sku': 'mug', 'quantity': 1}]}",
        shipment_at(state, "main"));
    expect_error(state, "wrong_status", "it is packed");
}

static void staff_work_through_what_is_to_be_packed(void **state)
{
    plan(state);
    to(state, "fulfilment.pick", shipment_at(state, "main"));
    ask(state, "fulfilment.list", "{}");
    expect(state,
        "{'items': [{'location': 'attic', 'status': 'pending',"
        " 'lines': [{'sku': 'mug', 'quantity': 1}]}], 'next': null}");
    ask(state, "fulfilment.list", "{'location': 'main'}");
    expect(state, "{'items': []}");
    ask(state, "fulfilment.list", "{'location': 'main', 'status': 'picking'}");
    expect(state, "{'items': [{'location': 'main'}]}");
}

static void long_lists_come_in_pages(void **state)
{
    held(state, AT("main", "mug", "1"));
    hear_confirmed(state, ORDER);
    hear_confirmed(state, OTHER_ORDER);
    expect_row_soon(state, SHIPMENTS, "main:pending main:pending");
    ask(state, "fulfilment.list", "{'limit': 1}");
    char after[60];
    snprintf(after, sizeof after, "%s", told(state, "next"));
    assert_string_equal(told_first(state, "id"), after);
    ask(state, "fulfilment.list", "{'limit': 1, 'after': '%s'}", after);
    expect(state, "{'next': null}");
    assert_string_not_equal(told_first(state, "id"), after);
}

static void customers_see_the_parcels_of_their_own_orders(void **state)
{
    plan(state);
    as_customer(state, ALICE);
    it_is_the_callers_own(state);
    ask(state, "fulfilment.of_order", "{'id': '" ORDER "'}");
    expect(state,
        "{'items': [{'status': 'pending', 'lines': [{'sku': 'mug', 'quantity': 3},"
        " {'sku': 'plate', 'quantity': 1}]}, {'lines': [{'sku': 'mug', 'quantity': 1}]}]}");
    given_error(state, "order.get", "no_such_order", "no");
    ask(state, "fulfilment.of_order", "{'id': '" ORDER "'}");
    expect_error(state, "no_such_order", "");
    ask(state, "fulfilment.list", "{}");
    expect_error(state, "forbidden", "staff");
}

static void guests_see_them_by_their_address(void **state)
{
    plan(state);
    as_customer(state, NULL);
    given_error(state, "order.track", "no_such_order", "no");
    ask(state, "fulfilment.track", "{'id': '" ORDER "', 'email': 'ann@example.org'}");
    expect_error(state, "no_such_order", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_order_leaves_from_where_its_goods_lie, parcels_begin),
        cmocka_unit_test_setup(what_is_told_twice_is_planned_once, parcels_begin),
        cmocka_unit_test_setup(what_has_left_before_is_not_packed, parcels_begin),
        cmocka_unit_test_setup(while_the_stock_does_not_answer_the_order_waits, parcels_begin),
        cmocka_unit_test_setup(a_cancelled_order_stays_in_the_house, parcels_begin),
        cmocka_unit_test_setup(a_shipment_is_picked_packed_shipped_and_delivered, parcels_begin),
        cmocka_unit_test_setup(what_is_done_twice_is_done_once, parcels_begin),
        cmocka_unit_test_setup(there_is_no_way_back, parcels_begin),
        cmocka_unit_test_setup(of_two_who_see_the_same_the_second_is_told, parcels_begin),
        cmocka_unit_test_setup(a_tracking_number_is_of_one_parcel, parcels_begin),
        cmocka_unit_test_setup(whether_an_order_may_leave_is_said_there, parcels_begin),
        cmocka_unit_test_setup(the_last_to_leave_and_the_last_to_arrive_say_so, parcels_begin),
        cmocka_unit_test_setup(what_could_not_be_delivered_waits_to_be_inspected, parcels_begin),
        cmocka_unit_test_setup(all_that_is_left_of_an_order_leaves_at_once, parcels_begin),
        cmocka_unit_test_setup(an_order_that_is_not_known_yet_is_planned_and_leaves, parcels_begin),
        cmocka_unit_test_setup(of_many_who_ship_an_order_at_once_one_does, parcels_begin),
        cmocka_unit_test_setup(what_a_crash_left_on_its_way_out_leaves, parcels_begin),
        cmocka_unit_test_setup(while_it_is_leaving_nobody_touches_it, parcels_begin),
        cmocka_unit_test_setup(some_of_a_shipment_leaves_by_itself, parcels_begin),
        cmocka_unit_test_setup(something_must_be_left_of_a_shipment, parcels_begin),
        cmocka_unit_test_setup(staff_work_through_what_is_to_be_packed, parcels_begin),
        cmocka_unit_test_setup(long_lists_come_in_pages, parcels_begin),
        cmocka_unit_test_setup(customers_see_the_parcels_of_their_own_orders, parcels_begin),
        cmocka_unit_test_setup(guests_see_them_by_their_address, parcels_begin),
    };
    return cmocka_run_group_tests(tests, parcels_open, conversation_close);
}
