/* The shapes that more than one part of the fulfilment uses. */
#ifndef FULFILMENT_RECORDS_H
#define FULFILMENT_RECORDS_H

#include "../../lib/souk.h"

enum {
    SKU_MAX = 64,
    LINES_MAX = 100, /* of an order */
    QUANTITY_MAX = 99900, /* of one product in an order: in 100 lines 999 each */
    ALLOCATED_MAX = 10000, /* lines of an order, each from up to 100 locations */
    PARTS_MAX = 1000, /* shipments or returns of an order */
    PAGE_MAX = 100,
    LOCATION_MAX = 40,
    CARRIER_MAX = 60,
    TRACKING_MAX = 100,
};

/* So much of a product: of a shipment or a return, of which this is the id, or at a location. */
struct line {
    const char *id;
    const char *location;
    const char *sku;
    int quantity;
};
static const souk_record_t line = {
    .name = "shipment_line",
    .size = sizeof(struct line),
    .fields = {
        FIELD(line, sku, .min = 1, .max = SKU_MAX),
        FIELD(line, quantity, .min = 1, .max = QUANTITY_MAX),
    },
};
static const souk_record_t line_row = {
    .name = "line_row",
    .size = sizeof(struct line),
    .fields = {
        FIELD(line, id),
        FIELD(line, sku),
        FIELD(line, quantity),
    },
};

struct ids {
    souk_list_t ids;
};
static const souk_record_t ids = {
    .name = "ids",
    .size = sizeof(struct ids),
    .fields = {
        FIELD(ids, ids),
    },
};

struct by_id {
    const char *id;
};
static const souk_record_t by_id = {
    .name = "by_id",
    .size = sizeof(struct by_id),
    .fields = {
        FIELD(by_id, id, .format = SOUK_UUID),
    },
};

struct by_order {
    const char *order_id;
};
static const souk_record_t by_order = {
    .name = "by_order",
    .size = sizeof(struct by_order),
    .fields = {
        FIELD(by_order, order_id, .format = SOUK_UUID),
    },
};

#endif
