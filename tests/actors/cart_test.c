/* Carts: what somebody means to buy, and nobody else's business. */
#include <stdio.h>

#include "mugs.h"

extern const souk_actor_t cart_actor;

#define ALICE "018f0000-0000-7000-8000-00000000000a"
#define BOB "018f0000-0000-7000-8000-00000000000b"
#define ORDER "018f0000-0000-7000-8000-0000000000ff"

static int open(void **state)
{
    return conversation_open(state, &cart_actor);
}

static const char *take_cart(void **state)
{
    ask(state, "cart.create", "{}");
    return told(state, "id");
}

static void add(void **state, const char *cart, const char *sku, int quantity)
{
    ask(state, "cart.add", "{'cart_id': '%s', 'sku': '%s', 'quantity': %d}", cart, sku, quantity);
}

static void read(void **state, const char *cart)
{
    ask(state, "cart.read", "{'cart_id': '%s'}", cart);
}

static void what_is_added_twice_is_there_twice(void **state)
{
    const char *cart = take_cart(state);
    add(state, cart, "mug", 1);
    add(state, cart, "bowl", 1);
    add(state, cart, "mug", 2);
    expect(state, "{'lines': [{'sku': 'mug', 'quantity': 3}, {'sku': 'bowl', 'quantity': 1}]}");
}

static void what_is_put_is_there_once(void **state)
{
    const char *cart = take_cart(state);
    add(state, cart, "mug", 5);
    for (int i = 0; i < 2; i++)
        ask(state, "cart.put", "{'cart_id': '%s', 'sku': 'mug', 'quantity': 2}", cart);
    expect(state, "{'lines': [{'sku': 'mug', 'quantity': 2}]}");
    for (int i = 0; i < 2; i++)
        ask(state, "cart.remove", "{'cart_id': '%s', 'sku': 'mug'}", cart);
    expect(state, "{'lines': []}");
}

static void what_is_added_under_a_key_is_added_once(void **state)
{
    const char *cart = take_cart(state);
    under_key(state, "click");
    add(state, cart, "mug", 1);
    add(state, cart, "mug", 1);
    assert_int_equal(answers(state, "replayed"), 1);
    expect(state, "{'lines': [{'sku': 'mug', 'quantity': 1}]}");
}

/* Guests have nothing else in common than what they ask for, and that is the same. */
static void under_a_key_a_guest_takes_one_cart_and_under_no_others(void **state)
{
    under_key(state, RANDOM_KEY);
    const char *cart = take_cart(state);
    assert_string_equal(take_cart(state), cart);
    assert_int_equal(answers(state, "replayed"), 1);
    under_key(state, ANOTHER_KEY);
    assert_string_not_equal(take_cart(state), cart);
    under_key(state, "1");
    ask(state, "cart.create", "{}");
    expect_error(state, "invalid", "/key must be a random UUID");
    expect_row(state, "SELECT count(*) FROM cart.cart", "2");
}

static void a_cart_has_its_bounds(void **state)
{
    const char *cart = take_cart(state);
    add(state, cart, "mug", 999);
    add(state, cart, "mug", 1);
    expect_error(state, "line_too_large", "mug: at most 999");
    char sku[20];
    for (int i = 1; i < 100; i++) {
        snprintf(sku, sizeof sku, "bowl-%d", i);
        add(state, cart, sku, 1);
    }
    add(state, cart, "one-more", 1);
    expect_error(state, "cart_full", "100");
    add(state, cart, "bowl-1", 1);
    expect_row(state, "SELECT sum(quantity) FROM cart.line", "1099");
}

static void a_customer_has_one_cart_which_nobody_else_sees(void **state)
{
    as_customer(state, ALICE);
    const char *cart = take_cart(state);
    add(state, cart, "mug", 1);
    assert_string_equal(take_cart(state), cart);
    expect(state, "{'lines': [{'sku': 'mug', 'quantity': 1}]}");

    as_customer(state, BOB);
    add(state, cart, "mug", 1);
    expect_error(state, "no_such_cart", "");
    as_customer(state, NULL);
    add(state, cart, "mug", 1);
    expect_error(state, "no_such_cart", "");
    ask(state, "cart.discard", "{'cart_id': '%s'}", cart);
    expect_error(state, "no_such_cart", "");
    expect_row(state, "SELECT sum(quantity) FROM cart.line", "1");
}

static void whoever_knows_a_guests_cart_has_it(void **state)
{
    const char *cart = take_cart(state);
    as_customer(state, BOB);
    add(state, cart, "mug", 1);
    expect(state, "{'lines': [{'sku': 'mug', 'quantity': 1}]}");
    ask(state, "cart.discard", "{'cart_id': '%s'}", cart);
    expect(state, "{}");
    expect_row(state, "SELECT count(*) FROM cart.line", "0");
}

static void what_was_chosen_before_the_login_is_kept(void **state)
{
    as_customer(state, ALICE);
    const char *own = take_cart(state);
    add(state, own, "mug", 998);
    as_customer(state, NULL);
    const char *guest = take_cart(state);
    add(state, guest, "mug", 2);
    add(state, guest, "bowl", 1);
    ask(state, "cart.use_coupons", "{'cart_id': '%s', 'coupons': ['SPRING']}", guest);
    ask(state, "cart.deliver", "{'cart_id': '%s', 'country': 'DE'}", guest);

    as_customer(state, ALICE);
    ask(state, "cart.merge", "{'guest_id': '%s'}", guest);
    expect(state,
        "{'lines': [{'sku': 'mug', 'quantity': 999}, {'sku': 'bowl', 'quantity': 1}],"
        " 'coupons': ['SPRING'], 'country': 'DE'}");
    assert_string_equal(told(state, "id"), own);
    ask(state, "cart.merge", "{'guest_id': '%s'}", guest);
    expect_error(state, "no_such_cart", "");
    expect_row(state, "SELECT count(*) FROM cart.cart", "1");
}

static void nobody_takes_over_the_cart_of_a_customer(void **state)
{
    as_customer(state, ALICE);
    const char *cart = take_cart(state);
    add(state, cart, "mug", 1);
    as_customer(state, BOB);
    ask(state, "cart.merge", "{'guest_id': '%s'}", cart);
    expect_error(state, "no_such_cart", "");
    expect_row(state, "SELECT count(*) FROM cart.cart", "1");
}

static void whoever_has_tried_too_many_coupons_puts_none_into_a_cart(void **state)
{
    const char *cart = take_cart(state);
    given_error(state, "pricing.try_coupons", "too_many_attempts", "later");
    ask(state, "cart.use_coupons", "{'cart_id': '%s', 'coupons': ['SPRING']}", cart);
    expect_error(state, "too_many_attempts", "later");
    ask(state, "cart.use_coupons", "{'cart_id': '%s', 'coupons': []}", cart);
    expect(state, "{'coupons': []}");
}

static void a_region_is_part_of_a_country(void **state)
{
    ask(state, "cart.deliver", "{'cart_id': '%s', 'region': 'BY'}", take_cart(state));
    expect_error(state, "invalid", "name that, too");
}

static void an_empty_cart_cannot_be_ordered(void **state)
{
    const char *cart = take_cart(state);
    read(state, cart);
    expect_error(state, "cart_empty", "");
    add(state, cart, "mug", 1);
    read(state, cart);
    expect(state, "{'lines': [{'sku': 'mug', 'quantity': 1}]}");
    read(state, ORDER);
    expect_error(state, "no_such_cart", "");
}

static void a_cart_is_ordered_for_the_second_time_once_it_was_for_the_first(void **state)
{
    const char *cart = take_cart(state);
    add(state, cart, "mug", 2);
    read(state, cart);
    expect(state, "{'round': 1}");
    ask(state, "cart.close",
        "{'order_id': '" ORDER "', 'cart_id': '%s', 'lines': [{'sku': 'mug', 'quantity': 1}]}",
        cart);
    add(state, cart, "mug", 2);
    read(state, cart);
    expect(state, "{'round': 2}");
}

static void what_was_ordered_is_taken_out_once_and_what_came_since_stays(void **state)
{
    const char *cart = take_cart(state);
    add(state, cart, "mug", 2);
    add(state, cart, "bowl", 1);
    ask(state, "cart.use_coupons", "{'cart_id': '%s', 'coupons': ['spring', 'late']}", cart);
    add(state, cart, "mug", 3);
    add(state, cart, "lamp", 1);
    for (int i = 0; i < 3; i++) {
        ask_often(state, 2, "cart.close",
            "{'order_id': '" ORDER "', 'cart_id': '%s', 'lines': ["
            "{'sku': 'mug', 'quantity': 1}, {'sku': 'bowl', 'quantity': 1},"
            " {'sku': 'mug', 'quantity': 1}], 'coupons': ['SPRING']}",
            cart);
        expect(state, "{}");
    }
    read(state, cart);
    expect(state,
        "{'lines': [{'sku': 'mug', 'quantity': 3}, {'sku': 'lamp', 'quantity': 1}],"
        " 'coupons': ['late'], 'round': 2}");
}

static void what_is_taken_out_of_one_cart_stays_in_another(void **state)
{
    const char *carts[] = { take_cart(state), take_cart(state) };
    for (int i = 0; i < 2; i++) {
        add(state, carts[i], "mug", 1);
        ask(state, "cart.use_coupons", "{'cart_id': '%s', 'coupons': ['A', 'B']}", carts[i]);
    }
    ask(state, "cart.close",
        "{'order_id': '" ORDER "', 'cart_id': '%s', 'lines': [{'sku': 'mug', 'quantity': 1}],"
        " 'coupons': ['B', 'A']}",
        carts[0]);
    read(state, carts[0]);
    expect_error(state, "cart_empty", "");
    read(state, carts[1]);
    expect(state, "{'lines': [{'sku': 'mug', 'quantity': 1}], 'coupons': ['A', 'B'], 'round': 1}");
}

/* The services around know a mug, and what two of it cost. */
static void a_mug_is_sold(void **state)
{
    given(state, "product.offers",
        "{'lines': [{'sku': 'mug', 'name': 'Blue mug', 'quantity': 2,"
        " 'price': {'amount': 600, 'currency': 'EUR'}}]}");
    given(state, "inventory.check", "{'items': [{'sku': 'mug', 'available': 1}]}");
    pricing_says(state, "pricing.preview",
        (told_totals_t){
            .discount = 120,
            .total = 1080,
            .promotions = "{'promotion_id': '" ORDER "', 'name': 'Spring', 'limited': false,"
                          " 'amount': {'amount': 120, 'currency': 'EUR'}}",
            .refusals = "{'about': 'AUTUMN', 'code': 'unknown_coupon', 'message': 'no'}",
        });
}

static void a_cart_is_shown_with_what_it_would_cost_and_what_does_not_go(void **state)
{
    const char *cart = take_cart(state);
    a_mug_is_sold(state);
    add(state, cart, "ghost", 1);
    add(state, cart, "mug", 2);
    ask(state, "cart.get", "{'cart_id': '%s'}", cart);
    expect(state,
        "{'lines': [{'sku': 'ghost', 'price': null, 'problem': 'unknown_sku'},"
        " {'sku': 'mug', 'name': 'Blue mug', 'available': 1, 'problem': 'out_of_stock',"
        " 'discount': {'amount': 120}}], 'total': {'amount': 1080},"
        " 'discounts': [{'name': 'Spring'}],"
        " 'problems': [{'about': 'AUTUMN', 'code': 'unknown_coupon'}]}");
}

static void a_cart_does_not_tell_how_much_more_there_is_than_everybody_may_know(void **state)
{
    const char *cart = take_cart(state);
    a_mug_is_sold(state);
    given(state, "inventory.check", "{'items': [{'sku': 'mug', 'available': 5000}]}");
    add(state, cart, "mug", 2);
    ask(state, "cart.get", "{'cart_id': '%s'}", cart);
    expect(state, "{'lines': [{'sku': 'mug', 'available': 999, 'problem': null}]}");
}

static void an_empty_cart_costs_nothing_and_asks_nobody(void **state)
{
    ask(state, "cart.get", "{'cart_id': '%s'}", take_cart(state));
    expect(state, "{'lines': [], 'total': null}");
    assert_int_equal(asked(state, "product.offers"), 0);
    ask(state, "cart.get", "{'cart_id': '" ORDER "'}");
    expect_error(state, "no_such_cart", "");
}

static void many_who_add_at_once_add_all(void **state)
{
    const char *cart = take_cart(state);
    ask_often(state, 50, "cart.add", "{'cart_id': '%s', 'sku': 'mug', 'quantity': 1}", cart);
    assert_int_equal(answers(state, "ok"), 50);
    expect_row(state, "SELECT quantity FROM cart.line", "50");
}

static void the_cart_of_who_is_gone_goes_too(void **state)
{
    const char *guests = take_cart(state);
    add(state, guests, "mug", 1);
    as_customer(state, ORDER);
    add(state, take_cart(state), "mug", 2);
    for (int i = 0; i < 2; i++) {
        ask(state, "cart.drop_of", "{'user_id': '" ORDER "'}");
        expect(state, "{}");
    }
    expect_row(state, "SELECT sum(quantity) FROM cart.line", "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_added_twice_is_there_twice, conversation_begin),
        cmocka_unit_test_setup(what_is_put_is_there_once, conversation_begin),
        cmocka_unit_test_setup(what_is_added_under_a_key_is_added_once, conversation_begin),
        cmocka_unit_test_setup(under_a_key_a_guest_takes_one_cart_and_under_no_others,
            conversation_begin),
        cmocka_unit_test_setup(a_cart_has_its_bounds, conversation_begin),
        cmocka_unit_test_setup(a_customer_has_one_cart_which_nobody_else_sees, conversation_begin),
        cmocka_unit_test_setup(whoever_knows_a_guests_cart_has_it, conversation_begin),
        cmocka_unit_test_setup(what_was_chosen_before_the_login_is_kept, conversation_begin),
        cmocka_unit_test_setup(nobody_takes_over_the_cart_of_a_customer, conversation_begin),
        cmocka_unit_test_setup(whoever_has_tried_too_many_coupons_puts_none_into_a_cart,
            conversation_begin),
        cmocka_unit_test_setup(a_region_is_part_of_a_country, conversation_begin),
        cmocka_unit_test_setup(an_empty_cart_cannot_be_ordered, conversation_begin),
        cmocka_unit_test_setup(a_cart_is_ordered_for_the_second_time_once_it_was_for_the_first,
            conversation_begin),
        cmocka_unit_test_setup(what_was_ordered_is_taken_out_once_and_what_came_since_stays,
            conversation_begin),
        cmocka_unit_test_setup(what_is_taken_out_of_one_cart_stays_in_another, conversation_begin),
        cmocka_unit_test_setup(a_cart_is_shown_with_what_it_would_cost_and_what_does_not_go,
            conversation_begin),
        cmocka_unit_test_setup(a_cart_does_not_tell_how_much_more_there_is_than_everybody_may_know,
            conversation_begin),
        cmocka_unit_test_setup(an_empty_cart_costs_nothing_and_asks_nobody, conversation_begin),
        cmocka_unit_test_setup(many_who_add_at_once_add_all, conversation_begin),
        cmocka_unit_test_setup(the_cart_of_who_is_gone_goes_too, conversation_begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
