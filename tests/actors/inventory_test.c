/* The inventory: who gets what is left. */
#include <stdio.h>

#include "store.h"

static void expect_available(void **state, int available)
{
    char json[100];
    ask(state, "inventory.check", "{'sku': ['mug']}");
    snprintf(json, sizeof json, "{'items': [{'sku': 'mug', 'available': %d}]}", available);
    expect(state, json);
}

static void a_delivery_is_booked_once(void **state)
{
    deliver(state, "mug", 5);
    deliver(state, "mug", 5);
    expect_available(state, 5);
    expect_row(state, "SELECT sum(quantity) FROM inventory.movement", "5");
}

static void a_product_that_was_never_there_is_left_out(void **state)
{
    deliver(state, "mug", 5);
    ask(state, "inventory.check", "{'sku': ['cup', 'mug']}");
    expect(state, "{'items': [{'sku': 'mug', 'available': 5}]}");
}

static void the_last_unit_goes_to_the_first_who_asks(void **state)
{
    deliver(state, "mug", 1);
    reserve(state, FIRST, 1);
    expect(state, "{}");
    reserve(state, SECOND, 1);
    expect_error(state, "out_of_stock", "mug: 0 left");
    expect_row(state, "SELECT count(*) FROM inventory.reservation", "1");
}

static void an_order_gets_all_of_its_lines_or_none(void **state)
{
    deliver(state, "mug", 5);
    deliver(state, "cup", 1);
    ask(state, "inventory.reserve",
        "{'order_id': '" FIRST
        "', 'lines': [{'sku': 'mug', 'quantity': 2}, {'sku': 'cup', 'quantity': 2}]}");
    expect_error(state, "out_of_stock", "cup: 1 left");
    expect_available(state, 5);
}

static void two_lines_of_one_product_are_added_up(void **state)
{
    static const char two[] =
        "{'order_id': '" FIRST
        "', 'lines': [{'sku': 'mug', 'quantity': 3}, {'sku': 'mug', 'quantity': 3}]}";
    deliver(state, "mug", 5);
    ask(state, "inventory.reserve", "%s", two);
    expect_error(state, "out_of_stock", "mug: 5 left");
    ask(state, "inventory.receive",
        "{'key': 'one more', 'lines': [{'sku': 'mug', 'quantity': 1}]}");
    ask(state, "inventory.reserve", "%s", two);
    expect(state, "{}");
    expect_available(state, 0);
}

static void an_order_that_asks_twice_is_served_once(void **state)
{
    deliver(state, "mug", 5);
    reserve(state, FIRST, 2);
    reserve(state, FIRST, 2);
    expect(state, "{}");
    expect_available(state, 3);
}

static void an_order_that_asks_often_at_once_is_served_once(void **state)
{
    deliver(state, "mug", 50);
    ask_often(state, 40, "inventory.reserve",
        "{'order_id': '" FIRST "', 'lines': [{'sku': 'mug', 'quantity': 2}]}");
    assert_true(answers(state, "ok") >= 1);
    assert_int_equal(answers(state, "ok") + answers(state, "busy"), 40);
    expect_available(state, 48);
}

static void what_is_released_can_be_had_again(void **state)
{
    deliver(state, "mug", 2);
    reserve(state, FIRST, 2);
    ask(state, "inventory.release", "{'order_id': '" FIRST "'}");
    ask(state, "inventory.release", "{'order_id': '" FIRST "'}");
    expect(state, "{}");
    expect_available(state, 2);
}

static void a_reservation_that_comes_after_its_release_is_refused(void **state)
{
    deliver(state, "mug", 2);
    ask(state, "inventory.release", "{'order_id': '" FIRST "'}");
    expect(state, "{}");
    reserve(state, FIRST, 1);
    expect_error(state, "reservation_gone", "released");
    expect_available(state, 2);
}

static void a_reservation_with_a_time_runs_out(void **state)
{
    deliver(state, "mug", 2);
    ask(state, "inventory.reserve",
        "{'order_id': '" FIRST "', 'lines': [{'sku': 'mug', 'quantity': 2}], 'ttl_s': 1}");
    expect(state, "{}");
    expect_row_soon(state, "SELECT reserved FROM inventory.stock", "0");
    reserve(state, FIRST, 2);
    expect_error(state, "reservation_gone", "expired");
}

static void a_reservation_can_be_told_to_run_out(void **state)
{
    deliver(state, "mug", 2);
    reserve(state, FIRST, 2);
    ask(state, "inventory.expire", "{'order_id': '" FIRST "', 'in_s': 1}");
    expect(state, "{}");
    expect_row_soon(state, "SELECT status FROM inventory.reservation", "expired");
    expect_available(state, 2);
}

static void what_is_not_reserved_cannot_run_out(void **state)
{
    ask(state, "inventory.expire", "{'order_id': '" FIRST "', 'in_s': 1}");
    expect_error(state, "reservation_gone", "");
}

static void what_was_to_run_out_can_be_kept(void **state)
{
    deliver(state, "mug", 2);
    reserve(state, FIRST, 2);
    ask(state, "inventory.expire", "{'order_id': '" FIRST "', 'in_s': 60}");
    ask(state, "inventory.keep", "{'order_id': '" FIRST "'}");
    expect(state, "{'held': true}");
    expect_row(state, "SELECT count(expires_at) FROM inventory.reservation", "0");
    ask(state, "inventory.release", "{'order_id': '" FIRST "'}");
    ask(state, "inventory.keep", "{'order_id': '" FIRST "'}");
    expect(state, "{'held': false}");
    expect_row(state, "SELECT status FROM inventory.reservation", "released");
}

static void everybody_sees_no_more_than_is_told(void **state)
{
    deliver(state, "mug", 998);
    deliver(state, "cup", 1001);
    ask(state, "inventory.show", "{'sku': ['mug', 'cup']}");
    expect(state,
        "{'items': [{'sku': 'mug', 'available': 998}, {'sku': 'cup', 'available': 999}]}");
}

static void nobody_learns_more_from_asking_for_too_much(void **state)
{
    deliver(state, "cup", 1001);
    ask(state, "inventory.reserve",
        "{'order_id': '" FIRST "', 'lines': [{'sku': 'cup', 'quantity': 999},"
        " {'sku': 'cup', 'quantity': 3}]}");
    expect_error(state, "out_of_stock", "cup: fewer are left");
}

static void all_active_locations_are_added_up(void **state)
{
    open_attic(state, 2);
    deliver(state, "mug", 5);
    deliver_to(state, "attic", "mug", 2);
    expect_available(state, 7);
    ask(state, "inventory.revise_location",
        "{'code': 'attic', 'name': 'Attic', 'priority': 2, 'active': false}");
    expect(state, "{'active': false, 'version': 2}");
    expect_available(state, 5);
    reserve(state, FIRST, 6);
    expect_error(state, "out_of_stock", "mug: 5 left");
}

static void nothing_is_delivered_to_nowhere(void **state)
{
    ask(state, "inventory.receive",
        "{'key': 'd', 'location': 'cellar', 'lines': [{'sku': 'mug', 'quantity': 1}]}");
    expect_error(state, "unknown_location", "");
    expect_row(state, "SELECT count(*) FROM inventory.movement", "0");
}

static void an_order_is_served_from_the_location_that_comes_first(void **state)
{
    open_attic(state, 0);
    deliver(state, "mug", 5);
    deliver_to(state, "attic", "mug", 2);
    reserve(state, FIRST, 2);
    expect_row(state, "SELECT locations FROM inventory.reservation", "{attic}");
    reserve(state, SECOND, 1);
    expect_row(state, "SELECT locations FROM inventory.reservation WHERE order_id = '" SECOND "'",
        "{main}");
}

static void what_no_location_has_alone_comes_from_several(void **state)
{
    open_attic(state, 2);
    deliver(state, "mug", 5);
    deliver_to(state, "attic", "mug", 2);
    reserve(state, FIRST, 6);
    expect(state, "{}");
    expect_row(state, "SELECT locations || quantities::text[] FROM inventory.reservation",
        "{main,attic,5,1}");
    expect_available(state, 1);
    ask(state, "inventory.release", "{'order_id': '" FIRST "'}");
    expect(state, "{}");
    expect_available(state, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_delivery_is_booked_once, store_begin),
        cmocka_unit_test_setup(a_product_that_was_never_there_is_left_out, store_begin),
        cmocka_unit_test_setup(the_last_unit_goes_to_the_first_who_asks, store_begin),
        cmocka_unit_test_setup(an_order_gets_all_of_its_lines_or_none, store_begin),
        cmocka_unit_test_setup(two_lines_of_one_product_are_added_up, store_begin),
        cmocka_unit_test_setup(an_order_that_asks_twice_is_served_once, store_begin),
        cmocka_unit_test_setup(an_order_that_asks_often_at_once_is_served_once, store_begin),
        cmocka_unit_test_setup(what_is_released_can_be_had_again, store_begin),
        cmocka_unit_test_setup(a_reservation_that_comes_after_its_release_is_refused, store_begin),
        cmocka_unit_test_setup(a_reservation_with_a_time_runs_out, store_begin),
        cmocka_unit_test_setup(a_reservation_can_be_told_to_run_out, store_begin),
        cmocka_unit_test_setup(what_is_not_reserved_cannot_run_out, store_begin),
        cmocka_unit_test_setup(what_was_to_run_out_can_be_kept, store_begin),
        cmocka_unit_test_setup(everybody_sees_no_more_than_is_told, store_begin),
        cmocka_unit_test_setup(nobody_learns_more_from_asking_for_too_much, store_begin),
        cmocka_unit_test_setup(all_active_locations_are_added_up, store_begin),
        cmocka_unit_test_setup(nothing_is_delivered_to_nowhere, store_begin),
        cmocka_unit_test_setup(an_order_is_served_from_the_location_that_comes_first, store_begin),
        cmocka_unit_test_setup(what_no_location_has_alone_comes_from_several, store_begin),
    };
    return cmocka_run_group_tests(tests, store_open, conversation_close);
}
