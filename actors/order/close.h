/* The steps of order.place behind the point of no return: what was ordered leaves the cart. */
#ifndef ORDER_CLOSE_H
#define ORDER_CLOSE_H

#include "placing.h"

extern const souk_query_t order_forget_closed;
extern const souk_ask_t order_close_cart;

bool order_find_ordered(souk_batch_t *batch);
bool order_ask_closing(souk_call_t *call, const void *state, void *question);
bool order_forget_carts(souk_batch_t *batch);

/* .passed of order.place. */
bool order_is_settled(const void *state);

#endif
