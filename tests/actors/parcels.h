/* An order of mugs that is to be shipped, for the tests of the fulfilment. */
#ifndef SOUK_TESTS_PARCELS_H
#define SOUK_TESTS_PARCELS_H

#include <stdio.h>

#include "../../lib/settings.h"
#include "../support/conversation.h"

extern const souk_actor_t fulfilment_actor;

#define ALICE "018f0000-0000-7000-8000-00000000000a"
#define BOB "018f0000-0000-7000-8000-00000000000b"
#define ORDER "018f0000-0000-7000-8000-000000000001"
#define OTHER_ORDER "018f0000-0000-7000-8000-000000000002"

#define AT(location, sku, quantity)                                                                \
    "{'sku': '" sku "', 'location': '" location "', 'quantity': " quantity ", 'shipped': 0}"

static inline int parcels_open(void **state)
{
    return conversation_open(state, &fulfilment_actor);
}

/* What the stock says is held for every order, and the orders say that they may leave. */
static inline void held(void **state, const char *lines)
{
    char reply[1000];

    snprintf(reply, sizeof reply, "{'status': 'live', 'lines': [%s]}", lines);
    given(state, "inventory.allocation", reply);
    given(state, "order.ship", "{'id': '" ORDER "', 'user_id': '" ALICE "', 'status': 'shipping'}");
}

static inline void it_is_the_callers_own(void **state)
{
    given(state, "order.get",
        "{'id': '" ORDER "', 'status': 'confirmed', 'lines': [],"
        " 'discount': {'amount': 0, 'currency': 'EUR'}, 'shipping': {'amount': 0,"
        " 'currency': 'EUR'}, 'tax': {'amount': 0, 'currency': 'EUR'}, 'tax_included': true,"
        " 'total': {'amount': 0, 'currency': 'EUR'}, 'placed_at': '2026-01-01T00:00:00Z',"
        " 'discounts': []}");
}

static inline void hear_confirmed(void **state, const char *order)
{
    char json[300];
    snprintf(json, sizeof json,
        "{'order_id': '%s', 'user_id': '" ALICE "', 'total': {'amount': 0, 'currency': 'EUR'}}",
        order);
    hear(state, "order.confirmed", json);
}

static inline void hear_cancelled(void **state, const char *order)
{
    char json[300];
    snprintf(json, sizeof json, "{'order_id': '%s', 'user_id': '" ALICE "'}", order);
    hear(state, "order.cancelled", json);
}

/* Three mugs lie in the house, one in the attic; a plate with them. */
static inline int parcels_begin(void **state)
{
    souk_settings.carrier_demo_ms = 0;
    souk_settings.carrier_secret = NULL;
    conversation_begin(state);
    as_staff(state);
    held(state, AT("main", "mug", "3") "," AT("attic", "mug", "1") "," AT("main", "plate", "1"));
    return 0;
}

#define SHIPMENTS                                                                                  \
    "SELECT coalesce(string_agg(format('%s:%s', location, status), ' ' ORDER BY location, id), "   \
    "'')"                                                                                          \
    " FROM fulfilment.shipment"

/* The order was confirmed, and its shipments are made. */
static inline void plan(void **state)
{
    hear_confirmed(state, ORDER);
    expect_row_soon(state, SHIPMENTS, "attic:pending main:pending");
}

static inline const char *shipment_at(void **state, const char *location)
{
    return row(state,
        "SELECT id FROM fulfilment.shipment WHERE location = '%s' ORDER BY id LIMIT 1", location);
}

static inline void to(void **state, const char *operation, const char *shipment)
{
    ask(state, operation, "{'id': '%s'}", shipment);
}

#endif
