/* What becomes of shipments, one step after the other. */
#ifndef FULFILMENT_MOVES_H
#define FULFILMENT_MOVES_H

#include "shipments.h"

/* What staff ask for; what is not said of a parcel stays as it is. */
struct move {
    const char *id;
    const char *status;
    const char *carrier;
    const char *tracking_number;
    int version;
    const char *who;
    const char *why;
    int demo_ms;
    const char *return_id; /* under which it is inspected, where it has come back */
};
static const souk_record_t move_wish = {
    .name = "shipment_move",
    .size = sizeof(struct move),
    .fields = {
        FIELD(move, id, .format = SOUK_UUID),
        FIELD(move, version, .optional = true),
    },
};
static const souk_record_t parcel_wish = {
    .name = "parcel",
    .size = sizeof(struct move),
    .fields = {
        FIELD(move, id, .format = SOUK_UUID),
        FIELD(move, carrier, .min = 1, .max = CARRIER_MAX, .optional = true),
        FIELD(move, tracking_number, .min = 1, .max = TRACKING_MAX, .optional = true,
            .doc = "no other shipment may have it; the carrier's events name it"),
        FIELD(move, version, .optional = true),
    },
};
static const souk_record_t moved = {
    .name = "moved_shipment",
    .size = sizeof(struct move),
    .fields = {
        FIELD(move, id),
        FIELD(move, status),
        FIELD(move, version),
    },
};

extern const souk_query_t fulfilment_move_shipments, fulfilment_take_back, fulfilment_tell_moves;

/* A shipment whose order is locked, to a status of which .status and .who are said: with its
   history and what is told of it. */
must_check bool fulfilment_move(souk_call_t *call, const souk_list_t *moves);

bool fulfilment_pick(souk_call_t *call, const void *request, void *reply);
bool fulfilment_pack(souk_call_t *call, const void *request, void *reply);
bool fulfilment_deliver(souk_call_t *call, const void *request, void *reply);
bool fulfilment_bring_back(souk_call_t *call, const void *request, void *reply);

#endif
