/* The catalogue, and what things cost together. */
#include "../support/conversation.h"

extern const souk_actor_t product_actor;

static int open(void **state)
{
    return conversation_open(state, &product_actor);
}

static int begin(void **state)
{
    conversation_begin(state);
    ask(state, "product.put",
        "{'products': ["
        "{'sku': 'cap', 'name': 'Cap', 'price': {'amount': 900, 'currency': 'EUR'}},"
        "{'sku': 'mug', 'name': 'Mug', 'price': {'amount': 600, 'currency': 'EUR'}},"
        "{'sku': 'pen', 'name': 'Pen', 'price': {'amount': 200, 'currency': 'USD'}},"
        "{'sku': 'yacht', 'name': 'Yacht', 'price': {'amount': 900000000000, 'currency': "
        "'EUR'}}]}");
    expect(state, "{}");
    return 0;
}

static void a_product_is_found_by_its_sku(void **state)
{
    ask(state, "product.get", "{'sku': 'mug'}");
    expect(state, "{'sku': 'mug', 'name': 'Mug', 'price': {'amount': 600, 'currency': 'EUR'}}");
    ask(state, "product.get", "{'sku': 'cup'}");
    expect_error(state, "no_such_product", "cup");
}

static void a_product_keeps_its_id(void **state)
{
    ask(state, "product.get", "{'sku': 'mug'}");
    const char *id = told(state, "id");
    ask(state, "product.put",
        "{'products': [{'sku': 'mug', 'name': 'Big mug', 'price': {'amount': 700, 'currency': "
        "'EUR'}}]}");
    ask(state, "product.get", "{'sku': 'mug'}");
    expect(state, "{'name': 'Big mug'}");
    assert_string_equal(told(state, "id"), id);
}

static void what_comes_twice_in_one_delivery_is_as_it_came_last(void **state)
{
    ask(state, "product.put",
        "{'products': ["
        "{'sku': 'hat', 'name': 'Hat', 'price': {'amount': 1, 'currency': 'EUR'}},"
        "{'sku': 'hat', 'name': 'Top hat', 'price': {'amount': 2, 'currency': 'EUR'}}]}");
    ask(state, "product.get", "{'sku': 'hat'}");
    expect(state, "{'name': 'Top hat', 'price': {'amount': 2}}");
}

static void the_catalogue_is_read_page_by_page(void **state)
{
    ask(state, "product.list", "{'limit': 3}");
    expect(state, "{'items': [{'sku': 'cap'}, {'sku': 'mug'}, {'sku': 'pen'}], 'next': 'pen'}");
    ask(state, "product.list", "{'limit': 3, 'after': 'pen'}");
    expect(state, "{'items': [{'sku': 'yacht'}], 'next': null}");
}

static void a_quote_has_every_line_and_the_sum(void **state)
{
    ask(state, "product.quote",
        "{'lines': [{'sku': 'mug', 'quantity': 2}, {'sku': 'cap', 'quantity': 1},"
        " {'sku': 'mug', 'quantity': 1}]}");
    expect(state,
        "{'total': {'amount': 2700, 'currency': 'EUR'},"
        " 'lines': [{'sku': 'mug', 'quantity': 2}, {'sku': 'cap', 'name': 'Cap'},"
        " {'sku': 'mug', 'quantity': 1, 'price': {'amount': 600, 'currency': 'EUR'}}]}");
}

static void what_is_not_sold_has_no_price(void **state)
{
    ask(state, "product.quote",
        "{'lines': [{'sku': 'mug', 'quantity': 1}, {'sku': 'cup', 'quantity': 1}]}");
    expect_error(state, "unknown_sku", "cup");
}

static void prices_in_two_currencies_do_not_add_up(void **state)
{
    ask(state, "product.quote",
        "{'lines': [{'sku': 'mug', 'quantity': 1}, {'sku': 'pen', 'quantity': 1}]}");
    expect_error(state, "mixed_currencies", "pen");
}

static void nothing_costs_more_than_an_order_may(void **state)
{
    ask(state, "product.quote", "{'lines': [{'sku': 'yacht', 'quantity': 999}]}");
    expect_error(state, "total_too_large", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_product_is_found_by_its_sku, begin),
        cmocka_unit_test_setup(a_product_keeps_its_id, begin),
        cmocka_unit_test_setup(what_comes_twice_in_one_delivery_is_as_it_came_last, begin),
        cmocka_unit_test_setup(the_catalogue_is_read_page_by_page, begin),
        cmocka_unit_test_setup(a_quote_has_every_line_and_the_sum, begin),
        cmocka_unit_test_setup(what_is_not_sold_has_no_price, begin),
        cmocka_unit_test_setup(prices_in_two_currencies_do_not_add_up, begin),
        cmocka_unit_test_setup(nothing_costs_more_than_an_order_may, begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
