/* The shapes that payments take and give, on the bus and in their statements. */
#ifndef PAYMENT_RECORDS_H
#define PAYMENT_RECORDS_H

#include "provider.h"

enum {
    METHOD_MAX = 64, /* characters of a token */
    REASON_MAX = 500,
};

struct bill {
    const char *order_id;
    const char *user_id;
    souk_money_t amount;
    const char *method;
};
static const souk_record_t bill = {
    .name = "bill",
    .size = sizeof(struct bill),
    .fields = {
        FIELD(bill, order_id, .format = SOUK_UUID, .doc = "charged once at the most"),
        FIELD(bill, user_id, .format = SOUK_UUID, .optional = true,
            .doc = "whose stored methods and limits count; else the caller's"),
        FIELD(bill, amount, .of = &souk_price),
        FIELD(bill, method, .format = SOUK_NO_CARD, .min = 1, .max = METHOD_MAX,
            .doc = "a token of the provider, or the id of a stored method"),
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
        FIELD(receipt, status,
            .doc = "captured, declined, insufficient or authentication_required"),
    },
};
static const souk_record_t authorization = {
    .name = "authorization",
    .size = sizeof(struct receipt),
    .fields = {
        FIELD(receipt, payment_id),
        FIELD(receipt, status,
            .doc = "authorized, declined, insufficient or authentication_required"),
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
    const char *user_id;
    souk_money_t amount;
    const char *method;
    const char *method_id; /* a stored one, instead */
    const char *customer; /* whom the provider keeps it for */
    bool manual; /* set aside first, and taken when it is captured */
    const char *status;
    const char *reference;
    int64_t captured, refunding, refunded;
    int64_t wanted; /* to be captured; 0: all */
    bool joins; /* no row was made for this call */
    const char *verdict; /* why */
    int tries; /* how often the provider was asked for it, each time under another key */
    int next_in_ms; /* if this one fails softly: when the next is due; -1: never */
    const char *key, *wish; /* of whoever asks for another, and what is to be paid with */
    bool refused; /* may not pay any more */
    struct deed deed;
};
static const souk_record_t payment = {
    .name = "payment",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
        FIELD(payment, order_id),
        FIELD(payment, user_id, .optional = true),
        FIELD(payment, amount, .optional = true),
        FIELD(payment, method, .optional = true),
        FIELD(payment, method_id, .optional = true),
        FIELD(payment, manual),
        FIELD(payment, status),
        FIELD(payment, reference, .optional = true),
        FIELD(payment, captured),
        FIELD(payment, tries),
        FIELD(payment, next_in_ms),
        FIELD(payment, key, .optional = true),
        FIELD(payment, wish, .optional = true),
    },
};
static const souk_record_t opened_payment = {
    .name = "opened_payment",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
    },
};
static const souk_record_t judged_payment = {
    .name = "judged_payment",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
        FIELD(payment, method, .optional = true),
        FIELD(payment, customer, .optional = true),
        FIELD(payment, verdict),
    },
};
static const souk_record_t known_payment = {
    .name = "known_payment",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
        FIELD(payment, order_id),
        FIELD(payment, amount, .optional = true),
        FIELD(payment, method, .optional = true),
        FIELD(payment, customer, .optional = true),
        FIELD(payment, manual),
        FIELD(payment, status),
        FIELD(payment, reference, .optional = true),
        FIELD(payment, tries),
    },
};
static const souk_record_t capturing_payment = {
    .name = "capturing_payment",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
        FIELD(payment, order_id),
        FIELD(payment, amount),
        FIELD(payment, method),
        FIELD(payment, status),
        FIELD(payment, reference, .optional = true),
        FIELD(payment, captured),
    },
};
static const souk_record_t locked_payment = {
    .name = "locked_payment",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
        FIELD(payment, order_id),
        FIELD(payment, amount, .optional = true),
        FIELD(payment, method, .optional = true),
        FIELD(payment, customer, .optional = true),
        FIELD(payment, manual),
        FIELD(payment, status),
        FIELD(payment, reference, .optional = true),
        FIELD(payment, tries),
        FIELD(payment, captured),
        FIELD(payment, refunding),
        FIELD(payment, refunded),
    },
};
static const souk_record_t voided_payment = {
    .name = "voided_payment",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
        FIELD(payment, order_id),
        FIELD(payment, amount, .optional = true),
        FIELD(payment, method, .optional = true),
        FIELD(payment, status),
        FIELD(payment, reference, .optional = true),
        FIELD(payment, captured),
        FIELD(payment, refunding),
        FIELD(payment, refunded),
    },
};

#endif
