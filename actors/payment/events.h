/* What is told of payments: ids and amounts. */
#ifndef PAYMENT_EVENTS_H
#define PAYMENT_EVENTS_H

#include "../../lib/souk.h"

struct payment_told {
    const char *payment_id;
    const char *order_id;
    const char *refund_id;
    const char *status;
    souk_money_t amount;
};
static const souk_record_t payment_told_money = {
    .name = "payment_told_money",
    .size = sizeof(struct payment_told),
    .fields = {
        FIELD(payment_told, payment_id),
        FIELD(payment_told, order_id),
        FIELD(payment_told, amount, .doc = "taken, set aside or given back"),
    },
};
static const souk_record_t payment_told_failure = {
    .name = "payment_told_failure",
    .size = sizeof(struct payment_told),
    .fields = {
        FIELD(payment_told, payment_id),
        FIELD(payment_told, order_id),
        FIELD(payment_told, amount, .doc = "asked for"),
        FIELD(payment_told, status, .doc = "declined, insufficient or authentication_required"),
    },
};
static const souk_record_t payment_told_refund = {
    .name = "payment_told_refund",
    .size = sizeof(struct payment_told),
    .fields = {
        FIELD(payment_told, payment_id),
        FIELD(payment_told, order_id),
        FIELD(payment_told, refund_id),
        FIELD(payment_told, amount),
    },
};

#endif
