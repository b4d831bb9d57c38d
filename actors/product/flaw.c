/* What no record can say of a product: that its parts go together. */
#include <string.h>

#include "offers.h"

/* Where the parts are that are being looked at, and what is wrong with them. */
typedef struct {
    const struct product *product;
    const char *pointer;
    const char *message;
    souk_pool_t *pool;
} inspection_t;

static void found(inspection_t *it, const char *message, const char *list, size_t i)
{
    if (it->message)
        return;
    it->message = message;
    it->pointer = souk_pool_format(it->pool, "%s/%zu", list, i);
}

static bool holds(const souk_list_t *texts, size_t before, const char *text)
{
    for (size_t i = 0; i < before; i++)
        if (strcmp(((const char *const *)texts->items)[i], text) == 0)
            return true;
    return false;
}

static void inspect_texts(inspection_t *it, const souk_list_t *texts, const char *list)
{
    const char *const *text = texts->items;
    for (size_t i = 0; i < texts->count; i++)
        if (holds(texts, i, text[i]))
            found(it, "is there twice", list, i);
}

static void inspect_prices(inspection_t *it, const souk_list_t *prices, const char *list)
{
    const souk_money_t *price = prices->items;
    for (size_t i = 0; i < prices->count; i++) {
        if (strcmp(price[i].currency, it->product->price.currency) == 0)
            found(it, "is in the currency of the price itself", list, i);
        for (size_t k = 0; k < i; k++)
            if (strcmp(price[i].currency, price[k].currency) == 0)
                found(it, "is the second in its currency", list, i);
    }
}

static void inspect_options(inspection_t *it)
{
    const struct option *options = it->product->options.items;
    souk_list_t names = { 0 };
    for (size_t i = 0; i < it->product->options.count; i++) {
        souk_list_add_text(&names, it->pool, options[i].name);
        inspect_texts(it, &options[i].values, souk_pool_format(it->pool, "/options/%zu/values", i));
    }
    inspect_texts(it, &names, "/options");
    if (it->product->options.count && !it->product->variants.count)
        found(it, "is an option without variants", "/options", 0);
}

static bool same_values(const struct variant *one, const struct variant *other)
{
    const char *const *mine = one->values.items, *const *theirs = other->values.items;
    for (size_t i = 0; i < one->values.count; i++)
        if (strcmp(mine[i], theirs[i]) != 0)
            return false;
    return true;
}

static void inspect_values(inspection_t *it, size_t i)
{
    const struct variant *variants = it->product->variants.items;
    const struct option *options = it->product->options.items;
    const char *const *values = variants[i].values.items;

    if (variants[i].values.count != it->product->options.count) {
        found(it, "does not have one value of each option", "/variants", i);
        return;
    }
    for (size_t k = 0; k < variants[i].values.count; k++)
        if (!holds(&options[k].values, options[k].values.count, values[k]))
            found(it, "has a value that its option does not have", "/variants", i);
    for (size_t k = 0; k < i && !it->message; k++)
        if (same_values(&variants[i], &variants[k]))
            found(it, "has the values of another variant", "/variants", i);
}

static void inspect_variants(inspection_t *it)
{
    const struct variant *variants = it->product->variants.items;
    souk_list_t skus = { 0 };
    for (size_t i = 0; i < it->product->variants.count; i++) {
        const char *currency = variants[i].price.currency;
        if (strcmp(variants[i].sku, it->product->sku) == 0)
            found(it, "has the product's own SKU", "/variants", i);
        if (currency && strcmp(currency, it->product->price.currency) != 0)
            found(it, "has its price in another currency than the product", "/variants", i);
        if (!currency && variants[i].prices.count)
            found(it, "has prices in further currencies, but none of its own", "/variants", i);
        inspect_prices(it, &variants[i].prices,
            souk_pool_format(it->pool, "/variants/%zu/prices", i));
        inspect_values(it, i);
        souk_list_add_text(&skus, it->pool, variants[i].sku);
    }
    inspect_texts(it, &skus, "/variants");
}

static void inspect_attributes(inspection_t *it)
{
    const struct attribute *attributes = it->product->attributes.items;
    souk_list_t terms = { 0 };
    for (size_t i = 0; i < it->product->attributes.count; i++) {
        if (strchr(attributes[i].name, ':'))
            found(it, "has a colon in its name", "/attributes", i);
        souk_list_add_text(&terms, it->pool,
            souk_pool_format(it->pool, "%s:%s", attributes[i].name, attributes[i].value));
    }
    inspect_texts(it, &terms, "/attributes");
}

const char *product_flaw(const struct product *product, const char **pointer, souk_pool_t *pool)
{
    inspection_t it = { .product = product, .pool = pool };
    inspect_prices(&it, &product->prices, "/prices");
    inspect_options(&it);
    inspect_variants(&it);
    inspect_attributes(&it);
    inspect_texts(&it, &product->categories, "/categories");
    *pointer = it.pointer;
    return it.message;
}
