/* What the files of the payment service share: its provider, its errors, and how it is asked. */
#ifndef PAYMENT_H
#define PAYMENT_H

#include "records.h"

/* The one that SOUK_PAYMENT_PROVIDER names. */
const struct provider *payment_provider(void);

/* Where in a state its deed is; never NULL. Of a deed with an outcome nothing is asked. */
typedef struct deed *payment_deed_t(souk_batch_t *batch, size_t i);

/* An .outside step: asks for the deeds of these calls that have no outcome yet, and has those wait
   that have no outcome. An answer that is overdue is looked up before anything is asked for once
   more. */
bool payment_ask(souk_batch_t *batch, payment_deed_t *deed_of, provider_act_t *act);

/* The orders of the calls' states, which are struct payment. */
souk_list_t payment_orders_of(souk_batch_t *batch);
/* The rows of these orders, locked until the transaction ends. */
must_check bool payment_lock(souk_batch_t *batch, const souk_list_t *orders, souk_list_t *rows);
extern const souk_query_t payment_lock_rows;

/* Nobody is asked for nothing: its deeds are done at once. */
bool payment_is_free(const struct payment *it);

extern const souk_error_t payment_missing, payment_unknown_method;

#endif
