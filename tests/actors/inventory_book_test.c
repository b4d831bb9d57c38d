/* The inventory: what comes, goes and is moved, and why. */
#include "store.h"

static void adjust(void **state, const char *key, int quantity, const char *reason)
{
    as_staff(state);
    under_key(state, key);
    ask(state, "inventory.adjust",
        "{'reason': '%s', 'note': 'by hand', 'lines': [{'sku': 'mug', 'quantity': %d}]}", reason,
        quantity);
    under_key(state, NULL);
}

static void an_adjustment_changes_what_is_there_once(void **state)
{
    adjust(state, "first", 5, "found");
    adjust(state, "first", 5, "found");
    assert_int_equal(answers(state, "replayed"), 1);
    expect(state, "{'items': [{'sku': 'mug', 'location': 'main', 'on_hand': 5, 'available': 5}]}");
    adjust(state, "second", -2, "damaged");
    expect(state, "{'items': [{'on_hand': 3}]}");
    ask(state, "inventory.get", "{'sku': 'mug'}");
    expect(state,
        "{'sku': 'mug', 'on_hand': 3, 'reserved': 0, 'available': 3, 'locations': [{'location': "
        "'main', 'on_hand': 3, 'reserved': 0, 'available': 3, 'threshold': 0}]}");
}

static void every_change_is_told_with_its_reason(void **state)
{
    deliver(state, "mug", 5);
    adjust(state, "first", -2, "damaged");
    ask(state, "inventory.movements", "{'sku': 'mug'}");
    expect(state,
        "{'items': [{'location': 'main', 'quantity': -2, 'reason': 'damaged', 'who': '" STAFF
        "', 'note': 'by hand'}, {'quantity': 5, 'reason': 'received', 'reference': 'delivery of "
        "mug'}]}");
}

static void movements_come_page_by_page(void **state)
{
    adjust(state, "first", 1, "found");
    adjust(state, "second", 2, "found");
    adjust(state, "third", 3, "found");
    ask(state, "inventory.movements", "{'sku': 'mug', 'limit': 2}");
    expect(state, "{'items': [{'quantity': 3}, {'quantity': 2}]}");
    run_sql(state,
        "INSERT INTO inventory.movement (sku, location, quantity, reason)"
        " VALUES ('mug', 'main', 4, 'found')");
    ask(state, "inventory.movements", "{'sku': 'mug', 'limit': 2, 'after': '%s'}",
        told(state, "next"));
    expect(state, "{'items': [{'quantity': 1}]}");
    ask(state, "inventory.movements", "{'sku': 'mug', 'after': 'the end'}");
    expect_error(state, "invalid", "is not the `next` of a page");
}

static void what_is_held_for_orders_is_not_taken_away(void **state)
{
    deliver(state, "mug", 5);
    reserve(state, FIRST, 3);
    adjust(state, "first", -3, "lost");
    expect_error(state, "too_few", "mug: at main there are 5, of which 3 are held");
    adjust(state, "second", -2, "lost");
    expect(state, "{'items': [{'on_hand': 3, 'reserved': 3, 'available': 0}]}");
    expect_row(state, "SELECT sum(quantity) FROM inventory.movement", "3");
}

static void the_lines_of_one_product_are_added_up(void **state)
{
    as_staff(state);
    under_key(state, "first");
    ask(state, "inventory.adjust",
        "{'reason': 'counted', 'lines': [{'sku': 'mug', 'quantity': -3}, {'sku': 'mug', "
        "'quantity': 5}]}");
    expect(state, "{'items': [{'sku': 'mug', 'on_hand': 2}]}");
    expect_row(state, "SELECT count(*) FROM inventory.movement", "2");
}

static void an_adjustment_that_makes_no_sense_is_refused(void **state)
{
    adjust(state, "first", 0, "counted");
    expect_error(state, "invalid", "must not be 0");
    adjust(state, NULL, 1, "found");
    expect_error(state, "key_missing", "");
    deliver(state, "mug", 1);
    run_sql(state, "UPDATE inventory.stock SET on_hand = 1000000000");
    adjust(state, "second", 1, "found");
    expect_error(state, "too_many", "mug");
    under_key(state, "third");
    ask(state, "inventory.adjust",
        "{'location': 'cellar', 'reason': 'found', 'lines': [{'sku': 'mug', 'quantity': 1}]}");
    expect_error(state, "unknown_location", "");
}

static void customers_adjust_nothing(void **state)
{
    as_customer(state, FIRST);
    under_key(state, "first");
    ask(state, "inventory.adjust", "{'reason': 'found', 'lines': [{'sku': 'mug', 'quantity': 1}]}");
    expect_error(state, "forbidden", "");
}

static void transfer(void **state, const char *key, const char *from, const char *to, int quantity)
{
    as_staff(state);
    under_key(state, key);
    ask(state, "inventory.transfer",
        "{'from': '%s', 'to': '%s', 'lines': [{'sku': 'mug', 'quantity': %d}]}", from, to,
        quantity);
    under_key(state, NULL);
}

static void what_is_moved_is_somewhere_else(void **state)
{
    open_attic(state, 2);
    deliver(state, "mug", 5);
    reserve(state, FIRST, 2);
    transfer(state, "first", "main", "attic", 3);
    assert_int_equal(answers(state, "ok"), 1);
    ask(state, "inventory.get", "{'sku': 'mug'}");
    expect(state,
        "{'on_hand': 5, 'reserved': 2, 'available': 3, 'locations': [{'location': 'attic', "
        "'on_hand': 3, 'reserved': 0}, {'location': 'main', 'on_hand': 2, 'reserved': 2}]}");
    transfer(state, "second", "main", "attic", 1);
    expect_error(state, "too_few", "mug: at main there are 2, of which 2 are held");
    transfer(state, "third", "main", "main", 1);
    expect_error(state, "invalid", "another location");
    transfer(state, "fourth", "main", "cellar", 1);
    expect_error(state, "unknown_location", "");
    expect_row(state,
        "SELECT string_agg(location || quantity, ' ' ORDER BY id) FROM inventory.movement"
        " WHERE reason = 'transferred'",
        "main-3 attic3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_adjustment_changes_what_is_there_once, store_begin),
        cmocka_unit_test_setup(every_change_is_told_with_its_reason, store_begin),
        cmocka_unit_test_setup(movements_come_page_by_page, store_begin),
        cmocka_unit_test_setup(what_is_held_for_orders_is_not_taken_away, store_begin),
        cmocka_unit_test_setup(the_lines_of_one_product_are_added_up, store_begin),
        cmocka_unit_test_setup(an_adjustment_that_makes_no_sense_is_refused, store_begin),
        cmocka_unit_test_setup(customers_adjust_nothing, store_begin),
        cmocka_unit_test_setup(what_is_moved_is_somewhere_else, store_begin),
    };
    return cmocka_run_group_tests(tests, store_open, conversation_close);
}
