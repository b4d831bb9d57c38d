/* What lines cost together, in whole minor units. */
#include "total.h"

#include <stdlib.h>
#include <string.h>

#include "spread.h"

/* number * part / whole, rounded half up; all of them not negative. */
static int64_t part_of(int64_t number, int64_t part, int64_t whole)
{
    __int128 product = (__int128)number * part * 2 + whole;
    return (int64_t)(product / ((__int128)whole * 2));
}

static bool is_meant(const struct pricing_promotion *it, const struct pricing_line *line)
{
    const char *const *categories = line->categories.items;

    if (!it->skus.count && !it->categories.count)
        return true;
    if (souk_list_has_text(&it->skus, line->sku))
        return true;
    for (size_t i = 0; i < line->categories.count; i++)
        if (souk_list_has_text(&it->categories, categories[i]))
            return true;
    return false;
}

static int64_t left_of(const struct pricing_line *line)
{
    return line->gross - line->discount;
}

/* The lines that a promotion means, and what they come to. */
struct meant {
    struct pricing_line **lines;
    size_t count;
    int64_t gross, left;
    int64_t pieces;
};

/* By whatever two lines may differ in, so that it makes no difference which stands first. */
static int by_line(const void *one, const void *other)
{
    const struct pricing_line *a = *(struct pricing_line *const *)one;
    const struct pricing_line *b = *(struct pricing_line *const *)other;
    int order = strcmp(a->sku, b->sku);

    if (order != 0 || a->quantity != b->quantity)
        return order != 0 ? order : a->quantity - b->quantity;
    return left_of(a) == left_of(b) ? 0 : left_of(a) < left_of(b) ? -1 : 1;
}

static struct meant find_meant(const struct pricing_basket *basket,
    const struct pricing_promotion *it, souk_pool_t *pool)
{
    struct pricing_line *lines = basket->lines.items;
    struct meant meant = {
        .lines = souk_pool_alloc(pool, (basket->lines.count + 1) * sizeof *meant.lines),
    };

    for (size_t i = 0; i < basket->lines.count; i++) {
        if (!is_meant(it, &lines[i]))
            continue;
        meant.lines[meant.count++] = &lines[i];
        meant.gross += lines[i].gross;
        meant.left += left_of(&lines[i]);
        meant.pieces += lines[i].quantity;
    }
    qsort(meant.lines, meant.count, sizeof *meant.lines, by_line);
    return meant;
}

/* Takes so much off the lines together, of each in proportion to what is left of it. */
static int64_t take_off(const struct meant *meant, int64_t amount, souk_pool_t *pool)
{
    int64_t *left = souk_pool_alloc(pool, (meant->count + 1) * sizeof *left);
    int64_t *parts = souk_pool_alloc(pool, (meant->count + 1) * sizeof *parts);

    if (amount > meant->left)
        amount = meant->left;
    for (size_t i = 0; i < meant->count; i++)
        left[i] = left_of(meant->lines[i]);
    pricing_spread(amount, left, meant->count, parts, pool);
    for (size_t i = 0; i < meant->count; i++)
        meant->lines[i]->discount += parts[i];
    return amount;
}

static int by_price(const void *one, const void *other)
{
    const struct pricing_line *a = *(struct pricing_line *const *)one;
    const struct pricing_line *b = *(struct pricing_line *const *)other;

    if (a->price != b->price)
        return a->price < b->price ? -1 : 1;
    return by_line(one, other);
}

/* The cheapest pieces are those that cost nothing. */
static int64_t give_away(const struct pricing_promotion *it, const struct meant *meant)
{
    int64_t free = meant->pieces / (it->buy + it->get) * it->get, taken = 0;

    qsort(meant->lines, meant->count, sizeof *meant->lines, by_price);
    for (size_t i = 0; i < meant->count && free > 0; i++) {
        struct pricing_line *line = meant->lines[i];
        int64_t pieces = line->quantity < free ? line->quantity : free;
        int64_t off = part_of(left_of(line), pieces, line->quantity);
        line->discount += off;
        taken += off;
        free -= pieces;
    }
    return taken;
}

static int64_t apply(struct pricing_basket *basket, const struct pricing_promotion *it,
    const struct meant *meant, souk_pool_t *pool)
{
    int64_t shipping = basket->shipping - basket->shipping_discount;

    switch (it->kind) {
    case PRICING_PERCENT:
        return take_off(meant, part_of(meant->left, it->percent, PRICING_WHOLE), pool);
    case PRICING_AMOUNT:
        return take_off(meant, it->amount, pool);
    case PRICING_BUY_X_GET_Y:
        return give_away(it, meant);
    case PRICING_FREE_SHIPPING:
        basket->shipping_discount += shipping;
        return shipping;
    }
    return 0;
}

static pricing_verdict_t judge(const struct pricing_promotion *it, const struct meant *meant,
    bool any_before, bool closed)
{
    if (meant->count == 0)
        return PRICING_NOTHING_FITS;
    if (meant->gross < it->minimum || meant->pieces < it->minimum_quantity)
        return PRICING_TOO_LITTLE;
    if (closed || (it->exclusive && any_before))
        return PRICING_NOT_TOGETHER;
    return PRICING_APPLIED;
}

static void apply_promotions(struct pricing_basket *basket, souk_pool_t *pool)
{
    struct pricing_promotion *all = basket->promotions.items;
    bool any = false, closed = false;

    for (size_t i = 0; i < basket->promotions.count; i++) {
        struct pricing_promotion *it = &all[i];
        struct meant meant = find_meant(basket, it, pool);

        it->taken = 0;
        it->verdict = judge(it, &meant, any, closed);
        if (it->verdict != PRICING_APPLIED)
            continue;
        it->taken = apply(basket, it, &meant, pool);
        if (!it->taken)
            it->verdict = PRICING_NOTHING_FITS;
        any = any || it->taken;
        closed = closed || (it->exclusive && it->taken);
    }
}

static int rate_of(const struct pricing_basket *basket, const char *tax_class)
{
    const struct pricing_rate *rates = basket->rates.items;

    for (size_t i = 0; tax_class && i < basket->rates.count; i++)
        if (strcmp(rates[i].tax_class, tax_class) == 0)
            return rates[i].rate;
    return 0;
}

static int64_t tax_of(const struct pricing_basket *basket, int64_t amount, int rate)
{
    return part_of(amount, rate, basket->tax_included ? PRICING_WHOLE + rate : PRICING_WHOLE);
}

static void add_up(struct pricing_basket *basket)
{
    struct pricing_line *lines = basket->lines.items;

    for (size_t i = 0; i < basket->lines.count; i++) {
        lines[i].rate = rate_of(basket, lines[i].tax_class);
        lines[i].tax = tax_of(basket, left_of(&lines[i]), lines[i].rate);
        basket->discount += lines[i].discount;
        basket->tax += lines[i].tax;
    }
    basket->shipping_tax = tax_of(basket, basket->shipping - basket->shipping_discount,
        rate_of(basket, basket->shipping_class));
    basket->discount += basket->shipping_discount;
    basket->tax += basket->shipping_tax;
    basket->total = basket->subtotal - basket->discount + basket->shipping +
        (basket->tax_included ? 0 : basket->tax);
}

/* False: beyond what an order may cost, so that nothing behind this can overflow. */
static bool open_lines(struct pricing_basket *basket)
{
    struct pricing_line *lines = basket->lines.items;

    basket->subtotal = basket->shipping_discount = basket->discount = basket->tax = 0;
    for (size_t i = 0; i < basket->lines.count; i++) {
        lines[i].discount = 0;
        if (__builtin_mul_overflow(lines[i].price, (int64_t)lines[i].quantity, &lines[i].gross) ||
            lines[i].gross > PRICING_TOTAL_MAX)
            return false;
        basket->subtotal += lines[i].gross;
    }
    return basket->subtotal <= PRICING_TOTAL_MAX && basket->shipping <= PRICING_TOTAL_MAX;
}

bool pricing_total(struct pricing_basket *basket, souk_pool_t *pool)
{
    if (!open_lines(basket))
        return false;
    apply_promotions(basket, pool);
    add_up(basket);
    return basket->total <= PRICING_TOTAL_MAX;
}
