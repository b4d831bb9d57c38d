/* The document says it all; offers, prices and shelves are made anew from it. */
#include "save.h"

#include <stdlib.h>
#include <string.h>

#include "errors.h"
#include "offers.h"
#include "queries/product.h"

static const souk_record_t locked_record = {
    .name = "locked",
    .size = sizeof(struct locked),
    .fields = {
        FIELD(locked, sku),
        FIELD(locked, id, .optional = true),
        FIELD(locked, status),
        FIELD(locked, version),
    },
};
static const souk_record_t offer_row = {
    .name = "offer",
    .size = sizeof(struct offer),
    .fields = {
        FIELD(offer, sku),
        FIELD(offer, product_sku),
        FIELD(offer, name),
        FIELD(offer, price),
        FIELD(offer, weight_g),
        FIELD(offer, tax_class),
        FIELD(offer, buyable),
    },
};
static const souk_record_t saved_offer = {
    .name = "saved_offer",
    .size = sizeof(struct offer),
    .fields = {
        FIELD(offer, sku),
        FIELD(offer, product_sku),
    },
};

struct slugs {
    souk_list_t slugs;
};
static const souk_record_t slugs_record = {
    .name = "slugs",
    .size = sizeof(struct slugs),
    .fields = {
        FIELD(slugs, slugs),
    },
};
struct slug {
    const char *slug;
};
static const souk_record_t slug = {
    .name = "slug",
    .size = sizeof(struct slug),
    .fields = {
        FIELD(slug, slug),
    },
};

struct event {
    const char *topic;
    const char *sku;
    int version;
    const char *status;
};
static const souk_record_t event = {
    .name = "event",
    .size = sizeof(struct event),
    .fields = {
        FIELD(event, topic),
        FIELD(event, sku),
        FIELD(event, version),
        FIELD(event, status),
    },
};

const souk_query_t product_claim = {
    .sql = &sql_claim_products,
    .takes = &product_skus,
};
const souk_query_t product_lock_rows = {
    .sql = &sql_lock_products,
    .takes = &product_skus,
    .gives = &locked_record,
};
const souk_query_t product_hold_categories = {
    .sql = &sql_hold_categories,
    .takes = &slugs_record,
    .gives = &slug,
};
const souk_query_t product_retire_offers = {
    .sql = &sql_retire_offers,
    .takes = &product_skus,
};
const souk_query_t product_save_offers = {
    .sql = &sql_save_offers,
    .takes = &offer_row,
    .gives = &saved_offer,
    .many = true,
};
const souk_query_t product_save_prices = {
    .sql = &sql_save_prices,
    .takes = &offer_row,
    .many = true,
};
const souk_query_t product_clear_shelves = {
    .sql = &sql_clear_shelves,
    .takes = &product_skus,
};
const souk_query_t product_fill_shelves = {
    .sql = &sql_fill_shelves,
    .takes = &product_skus,
};
const souk_query_t product_save_events = {
    .sql = &sql_save_events,
    .takes = &event,
    .many = true,
};

bool product_lock(souk_call_t *call, const souk_list_t *skus, souk_index_t **locked)
{
    souk_list_t rows;
    if (!souk_db_all(call, &product_lock_rows, &(struct skus){ *skus }, &rows))
        return false;
    *locked = souk_index_of(&rows, &locked_record, "sku", souk_call_pool(call));
    return true;
}

bool product_hold(souk_call_t *call, const souk_list_t *products)
{
    const struct product *product = products->items;
    struct slugs wanted = { 0 };
    souk_list_t rows;

    for (size_t i = 0; i < products->count; i++)
        for (size_t k = 0; k < product[i].categories.count; k++)
            souk_list_add_text(&wanted.slugs, souk_call_pool(call),
                ((const char *const *)product[i].categories.items)[k]);
    if (wanted.slugs.count == 0)
        return true;
    if (!souk_db_all(call, &product_hold_categories, &wanted, &rows))
        return false;

    const souk_index_t *held = souk_index_of(&rows, &slug, "slug", souk_call_pool(call));
    for (size_t i = 0; i < wanted.slugs.count; i++) {
        const char *name = ((const char *const *)wanted.slugs.items)[i];
        if (!souk_index_find(held, name))
            return souk_fail(call, &unknown_category, "there is no category %s", name);
    }
    return true;
}

static int by_position(const void *one, const void *other)
{
    const struct picture *left = one, *right = other;
    return (left->position > right->position) - (left->position < right->position);
}

bool product_check(souk_call_t *call, struct product *product, const char *base)
{
    const char *pointer;
    const char *flaw = product_flaw(product, &pointer, souk_call_pool(call));
    if (flaw)
        return souk_fail_field(call, souk_pool_format(souk_call_pool(call), "%s%s", base, pointer),
            "%s", flaw);
    if (product->pictures.count)
        qsort(product->pictures.items, product->pictures.count, sizeof(struct picture),
            by_position);
    return true;
}

/* No statement could save a SKU twice, so two products that want the same are told apart here. */
static bool check_twice(souk_call_t *call, const souk_list_t *offers)
{
    const souk_index_t *first = souk_index_of(offers, &offer_row, "sku", souk_call_pool(call));
    const struct offer *row = offers->items;
    for (size_t i = 0; i < offers->count; i++)
        if (souk_index_find(first, row[i].sku) != &row[i])
            return souk_fail(call, &sku_taken, "%s is wanted twice", row[i].sku);
    return true;
}

static bool save_offers(souk_call_t *call, const souk_list_t *products)
{
    souk_list_t offers = { 0 }, prices = { 0 }, saved;
    souk_pool_t *pool = souk_call_pool(call);

    for (size_t i = 0; i < products->count; i++)
        product_offers((const struct product *)products->items + i, &offers, &prices, pool);
    if (!check_twice(call, &offers) || !souk_db_all(call, &product_save_offers, &offers, &saved))
        return false;
    const souk_index_t *index = souk_index_of(&saved, &saved_offer, "sku", pool);
    const struct offer *row = offers.items;
    for (size_t i = 0; i < offers.count; i++)
        if (!souk_index_find(index, row[i].sku))
            return souk_fail(call, &sku_taken, "%s belongs to another product", row[i].sku);
    return souk_db_run(call, &product_save_prices, &prices);
}

bool product_shelve(souk_call_t *call, const struct skus *products)
{
    return souk_db_run(call, &product_clear_shelves, products) &&
        souk_db_run(call, &product_fill_shelves, products);
}

static bool save_events(souk_call_t *call, const souk_list_t *products, const char *topic)
{
    const struct product *product = products->items;
    souk_list_t events = { 0 };
    for (size_t i = 0; i < products->count; i++)
        *(struct event *)souk_list_add(&events, souk_call_pool(call), sizeof(struct event)) =
            (struct event){ topic, product[i].sku, product[i].version, product[i].status };
    return souk_db_run(call, &product_save_events, &events);
}

static bool save_documents(souk_call_t *call, const souk_list_t *products)
{
    souk_list_t documents =
        souk_list_new(souk_call_pool(call), products->count, sizeof(struct product));
    struct product *document = documents.items;
    for (size_t i = 0; i < products->count; i++) {
        document[i] = ((const struct product *)products->items)[i];
        product_shorten(&document[i]);
    }
    return souk_documents_put(call, &product_documents, &documents);
}

bool product_save(souk_call_t *call, const souk_list_t *products, const char *topic)
{
    const struct product *product = products->items;
    struct skus skus = { 0 };
    for (size_t i = 0; i < products->count; i++)
        souk_list_add_text(&skus.skus, souk_call_pool(call), product[i].sku);
    return save_documents(call, products) && souk_db_run(call, &product_retire_offers, &skus) &&
        save_offers(call, products) && product_shelve(call, &skus) &&
        save_events(call, products, topic);
}
