/* What tests of payments have in common: one order, and what is left of its money. */
#ifndef SOUK_TEST_MONEY_H
#define SOUK_TEST_MONEY_H

#include "../support/conversation.h"

extern const souk_actor_t payment_actor;

#define ORDER "018f0000-0000-7000-8000-000000000001"
#define PAYMENT "018f0000-0000-7000-8000-0000000000aa"
#define CUSTOMER "018f0000-0000-7000-8000-0000000000c1"
#define STRANGER "018f0000-0000-7000-8000-0000000000c2"

static inline int money_open(void **state)
{
    return conversation_open(state, &payment_actor);
}

static inline void charge(void **state, const char *method)
{
    ask(state, "payment.charge",
        "{'order_id': '" ORDER "', 'amount': {'amount': 1200, 'currency': 'EUR'}, 'method': '%s'}",
        method);
}

static inline void void_charge(void **state)
{
    ask(state, "payment.void", "{'order_id': '" ORDER "'}");
}

static inline void authorize(void **state, const char *method)
{
    ask(state, "payment.authorize",
        "{'order_id': '" ORDER "', 'amount': {'amount': 1200, 'currency': 'EUR'}, 'method': '%s'}",
        method);
}

static inline void capture(void **state, int amount)
{
    ask(state, "payment.capture", "{'order_id': '" ORDER "', 'amount': %d}", amount);
}

static inline void refund(void **state, const char *key, int amount)
{
    ask(state, "payment.refund",
        "{'order_id': '" ORDER "', 'key': '%s', 'amount': {'amount': %d, 'currency': 'EUR'}}", key,
        amount);
}

/* What the books and the provider say is left of the money. */
static inline void expect_kept(void **state, const char *kept)
{
    expect_row(state, "SELECT coalesce(sum(amount), 0) FROM payment.ledger", "0");
    expect_row(state,
        "SELECT coalesce(sum(amount), 0) FROM payment.ledger WHERE account = 'provider'", kept);
    expect_row(state, "SELECT captured - refunded FROM payment.payment", kept);
    expect_row(state,
        "SELECT CASE WHEN outcome = 'captured' AND refunded_at IS NULL THEN"
        " coalesce(captured, amount) - (SELECT coalesce(sum(amount), 0) FROM simulator.refund)"
        " ELSE 0 END FROM simulator.charge",
        kept);
}

#endif
