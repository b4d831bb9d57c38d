/* A store that stock comes to and is reserved in, for the tests of the inventory. */
#ifndef SOUK_TEST_STORE_H
#define SOUK_TEST_STORE_H

#include "../support/conversation.h"

extern const souk_actor_t inventory_actor;

#define FIRST "018f0000-0000-7000-8000-000000000001"
#define SECOND "018f0000-0000-7000-8000-000000000002"

static inline int store_open(void **state)
{
    return conversation_open(state, &inventory_actor);
}

/* Every shop has this location from the start. */
static inline int store_begin(void **state)
{
    conversation_begin(state);
    run_sql(state,
        "INSERT INTO inventory.location (code, name, priority) VALUES ('main', 'Main', 1)");
    return 0;
}

static inline void deliver(void **state, const char *sku, int quantity)
{
    ask(state, "inventory.receive",
        "{'key': 'delivery of %s', 'lines': [{'sku': '%s', 'quantity': %d}]}", sku, sku, quantity);
    expect(state, "{}");
}

static inline void deliver_to(void **state, const char *location, const char *sku, int quantity)
{
    ask(state, "inventory.receive",
        "{'key': 'more', 'location': '%s', 'lines': [{'sku': '%s', 'quantity': %d}]}", location,
        sku, quantity);
    expect(state, "{}");
}

static inline void reserve(void **state, const char *order_id, int quantity)
{
    ask(state, "inventory.reserve", "{'order_id': '%s', 'lines': [{'sku': 'mug', 'quantity': %d}]}",
        order_id, quantity);
}

static inline void open_attic(void **state, int priority)
{
    as_staff(state);
    ask(state, "inventory.open_location", "{'code': 'attic', 'name': 'Attic', 'priority': %d}",
        priority);
    expect(state, "{'code': 'attic', 'active': true, 'version': 1}");
}

#endif
