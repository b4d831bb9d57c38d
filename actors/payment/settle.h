/* How a charge that is opened comes to its end: what all sagas that charge have in common. */
#ifndef PAYMENT_SETTLE_H
#define PAYMENT_SETTLE_H

#include "payment.h"

extern const souk_query_t payment_save_references, payment_settle_rows, payment_fail_rows;

/* Whether money was taken or set aside, as the state's status says. */
bool payment_is_taken(const struct payment *it);
/* How long after this try the next one is due; -1: never. */
int payment_next_in_ms(const struct payment *it);

/* An .outside step: the provider is asked. */
bool payment_charge_outside(souk_batch_t *batch);
/* A .batch step: what came of it is written down and told. */
bool payment_settle_charge(souk_batch_t *batch);
/* For .answer: a receipt. */
bool payment_answer_charge(souk_call_t *call, const void *state, void *reply);

#endif
