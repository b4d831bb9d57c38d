/* What an order is answered with whose idempotency key is known, or whose cart. */
#ifndef ORDER_RECALL_H
#define ORDER_RECALL_H

#include "placing.h"

enum {
    ORDER_PLACE, /* which of the operations it is */
};
extern const souk_actor_t order_actor;

extern const souk_error_t order_running;
extern const souk_query_t order_find_known, order_find_cart_orders;

/* .recall of order.place: who asks again under a key is answered as the first time, and who orders
   what was in a cart once more is told which order has it. */
bool order_recall(souk_batch_t *batch);

/* The error that an order was rejected with for good; NULL: the reason was the shop's own. */
const souk_error_t *order_lasting_error(const char *code);

#endif
