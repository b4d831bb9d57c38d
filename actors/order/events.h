/* What is told of orders. */
#ifndef SOUK_ORDER_EVENTS_H
#define SOUK_ORDER_EVENTS_H

#include "souk.h"

struct order_told {
    const char *order_id;
    const char *user_id;
    souk_money_t total;
    const char *reason;
};
static const souk_record_t order_confirmed = {
    .name = "order_confirmed",
    .size = sizeof(struct order_told),
    .fields = {
        FIELD(order_told, order_id),
        FIELD(order_told, user_id, .doc = "who ordered; of a guest, an id for the address"),
        FIELD(order_told, total),
    },
};
static const souk_record_t order_rejected = {
    .name = "order_rejected",
    .size = sizeof(struct order_told),
    .fields = {
        FIELD(order_told, order_id),
        FIELD(order_told, user_id),
        FIELD(order_told, reason, .doc = "the code of an error"),
    },
};
static const souk_record_t order_moved = {
    .name = "order_moved",
    .size = sizeof(struct order_told),
    .fields = {
        FIELD(order_told, order_id),
        FIELD(order_told, user_id),
    },
};

#endif
