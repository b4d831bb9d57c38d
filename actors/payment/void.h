/* All that was taken or set aside for an order, given back. */
#ifndef PAYMENT_VOID_H
#define PAYMENT_VOID_H

#include "payment.h"

extern const souk_query_t payment_bury_rows, payment_void_rows, payment_settle_voids,
    payment_claim_voiding;
extern const souk_saga_t payment_void;

#endif
