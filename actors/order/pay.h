/* Orders that wait for their payment, paid after all: with another method, or since what had failed
   was tried again. */
#ifndef ORDER_PAY_H
#define ORDER_PAY_H

#include "records.h"

struct payment_wish {
    const char *id;
    const char *payment_method;
};
static const souk_record_t payment_wish = {
    .name = "payment_wish",
    .size = sizeof(struct payment_wish),
    .fields = {
        FIELD(payment_wish, id, .format = SOUK_UUID),
        FIELD(payment_wish, payment_method, .format = SOUK_NO_CARD, .min = 1, .max = 64,
            .doc = "a provider's token, or the id of a stored payment method"),
    },
};

/* As much of payment.captured and payment.given_up as is needed. */
struct payment_told {
    const char *order_id;
    bool late;
    int tries;
};
static const souk_record_t payment_captured = {
    .name = "payment_captured",
    .size = sizeof(struct payment_told),
    .fields = {
        FIELD(payment_told, order_id),
        FIELD(payment_told, late),
    },
};
static const souk_record_t payment_given_up = {
    .name = "payment_given_up",
    .size = sizeof(struct payment_told),
    .fields = {
        FIELD(payment_told, order_id),
        FIELD(payment_told, tries),
    },
};

extern const souk_query_t order_find_payable, order_note_paid, order_give_up_payments,
    order_touch_paid, order_claim_paid, order_confirm_paid;
extern const souk_saga_t order_pay;

/* What is heard of payments. */
bool order_hear_captured(souk_batch_t *batch);
bool order_hear_given_up(souk_batch_t *batch);

#endif
