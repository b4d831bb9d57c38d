/* Of whom the shop takes no money, or only so much. */
#ifndef PAYMENT_TERMS_H
#define PAYMENT_TERMS_H

#include "payment.h"

struct terms {
    const char *user_id;
    bool blocked;
    int64_t per_charge, per_day;
    const char *currency;
    const char *reason;
};
static const souk_record_t terms = {
    .name = "terms",
    .size = sizeof(struct terms),
    .fields = {
        FIELD(terms, user_id, .format = SOUK_UUID),
        FIELD(terms, blocked, .doc = "whether all payments are refused"),
        FIELD(terms, per_charge, .fallback = "0", .max = INT64_C(1000000000000),
            .doc = "the most that one order may cost, in minor units; 0: no limit"),
        FIELD(terms, per_day, .fallback = "0", .max = INT64_C(1000000000000),
            .doc = "the most that all orders of a day (UTC) may cost together; 0: no limit. What "
                "is declined does not count, what is given back does"),
        FIELD(terms, currency, .format = SOUK_CURRENCY, .optional = true,
            .doc = "of the limits; payments in another are refused"),
        FIELD(terms, reason, .format = SOUK_NO_CARD, .min = 1, .max = REASON_MAX,
            .optional = true, .doc = "for staff; the customer is not told"),
    },
};

struct terms_key {
    const char *user_id;
};
static const souk_record_t terms_key = {
    .name = "terms_key",
    .size = sizeof(struct terms_key),
    .fields = {
        FIELD(terms_key, user_id, .format = SOUK_UUID),
    },
};

extern const souk_query_t payment_save_terms, payment_find_terms;

bool payment_put_terms(souk_call_t *call, const void *request, void *reply);
bool payment_tell_terms(souk_call_t *call, const void *request, void *reply);

#endif
