/* Payments: nobody is charged twice, and nobody who was told that nothing is charged. */
#include <stdio.h>

#include "../support/conversation.h"

extern const souk_actor_t payment_actor;

#define ORDER "018f0000-0000-7000-8000-000000000001"
#define PAYMENT "018f0000-0000-7000-8000-0000000000aa"

static int open(void **state)
{
    return conversation_open(state, &payment_actor);
}

static void charge(void **state, const char *method)
{
    ask(state, "payment.charge",
        "{'order_id': '" ORDER "', 'amount': {'amount': 1200, 'currency': 'EUR'}, 'method': '%s'}",
        method);
}

static void void_charge(void **state)
{
    ask(state, "payment.void", "{'order_id': '" ORDER "'}");
}

static void expect_books(void **state, const char *provider_owes, const char *provider_kept)
{
    expect_row(state, "SELECT coalesce(sum(amount), 0) FROM payment.ledger", "0");
    expect_row(state,
        "SELECT coalesce(sum(amount), 0) FROM payment.ledger WHERE account = 'provider'",
        provider_owes);
    expect_row(state,
        "SELECT coalesce(sum(amount), 0) FROM simulator.charge"
        " WHERE outcome = 'captured' AND refunded_at IS NULL",
        provider_kept);
}

static void what_is_charged_is_in_the_books(void **state)
{
    charge(state, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    expect_books(state, "1200", "1200");
}

static void an_order_is_charged_once(void **state)
{
    charge(state, "pm_sim_ok");
    charge(state, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    expect_books(state, "1200", "1200");
    expect_row(state, "SELECT count(*) FROM payment.payment", "1");
}

static void an_order_that_is_charged_often_at_once_is_charged_once(void **state)
{
    ask_often(state, 30, "payment.charge",
        "{'order_id': '" ORDER
        "', 'amount': {'amount': 1200, 'currency': 'EUR'}, 'method': 'pm_sim_slow'}");
    assert_int_equal(answers(state, "ok"), 30);
    expect(state, "{'status': 'captured'}");
    expect_books(state, "1200", "1200");
}

static void a_declined_card_costs_nothing(void **state)
{
    charge(state, "pm_sim_declined");
    expect(state, "{'status': 'declined'}");
    expect_books(state, "0", "0");
}

static void a_card_without_money_costs_nothing(void **state)
{
    charge(state, "pm_sim_insufficient");
    expect(state, "{'status': 'insufficient'}");
    expect_books(state, "0", "0");
}

static void a_slow_card_is_waited_for(void **state)
{
    charge(state, "pm_sim_slow");
    expect(state, "{'status': 'captured'}");
    expect_books(state, "1200", "1200");
}

static void a_charge_whose_answer_is_lost_is_looked_up(void **state)
{
    charge(state, "pm_sim_lost");
    expect(state, "{'status': 'captured'}");
    expect_books(state, "1200", "1200");
    expect_row(state, "SELECT asked FROM simulator.charge", "1");
}

static void an_unknown_method_charges_nothing(void **state)
{
    charge(state, "gold");
    expect_error(state, "unknown_payment_method", "gold");
    expect_row(state, "SELECT count(*) FROM payment.payment", "0");
}

static void what_is_voided_is_given_back(void **state)
{
    charge(state, "pm_sim_ok");
    void_charge(state);
    expect(state, "{}");
    expect_books(state, "0", "0");
    expect_row(state, "SELECT count(*) FROM payment.ledger", "4");
    void_charge(state);
    expect(state, "{}");
    expect_row(state, "SELECT count(*) FROM payment.ledger", "4");
}

static void a_charge_that_comes_after_its_void_is_refused(void **state)
{
    void_charge(state);
    expect(state, "{}");
    charge(state, "pm_sim_ok");
    expect_error(state, "payment_voided", ORDER);
    expect_books(state, "0", "0");
}

static void a_charge_under_way_cannot_be_voided_yet(void **state)
{
    run_sql(state,
        "INSERT INTO payment.payment (id, order_id, amount, currency, method, status)"
        " VALUES ('" PAYMENT "', '" ORDER "', 1200, 'EUR', 'pm_sim_ok', 'opened')");
    void_charge(state);
    expect_error(state, "running", ORDER);
}

static void a_charge_that_a_crash_left_is_brought_to_its_end(void **state)
{
    run_sql(state,
        "INSERT INTO payment.payment (id, order_id, amount, currency, method, status)"
        " VALUES ('" PAYMENT "', '" ORDER "', 1200, 'EUR', 'pm_sim_ok', 'opened')");
    run_sql(state,
        "INSERT INTO payment.in_flight VALUES ('" PAYMENT "', now() - interval '1 minute')");
    expect_row_soon(state, "SELECT status FROM payment.payment", "captured");
    expect_books(state, "1200", "1200");
    expect_row(state, "SELECT count(*) FROM payment.in_flight", "0");
}

static void a_void_that_a_crash_left_is_brought_to_its_end(void **state)
{
    charge(state, "pm_sim_ok");
    run_sql(state, "UPDATE payment.payment SET status = 'voiding'");
    run_sql(state,
        "INSERT INTO payment.in_flight SELECT id, now() - interval '1 minute' FROM "
        "payment.payment");
    expect_row_soon(state, "SELECT status FROM payment.payment", "voided");
    expect_books(state, "0", "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_charged_is_in_the_books, conversation_begin),
        cmocka_unit_test_setup(an_order_is_charged_once, conversation_begin),
        cmocka_unit_test_setup(an_order_that_is_charged_often_at_once_is_charged_once,
            conversation_begin),
        cmocka_unit_test_setup(a_declined_card_costs_nothing, conversation_begin),
        cmocka_unit_test_setup(a_card_without_money_costs_nothing, conversation_begin),
        cmocka_unit_test_setup(a_slow_card_is_waited_for, conversation_begin),
        cmocka_unit_test_setup(a_charge_whose_answer_is_lost_is_looked_up, conversation_begin),
        cmocka_unit_test_setup(an_unknown_method_charges_nothing, conversation_begin),
        cmocka_unit_test_setup(what_is_voided_is_given_back, conversation_begin),
        cmocka_unit_test_setup(a_charge_that_comes_after_its_void_is_refused, conversation_begin),
        cmocka_unit_test_setup(a_charge_under_way_cannot_be_voided_yet, conversation_begin),
        cmocka_unit_test_setup(a_charge_that_a_crash_left_is_brought_to_its_end,
            conversation_begin),
        cmocka_unit_test_setup(a_void_that_a_crash_left_is_brought_to_its_end, conversation_begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
