/* order.cancel: a saga that only goes forwards once the order has the status that says so. */
#ifndef ORDER_MOVES_H
#define ORDER_MOVES_H

#include "records.h"

/* From a customer about an own order, or from staff about any. */
struct move_wish {
    const char *id;
    const char *reason;
};
static const souk_record_t cancellation = {
    .name = "cancellation",
    .size = sizeof(struct move_wish),
    .fields = {
        FIELD(move_wish, id, .format = SOUK_UUID),
        FIELD(move_wish, reason, .min = 1, .max = 500, .optional = true,
            .doc = "in one's own words; stands in the order's history"),
    },
};

struct order_state {
    const char *id;
    const char *status;
};
static const souk_record_t order_state = {
    .name = "order_state",
    .size = sizeof(struct order_state),
    .fields = {
        FIELD(order_state, id),
        FIELD(order_state, status),
    },
};

extern const souk_error_t order_not_cancellable;
extern const souk_query_t order_begin_moves, order_find_moves, order_end_moves,
    order_claim_cancelling;
extern const souk_saga_t order_cancel;

#endif
