/* The cart of a customer whose account is closed goes with it. */
#ifndef CART_DROP_OF_H
#define CART_DROP_OF_H

#include "../../lib/souk.h"

struct leaver {
    const char *user_id;
};
static const souk_record_t leaver = {
    .name = "leaver",
    .size = sizeof(struct leaver),
    .fields = {
        FIELD(leaver, user_id, .format = SOUK_UUID),
    },
};

extern const souk_query_t cart_drop_carts_of;

bool cart_drop_of(souk_batch_t *batch);

#endif
