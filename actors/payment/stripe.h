/* Stripe (https://docs.stripe.com/api), by PaymentIntents. */
#ifndef PAYMENT_STRIPE_H
#define PAYMENT_STRIPE_H

#include "provider.h"

extern const struct provider stripe;

bool stripe_inspect(souk_call_t *call, const souk_list_t *cards);

#endif
