/* What a product is sold as. */
#ifndef PRODUCT_OFFERS_H
#define PRODUCT_OFFERS_H

#include "records.h"

/* A row for each SKU, and one more for each of its prices. */
struct offer {
    const char *sku;
    const char *product_sku;
    const char *name;
    souk_money_t price;
    int weight_g;
    const char *tax_class;
    bool buyable;
};

/* What does not go together in a product, at pointer; NULL: nothing. Both in pool. */
const char *product_flaw(const struct product *product, const char **pointer, souk_pool_t *pool);

/* Adds the rows (struct offer) of a product to offers and prices. Where it has variants, its own
   SKU is only kept for it. */
void product_offers(const struct product *product, souk_list_t *offers, souk_list_t *prices,
    souk_pool_t *pool);

#endif
