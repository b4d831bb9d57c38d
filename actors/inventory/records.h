/* The shapes that more than one part of the inventory uses. */
#ifndef INVENTORY_RECORDS_H
#define INVENTORY_RECORDS_H

#include "allocate.h"

enum {
    SKU_MAX = 64,
    LINES_MAX = 100,
    QUANTITY_MAX = 999,
    DELIVERY_LINES_MAX = 1000,
    DELIVERED_MAX = 1000000,
    LOCATION_MAX = 40,
    NOTE_MAX = 500,
    ALLOCATED_MAX = 10000, /* lines of an order, each from up to 100 locations */
    YEAR_S = 365 * 24 * 60 * 60,
};

static const souk_record_t demand = {
    .name = "demand",
    .size = sizeof(struct demand),
    .fields = {
        FIELD(demand, sku, .min = 1, .max = SKU_MAX),
        FIELD(demand, quantity, .min = 1, .max = QUANTITY_MAX),
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

struct order_key {
    const char *order_id;
};
static const souk_record_t order_key = {
    .name = "order_key",
    .size = sizeof(struct order_key),
    .fields = {
        FIELD(order_key, order_id, .format = SOUK_UUID),
    },
};

/* What lies of a product at one location. */
struct level {
    const char *sku;
    const char *location;
    int on_hand;
    int reserved;
    int available;
    int threshold;
};
static const souk_record_t level = {
    .name = "level",
    .size = sizeof(struct level),
    .fields = {
        FIELD(level, sku),
        FIELD(level, location),
        FIELD(level, on_hand, .doc = "what is there"),
        FIELD(level, reserved, .doc = "what of it is held for orders"),
        FIELD(level, available, .doc = "what of it is not"),
        FIELD(level, threshold, .doc = "if fewer are available it runs low"),
    },
};

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

#endif
