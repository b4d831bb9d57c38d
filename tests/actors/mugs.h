/* Two mugs, as the services around an order or a cart know them. */
#ifndef SOUK_TESTS_MUGS_H
#define SOUK_TESTS_MUGS_H

#include <stdio.h>

#include "../support/conversation.h"

/* What pricing says of two mugs at 6 euros, in cents. */
typedef struct {
    int discount, shipping, tax, total;
    bool tax_on_top;
    const char *promotions, *refusals; /* what stands in their lists */
    const char *region_flaw;
} told_totals_t;

static inline void pricing_says(void **state, const char *operation, told_totals_t it)
{
    char reply[2000];
    snprintf(reply, sizeof reply,
        "{'lines': [{'sku': 'mug', 'quantity': 2, 'price': {'amount': 600, 'currency': 'EUR'},"
        " 'discount': {'amount': %d, 'currency': 'EUR'},"
        " 'tax': {'amount': %d, 'currency': 'EUR'}, 'rate': 0}],"
        " 'subtotal': {'amount': 1200, 'currency': 'EUR'},"
        " 'discount': {'amount': %d, 'currency': 'EUR'},"
        " 'shipping': {'amount': %d, 'currency': 'EUR'}, 'tax': {'amount': %d, 'currency': 'EUR'},"
        " 'tax_included': %s, 'total': {'amount': %d, 'currency': 'EUR'},"
        " 'promotions': [%s], 'refusals': [%s]%s%s%s}",
        it.discount, it.tax, it.discount, it.shipping, it.tax, it.tax_on_top ? "false" : "true",
        it.total, it.promotions ? it.promotions : "", it.refusals ? it.refusals : "",
        it.region_flaw ? ", 'region_flaw': '" : "", it.region_flaw ? it.region_flaw : "",
        it.region_flaw ? "'" : "");
    given(state, operation, reply);
}

/* They cost 12 euros together, nothing comes off and nothing on top. */
static inline void two_mugs_are_sold(void **state)
{
    given(state, "product.quote",
        "{'lines': [{'sku': 'mug', 'name': 'Blue mug', 'quantity': 2,"
        " 'price': {'amount': 600, 'currency': 'EUR'}}],"
        " 'total': {'amount': 1200, 'currency': 'EUR'}}");
    pricing_says(state, "pricing.total", (told_totals_t){ .total = 1200 });
}

#endif
