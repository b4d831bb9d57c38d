/* What the tests of pricing have in common: two mugs, and what staff says comes off and on top. */
#ifndef SOUK_TEST_TILL_H
#define SOUK_TEST_TILL_H

#include "../support/conversation.h"

extern const souk_actor_t pricing_actor;

#define ALICE "018f0000-0000-7000-8000-00000000000a"
#define BOB "018f0000-0000-7000-8000-00000000000b"
#define FIRST "018f0000-0000-7000-8000-000000000001"
#define SECOND "018f0000-0000-7000-8000-000000000002"
#define MUGS                                                                                       \
    "'currency': 'EUR', 'lines': [{'sku': 'mug', 'quantity': 2, 'weight_g': 350,"                  \
    " 'price': {'amount': 600, 'currency': 'EUR'}, 'categories': ['kitchen']}]"

static inline int till_open(void **state)
{
    return conversation_open(state, &pricing_actor);
}

static inline const char *promise(void **state, const char *what)
{
    as_staff(state);
    ask(state, "pricing.create_promotion", "%s", what);
    const char *id = told(state, "id");
    as_customer(state, NULL);
    return id;
}

static inline void tax_germany(void **state, bool included)
{
    as_staff(state);
    ask(state, "pricing.set_tax_country", "{'country': 'DE', 'included': %s}",
        included ? "true" : "false");
    ask(state, "pricing.add_tax_rate",
        "{'country': 'DE', 'rate': 190000, 'starts_at': '2020-01-01T00:00:00Z'}");
    as_customer(state, NULL);
}

#endif
