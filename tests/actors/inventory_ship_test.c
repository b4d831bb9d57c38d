/* The inventory: what leaves for orders. */
#include "store.h"

static void leave(void **state, const char *more)
{
    ask(state, "inventory.commit", "{'order_id': '" FIRST "'%s}", more);
}

static void expect_mugs(void **state, const char *there, const char *held)
{
    expect_row(state, "SELECT sum(on_hand) FROM inventory.stock WHERE sku = 'mug'", there);
    expect_row(state, "SELECT sum(reserved) FROM inventory.stock WHERE sku = 'mug'", held);
}

static void what_was_held_leaves_once(void **state)
{
    deliver(state, "mug", 5);
    reserve(state, FIRST, 2);
    leave(state, "");
    leave(state, "");
    expect(state, "{}");
    expect_mugs(state, "3", "0");
    expect_row(state, "SELECT status FROM inventory.reservation", "shipped");
    expect_row(state,
        "SELECT format('%s %s %s', location, quantity, reference) FROM inventory.movement"
        " WHERE reason = 'shipped'",
        "main -2 " FIRST);
}

static void it_may_leave_piece_by_piece(void **state)
{
    deliver(state, "mug", 5);
    reserve(state, FIRST, 3);
    leave(state, ", 'key': 'a', 'lines': [{'sku': 'mug', 'quantity': 1}]");
    leave(state, ", 'key': 'a', 'lines': [{'sku': 'mug', 'quantity': 1}]");
    expect(state, "{}");
    expect_mugs(state, "4", "2");
    expect_row(state, "SELECT status FROM inventory.reservation", "live");
    leave(state, ", 'key': 'b', 'lines': [{'sku': 'mug', 'quantity': 3}]");
    expect_error(state, "not_held", "mug: 2 are held");
    leave(state, "");
    expect(state, "{}");
    expect_mugs(state, "2", "0");
    expect_row(state, "SELECT status FROM inventory.reservation", "shipped");
}

static void it_leaves_from_where_it_is_held(void **state)
{
    open_attic(state, 2);
    deliver(state, "mug", 2);
    deliver_to(state, "attic", "mug", 2);
    reserve(state, FIRST, 3);
    leave(state, ", 'key': 'a', 'lines': [{'sku': 'mug', 'quantity': 3}]");
    expect(state, "{}");
    expect_row(state,
        "SELECT string_agg(location || on_hand || reserved, ' ' ORDER BY location)"
        " FROM inventory.stock",
        "attic10 main00");
    expect_row(state, "SELECT status FROM inventory.reservation", "shipped");
}

static void it_leaves_from_the_location_that_is_named(void **state)
{
    open_attic(state, 2);
    deliver(state, "mug", 2);
    deliver_to(state, "attic", "mug", 2);
    reserve(state, FIRST, 3);
    ask(state, "inventory.allocation", "{'order_id': '" FIRST "'}");
    expect(state,
        "{'status': 'live', 'lines': [{'sku': 'mug', 'location': 'main', 'quantity': 2, 'shipped': "
        "0},"
        " {'sku': 'mug', 'location': 'attic', 'quantity': 1, 'shipped': 0}]}");
    leave(state, ", 'key': 'a', 'lines': [{'sku': 'mug', 'location': 'attic', 'quantity': 1}]");
    expect(state, "{}");
    leave(state, ", 'key': 'b', 'lines': [{'sku': 'mug', 'location': 'attic', 'quantity': 1}]");
    expect_error(state, "not_held", "mug: 0 are held");
    ask(state, "inventory.allocation", "{'order_id': '" FIRST "'}");
    expect(state,
        "{'lines': [{'location': 'main', 'shipped': 0}, {'location': 'attic', 'shipped': 1}]}");
    ask(state, "inventory.allocation", "{'order_id': '" SECOND "'}");
    expect(state, "{'status': null, 'lines': []}");
}

static void what_did_not_leave_is_free_again(void **state)
{
    deliver(state, "mug", 5);
    reserve(state, FIRST, 3);
    leave(state, ", 'key': 'a', 'lines': [{'sku': 'mug', 'quantity': 1}]");
    ask(state, "inventory.release", "{'order_id': '" FIRST "'}");
    expect(state, "{}");
    expect_mugs(state, "4", "0");
    leave(state, "");
    expect_error(state, "reservation_gone", "released");
}

static void what_left_is_not_given_back(void **state)
{
    deliver(state, "mug", 5);
    reserve(state, FIRST, 3);
    leave(state, "");
    ask(state, "inventory.release", "{'order_id': '" FIRST "'}");
    expect(state, "{}");
    expect_mugs(state, "2", "0");
}

static void nothing_leaves_that_is_not_held(void **state)
{
    deliver(state, "mug", 5);
    leave(state, "");
    expect_error(state, "reservation_gone", "nothing is held");
    reserve(state, FIRST, 3);
    leave(state, ", 'key': 'a', 'lines': [{'sku': 'cup', 'quantity': 1}]");
    expect_error(state, "not_held", "cup: 0 are held");
    expect_mugs(state, "5", "3");
    expect_row(state, "SELECT count(*) FROM inventory.shipment", "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_was_held_leaves_once, store_begin),
        cmocka_unit_test_setup(it_may_leave_piece_by_piece, store_begin),
        cmocka_unit_test_setup(it_leaves_from_where_it_is_held, store_begin),
        cmocka_unit_test_setup(it_leaves_from_the_location_that_is_named, store_begin),
        cmocka_unit_test_setup(what_did_not_leave_is_free_again, store_begin),
        cmocka_unit_test_setup(what_left_is_not_given_back, store_begin),
        cmocka_unit_test_setup(nothing_leaves_that_is_not_held, store_begin),
    };
    return cmocka_run_group_tests(tests, store_open, conversation_close);
}
