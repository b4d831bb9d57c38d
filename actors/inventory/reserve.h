/* Holding stock for an order: all that it wants, or nothing. */
#ifndef INVENTORY_RESERVE_H
#define INVENTORY_RESERVE_H

#include "../../lib/souk.h"
#include "records.h"

struct wish {
    const char *order_id;
    souk_list_t lines;
    int ttl_s;
};
static const souk_record_t wish = {
    .name = "wish",
    .size = sizeof(struct wish),
    .fields = {
        FIELD(wish, order_id, .format = SOUK_UUID, .doc = "who asks twice for it gets it once"),
        FIELD(wish, lines, .of = &demand, .min = 1, .max = LINES_MAX),
        FIELD(wish, ttl_s,
            .max = YEAR_S,
            .optional = true,
            .doc = "seconds that it is held for; 0: until it is released"),
    },
};

extern const souk_error_t inventory_out_of_stock;
extern const souk_query_t inventory_lock_wanted, inventory_save_stock, inventory_save_reservations;

bool inventory_reserve(souk_batch_t *batch);

#endif
