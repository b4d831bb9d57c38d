/* What an order costs: the steps of order.place that only ask, before anything is written. */
#ifndef ORDER_PRICE_H
#define ORDER_PRICE_H

#include "placing.h"

extern const souk_ask_t order_read_cart, order_ask_eligible, order_quote_lines, order_total_lines;

bool order_ask_cart(souk_call_t *call, const void *state, void *question);
bool order_keep_cart(souk_call_t *call, void *state, const void *answer);
bool order_ask_user(souk_call_t *call, const void *state, void *question);
bool order_ask_prices(souk_call_t *call, const void *state, void *question);
bool order_keep_prices(souk_call_t *call, void *state, const void *answer);
bool order_ask_total(souk_call_t *call, const void *state, void *question);
bool order_keep_total(souk_call_t *call, void *state, const void *answer);

#endif
