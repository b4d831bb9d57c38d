/* The shapes that the inventory takes and gives, on the bus and in its statements. */
#ifndef INVENTORY_RECORDS_H
#define INVENTORY_RECORDS_H

#include "allocate.h"

enum {
    SKU_MAX = 64,
    LINES_MAX = 100,
    QUANTITY_MAX = 999,
    DELIVERY_LINES_MAX = 1000,
    DELIVERED_MAX = 1000000,
    YEAR_S = 365 * 24 * 60 * 60,
};

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

static const souk_record_t demand = {
    .name = "demand",
    .size = sizeof(struct demand),
    .fields = {
        FIELD(demand, sku, .min = 1, .max = SKU_MAX),
        FIELD(demand, quantity, .min = 1, .max = QUANTITY_MAX),
    },
};

struct wish {
    const char *order_id;
    souk_list_t lines;
    int ttl_s;
};
static const souk_record_t wish = {
    .name = "wish",
    .size = sizeof(struct wish),
    .fields = {
        FIELD(wish, order_id, .format = SOUK_UUID, .doc = "who asks twice for it gets it once"),
        FIELD(wish, lines, .of = &demand, .min = 1, .max = LINES_MAX),
        FIELD(wish, ttl_s,
            .max = YEAR_S,
            .optional = true,
            .doc = "seconds that it is held for; 0: until it is released"),
    },
};

struct order_key {
    const char *order_id;
    bool taken; /* by the call that it was meant for */
};
static const souk_record_t order_key = {
    .name = "order_key",
    .size = sizeof(struct order_key),
    .fields = {
        FIELD(order_key, order_id, .format = SOUK_UUID),
    },
};

struct expiry {
    const char *order_id;
    int in_s;
};
static const souk_record_t expiry = {
    .name = "expiry",
    .size = sizeof(struct expiry),
    .fields = {
        FIELD(expiry, order_id, .format = SOUK_UUID),
        FIELD(expiry, in_s, .min = 1, .max = YEAR_S, .doc = "seconds from now"),
    },
};

static const souk_record_t delivered = {
    .name = "delivered",
    .size = sizeof(struct demand),
    .fields = {
        FIELD(demand, sku, .min = 1, .max = SKU_MAX),
        FIELD(demand, quantity, .min = 1, .max = DELIVERED_MAX),
    },
};

struct delivery {
    const char *key;
    souk_list_t lines;
};
static const souk_record_t delivery = {
    .name = "delivery",
    .size = sizeof(struct delivery),
    .fields = {
        FIELD(delivery, key, .min = 1, .max = 100, .doc = "a delivery is booked once by its key"),
        FIELD(delivery, lines, .of = &delivered, .min = 1, .max = DELIVERY_LINES_MAX),
    },
};

/* From here on: what only the statements see. */
struct skus {
    souk_list_t skus;
};
static const souk_record_t skus = {
    .name = "skus",
    .size = sizeof(struct skus),
    .fields = {
        FIELD(skus, skus),
    },
};

struct orders {
    souk_list_t order_ids;
    const char *status;
};
static const souk_record_t orders = {
    .name = "orders",
    .size = sizeof(struct orders),
    .fields = {
        FIELD(orders, order_ids),
        FIELD(orders, status, .optional = true),
    },
};

static const souk_record_t stock = {
    .name = "stock",
    .size = sizeof(struct stock),
    .fields = {
        FIELD(stock, sku),
        FIELD(stock, available),
        FIELD(stock, taken),
    },
};

struct reservation {
    const char *order_id;
    const char *status;
};
static const souk_record_t reservation = {
    .name = "reservation",
    .size = sizeof(struct reservation),
    .fields = {
        FIELD(reservation, order_id),
        FIELD(reservation, status),
    },
};

struct reserved_line {
    const char *order_id;
    int call; /* of the batch: the same order may be asked for twice in one */
    const char *sku;
    int quantity;
    int ttl_s;
};
static const souk_record_t reserved_line = {
    .name = "reserved_line",
    .size = sizeof(struct reserved_line),
    .fields = {
        FIELD(reserved_line, order_id),
        FIELD(reserved_line, call),
        FIELD(reserved_line, sku),
        FIELD(reserved_line, quantity),
        FIELD(reserved_line, ttl_s),
    },
};

struct movement {
    const char *key;
    const char *sku;
    int quantity;
};
static const souk_record_t movement = {
    .name = "movement",
    .size = sizeof(struct movement),
    .fields = {
        FIELD(movement, key),
        FIELD(movement, sku),
        FIELD(movement, quantity),
    },
};

#endif
