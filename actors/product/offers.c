/* What a product is sold as: itself, or its variants. */
#include "offers.h"

#include <string.h>

static void add_price(const struct offer *offer, souk_money_t price, souk_list_t *prices,
    souk_pool_t *pool)
{
    struct offer *row = souk_list_add(prices, pool, sizeof *row);
    *row = *offer;
    row->price = price;
}

static void add(const struct offer *offer, const souk_list_t *further, souk_list_t *offers,
    souk_list_t *prices, souk_pool_t *pool)
{
    *(struct offer *)souk_list_add(offers, pool, sizeof *offer) = *offer;
    add_price(offer, offer->price, prices, pool);
    for (size_t i = 0; i < further->count; i++)
        add_price(offer, ((const souk_money_t *)further->items)[i], prices, pool);
}

/* "Shirt, blue, L". */
static const char *name_of(const struct product *product, const struct variant *sold,
    souk_pool_t *pool)
{
    const char *name = product->name;
    for (size_t i = 0; i < sold->values.count; i++)
        name = souk_pool_format(pool, "%s, %s", name, ((const char *const *)sold->values.items)[i]);
    return name;
}

void product_offers(const struct product *product, souk_list_t *offers, souk_list_t *prices,
    souk_pool_t *pool)
{
    const struct variant *variants = product->variants.items;
    struct offer offer = {
        .sku = product->sku,
        .product_sku = product->sku,
        .name = product->name,
        .price = product->price,
        .weight_g = product->weight_g,
        .tax_class = product->tax_class,
        .buyable = strcmp(product->status, "published") == 0,
    };
    if (product->variants.count == 0) {
        add(&offer, &product->prices, offers, prices, pool);
        return;
    }
    struct offer kept = offer;
    kept.buyable = false;
    *(struct offer *)souk_list_add(offers, pool, sizeof kept) = kept;
    for (size_t i = 0; i < product->variants.count; i++) {
        bool own = variants[i].price.currency;
        offer.sku = variants[i].sku;
        offer.name = name_of(product, &variants[i], pool);
        offer.price = own ? variants[i].price : product->price;
        offer.weight_g = variants[i].weight_g ? variants[i].weight_g : product->weight_g;
        add(&offer, own ? &variants[i].prices : &product->prices, offers, prices, pool);
    }
}
