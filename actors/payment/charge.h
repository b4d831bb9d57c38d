/* The money of an order, taken at once or set aside. */
#ifndef PAYMENT_CHARGE_H
#define PAYMENT_CHARGE_H

#include "payment.h"

#define CHARGE_ERRORS                                                                              \
    &payment_unknown_method, &payment_was_voided, &payment_not_eligible, &payment_limit_exceeded

extern const souk_error_t payment_was_voided, payment_not_eligible, payment_limit_exceeded;
extern const souk_query_t payment_open_rows, payment_judge_rows, payment_find_rows,
    payment_claim_opened;
extern const souk_saga_t payment_charge, payment_authorize;

/* A method is a stored one's id, or a token. False: the call has failed. */
bool payment_read_method(souk_call_t *call, const char *method, struct payment *into);
/* Call i fails with what its state's verdict says. */
void payment_refuse(souk_batch_t *batch, size_t i, const struct payment *it);

#endif
