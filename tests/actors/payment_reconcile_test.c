/* What the provider has done is held against what is written here, both ways. */
#include <stdio.h>

#include "money.h"

#define ANOTHER "018f0000-0000-7000-8000-000000000002"

static void reconcile(void **state)
{
    char from[SOUK_TIME_TEXT_SIZE], until[SOUK_TIME_TEXT_SIZE];
    souk_time_t now = souk_now();
    souk_time_print((souk_time_t){ now.ms - 3600000 }, from);
    souk_time_print((souk_time_t){ now.ms + 3600000 }, until);
    as_staff(state);
    ask(state, "payment.reconcile", "{'from': '%s', 'until': '%s'}", from, until);
    as_customer(state, NULL);
}

static void expect_same(void **state)
{
    reconcile(state);
    expect(state, "{'count': 0, 'differences': []}");
}

static void expect_one(void **state, const char *kind)
{
    char json[200];
    snprintf(json, sizeof json,
        "{'count': 1, 'differences': [{'kind': '%s', 'order_id': '" ORDER "'}]}", kind);
    reconcile(state);
    expect(state, json);
}

static void where_nothing_was_paid_nothing_differs(void **state)
{
    reconcile(state);
    expect(state, "{'compared': 0, 'count': 0}");
}

static void all_that_may_become_of_a_payment_is_the_same_there(void **state)
{
    static const char *const methods[] = { "pm_sim_ok", "pm_sim_declined", "pm_sim_insufficient",
        "pm_sim_authentication", "pm_sim_lost" };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        ask(state, "payment.charge",
            "{'order_id': '018f0000-0000-7000-8000-00000000010%zu',"
            " 'amount': {'amount': 1200, 'currency': 'EUR'}, 'method': '%s'}",
            i, methods[i]);
    reconcile(state);
    expect(state, "{'compared': 5, 'count': 0}");
    charge(state, "pm_sim_ok");
    refund(state, "one", 200);
    expect_same(state);
    void_charge(state);
    expect_same(state);
}

static void what_was_set_aside_is_the_same_there(void **state)
{
    authorize(state, "pm_sim_ok");
    expect_same(state);
    capture(state, 700);
    expect_same(state);
    ask(state, "payment.authorize",
        "{'order_id': '" ANOTHER
        "', 'amount': {'amount': 5, 'currency': 'EUR'}, 'method': 'pm_sim_ok'}");
    ask(state, "payment.void", "{'order_id': '" ANOTHER "'}");
    expect_same(state);
}

static void what_costs_nothing_is_nowhere_else(void **state)
{
    ask(state, "payment.charge",
        "{'order_id': '" ORDER
        "', 'amount': {'amount': 0, 'currency': 'EUR'}, 'method': 'pm_sim_ok'}");
    expect_same(state);
}

/* Each is made by hand, on one side. */
static void every_difference_is_found(void **state)
{
    static const struct {
        const char *damage, *kind;
    } cases[] = {
        { "DELETE FROM simulator.charge", "missing_there" },
        { "DELETE FROM payment.payment", "missing_here" },
        { "UPDATE simulator.charge SET key = key || '.9'", NULL },
        { "UPDATE simulator.charge SET amount = 1201", "other_amount" },
        { "UPDATE simulator.charge SET currency = 'USD'", "other_amount" },
        { "UPDATE simulator.charge SET refunded_at = now()", "other_amount" },
        { "INSERT INTO simulator.refund (key, charge, amount) SELECT 'by hand', key, 1"
          " FROM simulator.charge",
            "other_amount" },
        { "UPDATE payment.payment SET captured = 1199", "other_amount" },
        { "UPDATE payment.payment SET captured = 0, status = 'insufficient'", "other_state" },
        { "UPDATE simulator.charge SET outcome = 'declined'", "other_state" },
        { "UPDATE simulator.charge SET outcome = 'authorized'", "other_state" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        conversation_begin(state);
        charge(state, "pm_sim_ok");
        run_sql(state, cases[i].damage);
        if (cases[i].kind) {
            expect_one(state, cases[i].kind);
            continue;
        }
        reconcile(state);
        expect(state, "{'count': 2}");
    }
}

static void what_is_said_of_a_difference_is_for_people(void **state)
{
    charge(state, "pm_sim_ok");
    run_sql(state, "UPDATE simulator.charge SET amount = 1300");
    reconcile(state);
    expect(state,
        "{'differences': [{'reference': '" ORDER "',"
        " 'here': 'captured: 1200 of 1200 EUR taken, 0 given back',"
        " 'there': 'captured: 1300 EUR taken, 0 given back'}]}");
    run_sql(state, "DELETE FROM payment.payment");
    reconcile(state);
    expect(state, "{'differences': [{'here': 'nothing'}]}");
}

static void what_is_not_of_the_shop_is_seen(void **state)
{
    run_sql(state,
        "INSERT INTO simulator.charge (key, amount, currency, method, outcome)"
        " VALUES ('a stranger', 100, 'EUR', 'pm_sim_ok', 'captured')");
    reconcile(state);
    expect(state, "{'differences': [{'kind': 'missing_here', 'reference': 'a stranger'}]}");
}

static void what_is_under_way_does_not_differ_yet(void **state)
{
    charge(state, "pm_sim_ok");
    run_sql(state, "UPDATE payment.payment SET status = 'voiding'");
    run_sql(state, "UPDATE simulator.charge SET refunded_at = now()");
    expect_same(state);
}

static void the_time_makes_sense(void **state)
{
    as_staff(state);
    ask(state, "payment.reconcile", "{}");
    expect(state, "{'count': 0}");
    ask(state, "payment.reconcile",
        "{'from': '2026-01-02T00:00:00Z', 'until': '2026-01-01T00:00:00Z'}");
    expect_error(state, "invalid", "after from");
    ask(state, "payment.reconcile",
        "{'from': '2026-01-01T00:00:00Z', 'until': '2026-03-01T00:00:00Z'}");
    expect_error(state, "invalid", "31 days");
    as_customer(state, CUSTOMER);
    ask(state, "payment.reconcile", "{}");
    expect_error(state, "forbidden", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(where_nothing_was_paid_nothing_differs, conversation_begin),
        cmocka_unit_test_setup(all_that_may_become_of_a_payment_is_the_same_there,
            conversation_begin),
        cmocka_unit_test_setup(what_was_set_aside_is_the_same_there, conversation_begin),
        cmocka_unit_test_setup(what_costs_nothing_is_nowhere_else, conversation_begin),
        cmocka_unit_test_setup(every_difference_is_found, conversation_begin),
        cmocka_unit_test_setup(what_is_said_of_a_difference_is_for_people, conversation_begin),
        cmocka_unit_test_setup(what_is_not_of_the_shop_is_seen, conversation_begin),
        cmocka_unit_test_setup(what_is_under_way_does_not_differ_yet, conversation_begin),
        cmocka_unit_test_setup(the_time_makes_sense, conversation_begin),
    };
    return cmocka_run_group_tests(tests, money_open, conversation_close);
}
