/* What lines cost together: cases computed by hand, and what holds for any basket whatever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../actors/pricing/spread.h"
#include "../../actors/pricing/total.h"

enum {
    LINES = 12,
    PROMOTIONS = 5,
    BASKETS = 50000,
};

#define LIST(array) ((souk_list_t){ array, sizeof(array) / sizeof *(array) })

static int open(void **state)
{
    *state = souk_pool_new();
    return 0;
}

static int shut(void **state)
{
    souk_pool_t *pool = *state;
    souk_pool_destroy(&pool);
    return 0;
}

static void an_amount_is_spread_to_the_last_cent(void **state)
{
    static const struct {
        int64_t amount, weights[3], parts[3];
    } cases[] = {
        { 100, { 50, 50, 50 }, { 34, 33, 33 } },
        { 101, { 50, 50, 50 }, { 34, 34, 33 } },
        { 0, { 5, 5, 5 }, { 0, 0, 0 } },
        { 15, { 5, 5, 5 }, { 5, 5, 5 } },
        { 1, { 10, 20, 70 }, { 0, 0, 1 } },
        { 99, { 0, 100, 100 }, { 0, 50, 49 } },
        { 0, { 0, 0, 0 }, { 0, 0, 0 } },
        { 1000000000000, { 999999999999, 1, 0 }, { 999999999999, 1, 0 } },
    };
    int64_t parts[3];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pricing_spread(cases[i].amount, cases[i].weights, 3, parts, *state);
        assert_memory_equal(parts, cases[i].parts, sizeof parts);
    }
}

/* Two mugs at 6.00 and a bowl at 15.00, in euros. */
static struct pricing_basket two_mugs_and_a_bowl(struct pricing_line lines[2])
{
    static const char *const kitchen[] = { "kitchen" };
    lines[0] = (struct pricing_line){ "mug", 2, 600, 350, "standard", { (void *)kitchen, 1 } };
    lines[1] = (struct pricing_line){ "bowl", 1, 1500, 900, "standard", { 0 } };
    return (struct pricing_basket){ .lines = { lines, 2 }, .tax_included = true };
}

static void without_anything_else_it_costs_what_the_lines_cost(void **state)
{
    struct pricing_line lines[2];
    struct pricing_basket basket = two_mugs_and_a_bowl(lines);

    assert_true(pricing_total(&basket, *state));
    assert_int_equal(basket.subtotal, 2700);
    assert_int_equal(basket.total, 2700);
    assert_int_equal(basket.tax, 0);
}

/* What a case expects: the discount of both lines, of the shipping, and the total. */
static void promotions_take_off_what_they_say(void **state)
{
    static const char *const mug[] = { "mug" }, *const kitchen[] = { "kitchen" };
    static const struct {
        struct pricing_promotion promotions[2];
        int64_t mugs, bowl, shipping, total;
        pricing_verdict_t verdicts[2];
    } cases[] = {
        { { { PRICING_PERCENT, .percent = 100000 } }, 120, 150, 0, 2930, { 0 } },
        { { { PRICING_PERCENT, .percent = 333333, .skus = { (void *)mug, 1 } } }, 400, 0, 0, 2800,
            { 0 } },
        { { { PRICING_AMOUNT, .amount = 1000 } }, 444, 556, 0, 2200, { 0 } },
        { { { PRICING_AMOUNT, .amount = 9999 } }, 1200, 1500, 0, 500, { 0 } },
        { { { PRICING_AMOUNT, .amount = 9999, .categories = { (void *)kitchen, 1 } } }, 1200, 0, 0,
            2000, { 0 } },
        { { { PRICING_BUY_X_GET_Y, .buy = 1, .get = 1 } }, 600, 0, 0, 2600, { 0 } },
        { { { PRICING_BUY_X_GET_Y, .buy = 2, .get = 1 } }, 600, 0, 0, 2600, { 0 } },
        { { { PRICING_BUY_X_GET_Y, .buy = 3, .get = 1 } }, 0, 0, 0, 3200,
            { PRICING_NOTHING_FITS } },
        { { { PRICING_FREE_SHIPPING, .minimum = 2700 } }, 0, 0, 500, 2700, { 0 } },
        { { { PRICING_FREE_SHIPPING, .minimum = 2701 } }, 0, 0, 0, 3200, { PRICING_TOO_LITTLE } },
        { { { PRICING_PERCENT, .percent = 500000, .minimum_quantity = 4 } }, 0, 0, 0, 3200,
            { PRICING_TOO_LITTLE } },
        /* The second one looks at what the first has left. */
        { { { PRICING_PERCENT, .percent = 500000 }, { PRICING_PERCENT, .percent = 500000 } }, 900,
            1125, 0, 1175, { 0 } },
        { { { PRICING_PERCENT, .percent = 500000, .exclusive = true },
              { PRICING_PERCENT, .percent = 500000 } },
            600, 750, 0, 1850, { 0, PRICING_NOT_TOGETHER } },
        { { { PRICING_PERCENT, .percent = 500000 },
              { PRICING_PERCENT, .percent = 500000, .exclusive = true } },
            600, 750, 0, 1850, { 0, PRICING_NOT_TOGETHER } },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pricing_line lines[2];
        struct pricing_promotion promotions[2];
        struct pricing_basket basket = two_mugs_and_a_bowl(lines);
        bool second = cases[i].promotions[1].percent != 0;

        memcpy(promotions, cases[i].promotions, sizeof promotions);
        basket.promotions = (souk_list_t){ promotions, second ? 2 : 1 };
        basket.shipping = 500;
        assert_true(pricing_total(&basket, *state));
        if (lines[0].discount != cases[i].mugs || lines[1].discount != cases[i].bowl ||
            basket.shipping_discount != cases[i].shipping || basket.total != cases[i].total)
            fail_msg("case %zu: %lld and %lld off the lines, %lld off the shipping, total %lld", i,
                (long long)lines[0].discount, (long long)lines[1].discount,
                (long long)basket.shipping_discount, (long long)basket.total);
        assert_int_equal(promotions[0].verdict, cases[i].verdicts[0]);
        assert_int_equal(promotions[second].verdict, cases[i].verdicts[second]);
    }
}

/* 19 % of 27.00: 4.31 is in it, 5.13 comes on top. Each line is rounded by itself. */
static void tax_is_in_the_prices_or_on_top_of_them(void **state)
{
    struct pricing_rate rates[] = { { "standard", 190000 }, { "parcel", 70000 } };
    struct pricing_line lines[2];
    struct pricing_basket basket = two_mugs_and_a_bowl(lines);

    basket.rates = LIST(rates);
    basket.shipping = 500;
    basket.shipping_class = "parcel";
    assert_true(pricing_total(&basket, *state));
    assert_int_equal(lines[0].tax, 192);
    assert_int_equal(lines[1].tax, 239);
    assert_int_equal(basket.shipping_tax, 33);
    assert_int_equal(basket.tax, 464);
    assert_int_equal(basket.total, 3200);

    basket.tax_included = false;
    assert_true(pricing_total(&basket, *state));
    assert_int_equal(lines[0].tax, 228);
    assert_int_equal(lines[1].tax, 285);
    assert_int_equal(basket.tax, 548);
    assert_int_equal(basket.total, 3748);
}

static void what_costs_too_much_is_refused(void **state)
{
    struct pricing_line line = { "yacht", 999, PRICING_TOTAL_MAX, 0, "standard", { 0 } };
    struct pricing_basket basket = { .lines = { &line, 1 } };

    assert_false(pricing_total(&basket, *state));
    line.price = INT64_MAX;
    assert_false(pricing_total(&basket, *state));
    line.price = PRICING_TOTAL_MAX / 999;
    assert_true(pricing_total(&basket, *state));
    basket.shipping = PRICING_TOTAL_MAX;
    assert_false(pricing_total(&basket, *state));
}

/* xorshift64*, from a seed that is always the same. */
static uint64_t chance = 88172645463325252u;
static int64_t draw(int64_t below)
{
    chance ^= chance >> 12;
    chance ^= chance << 25;
    chance ^= chance >> 27;
    return (int64_t)(chance * 2685821657736338717u >> 33) % below;
}

static const char *const skus[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
static const char *const classes[] = { "standard", "reduced", "none" };
static const char *const categories[] = { "x", "y" };

static void draw_lines(struct pricing_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t which = draw(8);
        /* What is sold under one SKU has one price, one class and one place. */
        lines[i] = (struct pricing_line){
            .sku = skus[which],
            .quantity = (int)draw(20) + 1,
            .price = (which * 7919 + which * which * 104729) % 100000,
            .tax_class = classes[which % 3],
            .categories = { (void *)&categories[which % 2], 1 },
        };
    }
}

static void draw_promotions(struct pricing_promotion *promotions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        promotions[i] = (struct pricing_promotion){
            .kind = (pricing_kind_t)draw(4),
            .percent = (int)draw(PRICING_WHOLE + 1),
            .amount = draw(100000),
            .buy = (int)draw(4) + 1,
            .get = (int)draw(3) + 1,
            .minimum = draw(2) ? draw(100000) : 0,
            .exclusive = draw(8) == 0,
        };
        if (draw(2))
            promotions[i].skus = (souk_list_t){ (void *)skus, (size_t)draw(8) };
        if (draw(4) == 0)
            promotions[i].categories = (souk_list_t){ (void *)categories, 1 };
    }
}

static void lines_add_up(const struct pricing_basket *it)
{
    const struct pricing_line *lines = it->lines.items;
    const struct pricing_promotion *promotions = it->promotions.items;
    int64_t gross = 0, discount = it->shipping_discount, tax = it->shipping_tax, taken = 0;

    for (size_t i = 0; i < it->lines.count; i++) {
        assert_int_equal(lines[i].gross, lines[i].price * lines[i].quantity);
        assert_in_range(lines[i].discount, 0, lines[i].gross);
        assert_in_range(lines[i].tax, 0, lines[i].gross);
        gross += lines[i].gross;
        discount += lines[i].discount;
        tax += lines[i].tax;
    }
    for (size_t i = 0; i < it->promotions.count; i++)
        taken += promotions[i].taken;
    assert_int_equal(it->subtotal, gross);
    assert_int_equal(it->discount, discount);
    assert_int_equal(it->discount, taken);
    assert_int_equal(it->tax, tax);
    assert_in_range(it->shipping_discount, 0, it->shipping);
    assert_int_equal(it->total, gross - discount + it->shipping + (it->tax_included ? 0 : it->tax));
    assert_true(it->total >= 0);
}

static void turn_round(struct pricing_line *lines, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct pricing_line line = lines[i];
        lines[i] = lines[count - 1 - i];
        lines[count - 1 - i] = line;
    }
}

static void order_makes_no_difference(struct pricing_basket *it, souk_pool_t *pool)
{
    struct pricing_basket before = *it;

    turn_round(it->lines.items, it->lines.count);
    assert_true(pricing_total(it, pool));
    assert_int_equal(it->total, before.total);
    assert_int_equal(it->discount, before.discount);
    assert_int_equal(it->tax, before.tax);
}

/* What is taxed on top of a net price is what is in the gross one, to the cent that rounding costs.
 */
static void both_ways_of_taxing_agree(const struct pricing_basket *it, souk_pool_t *pool)
{
    const struct pricing_line *lines = it->lines.items;

    for (size_t i = 0; it->tax_included && i < it->lines.count; i++) {
        struct pricing_line net = {
            .sku = lines[i].sku,
            .quantity = 1,
            .price = lines[i].gross - lines[i].discount - lines[i].tax,
            .tax_class = lines[i].tax_class,
        };
        struct pricing_basket alone = { .lines = { &net, 1 }, .rates = it->rates };
        assert_true(pricing_total(&alone, pool));
        assert_in_range(net.tax - lines[i].tax + 1, 0, 2);
    }
}

static void whatever_is_bought_adds_up(void **state)
{
    struct pricing_rate rates[] = { { "standard", 190000 }, { "reduced", 88750 } };
    struct pricing_line lines[LINES];
    struct pricing_promotion promotions[PROMOTIONS];

    for (int i = 0; i < BASKETS; i++) {
        owned(souk_pool) pool = souk_pool_new();
        struct pricing_basket basket = {
            .lines = { lines, (size_t)draw(LINES) + 1 },
            .promotions = { promotions, (size_t)draw(PROMOTIONS + 1) },
            .rates = { rates, (size_t)draw(3) },
            .tax_included = draw(2),
            .shipping = draw(3) ? draw(2000) : 0,
            .shipping_class = classes[draw(3)],
        };
        draw_lines(lines, basket.lines.count);
        draw_promotions(promotions, basket.promotions.count);
        assert_true(pricing_total(&basket, pool));
        lines_add_up(&basket);
        both_ways_of_taxing_agree(&basket, pool);
        order_makes_no_difference(&basket, pool);
        lines_add_up(&basket);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_amount_is_spread_to_the_last_cent, open, shut),
        cmocka_unit_test_setup_teardown(without_anything_else_it_costs_what_the_lines_cost, open,
            shut),
        cmocka_unit_test_setup_teardown(promotions_take_off_what_they_say, open, shut),
        cmocka_unit_test_setup_teardown(tax_is_in_the_prices_or_on_top_of_them, open, shut),
        cmocka_unit_test_setup_teardown(what_costs_too_much_is_refused, open, shut),
        cmocka_unit_test_setup_teardown(whatever_is_bought_adds_up, open, shut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
