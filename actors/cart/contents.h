/* What is in a cart: found, changed and told by its owner alone. */
#ifndef CART_CONTENTS_H
#define CART_CONTENTS_H

#include "records.h"

extern const souk_error_t cart_missing, cart_full, cart_line_too_large, cart_too_many_attempts;
extern const souk_query_t cart_find, cart_find_many, cart_find_line_rows, cart_touch, cart_save,
    cart_add_line, cart_set_line, cart_drop_line, cart_drop, cart_set_delivery, cart_set_coupons,
    cart_take_guests;

extern const souk_ask_t cart_try_coupons;

/* The cart with its lines, as this caller may see it. */
must_check bool cart_look(souk_call_t *call, const char *id, struct cart *found);

bool cart_create(souk_call_t *call, const void *request, void *reply);
bool cart_add(souk_call_t *call, const void *request, void *reply);
bool cart_put(souk_call_t *call, const void *request, void *reply);
bool cart_remove(souk_call_t *call, const void *request, void *reply);
bool cart_discard(souk_call_t *call, const void *request, void *reply);
bool cart_deliver(souk_call_t *call, const void *request, void *reply);
bool cart_use_coupons(souk_call_t *call, const void *request, void *reply);
bool cart_merge(souk_call_t *call, const void *request, void *reply);

#endif
