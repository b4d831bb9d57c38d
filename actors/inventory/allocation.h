/* What is held for an order and where it lies, for whoever packs it. */
#ifndef INVENTORY_ALLOCATION_H
#define INVENTORY_ALLOCATION_H

#include "../../lib/souk.h"
#include "records.h"

struct allocated_line {
    const char *order_id;
    const char *status;
    const char *sku;
    const char *location;
    int quantity;
    int shipped;
};
static const souk_record_t allocated_line = {
    .name = "allocated_line",
    .size = sizeof(struct allocated_line),
    .fields = {
        FIELD(allocated_line, sku),
        FIELD(allocated_line, location),
        FIELD(allocated_line, quantity),
        FIELD(allocated_line, shipped, .doc = "how many of them have left"),
    },
};

struct allocation {
    const char *status;
    souk_list_t lines;
};
static const souk_record_t allocation = {
    .name = "allocation",
    .size = sizeof(struct allocation),
    .fields = {
        FIELD(allocation, status, .optional = true,
            .doc = "live, released, expired or shipped; absent: nothing was ever held"),
        FIELD(allocation, lines, .of = &allocated_line, .max = ALLOCATED_MAX),
    },
};

extern const souk_query_t inventory_find_allocations;

bool inventory_tell_allocation(souk_batch_t *batch);

#endif
