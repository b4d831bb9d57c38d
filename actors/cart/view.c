/* A cart as it is looked at. Nothing in it is promised: names, prices, stock and coupons are asked
   for each time, and what does not go is told beside what does. */
#include "view.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"

/* As pricing names them. */
const souk_error_t cart_mixed_currencies = {
    .code = "mixed_currencies",
    .kind = SOUK_MISUSED,
    .meaning = "All lines must have prices in the currency of the question.",
};
const souk_error_t cart_total_too_large = {
    .code = "total_too_large",
    .kind = SOUK_MISUSED,
    .meaning = "No order may cost as much as this.",
};

const souk_ask_t cart_find_offers = {
    .operation = "product.offers",
    .takes = &basket,
    .gives = &offers,
};
const souk_ask_t cart_count_stock = {
    .operation = "inventory.check",
    .takes = &stock_question,
    .gives = &stock_items,
};
const souk_ask_t cart_total_lines = {
    .operation = "pricing.preview",
    .takes = &total_question,
    .gives = &totals,
};

static void take_contents(souk_call_t *call, const struct cart *cart, struct view *view)
{
    const struct cart_line *lines = cart->lines.items;

    *view = (struct view){
        .id = cart->id,
        .coupons = cart->coupons,
        .currency = cart->currency,
        .country = cart->country,
        .region = cart->region,
        .shipping_method = cart->shipping_method,
        .tax_included = true,
    };
    for (size_t i = 0; i < cart->lines.count; i++) {
        struct view_line *line = souk_list_add(&view->lines, souk_call_pool(call), sizeof *line);
        line->sku = lines[i].sku;
        line->quantity = lines[i].quantity;
    }
}

static bool ask_offers(souk_call_t *call, const struct cart *cart, souk_index_t **found)
{
    struct basket sold = { 0 };

    if (!souk_ask(call, &cart_find_offers, &(struct basket){ cart->lines, cart->currency }, &sold))
        return false;
    *found = souk_index_of(&sold.lines, &offered_line, "sku", souk_call_pool(call));
    return true;
}

static bool ask_stock(souk_call_t *call, const struct cart *cart, souk_index_t **found)
{
    const struct cart_line *lines = cart->lines.items;
    struct stock_question wanted = { 0 };
    struct stock_items stock = { 0 };

    for (size_t i = 0; i < cart->lines.count; i++)
        souk_list_add_text(&wanted.sku, souk_call_pool(call), lines[i].sku);
    if (!souk_ask(call, &cart_count_stock, &wanted, &stock))
        return false;
    *found = souk_index_of(&stock.items, &stock_item, "sku", souk_call_pool(call));
    return true;
}

/* How much lies in the shop is not everybody's business, but that it is enough is the customer's.
 */
static int as_shown(int available, int quantity)
{
    int most = souk_settings.stock_shown_max;

    if (available >= quantity && most < quantity)
        most = quantity;
    return available < most ? available : most;
}

/* What cannot be bought has no price; what is sold in another currency than the first is left out.
 */
static void judge(struct view *view, struct view_line *line, const struct view_line *offer,
    const struct stock *stock)
{
    int available = stock && stock->available > 0 ? stock->available : 0;

    line->available = as_shown(available, line->quantity);
    if (!offer) {
        line->problem = view->currency ? "no_price_in_currency" : "unknown_sku";
        return;
    }
    line->name = offer->name;
    line->price = offer->price;
    line->weight_g = offer->weight_g;
    line->tax_class = offer->tax_class;
    line->categories = offer->categories;
    if (available < line->quantity)
        line->problem = "out_of_stock";
}

static void judge_all(struct view *view, const souk_index_t *offers_found,
    const souk_index_t *stock)
{
    struct view_line *lines = view->lines.items;
    const char *currency = view->currency;

    for (size_t i = 0; i < view->lines.count; i++) {
        judge(view, &lines[i], souk_index_find(offers_found, lines[i].sku),
            souk_index_find(stock, lines[i].sku));
        if (!lines[i].price.currency)
            continue;
        if (!currency)
            currency = lines[i].price.currency;
        if (strcmp(currency, lines[i].price.currency) != 0)
            lines[i].problem = "mixed_currencies";
    }
}

static bool counts(const struct view_line *line)
{
    return line->price.currency &&
        (!line->problem || strcmp(line->problem, "mixed_currencies") != 0);
}

static souk_list_t lines_that_count(souk_call_t *call, const struct view *view)
{
    const struct view_line *lines = view->lines.items;
    souk_list_t counted = { 0 };

    for (size_t i = 0; i < view->lines.count; i++)
        if (counts(&lines[i]))
            *(struct view_line *)souk_list_add(&counted, souk_call_pool(call), sizeof *lines) =
                lines[i];
    return counted;
}

static void take_totals(struct view *view, const struct totals *told)
{
    const struct view_line *totalled = told->lines.items;
    struct view_line *lines = view->lines.items;

    for (size_t i = 0; i < view->lines.count; i++)
        if (counts(&lines[i])) {
            lines[i].discount = totalled->discount;
            lines[i].tax = totalled->tax;
            totalled++;
        }
    view->subtotal = told->subtotal;
    view->discount = told->discount;
    view->shipping = told->shipping;
    view->tax = told->tax;
    view->total = told->total;
    view->tax_included = told->tax_included;
    view->discounts = told->promotions;
    view->problems = told->refusals;
}

static bool add_up(souk_call_t *call, struct view *view)
{
    souk_list_t lines = lines_that_count(call, view);
    const struct view_line *first = lines.items;
    struct totals told = { 0 };

    if (!lines.count)
        return true;
    const struct total_question question = {
        .user_id = souk_caller(call)->user,
        .currency = first->price.currency,
        .lines = lines,
        .coupons = view->coupons,
        .country = view->country,
        .region = view->region,
        .shipping_method = view->shipping_method,
    };
    if (!souk_ask(call, &cart_total_lines, &question, &told))
        return false;
    take_totals(view, &told);
    return true;
}

bool cart_show(souk_call_t *call, const void *request, void *reply)
{
    struct cart cart = { 0 };
    souk_index_t *sold, *stock;

    if (!cart_look(call, ((const struct cart_key *)request)->cart_id, &cart))
        return false;
    take_contents(call, &cart, reply);
    if (!cart.lines.count)
        return true;
    if (!ask_offers(call, &cart, &sold) || !ask_stock(call, &cart, &stock))
        return false;
    judge_all(reply, sold, stock);
    return add_up(call, reply);
}
