/* pricing.total: what lines cost together, with all that comes off and on top; and pricing.preview,
   which leaves out what does not go. */
#ifndef PRICING_QUOTE_H
#define PRICING_QUOTE_H

#include "records.h"

extern const souk_error_t pricing_unknown_coupon, pricing_coupon_expired, pricing_coupon_used_up,
    pricing_coupon_not_applicable, pricing_unknown_method, pricing_shipping_unavailable,
    pricing_shipping_needed, pricing_total_too_large, pricing_other_currency;

bool pricing_quote(souk_batch_t *batch);
bool pricing_preview(souk_batch_t *batch);

#endif
