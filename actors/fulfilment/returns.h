/* What comes back: asked for by the customer or for a parcel that could not be delivered, received,
   and inspected. */
#ifndef FULFILMENT_RETURNS_H
#define FULFILMENT_RETURNS_H

#include "records.h"

/* Whatever is said of a return; each sees a part of it. */
struct order_return {
    const char *id;
    const char *order_id;
    const char *user_id; /* whose it must be; NULL: anybody's */
    const char *shipment_id;
    const char *status;
    const char *reason;
    const char *location;
    int version;
    souk_time_t made_at;
    souk_list_t lines;
    int attempt;
    bool complete;
};
struct return_line {
    const char *id;
    const char *sku;
    int quantity;
    int restocked;
    int written_off;
};
static const souk_record_t return_line = {
    .name = "return_line",
    .size = sizeof(struct return_line),
    .fields = {
        FIELD(return_line, sku),
        FIELD(return_line, quantity),
        FIELD(return_line, restocked, .doc = "are in stock again"),
        FIELD(return_line, written_off, .doc = "are not"),
    },
};
static const souk_record_t order_return = {
    .name = "order_return",
    .size = sizeof(struct order_return),
    .fields = {
        FIELD(order_return, id),
        FIELD(order_return, order_id),
        FIELD(order_return, shipment_id, .optional = true,
            .doc = "that could not be delivered; absent: the customer sends it back"),
        FIELD(order_return, status, .doc = "requested, received, inspecting, inspected or cancelled"),
        FIELD(order_return, reason, .doc = "the customer's, or undelivered"),
        FIELD(order_return, location, .optional = true, .doc = "where it has arrived"),
        FIELD(order_return, version),
        FIELD(order_return, made_at),
        FIELD(order_return, lines, .of = &return_line, .max = LINES_MAX),
    },
};

static const char *const return_reasons[] = { "unwanted", "damaged", "wrong_product",
    "not_as_described", "other", NULL };

static const souk_record_t return_wish = {
    .name = "return_wish",
    .size = sizeof(struct order_return),
    .fields = {
        FIELD(order_return, id, .format = SOUK_UUID, .doc = "the order's"),
        FIELD(order_return, reason, .one_of = return_reasons),
        FIELD(order_return, lines, .of = &line, .min = 1, .max = LINES_MAX,
            .doc = "of what has arrived and is not on its way back yet"),
    },
};
static const souk_record_t return_receipt = {
    .name = "return_receipt",
    .size = sizeof(struct order_return),
    .fields = {
        FIELD(order_return, id, .format = SOUK_UUID),
        FIELD(order_return, location, .min = 1, .max = LOCATION_MAX, .fallback = "main",
            .doc = "where it has arrived, and is put in stock again"),
        FIELD(order_return, version, .optional = true),
    },
};
static const souk_record_t return_key = {
    .name = "return_key",
    .size = sizeof(struct order_return),
    .fields = {
        FIELD(order_return, id, .format = SOUK_UUID),
    },
};

static const char *const return_statuses[] = { "requested", "received", "inspecting", "inspected",
    "cancelled", NULL };

struct return_search {
    const char *status;
    const char *after;
    int limit;
};
static const souk_record_t return_search = {
    .name = "return_search",
    .size = sizeof(struct return_search),
    .fields = {
        FIELD(return_search, status, .one_of = return_statuses, .fallback = "requested"),
        FIELD(return_search, limit, .min = 1, .max = PAGE_MAX, .fallback = "20"),
        FIELD(return_search, after, .format = SOUK_UUID, .optional = true,
            .doc = "the next of the page before"),
    },
};
struct return_page {
    souk_list_t items;
    const char *next;
};
static const souk_record_t return_page = {
    .name = "return_page",
    .size = sizeof(struct return_page),
    .fields = {
        FIELD(return_page, items, .of = &order_return, .doc = "the oldest first"),
        FIELD(return_page, next, .optional = true, .doc = "to ask with as after; null: no more"),
    },
};
struct own_returns {
    souk_list_t items;
};
static const souk_record_t own_returns = {
    .name = "own_returns",
    .size = sizeof(struct own_returns),
    .fields = {
        FIELD(own_returns, items, .of = &order_return, .doc = "the oldest first"),
    },
};

/* A return as its statements know it, without its lines. */
static const souk_record_t return_row = {
    .name = "return_row",
    .size = sizeof(struct order_return),
    .fields = {
        FIELD(order_return, id),
        FIELD(order_return, order_id),
        FIELD(order_return, shipment_id, .optional = true),
        FIELD(order_return, status),
        FIELD(order_return, reason),
        FIELD(order_return, location, .optional = true),
        FIELD(order_return, version),
        FIELD(order_return, made_at),
    },
};
static const souk_record_t owned_key = {
    .name = "owned_key",
    .size = sizeof(struct order_return),
    .fields = {
        FIELD(order_return, id),
        FIELD(order_return, user_id, .optional = true),
    },
};

extern const souk_error_t fulfilment_not_returnable;
extern const souk_ask_t fulfilment_ask_location;
extern const souk_query_t fulfilment_lock_return, fulfilment_find_return, fulfilment_list_returns,
    fulfilment_list_order_returns, fulfilment_find_return_lines, fulfilment_find_returnable,
    fulfilment_add_return, fulfilment_add_return_lines, fulfilment_change_return;

/* Whose a thing must be for this caller; NULL: anybody's, since it is one of the staff. */
const char *fulfilment_owner(const souk_call_t *call);
/* Locks the order of a return, and finds it with its lines as it stands then; fails with
   no_such_return. */
must_check bool fulfilment_lock_whole(souk_call_t *call, const char *id,
    struct order_return *found);

bool fulfilment_find_own_order(souk_call_t *call, void *request);
bool fulfilment_request_return(souk_call_t *call, const void *request, void *reply);
bool fulfilment_find_place(souk_call_t *call, void *request);
bool fulfilment_receive_return(souk_call_t *call, const void *request, void *reply);
bool fulfilment_cancel_return(souk_call_t *call, const void *request, void *reply);
bool fulfilment_get_return(souk_call_t *call, const void *request, void *reply);
bool fulfilment_search_returns(souk_call_t *call, const void *request, void *reply);
bool fulfilment_returns_of_order(souk_call_t *call, const void *request, void *reply);

#endif
