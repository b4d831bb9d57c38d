/* One amount, spread over several in proportion, so that the parts are the whole. */
#ifndef PRICING_SPREAD_H
#define PRICING_SPREAD_H

#include "../../lib/pool.h"

/* amount is not more than the weights together. parts[i] is amount * weights[i] / their sum,
   rounded down or up, and never more than weights[i]; the parts add up to amount. Those with the
   largest remainders are rounded up, of equal ones the first (Hamilton's method). Memory: pool. */
void pricing_spread(int64_t amount, const int64_t *weights, size_t count, int64_t *parts,
    souk_pool_t *pool);

#endif
