/* What comes back: of what has arrived, and of what has not. */
#include "parcels.h"

/* Three mugs and a plate have arrived, a mug in the attic waits to be packed. */
static int begin(void **state)
{
    parcels_begin(state);
    plan(state);
    const char *id = shipment_at(state, "main");
    to(state, "fulfilment.ship", id);
    to(state, "fulfilment.deliver", id);
    it_is_the_callers_own(state);
    given(state, "inventory.location",
        "{'code': 'main', 'name': 'Main', 'priority': 1, 'active': true, 'version': 1}");
    return 0;
}

#define MUGS(quantity) "{'sku': 'mug', 'quantity': " quantity "}"

static const char *send_back(void **state, const char *key, const char *lines)
{
    as_customer(state, ALICE);
    under_key(state, key);
    ask(state, "fulfilment.request_return",
        "{'id': '" ORDER "', 'reason': 'damaged', 'lines': [%s]}", lines);
    under_key(state, NULL);
    return row(state, "SELECT coalesce(max(id::text), '') FROM fulfilment.order_return");
}

static void inspect(void **state, const char *id, const char *lines)
{
    as_staff(state);
    ask(state, "fulfilment.inspect_return", "{'id': '%s', 'lines': [%s]}", id, lines);
}

static void receive(void **state, const char *id)
{
    as_staff(state);
    ask(state, "fulfilment.receive_return", "{'id': '%s', 'location': 'main'}", id);
    expect(state, "{'status': 'received', 'location': 'main'}");
}

static void what_is_good_is_put_in_stock_again(void **state)
{
    const char *id = send_back(state, "first", MUGS("2"));
    expect(state, "{'status': 'requested', 'reason': 'damaged', 'version': 1}");
    receive(state, id);
    for (int i = 0; i < 2; i++)
        inspect(state, id, "{'sku': 'mug', 'restocked': 1, 'written_off': 1}");
    expect(state, "{'status': 'inspected'}");
    assert_int_equal(asked(state, "inventory.receive"), 1);
    ask(state, "fulfilment.get_return", "{'id': '%s'}", id);
    expect(state,
        "{'status': 'inspected', 'lines': [{'sku': 'mug', 'quantity': 2, 'restocked': 1,"
        " 'written_off': 1}]}");
    expect_row(state,
        "SELECT format('%s %s', body ->> 'lines', body ->> 'complete') FROM fulfilment.told"
        " WHERE topic = 'fulfilment.returned'",
        "[{\"sku\": \"mug\", \"quantity\": 2}] false");
}

static void what_is_not_good_is_not(void **state)
{
    const char *id = send_back(state, "first", MUGS("1"));
    receive(state, id);
    inspect(state, id, "{'sku': 'mug', 'restocked': 0, 'written_off': 1}");
    expect(state, "{'status': 'inspected'}");
    assert_int_equal(asked(state, "inventory.receive"), 0);
}

static void no_more_comes_back_than_has_arrived(void **state)
{
    send_back(state, "first", MUGS("2"));
    send_back(state, "second", MUGS("2"));
    expect_error(state, "not_returnable", "mug: 1 can come back");
    send_back(state, "third", MUGS("1") "," MUGS("1"));
    expect_error(state, "not_returnable", "mug: 0 can come back");
    send_back(state, "fourth", "{'sku': 'lamp', 'quantity': 1}");
    expect_error(state, "not_returnable", "lamp: none has arrived");
    send_back(state, "fifth", MUGS("1"));
    expect(state, "{'lines': [{'sku': 'mug', 'quantity': 1}]}");
}

static void there_is_an_end_to_it(void **state)
{
    run_sql(state,
        "INSERT INTO fulfilment.order_return (id, order_id, status, reason)"
        " SELECT gen_random_uuid(), '" ORDER "', 'cancelled', 'other'"
        " FROM generate_series(1, 1000)");
    send_back(state, "first", MUGS("1"));
    expect_error(state, "too_many", "1,000");
}

static void under_one_key_it_comes_back_once(void **state)
{
    send_back(state, "first", MUGS("1"));
    send_back(state, "first", MUGS("1"));
    assert_int_equal(answers(state, "replayed"), 1);
    expect_row(state, "SELECT count(*) FROM fulfilment.order_return", "1");
}

static void what_the_customer_keeps_can_come_back_later(void **state)
{
    const char *id = send_back(state, "first", MUGS("3"));
    ask(state, "fulfilment.cancel_return", "{'id': '%s'}", id);
    expect(state, "{'status': 'cancelled'}");
    id = send_back(state, "second", MUGS("3"));
    receive(state, id);
    as_customer(state, ALICE);
    ask(state, "fulfilment.cancel_return", "{'id': '%s'}", id);
    expect_error(state, "wrong_status", "it is received");
    inspect(state, id, "{'sku': 'mug', 'restocked': 1, 'written_off': 0}");
    send_back(state, "third", MUGS("2"));
    expect(state, "{'status': 'requested'}");
}

static void strangers_see_none_of_it(void **state)
{
    const char *id = send_back(state, "first", MUGS("1"));
    as_customer(state, BOB);
    ask(state, "fulfilment.get_return", "{'id': '%s'}", id);
    expect_error(state, "no_such_return", "");
    ask(state, "fulfilment.cancel_return", "{'id': '%s'}", id);
    expect_error(state, "no_such_return", "");
    given_error(state, "order.get", "no_such_order", "no");
    ask(state, "fulfilment.returns_of_order", "{'id': '" ORDER "'}");
    expect_error(state, "no_such_order", "");
    under_key(state, "k");
    ask(state, "fulfilment.request_return",
        "{'id': '" ORDER "', 'reason': 'other', 'lines': [" MUGS("1") "]}");
    expect_error(state, "no_such_order", "");
}

static void who_owns_it_sees_all_that_comes_back(void **state)
{
    send_back(state, "first", MUGS("1"));
    ask(state, "fulfilment.returns_of_order", "{'id': '" ORDER "'}");
    expect(state, "{'items': [{'reason': 'damaged', 'lines': [{'sku': 'mug', 'quantity': 1}]}]}");
    as_staff(state);
    ask(state, "fulfilment.list_returns", "{}");
    expect(state, "{'items': [{'status': 'requested'}], 'next': null}");
}

static void no_more_is_found_than_was_to_come_back(void **state)
{
    const char *id = send_back(state, "first", MUGS("1"));
    inspect(state, id, "{'sku': 'mug', 'restocked': 1, 'written_off': 0}");
    expect_error(state, "wrong_status", "it is requested");
    receive(state, id);
    inspect(state, id, "{'sku': 'mug', 'restocked': 1, 'written_off': 1}");
    expect_error(state, "not_in_return", "mug: 1 were to come back");
    inspect(state, id, "{'sku': 'lamp', 'restocked': 1, 'written_off': 0}");
    expect_error(state, "not_in_return", "lamp: 0 were to come back");
    assert_int_equal(asked(state, "inventory.receive"), 0);
}

static void nothing_is_received_where_nothing_can_lie(void **state)
{
    const char *id = send_back(state, "first", MUGS("1"));
    given_error(state, "inventory.location", "no_such_location", "no");
    as_staff(state);
    ask(state, "fulfilment.receive_return", "{'id': '%s', 'location': 'moon'}", id);
    expect_error(state, "no_such_location", "");
    expect_row(state, "SELECT status FROM fulfilment.order_return", "requested");
}

static void an_inspection_that_a_crash_left_is_finished_as_it_was_found(void **state)
{
    send_back(state, "first", MUGS("2"));
    run_sql(state,
        "UPDATE fulfilment.return_line SET restocked = 2;"
        " UPDATE fulfilment.order_return SET status = 'inspecting', location = 'main',"
        " touched_at = now() - interval '1 hour'");
    expect_row_soon(state, "SELECT status FROM fulfilment.order_return", "inspected");
    assert_int_equal(asked(state, "inventory.receive"), 1);
}

static void when_all_has_come_back_it_is_said(void **state)
{
    hear_cancelled(state, ORDER); /* what is in the attic never leaves */
    const char *id = send_back(state, "first", MUGS("3") ",{'sku': 'plate', 'quantity': 1}");
    receive(state, id);
    inspect(state, id,
        "{'sku': 'mug', 'restocked': 3, 'written_off': 0},"
        " {'sku': 'plate', 'restocked': 0, 'written_off': 1}");
    expect_row(state,
        "SELECT body ->> 'complete' FROM fulfilment.told WHERE topic = 'fulfilment.returned'",
        "true");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_good_is_put_in_stock_again, begin),
        cmocka_unit_test_setup(what_is_not_good_is_not, begin),
        cmocka_unit_test_setup(no_more_comes_back_than_has_arrived, begin),
        cmocka_unit_test_setup(there_is_an_end_to_it, begin),
        cmocka_unit_test_setup(under_one_key_it_comes_back_once, begin),
        cmocka_unit_test_setup(what_the_customer_keeps_can_come_back_later, begin),
        cmocka_unit_test_setup(strangers_see_none_of_it, begin),
        cmocka_unit_test_setup(who_owns_it_sees_all_that_comes_back, begin),
        cmocka_unit_test_setup(no_more_is_found_than_was_to_come_back, begin),
        cmocka_unit_test_setup(nothing_is_received_where_nothing_can_lie, begin),
        cmocka_unit_test_setup(an_inspection_that_a_crash_left_is_finished_as_it_was_found, begin),
        cmocka_unit_test_setup(when_all_has_come_back_it_is_said, begin),
    };
    return cmocka_run_group_tests(tests, parcels_open, conversation_close);
}
