/* Who gets what is left, and where from: a pure function over stock rows that are locked. */
#ifndef INVENTORY_ALLOCATE_H
#define INVENTORY_ALLOCATE_H

#include "../../lib/index.h"

/* What lies of a product at one location, and what orders have been given of it since it was
   locked. */
struct stock {
    const char *sku;
    const char *location;
    int available;
    int taken;
    struct stock *next; /* the same product at the location to be taken from next */
};

struct demand {
    const char *sku;
    int quantity;
};

/* What an order gets of one row. */
struct piece {
    struct stock *from;
    int quantity;
};

/* Rows of one product, which are neighbours, are told of each other. The first of them is what
   souk_index_of finds. */
void inventory_link(souk_list_t *stock);

/* Takes all lines (struct demand) of one order or, where one cannot be had, none. A line comes from
   the first location that has all of it, or else from as many as it takes. What was taken is added
   to pieces. Returns the line that there is too little for, and in *left how much there is; NULL:
   all were taken. */
const struct demand *inventory_allocate(const souk_index_t *stock, const souk_list_t *lines,
    souk_list_t *pieces, souk_pool_t *pool, int *left);

#endif
