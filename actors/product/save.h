/* How a product changes: its document, and all that is made from it, in one transaction. */
#ifndef PRODUCT_SAVE_H
#define PRODUCT_SAVE_H

#include "lookup.h"

/* What is known of a product that is locked. */
struct locked {
    const char *sku;
    const char *id;
    const char *status;
    int version; /* 0: it was not there before */
};

extern const souk_query_t product_claim, product_lock_rows, product_hold_categories,
    product_retire_offers, product_save_offers, product_save_prices, product_clear_shelves,
    product_fill_shelves, product_save_events;

/* Locks these products (struct locked), and no other transaction changes them until the end of this
   one. Those that are not there are left out, unless they were claimed before. */
must_check bool product_lock(souk_call_t *call, const souk_list_t *skus, souk_index_t **locked);

/* Holds the categories that products (struct product, each SKU once) are in, and fails where one is
   not there. Before anything is locked. */
must_check bool product_hold(souk_call_t *call, const souk_list_t *products);

/* Writes products, with id, status and version as they are to be, and an event for each. Held
   against themselves before: product_check. */
must_check bool product_save(souk_call_t *call, const souk_list_t *products, const char *topic);

/* Fails where the parts of a product do not go together. base is the pointer to it, "" or such as
   "/products/3". Puts its pictures in order. */
must_check bool product_check(souk_call_t *call, struct product *product, const char *base);

/* Puts these products on the shelves that their documents and the tree say. */
must_check bool product_shelve(souk_call_t *call, const struct skus *products);

#endif
