/* The shapes that payments take and give, on the bus and in their statements. */
#ifndef PAYMENT_RECORDS_H
#define PAYMENT_RECORDS_H

#include "provider.h"

struct bill {
    const char *order_id;
    souk_money_t amount;
    const char *method;
};
static const souk_record_t bill = {
    .name = "bill",
    .size = sizeof(struct bill),
    .fields = {
        FIELD(bill, order_id, .format = SOUK_UUID, .doc = "charged once at the most"),
        FIELD(bill, amount, .of = &souk_price),
        FIELD(bill, method, .min = 1, .max = 64),
    },
};

struct receipt {
    const char *payment_id;
    const char *status;
};
static const souk_record_t receipt = {
    .name = "receipt",
    .size = sizeof(struct receipt),
    .fields = {
        FIELD(receipt, payment_id),
        FIELD(receipt, status, .doc = "captured, declined or insufficient"),
    },
};

struct order_key {
    const char *order_id;
};
static const souk_record_t order_key = {
    .name = "order_key",
    .size = sizeof(struct order_key),
    .fields = {
        FIELD(order_key, order_id, .format = SOUK_UUID),
    },
};

struct order_ids {
    souk_list_t order_ids;
};
static const souk_record_t order_ids = {
    .name = "order_ids",
    .size = sizeof(struct order_ids),
    .fields = {
        FIELD(order_ids, order_ids),
    },
};

/* A payment, as its row has it and as it goes through a saga. */
struct payment {
    const char *id;
    const char *order_id;
    souk_money_t amount;
    const char *method;
    const char *status;
    bool joins; /* another call has opened it */
    struct charge charge;
};
static const souk_record_t payment = {
    .name = "payment",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
        FIELD(payment, order_id),
        FIELD(payment, amount, .optional = true),
        FIELD(payment, method, .optional = true),
        FIELD(payment, status),
    },
};
static const souk_record_t opened_payment = {
    .name = "opened_payment",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
    },
};
static const souk_record_t voided_payment = {
    .name = "voided_payment",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
        FIELD(payment, order_id),
        FIELD(payment, status),
    },
};

#endif
