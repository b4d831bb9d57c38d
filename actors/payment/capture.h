/* Money that was set aside, taken. */
#ifndef PAYMENT_CAPTURE_H
#define PAYMENT_CAPTURE_H

#include "payment.h"

struct capture_wish {
    const char *order_id;
    int64_t amount;
};
static const souk_record_t capture_wish = {
    .name = "capture_wish",
    .size = sizeof(struct capture_wish),
    .fields = {
        FIELD(capture_wish, order_id, .format = SOUK_UUID),
        FIELD(capture_wish, amount, .optional = true, .max = INT64_C(1000000000000),
            .doc = "in minor units of the payment's currency; left out: all. The remainder is "
                "let go"),
    },
};

extern const souk_error_t payment_not_authorized, payment_already_captured, payment_too_much;
extern const souk_query_t payment_begin_captures, payment_settle_captures, payment_claim_capturing;
extern const souk_saga_t payment_capture;

#endif
