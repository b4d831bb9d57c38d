/* What is told of payments: ids and amounts. */
#ifndef PAYMENT_EVENTS_H
#define PAYMENT_EVENTS_H

#include "../../lib/souk.h"

struct payment_told {
    const char *payment_id;
    const char *order_id;
    const char *user_id;
    const char *refund_id;
    const char *status;
    souk_money_t amount;
    bool late;
    int tries;
    souk_time_t next_try_at;
};
static const souk_record_t payment_told_taken = {
    .name = "payment_told_taken",
    .size = sizeof(struct payment_told),
    .fields = {
        FIELD(payment_told, payment_id),
        FIELD(payment_told, order_id),
        FIELD(payment_told, user_id, .optional = true, .doc = "who pays"),
        FIELD(payment_told, amount),
        FIELD(payment_told, late, .doc = "it had failed before"),
    },
};
static const souk_record_t payment_told_money = {
    .name = "payment_told_money",
    .size = sizeof(struct payment_told),
    .fields = {
        FIELD(payment_told, payment_id),
        FIELD(payment_told, order_id),
        FIELD(payment_told, user_id, .optional = true, .doc = "who pays"),
        FIELD(payment_told, amount, .doc = "given back; 0: nothing had been taken"),
    },
};
static const souk_record_t payment_told_failure = {
    .name = "payment_told_failure",
    .size = sizeof(struct payment_told),
    .fields = {
        FIELD(payment_told, payment_id),
        FIELD(payment_told, order_id),
        FIELD(payment_told, user_id, .optional = true, .doc = "who pays"),
        FIELD(payment_told, amount, .doc = "asked for"),
        FIELD(payment_told, status, .doc = "declined, insufficient or authentication_required"),
        FIELD(payment_told, tries, .doc = "how many there were"),
        FIELD(payment_told, next_try_at, .optional = true,
            .doc = "when it is tried again; null: never"),
    },
};
static const souk_record_t payment_told_refund = {
    .name = "payment_told_refund",
    .size = sizeof(struct payment_told),
    .fields = {
        FIELD(payment_told, payment_id),
        FIELD(payment_told, order_id),
        FIELD(payment_told, user_id, .optional = true, .doc = "who pays"),
        FIELD(payment_told, refund_id),
        FIELD(payment_told, amount),
    },
};

#endif
