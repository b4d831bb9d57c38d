/* The shapes that the catalogue takes and gives. */
#ifndef PRODUCT_RECORDS_H
#define PRODUCT_RECORDS_H

#include "../../lib/record.h"

enum {
    SKU_MAX = 64,
    LINES_MAX = 100,
    QUANTITY_MAX = 999,
};
#define TOTAL_MAX INT64_C(1000000000000)

struct product {
    const char *id;
    const char *sku;
    const char *name;
    const char *description;
    souk_money_t price;
};
static const souk_record_t product = {
    .name = "product",
    .size = sizeof(struct product),
    .fields = {
        FIELD(product, id, .format = SOUK_UUID, .optional = true),
        FIELD(product, sku, .min = 1, .max = SKU_MAX, .doc = "what the shop calls it, for ever"),
        FIELD(product, name, .min = 1, .max = 200),
        FIELD(product, description, .optional = true),
        FIELD(product, price, .of = &souk_price),
    },
};

struct product_key {
    const char *sku;
};
static const souk_record_t product_key = {
    .name = "product_key",
    .size = sizeof(struct product_key),
    .fields = {
        FIELD(product_key, sku, .min = 1, .max = SKU_MAX),
    },
};

struct page {
    int limit;
    const char *after;
};
static const souk_record_t page = {
    .name = "page",
    .size = sizeof(struct page),
    .fields = {
        FIELD(page, limit, .min = 1, .max = 100, .fallback = "20"),
        FIELD(page, after, .max = SKU_MAX, .optional = true, .doc = "`next` of the page before"),
    },
};

struct products {
    souk_list_t items;
    const char *next;
};
static const souk_record_t product_page = {
    .name = "product_page",
    .size = sizeof(struct products),
    .fields = {
        FIELD(products, items, .of = &product),
        FIELD(products, next, .optional = true, .doc = "absent: this is the last page"),
    },
};

struct wanted {
    const char *sku;
    int quantity;
};
static const souk_record_t wanted_record = {
    .name = "wanted",
    .size = sizeof(struct wanted),
    .fields = {
        FIELD(wanted, sku, .min = 1, .max = SKU_MAX),
        FIELD(wanted, quantity, .min = 1, .max = QUANTITY_MAX),
    },
};

struct basket {
    souk_list_t lines;
};
static const souk_record_t basket = {
    .name = "basket",
    .size = sizeof(struct basket),
    .fields = {
        FIELD(basket, lines, .of = &wanted_record, .min = 1, .max = LINES_MAX),
    },
};

struct quoted_line {
    const char *sku;
    const char *name;
    int quantity;
    souk_money_t price;
};
static const souk_record_t quoted_line = {
    .name = "quoted_line",
    .size = sizeof(struct quoted_line),
    .fields = {
        FIELD(quoted_line, sku),
        FIELD(quoted_line, name),
        FIELD(quoted_line, quantity),
        FIELD(quoted_line, price, .doc = "of one"),
    },
};

struct quote {
    souk_list_t lines;
    souk_money_t total;
};
static const souk_record_t quote_record = {
    .name = "quote",
    .size = sizeof(struct quote),
    .fields = {
        FIELD(quote, lines, .of = &quoted_line, .doc = "in the order of the question"),
        FIELD(quote, total),
    },
};

struct delivery {
    souk_list_t products;
};
static const souk_record_t delivery_record = {
    .name = "product_delivery",
    .size = sizeof(struct delivery),
    .fields = {
        FIELD(delivery, products, .of = &product, .min = 1),
    },
};

#endif
