/* What is told of shipments and returns. */
#ifndef SOUK_FULFILMENT_EVENTS_H
#define SOUK_FULFILMENT_EVENTS_H

#include "records.h"

struct shipment_told {
    const char *order_id;
    const char *user_id;
    const char *shipment_id;
    const char *return_id;
    const char *carrier;
    const char *tracking_number;
    bool complete;
    souk_list_t lines;
};
static const souk_record_t shipment_made = {
    .name = "shipment_made",
    .size = sizeof(struct shipment_told),
    .fields = {
        FIELD(shipment_told, order_id),
        FIELD(shipment_told, user_id, .doc = "who ordered; of a guest, an id for the address"),
        FIELD(shipment_told, shipment_id),
    },
};
static const souk_record_t shipment_moved = {
    .name = "shipment_moved",
    .size = sizeof(struct shipment_told),
    .fields = {
        FIELD(shipment_told, order_id),
        FIELD(shipment_told, user_id),
        FIELD(shipment_told, shipment_id),
        FIELD(shipment_told, carrier, .optional = true),
        FIELD(shipment_told, tracking_number, .optional = true),
        FIELD(shipment_told, complete,
            .doc = "no other shipment of the order has yet to come as far"),
    },
};
static const souk_record_t return_made = {
    .name = "return_made",
    .size = sizeof(struct shipment_told),
    .fields = {
        FIELD(shipment_told, order_id),
        FIELD(shipment_told, user_id),
        FIELD(shipment_told, return_id),
    },
};
static const souk_record_t return_ended = {
    .name = "return_ended",
    .size = sizeof(struct shipment_told),
    .fields = {
        FIELD(shipment_told, order_id),
        FIELD(shipment_told, user_id),
        FIELD(shipment_told, return_id),
        FIELD(shipment_told, lines, .of = &line, .max = LINES_MAX, .doc = "what has come back"),
        FIELD(shipment_told, complete, .doc = "all of the order has"),
    },
};

#endif
