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

/* A shirt in two sizes, of which the large one has prices of its own. */
static void put_shirt(void **state)
{
    ask(state, "product.put",
        "{'products': [{'sku': 'shirt', 'name': 'Shirt', 'weight_g': 200,"
        " 'price': {'amount': 2000, 'currency': 'EUR'},"
        " 'prices': [{'amount': 2200, 'currency': 'USD'}],"
        " 'options': [{'name': 'size', 'values': ['S', 'L']}],"
        " 'variants': [{'sku': 'shirt-s', 'values': ['S']},"
        " {'sku': 'shirt-l', 'values': ['L'], 'price': {'amount': 2500, 'currency': 'EUR'},"
        " 'weight_g': 260}]}]}");
    expect(state, "{}");
}

static void a_product_is_found_by_its_sku(void **state)
{
    ask(state, "product.get", "{'sku': 'mug'}");
    expect(state,
        "{'sku': 'mug', 'name': 'Mug', 'price': {'amount': 600, 'currency': 'EUR'},"
        " 'variants': [], 'status': 'published', 'version': 1}");
    ask(state, "product.get", "{'sku': 'cup'}");
    expect_error(state, "no_such_product", "cup");
}

static void a_product_is_found_by_a_variant_of_it(void **state)
{
    put_shirt(state);
    ask(state, "product.get", "{'sku': 'shirt-l'}");
    expect(state, "{'sku': 'shirt', 'variants': [{'sku': 'shirt-s'}, {'sku': 'shirt-l'}]}");
}

static void a_product_keeps_its_id(void **state)
{
    ask(state, "product.get", "{'sku': 'mug'}");
    const char *id = told(state, "id");
    ask(state, "product.put",
        "{'products': [{'sku': 'mug', 'name': 'Big mug', 'price': {'amount': 700, 'currency': "
        "'EUR'}}]}");
    ask(state, "product.get", "{'sku': 'mug'}");
    expect(state, "{'name': 'Big mug', 'version': 2}");
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

static void a_delivery_has_all_of_it_or_nothing(void **state)
{
    put_shirt(state);
    ask(state, "product.put",
        "{'products': ["
        "{'sku': 'hat', 'name': 'Hat', 'price': {'amount': 1, 'currency': 'EUR'}},"
        "{'sku': 'shirt-s', 'name': 'Mine', 'price': {'amount': 2, 'currency': 'EUR'}}]}");
    expect_error(state, "sku_taken", "shirt-s");
    ask(state, "product.put",
        "{'products': [{'sku': 'hat', 'name': 'Hat', 'price': {'amount': 1, 'currency': 'EUR'},"
        " 'categories': ['nowhere']}]}");
    expect_error(state, "unknown_category", "nowhere");
    ask(state, "product.get", "{'sku': 'hat'}");
    expect_error(state, "no_such_product", "hat");
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

static void quotes_of_one_moment_do_not_mix(void **state)
{
    ask_often(state, 5, "product.quote", "{'lines': [{'sku': 'mug', 'quantity': 2}]}");
    expect(state, "{'total': {'amount': 1200}, 'lines': [{'sku': 'mug', 'quantity': 2}]}");
}

static void variants_are_bought_and_not_their_product(void **state)
{
    put_shirt(state);
    ask(state, "product.quote",
        "{'lines': [{'sku': 'shirt-s', 'quantity': 1}, {'sku': 'shirt-l', 'quantity': 2}]}");
    expect(state,
        "{'total': {'amount': 7000, 'currency': 'EUR'}, 'lines': ["
        "{'sku': 'shirt-s', 'name': 'Shirt, S', 'weight_g': 200, 'tax_class': 'standard'},"
        "{'sku': 'shirt-l', 'name': 'Shirt, L', 'weight_g': 260, 'categories': null}]}");
    ask(state, "product.quote", "{'lines': [{'sku': 'shirt', 'quantity': 1}]}");
    expect_error(state, "unknown_sku", "nothing is sold as shirt");
}

static void what_can_be_bought_is_offered_and_all_else_left_out(void **state)
{
    put_shirt(state);
    ask(state, "product.offers",
        "{'lines': [{'sku': 'shirt', 'quantity': 1}, {'sku': 'mug', 'quantity': 2},"
        " {'sku': 'nothing', 'quantity': 1}, {'sku': 'pen', 'quantity': 1}]}");
    expect(state,
        "{'lines': [{'sku': 'mug', 'quantity': 2, 'price': {'amount': 600, 'currency': 'EUR'}},"
        " {'sku': 'pen', 'price': {'amount': 200, 'currency': 'USD'}}]}");
    ask(state, "product.offers",
        "{'lines': [{'sku': 'mug', 'quantity': 2}, {'sku': 'shirt-s', 'quantity': 1}],"
        " 'currency': 'USD'}");
    expect(state, "{'lines': [{'sku': 'shirt-s', 'price': {'amount': 2200, 'currency': 'USD'}}]}");
}

static void all_can_be_quoted_in_another_currency(void **state)
{
    put_shirt(state);
    ask(state, "product.quote",
        "{'currency': 'USD', 'lines': [{'sku': 'shirt-s', 'quantity': 2},"
        " {'sku': 'pen', 'quantity': 1}]}");
    expect(state, "{'total': {'amount': 4600, 'currency': 'USD'}}");
    ask(state, "product.quote",
        "{'currency': 'USD', 'lines': [{'sku': 'pen', 'quantity': 2},"
        " {'sku': 'shirt-l', 'quantity': 1}]}");
    expect_error(state, "no_price_in_currency", "/lines/1: shirt-l");
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

static void a_delivery_is_told_of(void **state)
{
    expect_row(state,
        "SELECT body FROM product.told WHERE topic = 'product.changed' AND body ->> 'sku' = "
        "'mug'",
        "{\"sku\": \"mug\", \"status\": \"published\", \"version\": 1}");
    expect_row(state, "SELECT count(*) FROM product.told", "4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_product_is_found_by_its_sku, begin),
        cmocka_unit_test_setup(a_product_is_found_by_a_variant_of_it, begin),
        cmocka_unit_test_setup(a_product_keeps_its_id, begin),
        cmocka_unit_test_setup(what_comes_twice_in_one_delivery_is_as_it_came_last, begin),
        cmocka_unit_test_setup(a_delivery_has_all_of_it_or_nothing, begin),
        cmocka_unit_test_setup(a_quote_has_every_line_and_the_sum, begin),
        cmocka_unit_test_setup(quotes_of_one_moment_do_not_mix, begin),
        cmocka_unit_test_setup(variants_are_bought_and_not_their_product, begin),
        cmocka_unit_test_setup(what_can_be_bought_is_offered_and_all_else_left_out, begin),
        cmocka_unit_test_setup(all_can_be_quoted_in_another_currency, begin),
        cmocka_unit_test_setup(what_is_not_sold_has_no_price, begin),
        cmocka_unit_test_setup(prices_in_two_currencies_do_not_add_up, begin),
        cmocka_unit_test_setup(nothing_costs_more_than_an_order_may, begin),
        cmocka_unit_test_setup(a_delivery_is_told_of, begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
