/* How an order leaves the house: whether it may is decided here, and what becomes of it is told by
   its shipments. */
#ifndef ORDER_SHIP_H
#define ORDER_SHIP_H

#include "records.h"

struct departing {
    const char *id;
    const char *user_id;
    const char *status;
    const char *who;
};
static const souk_record_t departure = {
    .name = "departure",
    .size = sizeof(struct departing),
    .fields = {
        FIELD(departing, id, .format = SOUK_UUID),
        FIELD(departing, who, .min = 1, .max = 100, .fallback = "system",
            .doc = "stands in the order's history"),
    },
};
static const souk_record_t departing = {
    .name = "departing",
    .size = sizeof(struct departing),
    .fields = {
        FIELD(departing, id),
        FIELD(departing, user_id),
        FIELD(departing, status),
    },
};

/* What is told of shipments, as far as it concerns their order. */
struct shipment_told {
    const char *order_id;
    bool complete;
};
static const souk_record_t shipment_told = {
    .name = "shipment_told",
    .size = sizeof(struct shipment_told),
    .fields = {
        FIELD(shipment_told, order_id),
        FIELD(shipment_told, complete, .optional = true),
    },
};

extern const souk_error_t order_not_shippable;
extern const souk_query_t order_ship_rows, order_find_departing, order_follow_rows;

bool order_ship(souk_batch_t *batch);
bool order_follow_shipped(souk_batch_t *batch);
bool order_follow_delivered(souk_batch_t *batch);
bool order_follow_returned(souk_batch_t *batch);

#endif
