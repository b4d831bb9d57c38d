/* Charges that failed softly, tried again: by the shop itself when they are due, and for whoever
   asks for it. */
#ifndef PAYMENT_RETRY_H
#define PAYMENT_RETRY_H

#include "payment.h"

struct another_try {
    const char *order_id;
    const char *key;
    const char *method;
};
static const souk_record_t another_try = {
    .name = "another_try",
    .size = sizeof(struct another_try),
    .fields = {
        FIELD(another_try, order_id, .format = SOUK_UUID),
        FIELD(another_try, key, .min = 1, .max = SOUK_KEY_MAX, .doc = "tried once by it"),
        FIELD(another_try, method, .format = SOUK_NO_CARD, .min = 1, .max = METHOD_MAX,
            .doc = "a token of the provider, or the id of a stored method"),
    },
};

extern const souk_error_t payment_not_payable, payment_too_many_tries;
extern const souk_query_t payment_claim_due, payment_find_tries, payment_open_tries;
extern const souk_saga_t payment_charge_again;

#endif
