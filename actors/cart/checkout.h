/* What orders ask of carts: what is in one, and that what was ordered is in it no more. */
#ifndef CART_CHECKOUT_H
#define CART_CHECKOUT_H

#include "contents.h"

struct ordered {
    const char *order_id;
    const char *cart_id;
    souk_list_t lines; /* struct cart_line */
    souk_list_t coupons; /* const char * */
};
static const souk_record_t ordered = {
    .name = "ordered",
    .size = sizeof(struct ordered),
    .fields = {
        FIELD(ordered, order_id, .format = SOUK_UUID),
        FIELD(ordered, cart_id, .format = SOUK_UUID),
        FIELD(ordered, lines, .of = &cart_line, .max = LINES_MAX),
        FIELD(ordered, coupons, .max = COUPONS_MAX, .optional = true,
            .doc = "those that went with the order, in large letters"),
    },
};

extern const souk_error_t cart_empty;
extern const souk_query_t cart_note_ordered, cart_take_coupons, cart_take_lines, cart_forget_old,
    cart_forget_old_orders;

bool cart_read(souk_batch_t *batch);
bool cart_close(souk_batch_t *batch);
bool cart_forget(souk_call_t *call);

#endif
