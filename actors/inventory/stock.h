/* How much there is, for whoever wants to know. */
#ifndef INVENTORY_STOCK_H
#define INVENTORY_STOCK_H

#include "../../lib/souk.h"
#include "records.h"

struct stock_query {
    souk_list_t sku;
};
static const souk_record_t stock_query = {
    .name = "stock_query",
    .size = sizeof(struct stock_query),
    .fields = {
        FIELD(stock_query, sku, .min = 1, .max = LINES_MAX, .doc = "the products to look for"),
    },
};

struct stock_item {
    const char *sku;
    int available;
};
static const souk_record_t stock_item = {
    .name = "stock_item",
    .size = sizeof(struct stock_item),
    .fields = {
        FIELD(stock_item, sku),
        FIELD(stock_item, available, .doc = "how many can be ordered"),
    },
};

struct stock_items {
    souk_list_t items;
};
static const souk_record_t stock_items = {
    .name = "stock_items",
    .size = sizeof(struct stock_items),
    .fields = {
        FIELD(stock_items, items,
            .of = &stock_item,
            .doc = "one for each of the products that has ever been in stock"),
    },
};

extern const souk_query_t inventory_find_stock;

bool inventory_check(souk_batch_t *batch);
bool inventory_show(souk_batch_t *batch);

#endif
