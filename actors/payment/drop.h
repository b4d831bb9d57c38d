/* A stored method, forgotten. */
#ifndef PAYMENT_DROP_H
#define PAYMENT_DROP_H

#include "farewell.h"

extern const souk_query_t payment_drop_method, payment_promote_method;
extern const souk_saga_t payment_drop;

#endif
