/* Shipments as rows, and how they are found. */
#ifndef FULFILMENT_SHIPMENTS_H
#define FULFILMENT_SHIPMENTS_H

#include "records.h"

struct shipment {
    const char *id;
    const char *order_id;
    const char *location;
    const char *status;
    const char *carrier;
    const char *tracking_number;
    const char *departure_id; /* with which it leaves or has left */
    int version;
    souk_time_t made_at;
    souk_list_t lines; /* struct line */
    souk_list_t history; /* struct shipment_entry */
};
static const souk_record_t shipment_row = {
    .name = "shipment_row",
    .size = sizeof(struct shipment),
    .fields = {
        FIELD(shipment, id),
        FIELD(shipment, order_id),
        FIELD(shipment, location),
        FIELD(shipment, status),
        FIELD(shipment, carrier, .optional = true),
        FIELD(shipment, tracking_number, .optional = true),
        FIELD(shipment, departure_id, .optional = true),
        FIELD(shipment, version),
        FIELD(shipment, made_at),
    },
};

extern const souk_query_t fulfilment_find_shipments, fulfilment_find_order_shipments,
    fulfilment_find_lines;

/* One by its id; fails with no_such_shipment. */
must_check bool fulfilment_find_one(souk_call_t *call, const char *id, struct shipment *found);
/* All of these orders, in the order of orders and ids. */
must_check bool fulfilment_find_of_orders(souk_call_t *call, const souk_list_t *orders,
    souk_list_t *shipments);
/* Gives each of the shipments its lines. */
must_check bool fulfilment_fill_lines(souk_call_t *call, const souk_list_t *shipments);

/* Whether it is still in the house: pending, picking or packed. */
bool fulfilment_is_open(const struct shipment *shipment);
bool fulfilment_has_status(const struct shipment *shipment, const char *status);
/* A new one, in the call's memory. */
/* Who does something, as it stands in histories. */
const char *fulfilment_who(const souk_call_t *call);

#endif
