/* What was held for an order leaves. */
#ifndef INVENTORY_SHIP_H
#define INVENTORY_SHIP_H

#include "../../lib/souk.h"
#include "records.h"

struct shipment {
    const char *order_id;
    const char *key;
    souk_list_t lines;
};
/* Of a product, from one location or from wherever it is held. */
struct leaving {
    const char *sku;
    const char *location;
    int quantity;
};
static const souk_record_t leaving = {
    .name = "leaving",
    .size = sizeof(struct leaving),
    .fields = {
        FIELD(leaving, sku, .min = 1, .max = SKU_MAX),
        FIELD(leaving, location, .min = 1, .max = LOCATION_MAX, .optional = true,
            .doc = "absent: wherever it is held"),
        FIELD(leaving, quantity, .min = 1, .max = LINES_MAX * QUANTITY_MAX),
    },
};
static const souk_record_t shipment = {
    .name = "shipment",
    .size = sizeof(struct shipment),
    .fields = {
        FIELD(shipment, order_id, .format = SOUK_UUID),
        FIELD(shipment, key, .min = 1, .max = 100, .optional = true,
            .doc = "so that each of several shipments leaves once; none: the last"),
        FIELD(shipment, lines, .of = &leaving, .max = ALLOCATED_MAX, .optional = true,
            .doc = "none: all that is left"),
    },
};

extern const souk_error_t inventory_not_held;
extern const souk_query_t inventory_lock_reservation, inventory_note_shipment, inventory_ship;

bool inventory_commit(souk_call_t *call, const void *request, void *reply);

#endif
