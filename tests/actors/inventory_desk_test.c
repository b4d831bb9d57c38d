/* The inventory: what staff see of it, and where it lies. */
#include "store.h"

static void set_threshold(void **state, const char *sku, int threshold)
{
    as_staff(state);
    ask(state, "inventory.set_threshold", "{'sku': '%s', 'threshold': %d}", sku, threshold);
}

static void what_runs_low_is_told_once(void **state)
{
    deliver(state, "mug", 5);
    set_threshold(state, "mug", 4);
    expect(state, "{'sku': 'mug', 'location': 'main', 'on_hand': 5, 'threshold': 4}");
    ask(state, "inventory.low", "{}");
    expect(state, "{'items': []}");
    reserve(state, FIRST, 2);
    reserve(state, SECOND, 1);
    ask(state, "inventory.low", "{}");
    expect(state,
        "{'items': [{'sku': 'mug', 'location': 'main', 'on_hand': 5, 'reserved': 3, 'available': "
        "2, 'threshold': 4}]}");
    expect_row(state, "SELECT count(*) FROM inventory.told WHERE topic NOT LIKE '%.called'", "1");
    expect_row(state,
        "SELECT body ->> 'available' FROM inventory.told WHERE topic NOT LIKE '%.called'", "3");
}

static void what_is_there_again_does_not_run_low(void **state)
{
    deliver(state, "mug", 5);
    set_threshold(state, "mug", 6);
    expect_row(state, "SELECT count(*) FROM inventory.low_stock", "1");
    set_threshold(state, "mug", 5);
    expect_row(state, "SELECT count(*) FROM inventory.low_stock", "0");
    reserve(state, FIRST, 1);
    expect_row(state, "SELECT count(*) FROM inventory.low_stock", "1");
    ask(state, "inventory.release", "{'order_id': '" FIRST "'}");
    expect(state, "{}");
    expect_row(state, "SELECT count(*) FROM inventory.low_stock", "0");
}

static void what_runs_low_comes_page_by_page(void **state)
{
    deliver(state, "cap", 1);
    deliver(state, "cup", 1);
    deliver(state, "mug", 1);
    set_threshold(state, "cap", 2);
    set_threshold(state, "cup", 2);
    set_threshold(state, "mug", 2);
    ask(state, "inventory.low", "{'limit': 2}");
    expect(state, "{'items': [{'sku': 'cap'}, {'sku': 'cup'}], 'next': 'main:cup'}");
    ask(state, "inventory.low", "{'limit': 2, 'after': 'main:cup'}");
    expect(state, "{'items': [{'sku': 'mug'}]}");
    ask(state, "inventory.low", "{'after': 'cup'}");
    expect_error(state, "invalid", "is not the `next` of a page");
}

static void what_was_never_there_is_not_found(void **state)
{
    as_staff(state);
    ask(state, "inventory.get", "{'sku': 'mug'}");
    expect_error(state, "no_such_stock", "mug");
    set_threshold(state, "mug", 4);
    expect_error(state, "no_such_stock", "");
    ask(state, "inventory.movements", "{'sku': 'mug'}");
    expect(state, "{'items': []}");
}

static void locations_are_listed_as_they_are_taken_from(void **state)
{
    open_attic(state, 0);
    ask(state, "inventory.locations", "{}");
    expect(state, "{'items': [{'code': 'attic', 'priority': 0}, {'code': 'main', 'priority': 1}]}");
    ask(state, "inventory.location", "{'code': 'attic'}");
    expect(state, "{'name': 'Attic', 'active': true, 'version': 1}");
    ask(state, "inventory.location", "{'code': 'cellar'}");
    expect_error(state, "no_such_location", "");
}

static void a_code_is_a_location_s_own(void **state)
{
    open_attic(state, 0);
    ask(state, "inventory.open_location", "{'code': 'attic', 'name': 'Again', 'priority': 1}");
    expect_error(state, "location_taken", "");
    ask(state, "inventory.open_location", "{'code': 'an:attic', 'name': 'No', 'priority': 1}");
    expect_error(state, "invalid", "lower-case letters");
}

static void there_are_a_hundred_locations_at_the_most(void **state)
{
    run_sql(state,
        "INSERT INTO inventory.location (code, name, priority)"
        " SELECT number::text, 'One', 1 FROM generate_series(1, 98) AS number");
    open_attic(state, 2);
    ask(state, "inventory.open_location", "{'code': 'cellar', 'name': 'Cellar', 'priority': 1}");
    expect_error(state, "too_many_locations", "");
}

static void revise(void **state, const char *active, int version)
{
    as_staff(state);
    ask(state, "inventory.revise_location",
        "{'code': 'main', 'name': 'Shop', 'priority': 3, 'active': %s, 'version': %d}", active,
        version);
}

static void no_location_is_closed_that_orders_wait_for(void **state)
{
    deliver(state, "mug", 5);
    reserve(state, FIRST, 2);
    revise(state, "false", 1);
    expect_error(state, "location_in_use", "mug is held for an order at main");
    ask(state, "inventory.release", "{'order_id': '" FIRST "'}");
    expect(state, "{}");
    revise(state, "false", 1);
    expect(state, "{'name': 'Shop', 'priority': 3, 'active': false, 'version': 2}");
    revise(state, "true", 1);
    expect_error(state, "stale", "version 2");
    revise(state, "true", 0);
    expect(state, "{'active': true, 'version': 3}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_runs_low_is_told_once, store_begin),
        cmocka_unit_test_setup(what_is_there_again_does_not_run_low, store_begin),
        cmocka_unit_test_setup(what_runs_low_comes_page_by_page, store_begin),
        cmocka_unit_test_setup(what_was_never_there_is_not_found, store_begin),
        cmocka_unit_test_setup(locations_are_listed_as_they_are_taken_from, store_begin),
        cmocka_unit_test_setup(a_code_is_a_location_s_own, store_begin),
        cmocka_unit_test_setup(there_are_a_hundred_locations_at_the_most, store_begin),
        cmocka_unit_test_setup(no_location_is_closed_that_orders_wait_for, store_begin),
    };
    return cmocka_run_group_tests(tests, store_open, conversation_close);
}
