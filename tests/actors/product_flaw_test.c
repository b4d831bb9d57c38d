/* What does not go together in a product. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../actors/product/offers.h"
#include "../../lib/json.h"

/* Each adds to, or takes the place of, what the shirt has. */
static const struct {
    const char *part;
    const char *pointer; /* NULL: all is well */
    const char *message;
} cases[] = {
    { "{}", NULL, NULL },
    { "{'prices': [{'amount': 1, 'currency': 'USD'}]}", NULL, NULL },
    { "{'prices': [{'amount': 1, 'currency': 'EUR'}]}", "/prices/0", "the currency of the price" },
    { "{'prices': [{'amount': 1, 'currency': 'USD'}, {'amount': 2, 'currency': 'USD'}]}",
        "/prices/1", "second in its currency" },
    { "{'options': [{'name': 'size', 'values': ['S', 'S']}]}", "/options/0/values/1", "twice" },
    { "{'options': [{'name': 'size', 'values': ['S', 'L']}, {'name': 'size', 'values': ['S']}]}",
        "/options/1", "twice" },
    { "{'variants': []}", "/options/0", "without variants" },
    { "{'options': [], 'variants': []}", NULL, NULL },
    { "{'options': []}", "/variants/0", "one value of each option" },
    { "{'variants': [{'sku': 'shirt', 'values': ['S']}]}", "/variants/0", "product's own SKU" },
    { "{'variants': [{'sku': 'a', 'values': ['S', 'L']}]}", "/variants/0", "one value of each" },
    { "{'variants': [{'sku': 'a', 'values': ['M']}]}", "/variants/0", "does not have" },
    { "{'variants': [{'sku': 'a', 'values': ['S']}, {'sku': 'b', 'values': ['S']}]}", "/variants/1",
        "of another variant" },
    { "{'variants': [{'sku': 'a', 'values': ['S']}, {'sku': 'a', 'values': ['L']}]}", "/variants/1",
        "twice" },
    { "{'variants': [{'sku': 'a', 'values': ['S'], 'price': {'amount': 1, 'currency': 'USD'}}]}",
        "/variants/0", "another currency" },
    { "{'variants': [{'sku': 'a', 'values': ['S'], 'prices': [{'amount': 1, 'currency': 'USD'}]}]}",
        "/variants/0", "none of its own" },
    { "{'attributes': [{'name': 'a:b', 'value': 'c'}]}", "/attributes/0", "colon" },
    { "{'attributes': [{'name': 'a', 'value': 'b'}, {'name': 'a', 'value': 'c'}]}", NULL, NULL },
    { "{'attributes': [{'name': 'a', 'value': 'b'}, {'name': 'a', 'value': 'b'}]}", "/attributes/1",
        "twice" },
    { "{'categories': ['a', 'b', 'a']}", "/categories/2", "twice" },
};

static const char shirt[] =
    "{'sku': 'shirt', 'name': 'Shirt', 'price': {'amount': 1, 'currency': 'EUR'},"
    " 'options': [{'name': 'size', 'values': ['S', 'L']}],"
    " 'variants': [{'sku': 'a', 'values': ['S']}, {'sku': 'b', 'values': ['L']}]}";

static json_t *read_json(const char *text, souk_pool_t *pool)
{
    souk_flaws_t flaws = { 0 };
    char *json = souk_pool_text(pool, text, strlen(text));
    for (char *c = json; *c; c++)
        if (*c == '\'')
            *c = '"';
    json_t *object = souk_json_parse((souk_bytes_t){ json, strlen(json) }, pool, &flaws);
    assert_non_null(object);
    return object;
}

static struct product make(const char *part, souk_pool_t *pool)
{
    struct product product;
    souk_flaws_t flaws = { 0 };
    json_t *whole = read_json(shirt, pool), *change = read_json(part, pool);
    json_object_update(whole, change);
    assert_true(souk_json_decode(&product_draft, whole, &product, pool, &flaws));
    json_decref(change);
    json_decref(whole);
    return product;
}

static void parts_go_together_or_are_named(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct product product = make(cases[i].part, pool);
        const char *pointer;
        const char *message = product_flaw(&product, &pointer, pool);
        if (!message != !cases[i].message ||
            (message &&
                (strcmp(pointer, cases[i].pointer) != 0 || !strstr(message, cases[i].message))))
            fail_msg("%s: %s %s", cases[i].part, message ? pointer : "",
                message ? message : "fits");
    }
}

static void every_sku_has_an_offer_and_a_price_in_each_currency(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_list_t offers = { 0 }, prices = { 0 };
    struct product product = make("{'prices': [{'amount': 2, 'currency': 'USD'}],"
                                  " 'status': 'published', 'variants': ["
                                  "{'sku': 'a', 'values': ['S']}, {'sku': 'b', 'values': ['L'],"
                                  " 'weight_g': 7, 'price': {'amount': 9, 'currency': 'EUR'}}]}",
        pool);
    product_offers(&product, &offers, &prices, pool);

    const struct offer *offer = offers.items;
    assert_int_equal(offers.count, 3);
    assert_string_equal(offer[0].sku, "shirt");
    assert_false(offer[0].buyable);
    assert_string_equal(offer[1].name, "Shirt, S");
    assert_int_equal(offer[1].price.amount, 1);
    assert_true(offer[2].buyable);
    assert_int_equal(offer[2].price.amount, 9);
    assert_int_equal(offer[2].weight_g, 7);
    assert_int_equal(prices.count, 3); /* a in two currencies, b in one */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_go_together_or_are_named),
        cmocka_unit_test(every_sku_has_an_offer_and_a_price_in_each_currency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
