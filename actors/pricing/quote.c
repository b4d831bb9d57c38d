/* pricing.total: rows for a whole batch with a statement or two, then a pure function for each
   call. Most orders go nowhere, with no coupon, and cost the one statement that finds the
   promotions for everybody. */
#include "quote.h"

#include <string.h>

#include "guesses.h"
#include "world.h"

const souk_error_t pricing_unknown_coupon = {
    .code = "unknown_coupon",
    .kind = SOUK_MISUSED,
    .meaning = "There is no such coupon.",
};
const souk_error_t pricing_coupon_expired = {
    .code = "coupon_expired",
    .kind = SOUK_MISUSED,
    .meaning = "The coupon's time is over.",
};
const souk_error_t pricing_coupon_used_up = {
    .code = "coupon_used_up",
    .kind = SOUK_CONFLICT,
    .meaning = "The coupon was used as often as it may be.",
};
const souk_error_t pricing_coupon_not_applicable = {
    .code = "coupon_not_applicable",
    .kind = SOUK_MISUSED,
    .meaning = "The coupon is not for an order like this one.",
};
const souk_error_t pricing_unknown_method = {
    .code = "unknown_shipping_method",
    .kind = SOUK_MISUSED,
    .meaning = "There is no such shipping method.",
};
const souk_error_t pricing_shipping_unavailable = {
    .code = "shipping_unavailable",
    .kind = SOUK_MISUSED,
    .meaning = "The shipping method does not go there, or not with this.",
};
const souk_error_t pricing_shipping_needed = {
    .code = "shipping_method_needed",
    .kind = SOUK_MISUSED,
    .meaning = "What weighs something is sent: choose a shipping method that goes there.",
};
const souk_error_t pricing_total_too_large = {
    .code = "total_too_large",
    .kind = SOUK_MISUSED,
    .meaning = "No order may cost as much as this.",
};
const souk_error_t pricing_other_currency = {
    .code = "mixed_currencies",
    .kind = SOUK_MISUSED,
    .meaning = "All lines must have prices in the currency of the question.",
};

/* One call on its way to its total. */
struct total {
    const struct pricing_world *world;
    struct guesses *guesses;
    const char *guesser; /* NULL: nobody who is to be slowed down */
    souk_batch_t *batch;
    size_t i;
    bool lenient; /* what does not go is told, and left out */
    const struct total_question *asked;
    struct totals *told;
    struct pricing_basket basket;
    size_t *places; /* of the basket's promotions, among those that were found */
};

static void refuse(struct total *it, const char *about, const souk_error_t *error, const char *why)
{
    if (error == &pricing_unknown_coupon)
        pricing_guess_wrong(it->guesses, it->guesser);
    if (!it->lenient)
        souk_batch_fail(it->batch, it->i, error, "%s: %s", about, why);
    else
        *(struct refusal *)souk_list_add(&it->told->refusals, souk_call_pool(it->world->all),
            sizeof(struct refusal)) = (struct refusal){ about, error->code, why };
}

static bool take_lines(struct total *it)
{
    const struct priced_line *lines = it->asked->lines.items;

    for (size_t i = 0; i < it->asked->lines.count; i++) {
        struct pricing_line *line =
            souk_list_add(&it->basket.lines, souk_call_pool(it->world->all), sizeof *line);
        *line = (struct pricing_line){
            .sku = lines[i].sku,
            .quantity = lines[i].quantity,
            .price = lines[i].price.amount,
            .weight_g = lines[i].weight_g,
            .tax_class = lines[i].tax_class,
            .categories = lines[i].categories,
        };
        if (strcmp(lines[i].price.currency, it->asked->currency) != 0) {
            souk_batch_fail(it->batch, it->i, &pricing_other_currency, "%s is priced in %s",
                lines[i].sku, lines[i].price.currency);
            return false;
        }
    }
    return true;
}

static bool customer_has_used_up(const struct total *it, const struct found_promotion *found)
{
    const char *customer = pricing_customer(it->world->all, it->asked->user_id, it->asked->email);
    const struct customer_use *used = NULL;

    if (found->limit_per_customer && customer)
        used =
            souk_index_find(it->world->uses, pricing_use_key(it->world->all, found->id, customer));
    return used && used->uses >= found->limit_per_customer;
}

/* Why a promotion cannot be used whatever is bought; NULL: it can. */
static const souk_error_t *hindrance(const struct total *it, size_t place)
{
    const struct found_promotion *found = &it->world->found[place];
    const char *currency = it->world->says[place].currency;

    if (!found->has_begun)
        return &pricing_unknown_coupon;
    if (found->has_ended)
        return &pricing_coupon_expired;
    if (found->used_up || customer_has_used_up(it, found))
        return &pricing_coupon_used_up;
    if (currency && strcmp(currency, it->asked->currency) != 0)
        return &pricing_coupon_not_applicable;
    return NULL;
}

static void add_promotion(struct total *it, size_t place)
{
    const struct promotion *says = &it->world->says[place];

    it->places[it->basket.promotions.count] = place;
    *(struct pricing_promotion *)souk_list_add(&it->basket.promotions,
        souk_call_pool(it->world->all), sizeof(struct pricing_promotion)) =
        (struct pricing_promotion){
            .kind = pricing_kind_of(says),
            .percent = says->percent,
            .amount = says->amount,
            .buy = says->buy,
            .get = says->get,
            .minimum = says->minimum,
            .minimum_quantity = says->minimum_quantity,
            .skus = says->skus,
            .categories = says->categories,
            .exclusive = says->exclusive,
        };
}

/* A coupon's code as it was given; NULL: it was not. */
static const char *given_as(const struct total *it, const char *code)
{
    const char *const *given = it->asked->coupons.items;

    for (size_t i = 0; i < it->asked->coupons.count; i++)
        if (strcasecmp(given[i], code) == 0)
            return given[i];
    return NULL;
}

static bool is_known(const struct total *it, const char *coupon)
{
    for (size_t i = 0; i < it->world->count; i++)
        if (it->world->found[i].code && strcasecmp(it->world->found[i].code, coupon) == 0)
            return true;
    return false;
}

static void take_promotions(struct total *it)
{
    const char *const *given = it->asked->coupons.items;

    it->places = souk_alloc(it->world->all, (it->world->count + 1) * sizeof *it->places);
    for (size_t i = 0; i < it->asked->coupons.count; i++)
        if (!is_known(it, given[i]))
            refuse(it, given[i], &pricing_unknown_coupon, pricing_unknown_coupon.meaning);
    for (size_t place = 0; place < it->world->count; place++) {
        const char *code = it->world->found[place].code;
        const char *coupon = code ? given_as(it, code) : NULL;
        const souk_error_t *why = hindrance(it, place);
        if (code && !coupon)
            continue;
        if (!why)
            add_promotion(it, place);
        else if (coupon)
            refuse(it, coupon, why, why->meaning);
    }
}

static int64_t weight_of(const struct pricing_basket *basket)
{
    const struct pricing_line *lines = basket->lines.items;
    int64_t weight = 0;

    for (size_t i = 0; i < basket->lines.count; i++)
        weight += (int64_t)lines[i].weight_g * lines[i].quantity;
    return weight;
}

static struct parcel parcel_of(const struct total *it)
{
    return (struct parcel){
        .country = it->asked->country,
        .currency = it->asked->currency,
        .weight_g = weight_of(&it->basket),
        .value = it->basket.subtotal - it->basket.discount,
    };
}

/* Nobody saves the shipping by not speaking of it; but where nothing goes, and for what has no
   weight, there is nothing to be chosen. */
static void look_for_shipping(struct total *it)
{
    const struct method *methods = it->world->choice.items;
    const struct parcel parcel = parcel_of(it);

    for (size_t i = 0; parcel.country && parcel.weight_g && i < it->world->choice.count; i++)
        if (pricing_tier_for(&methods[i], &parcel)) {
            refuse(it, "shipping_method", &pricing_shipping_needed,
                pricing_shipping_needed.meaning);
            return;
        }
}

/* What it costs to ship depends on what is left to be paid for the goods. */
static void take_shipping(struct total *it)
{
    const char *code = it->asked->shipping_method;
    const struct method *method = souk_index_find(it->world->methods, code);
    const struct parcel parcel = parcel_of(it);
    const struct tier *tier = method ? pricing_tier_for(method, &parcel) : NULL;

    if (!method || !method->active)
        refuse(it, code, &pricing_unknown_method, pricing_unknown_method.meaning);
    else if (!tier)
        refuse(it, code, &pricing_shipping_unavailable, pricing_shipping_unavailable.meaning);
    else
        it->basket.shipping = tier->price;
    if (tier)
        it->basket.shipping_class = method->tax_class;
}

static bool add_up(struct total *it)
{
    souk_pool_t *pool = souk_call_pool(it->world->all);

    if (pricing_total(&it->basket, pool)) {
        if (!it->asked->shipping_method) {
            look_for_shipping(it);
            return true;
        }
        take_shipping(it);
        if (pricing_total(&it->basket, pool))
            return true;
    }
    souk_batch_fail(it->batch, it->i, &pricing_total_too_large, "%s",
        pricing_total_too_large.meaning);
    return false;
}

/* A coupon that takes nothing off is not used up by it. */
static void tell_promotions(struct total *it)
{
    static const char *const reasons[] = {
        [PRICING_NOTHING_FITS] = "it takes nothing off what is there",
        [PRICING_TOO_LITTLE] = "it needs more than is there",
        [PRICING_NOT_TOGETHER] = "it does not go together with another one",
    };
    const struct pricing_promotion *promotions = it->basket.promotions.items;

    for (size_t i = 0; i < it->basket.promotions.count; i++) {
        const struct found_promotion *found = &it->world->found[it->places[i]];
        if (promotions[i].verdict == PRICING_APPLIED)
            *(struct applied *)souk_list_add(&it->told->promotions, souk_call_pool(it->world->all),
                sizeof(struct applied)) = (struct applied){
                .promotion_id = found->id,
                .code = found->code,
                .name = it->world->says[it->places[i]].name,
                .amount = { promotions[i].taken, it->asked->currency },
                .limited = found->limit_total || found->limit_per_customer,
            };
        else if (found->code)
            refuse(it, given_as(it, found->code), &pricing_coupon_not_applicable,
                reasons[promotions[i].verdict]);
    }
}

static void tell(struct total *it)
{
    const struct pricing_line *lines = it->basket.lines.items;
    const struct priced_line *asked = it->asked->lines.items;
    const char *currency = it->asked->currency;
    struct totals *told = it->told;

    for (size_t i = 0; i < it->basket.lines.count; i++) {
        struct priced_line *line =
            souk_list_add(&told->lines, souk_call_pool(it->world->all), sizeof *line);
        *line = asked[i];
        line->discount = (souk_money_t){ lines[i].discount, currency };
        line->tax = (souk_money_t){ lines[i].tax, currency };
        line->rate = lines[i].rate;
    }
    told->subtotal = (souk_money_t){ it->basket.subtotal, currency };
    told->discount = (souk_money_t){ it->basket.discount, currency };
    told->shipping = (souk_money_t){ it->basket.shipping, currency };
    told->tax = (souk_money_t){ it->basket.tax, currency };
    told->total = (souk_money_t){ it->basket.total, currency };
    told->tax_included = it->basket.tax_included;
}

/* Who only looks may not have said yet where it is to go. Who orders is told by the order, which
   knows where that stands. */
static void look_at_region(struct total *it)
{
    souk_pool_t *pool = souk_call_pool(it->world->all);
    const char *flaw =
        pricing_region_flaw(&it->world->rates, it->asked->country, it->asked->region, pool);

    it->told->region_flaw = flaw;
    if (flaw && it->lenient)
        *(struct refusal *)souk_list_add(&it->told->refusals, pool, sizeof(struct refusal)) =
            (struct refusal){ "region", souk_invalid.code, flaw };
}

/* Who names no coupon tries none. */
static const char *guesser_of(souk_batch_t *batch, size_t i)
{
    const struct total_question *asked = souk_batch_request(batch, i);

    return asked->coupons.count ? pricing_guesser(batch->all, asked->user_id, asked->address)
                                : NULL;
}

/* Where nobody says what tax there is, prices are what is paid. */
static void quote_one(const struct pricing_world *world, struct guesses *guesses,
    souk_batch_t *batch, size_t i, bool lenient)
{
    struct total it = {
        .world = world,
        .guesses = guesses,
        .batch = batch,
        .i = i,
        .lenient = lenient,
        .asked = souk_batch_request(batch, i),
        .told = souk_batch_reply(batch, i),
        .basket = { .tax_included = true },
    };

    look_at_region(&it);
    pricing_use_rates(&it.basket, &world->rates, it.asked->country, it.asked->region,
        souk_call_pool(world->all));
    if (!lenient)
        it.guesser = guesser_of(batch, i);
    if (!take_lines(&it) || !pricing_may_guess(guesses, batch->calls[i], it.guesser))
        return;
    take_promotions(&it);
    if (!add_up(&it))
        return;
    tell_promotions(&it);
    tell(&it);
}

/* What is only looked at was tried before, when it was put into the cart. */
static bool quote_all(souk_batch_t *batch, bool lenient)
{
    struct pricing_world world = { .all = batch->all };
    struct guesses guesses = { .all = batch->all };

    for (size_t i = 0; i < batch->count && !lenient; i++)
        pricing_guesses_add(&guesses, guesser_of(batch, i));
    if (!pricing_guesses_find(&guesses) || !pricing_look_round(&world, batch))
        return false;
    for (size_t i = 0; i < batch->count; i++)
        quote_one(&world, &guesses, batch, i, lenient);
    return pricing_guesses_keep(&guesses);
}

bool pricing_quote(souk_batch_t *batch)
{
    return quote_all(batch, false);
}

bool pricing_preview(souk_batch_t *batch)
{
    return quote_all(batch, true);
}
