/* Money that was taken, given back in parts. */
#ifndef PAYMENT_REFUND_H
#define PAYMENT_REFUND_H

#include "payment.h"

struct refund_wish {
    const char *order_id;
    const char *key;
    souk_money_t amount;
    const char *reason;
};
/* From another service. */
static const souk_record_t refund_wish = {
    .name = "refund_wish",
    .size = sizeof(struct refund_wish),
    .fields = {
        FIELD(refund_wish, order_id, .format = SOUK_UUID),
        FIELD(refund_wish, key, .format = SOUK_NO_CARD, .min = 1, .max = SOUK_KEY_MAX,
            .doc = "given back once by it"),
        FIELD(refund_wish, amount, .of = &souk_price),
        FIELD(refund_wish, reason, .format = SOUK_NO_CARD, .min = 1, .max = REASON_MAX,
            .optional = true),
    },
};
/* From staff, whose call has an idempotency key. */
static const souk_record_t staff_refund = {
    .name = "staff_refund",
    .size = sizeof(struct refund_wish),
    .fields = {
        FIELD(refund_wish, order_id, .format = SOUK_UUID),
        FIELD(refund_wish, amount, .of = &souk_price,
            .doc = "at least one minor unit, in the payment's currency"),
        FIELD(refund_wish, reason, .format = SOUK_NO_CARD, .min = 1, .max = REASON_MAX,
            .optional = true, .doc = "in one's own words; stands beside the refund"),
    },
};

struct refund_state {
    const char *id;
    const char *status;
    souk_money_t amount;
};
static const souk_record_t refund_state = {
    .name = "refund_state",
    .size = sizeof(struct refund_state),
    .fields = {
        FIELD(refund_state, id),
        FIELD(refund_state, status,
            .doc = "refunding, refunded or failed: the provider would not give it back"),
        FIELD(refund_state, amount),
    },
};

extern const souk_error_t payment_not_refundable;
extern const souk_query_t payment_find_refunds, payment_save_refunds, payment_settle_refunds,
    payment_claim_refunding;
extern const souk_saga_t payment_refund, payment_staff_refund;

#endif
