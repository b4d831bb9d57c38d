/* What things cost: product.quote, and product.offers, which minds nothing. */
#ifndef PRODUCT_QUOTE_H
#define PRODUCT_QUOTE_H

#include "records.h"

extern const souk_error_t product_unknown_sku, product_mixed_currencies,
    product_no_price_in_currency, product_total_too_large;
extern const souk_query_t product_find_offers;
extern const souk_record_t product_basket, product_quote_record, product_offers_record;

bool product_quote(souk_batch_t *batch);
bool product_offer_lines(souk_batch_t *batch);

#endif
