/* Stripe (https://docs.stripe.com/api), by PaymentIntents. */
#ifndef PAYMENT_STRIPE_H
#define PAYMENT_STRIPE_H

#include "provider.h"

extern const struct provider stripe;

bool stripe_read(souk_call_t *call, struct journal *journal);
bool stripe_owns(const char *reference);

#endif
