/* Payments: nobody is charged twice, and nobody who was told that nothing is charged. */
#include "money.h"

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

static void a_payment_that_the_bank_wants_confirmed_costs_nothing(void **state)
{
    for (int i = 0; i < 2; i++) {
        charge(state, "pm_sim_authentication");
        expect(state, "{'status': 'authentication_required'}");
    }
    expect_books(state, "0", "0");
    void_charge(state);
    expect(state, "{}");
    expect_row(state, "SELECT status FROM payment.payment", "authentication_required");
    refund(state, "one", 1);
    expect_error(state, "not_refundable", "authentication_required");
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

#define ABOUT_NOTHING(operation)                                                                   \
    "payment." operation,                                                                          \
        "{'order_id': '" ORDER                                                                     \
        "', 'amount': {'amount': 0, 'currency': 'EUR'}, 'method': 'pm_sim_declined'}"

static void expect_nobody_was_asked(void **state)
{
    expect_row(state, "SELECT count(*) FROM simulator.charge", "0");
    expect_row(state, "SELECT count(*) FROM payment.ledger", "0");
    expect_row(state, "SELECT count(*) FROM payment.in_flight", "0");
}

static void what_costs_nothing_is_paid_without_the_provider(void **state)
{
    for (int i = 0; i < 2; i++) {
        ask(state, ABOUT_NOTHING("charge"));
        expect(state, "{'status': 'captured'}");
    }
    refund(state, "one", 1);
    expect_error(state, "too_much", "0 is left");
    for (int i = 0; i < 2; i++) {
        void_charge(state);
        expect(state, "{}");
    }
    expect_row(state, "SELECT status || captured || refunded FROM payment.payment", "voided00");
    expect_nobody_was_asked(state);
}

static void nothing_is_set_aside_and_taken_without_the_provider(void **state)
{
    ask(state, ABOUT_NOTHING("authorize"));
    expect(state, "{'status': 'authorized'}");
    for (int i = 0; i < 2; i++) {
        ask(state, "payment.capture", "{'order_id': '" ORDER "'}");
        expect(state, "{'status': 'captured'}");
    }
    expect_nobody_was_asked(state);
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
        cmocka_unit_test_setup(a_payment_that_the_bank_wants_confirmed_costs_nothing,
            conversation_begin),
        cmocka_unit_test_setup(a_slow_card_is_waited_for, conversation_begin),
        cmocka_unit_test_setup(a_charge_whose_answer_is_lost_is_looked_up, conversation_begin),
        cmocka_unit_test_setup(an_unknown_method_charges_nothing, conversation_begin),
        cmocka_unit_test_setup(what_is_voided_is_given_back, conversation_begin),
        cmocka_unit_test_setup(a_charge_that_comes_after_its_void_is_refused, conversation_begin),
        cmocka_unit_test_setup(a_charge_under_way_cannot_be_voided_yet, conversation_begin),
        cmocka_unit_test_setup(what_costs_nothing_is_paid_without_the_provider, conversation_begin),
        cmocka_unit_test_setup(nothing_is_set_aside_and_taken_without_the_provider,
            conversation_begin),
    };
    return cmocka_run_group_tests(tests, money_open, conversation_close);
}
