/* A cart as it is looked at: with what everything in it costs now, and what of it cannot be had. */
#ifndef CART_VIEW_H
#define CART_VIEW_H

#include "contents.h"
#include "view_records.h"

extern const souk_error_t cart_total_too_large, cart_mixed_currencies;
extern const souk_ask_t cart_find_offers, cart_count_stock, cart_total_lines;

bool cart_show(souk_call_t *call, const void *request, void *reply);

#endif
