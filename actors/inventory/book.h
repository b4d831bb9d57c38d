/* What comes, goes and is moved: every change of what is there stands in the ledger. */
#ifndef INVENTORY_BOOK_H
#define INVENTORY_BOOK_H

#include "../../lib/souk.h"
#include "records.h"

struct delivery {
    const char *key;
    const char *location;
    souk_list_t lines;
};
static const souk_record_t delivery = {
    .name = "delivery",
    .size = sizeof(struct delivery),
    .fields = {
        FIELD(delivery, key, .min = 1, .max = 100, .doc = "a delivery is booked once by its key"),
        FIELD(delivery, location, .min = 1, .max = LOCATION_MAX, .fallback = "main"),
        FIELD(delivery, lines, .of = &delivered, .min = 1, .max = DELIVERY_LINES_MAX),
    },
};

extern const souk_query_t inventory_save_delivery;

bool inventory_receive(souk_call_t *call, const void *request, void *reply);

#endif
