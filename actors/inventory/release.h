/* What is held for an order is free again: because it was given back, or because its time is over.
 */
#ifndef INVENTORY_RELEASE_H
#define INVENTORY_RELEASE_H

#include "../../lib/souk.h"
#include "records.h"

struct expiry {
    const char *order_id;
    int in_s;
};
static const souk_record_t expiry = {
    .name = "expiry",
    .size = sizeof(struct expiry),
    .fields = {
        FIELD(expiry, order_id, .format = SOUK_UUID),
        FIELD(expiry, in_s, .min = 1, .max = YEAR_S, .doc = "seconds from now"),
    },
};

struct keeping {
    bool held;
};
static const souk_record_t keeping = {
    .name = "keeping",
    .size = sizeof(struct keeping),
    .fields = {
        FIELD(keeping, held, .doc = "false: it was given back, or has run out"),
    },
};

extern const souk_query_t inventory_bury_reservations, inventory_find_expired,
    inventory_close_reservations, inventory_set_expiry, inventory_keep_reservations;

bool inventory_release(souk_batch_t *batch);
bool inventory_expire(souk_batch_t *batch);
bool inventory_keep(souk_batch_t *batch);
bool inventory_release_expired(souk_call_t *call);

#endif
