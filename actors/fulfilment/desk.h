/* Shipments as staff work through them, and as customers look for theirs. */
#ifndef FULFILMENT_DESK_H
#define FULFILMENT_DESK_H

#include "shipments.h"

static const char *const shipment_statuses[] = { "pending", "picking", "packed", "shipped",
    "delivered", "returned", "cancelled", NULL };

struct search {
    const char *status;
    const char *location;
    const char *after;
    int limit;
};
static const souk_record_t search = {
    .name = "shipment_search",
    .size = sizeof(struct search),
    .fields = {
        FIELD(search, status, .one_of = shipment_statuses, .fallback = "pending"),
        FIELD(search, location, .min = 1, .max = LOCATION_MAX, .optional = true),
        FIELD(search, limit, .min = 1, .max = PAGE_MAX, .fallback = "20"),
        FIELD(search, after, .format = SOUK_UUID, .optional = true,
            .doc = "the next of the page before"),
    },
};

static const souk_record_t found_shipment = {
    .name = "found_shipment",
    .size = sizeof(struct shipment),
    .fields = {
        FIELD(shipment, id),
        FIELD(shipment, order_id),
        FIELD(shipment, location, .doc = "from where it leaves"),
        FIELD(shipment, status),
        FIELD(shipment, carrier, .optional = true),
        FIELD(shipment, tracking_number, .optional = true),
        FIELD(shipment, version),
        FIELD(shipment, made_at),
        FIELD(shipment, lines, .of = &line, .max = LINES_MAX),
    },
};
struct shipment_page {
    souk_list_t items;
    const char *next;
};
static const souk_record_t shipment_page = {
    .name = "shipment_page",
    .size = sizeof(struct shipment_page),
    .fields = {
        FIELD(shipment_page, items, .of = &found_shipment, .doc = "the oldest first"),
        FIELD(shipment_page, next, .optional = true, .doc = "to ask with as after; null: no more"),
    },
};

struct shipment_entry {
    const char *status;
    const char *who;
    const char *why;
    souk_time_t at;
};
static const souk_record_t shipment_entry = {
    .name = "shipment_entry",
    .size = sizeof(struct shipment_entry),
    .fields = {
        FIELD(shipment_entry, status, .doc = "what the shipment became then"),
        FIELD(shipment_entry, who, .doc = "a user's id, or a service"),
        FIELD(shipment_entry, why),
        FIELD(shipment_entry, at),
    },
};
static const souk_record_t shipment = {
    .name = "shipment",
    .size = sizeof(struct shipment),
    .fields = {
        FIELD(shipment, id),
        FIELD(shipment, order_id),
        FIELD(shipment, location, .doc = "from where it leaves"),
        FIELD(shipment, status,
            .doc = "pending, picking, packed, shipped, delivered, returned (it could not be "
                "delivered, and is back) or cancelled"),
        FIELD(shipment, carrier, .optional = true),
        FIELD(shipment, tracking_number, .optional = true),
        FIELD(shipment, version),
        FIELD(shipment, made_at),
        FIELD(shipment, lines, .of = &line, .max = LINES_MAX),
        FIELD(shipment, history, .of = &shipment_entry),
    },
};

/* From where it leaves, and who has packed it, is the house's own business. */
static const souk_record_t own_shipment = {
    .name = "own_shipment",
    .size = sizeof(struct shipment),
    .fields = {
        FIELD(shipment, id),
        FIELD(shipment, status),
        FIELD(shipment, carrier, .optional = true),
        FIELD(shipment, tracking_number, .optional = true),
        FIELD(shipment, made_at),
        FIELD(shipment, lines, .of = &line, .max = LINES_MAX),
    },
};
struct own_shipments {
    souk_list_t items;
};
static const souk_record_t own_shipments = {
    .name = "own_shipments",
    .size = sizeof(struct own_shipments),
    .fields = {
        FIELD(own_shipments, items, .of = &own_shipment,
            .doc = "none: it is not known yet from where the order leaves, or it does not"),
    },
};

/* Whoever knows both has placed it. */
struct guest_key {
    const char *id;
    const char *email;
};
static const souk_record_t guest_key = {
    .name = "guest_key",
    .size = sizeof(struct guest_key),
    .fields = {
        FIELD(guest_key, id, .format = SOUK_UUID),
        FIELD(guest_key, email, .format = SOUK_EMAIL, .max = 254,
            .doc = "the one that the order was placed with"),
    },
};

extern const souk_ask_t fulfilment_ask_order, fulfilment_ask_guest_order;
extern const souk_query_t fulfilment_list, fulfilment_list_at, fulfilment_find_history;

bool fulfilment_search(souk_call_t *call, const void *request, void *reply);
bool fulfilment_get(souk_call_t *call, const void *request, void *reply);
bool fulfilment_of_order(souk_call_t *call, const void *request, void *reply);
bool fulfilment_track(souk_call_t *call, const void *request, void *reply);

#endif
