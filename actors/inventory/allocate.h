/* Who gets what is left: a pure function over stock rows that are locked. */
#ifndef INVENTORY_ALLOCATE_H
#define INVENTORY_ALLOCATE_H

#include "../../lib/index.h"

/* One row, and what orders have been given of it since it was locked. */
struct stock {
    const char *sku;
    int available;
    int taken;
};

struct demand {
    const char *sku;
    int quantity;
};

/* Takes all lines (struct demand) of one order or, where one cannot be had, none. Returns the line
   that there is too little for, and in *left how much there is; NULL: all were taken. */
const struct demand *inventory_allocate(const souk_index_t *stock, const souk_list_t *lines,
    int *left);

#endif
