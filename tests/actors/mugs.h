/* Two mugs, as the services around an order know them. */
#ifndef SOUK_TESTS_MUGS_H
#define SOUK_TESTS_MUGS_H

#include "../support/conversation.h"

#define EUR(amount) "{'amount': " #amount ", 'currency': 'EUR'}"

/* They cost 12 euros together, nothing comes off and nothing on top. */
static inline void two_mugs_are_sold(void **state)
{
    given(state, "product.quote",
        "{'lines': [{'sku': 'mug', 'name': 'Blue mug', 'quantity': 2, 'price': " EUR(
            600) "}], 'total': " EUR(1200) "}");
    given(state, "pricing.total",
        "{'lines': [{'sku': 'mug', 'quantity': 2, 'price': " EUR(600) ", 'discount': " EUR(
            0) ", 'tax': " EUR(0) ", 'rate': 0}], 'subtotal': " EUR(1200) ", 'discount': " EUR(0) ", 'shipping': " EUR(0) ", 'tax': " EUR(0) ", 'tax_included': true, 'total': " EUR(1200) ", 'promotions': [], 'refusals': []}");
}

#endif
