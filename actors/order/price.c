/* What an order costs: from the cart by way of the catalogue's prices to what is paid. */
#include "price.h"

#include <string.h>

#include "checkout.h"
#include "errors.h"

const souk_ask_t order_read_cart = {
    .operation = "cart.read",
    .takes = &cart_question,
    .gives = &cart_contents,
};
const souk_ask_t order_ask_eligible = {
    .operation = "user.eligible",
    .takes = &buyer,
    .gives = &souk_nothing,
};
const souk_ask_t order_quote_lines = {
    .operation = "product.quote",
    .takes = &quote_question,
    .gives = &quote,
};
const souk_ask_t order_total_lines = {
    .operation = "pricing.total",
    .takes = &total_question,
    .gives = &totals,
};

/* A guest's cart is had by whoever knows it, a customer's by that customer. */
bool order_ask_cart(souk_call_t *call, const void *state, void *question)
{
    const struct placing *it = state;
    *(struct cart_question *)question =
        (struct cart_question){ it->cart_id, souk_caller(call)->user };
    return it->cart_id != NULL;
}

/* From here on the order is what it is, whatever becomes of the cart. What the order says itself
   goes before what the cart says; and nothing is sent without an address. */
bool order_keep_cart(souk_call_t *call, void *state, const void *answer)
{
    struct placing *it = state;
    const struct cart *cart = answer;
    bool has_address = it->wish->shipping_address.country != NULL;

    it->lines = cart->lines;
    it->cart_round = cart->round;
    if (!it->currency)
        it->currency = cart->currency;
    if (!it->coupons.count)
        it->coupons = cart->coupons;
    if (!it->shipping_method && has_address)
        it->shipping_method = cart->shipping_method;
    if (!has_address) {
        it->country = cart->country;
        it->region = cart->region;
    }
    return true;
}

/* Of guests nothing is known. */
bool order_ask_user(souk_call_t *call, const void *state, void *question)
{
    const char *user = souk_caller(call)->user;
    *(struct buyer *)question = (struct buyer){ user };
    return user != NULL;
}

bool order_ask_prices(souk_call_t *call, const void *state, void *question)
{
    const struct placing *it = state;
    *(struct quote *)question = (struct quote){ .lines = it->lines, .currency = it->currency };
    return true;
}

bool order_keep_prices(souk_call_t *call, void *state, const void *answer)
{
    struct placing *it = state;
    const struct quote *quoted = answer;

    it->lines = quoted->lines;
    it->currency = quoted->total.currency;
    return true;
}

bool order_ask_total(souk_call_t *call, const void *state, void *question)
{
    const struct placing *it = state;
    *(struct total_question *)question = (struct total_question){
        .user_id = souk_caller(call)->user,
        .email = it->wish->email,
        .currency = it->currency,
        .lines = it->lines,
        .coupons = it->coupons,
        .country = it->country,
        .region = it->region,
        .shipping_method = it->shipping_method,
        .address = souk_caller(call)->address,
    };
    return true;
}

/* What the customer was shown and did not see change is what is paid. */
static bool expect_total(souk_call_t *call, const struct placing *it)
{
    const souk_money_t *expected = &it->wish->expected_total;

    if (!expected->currency ||
        (expected->amount == it->total.amount &&
            strcmp(expected->currency, it->total.currency) == 0))
        return true;
    return souk_fail(call, &order_total_changed, "it costs %lld %s now, in minor units",
        (long long)it->total.amount, it->total.currency);
}

static void keep_lines(struct placing *it, const souk_list_t *answered)
{
    const struct order_line *told = answered->items;
    struct order_line *lines = it->lines.items;

    for (size_t i = 0; i < it->lines.count && i < answered->count; i++) {
        lines[i].discount = told[i].discount;
        lines[i].tax = told[i].tax;
    }
}

static void keep_uses(souk_call_t *call, struct placing *it, const souk_list_t *promotions)
{
    const struct discount *taken = promotions->items;

    for (size_t i = 0; i < promotions->count; i++)
        if (taken[i].limited)
            *(struct use *)souk_list_add(&it->uses, souk_call_pool(call), sizeof(struct use)) =
                (struct use){ taken[i].promotion_id };
}

bool order_keep_total(souk_call_t *call, void *state, const void *answer)
{
    struct placing *it = state;
    const struct totals *told = answer;

    if (told->region_flaw)
        return souk_fail_field(call, "/shipping_address/region", "%s", told->region_flaw);
    keep_lines(it, &told->lines);
    keep_uses(call, it, &told->promotions);
    it->discounts = told->promotions;
    it->discount = told->discount;
    it->shipping = told->shipping;
    it->tax = told->tax;
    it->tax_included = told->tax_included;
    it->total = told->total;
    it->detail = order_write_detail(call, it);
    return expect_total(call, it);
}
