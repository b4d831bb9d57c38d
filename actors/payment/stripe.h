/* Stripe (https://docs.stripe.com/api), by PaymentIntents. */
#ifndef PAYMENT_STRIPE_H
#define PAYMENT_STRIPE_H

#include "provider.h"

extern const struct provider stripe;

#endif
