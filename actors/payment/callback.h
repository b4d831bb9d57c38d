/* What a provider tells by itself. It is believed to be the provider's, since it is signed, but not
   taken at its word: what it names is looked up there. */
#ifndef PAYMENT_CALLBACK_H
#define PAYMENT_CALLBACK_H

#include "../../lib/signature.h"
#include "payment.h"

struct callback {
    const char *provider;
    const char *body;
    const char *signature;
};
extern const souk_record_t payment_callback_record;

extern const souk_query_t payment_find_heard, payment_find_named, payment_keep_heard,
    payment_forget_heard, payment_revive;
extern const souk_saga_t payment_hear;

/* A timer's. */
bool payment_forget_old_words(souk_call_t *call);

#endif
