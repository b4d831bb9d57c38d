/* Where a page of a shelf ends, and the next begins. */
#ifndef PRODUCT_CURSOR_H
#define PRODUCT_CURSOR_H

#include "../../lib/souk.h"

/* A place on a shelf: what is behind it has a larger (smaller) key, or the same and a larger
   (smaller) SKU. */
struct place {
    const char *name; /* only where it is sorted by this; so it is with amount and id */
    int64_t amount;
    const char *id;
    const char *sku;
};

/* Before everything that a list in this order could have. */
struct place product_place_start(const char *sort, int64_t price_min, int64_t price_max);

/* The cursor for what is behind place, which nobody but product_place_read looks into. By SKU it is
   the SKU itself. */
const char *product_place_cursor(const struct place *place, const char *sort, souk_pool_t *pool);

/* Into place, which is the start; false where it is no cursor of a list in this order. */
must_check bool product_place_read(struct place *place, const char *cursor, const char *sort,
    souk_pool_t *pool);

#endif
