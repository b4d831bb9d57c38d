/* What lines cost together: promotions, then tax, then shipping, in whole minor units. A pure
   function: it knows neither database nor clock.

   - Promotions come one after the other in the order they are given in; each looks at what those
     before it have left of a line. One that is exclusive applies only where none has before it,
     and none does behind it.
   - What a promotion takes off is rounded once, half up, and spread over its lines in proportion to
     what is left of each, the largest remainders first (Hamilton's method): so the parts are the
     whole, and which line stands where changes no total.
   - Tax is of each line, after its discount, and of the shipping, each rounded half up, as EN 16931
     and most invoices have it; the tax of an order is the sum of those.
   - Nothing is ever less than nothing. */
#ifndef PRICING_TOTAL_H
#define PRICING_TOTAL_H

#include "../../lib/record.h"

#define PRICING_TOTAL_MAX INT64_C(1000000000000)

enum {
    PRICING_WHOLE = 1000000, /* percentages and rates are parts per million */
};

/* A line, and what becomes of it. */
struct pricing_line {
    const char *sku;
    int quantity;
    int64_t price; /* of one */
    int weight_g; /* of one */
    const char *tax_class;
    souk_list_t categories; /* const char *, with all above them */

    int64_t gross; /* price of all */
    int64_t discount;
    int64_t tax;
    int rate; /* of tax, parts per million */
};

typedef enum {
    PRICING_PERCENT, /* so many parts per million off */
    PRICING_AMOUNT, /* so much off all of its lines together */
    PRICING_BUY_X_GET_Y, /* of every buy + get pieces, the cheapest get cost nothing */
    PRICING_FREE_SHIPPING,
} pricing_kind_t;

/* Why a promotion takes nothing off. */
typedef enum {
    PRICING_APPLIED,
    PRICING_NOTHING_FITS, /* none of the lines is meant, or nothing is left of them */
    PRICING_TOO_LITTLE, /* less than .minimum, or fewer pieces than .minimum_quantity */
    PRICING_NOT_TOGETHER, /* it is exclusive, or one before it was */
} pricing_verdict_t;

struct pricing_promotion {
    pricing_kind_t kind;
    int percent;
    int64_t amount;
    int buy, get;
    int64_t minimum; /* of the lines that are meant, before any discount */
    int minimum_quantity; /* of their pieces */
    souk_list_t skus, categories; /* const char *: what is meant; neither: everything */
    bool exclusive;

    int64_t taken; /* off lines and shipping together */
    pricing_verdict_t verdict;
};

/* By tax class; where there is no rate for a class, there is no tax on it. */
struct pricing_rate {
    const char *tax_class;
    int rate; /* parts per million */
};

struct pricing_basket {
    souk_list_t lines; /* struct pricing_line */
    souk_list_t promotions; /* struct pricing_promotion */
    souk_list_t rates; /* struct pricing_rate */
    bool tax_included; /* in the prices; else it comes on top */
    int64_t shipping;
    const char *shipping_class; /* its tax class */

    int64_t subtotal; /* of the lines, before any discount */
    int64_t shipping_discount, shipping_tax;
    int64_t discount; /* of lines and shipping */
    int64_t tax;
    int64_t total; /* subtotal - discount + shipping, and tax where it is not included */
};

/* Fills in what becomes of the basket. False: it costs more than PRICING_TOTAL_MAX, and what was
   filled in means nothing. Memory: pool. */
must_check bool pricing_total(struct pricing_basket *basket, souk_pool_t *pool);

#endif
