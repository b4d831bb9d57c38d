/* Charges that fail softly are tried again: by themselves, later and later, and for whoever asks;
   and nobody is charged twice. */
#include <stdio.h>

#include "../../lib/settings.h"
#include "money.h"

static int open(void **state)
{
    int failed = money_open(state);
    souk_settings.due_ms = 20;
    return failed;
}

/* So that a test need not wait; what is not to come by itself is put off. */
static int soon(void **state)
{
    souk_settings.retry_ms = 1;
    return conversation_begin(state);
}

static int later(void **state)
{
    souk_settings.retry_ms = 86400000;
    souk_settings.retry_max_ms = 604800000;
    return conversation_begin(state);
}

static void charge_again(void **state, const char *key, const char *method)
{
    ask(state, "payment.charge_again", "{'order_id': '" ORDER "', 'key': '%s', 'method': '%s'}",
        key, method);
}

static void expect_told(void **state, const char *topics)
{
    expect_row(state,
        "SELECT string_agg(substr(topic, 9), ' ' ORDER BY at, topic) FROM payment.told", topics);
}

static void expect_charged_once(void **state)
{
    expect_row_soon(state, "SELECT status FROM payment.payment", "captured");
    expect_row(state, "SELECT count(*) FROM simulator.charge WHERE outcome = 'captured'", "1");
    expect_row(state, "SELECT sum(amount) FROM payment.ledger WHERE account = 'provider'", "1200");
    expect_row(state, "SELECT count(*) FROM payment.in_flight", "0");
    expect_row(state, "SELECT count(*) FROM payment.retry", "0");
}

static void what_has_no_money_today_is_tried_again_until_it_has(void **state)
{
    charge(state, "pm_sim_later");
    expect(state, "{'status': 'insufficient'}");
    expect_charged_once(state);
    expect_told(state, "failed failed captured");
    expect_row(state, "SELECT body ->> 'late' FROM payment.told WHERE topic = 'payment.captured'",
        "true");
    expect_row(state, "SELECT string_agg(key, ' ' ORDER BY at) FROM simulator.charge",
        ORDER " " ORDER ".2 " ORDER ".3");
    as_staff(state);
    ask(state, "payment.get", "{'order_id': '" ORDER "'}");
    expect(state,
        "{'status': 'captured', 'tries': 3, 'next_try_at': null, 'tried': ["
        "{'number': 1, 'asked_for': false, 'status': 'insufficient'},"
        "{'number': 2, 'asked_for': false, 'status': 'insufficient'},"
        "{'number': 3, 'asked_for': false, 'status': 'captured'}]}");
}

static void what_never_has_money_is_given_up(void **state)
{
    charge(state, "pm_sim_insufficient");
    expect_row_soon(state, "SELECT count(*) FROM payment.told WHERE topic = 'payment.given_up'",
        "1");
    expect_row(state, "SELECT status || tries FROM payment.payment", "insufficient8");
    expect_row(state,
        "SELECT count(*) || ' ' || count(body -> 'next_try_at') FROM payment.told"
        " WHERE topic = 'payment.failed'",
        "8 7");
    expect_row(state, "SELECT count(*) FROM payment.retry", "0");
    expect_row(state, "SELECT count(*) FROM simulator.charge", "8");
}

static void what_is_refused_for_good_is_given_up_at_once(void **state)
{
    charge(state, "pm_sim_later_declined");
    expect_row_soon(state, "SELECT status FROM payment.payment", "declined");
    expect_told(state, "failed failed given_up");
    expect_row(state, "SELECT count(*) FROM payment.retry", "0");
}

static void hard_declines_are_never_tried_again(void **state)
{
    charge(state, "pm_sim_declined");
    charge(state, "pm_sim_authentication");
    expect_told(state, "failed given_up");
    expect_row(state, "SELECT count(*) FROM payment.retry", "0");
}

static void what_was_only_to_be_set_aside_is_not_tried_again(void **state)
{
    authorize(state, "pm_sim_later");
    expect(state, "{'status': 'insufficient'}");
    expect_told(state, "failed given_up");
    charge_again(state, "one", "pm_sim_ok");
    expect_error(state, "not_payable", "insufficient");
}

/* Each pause is somewhere below a bound, which is twice that of the one before. */
static void the_pauses_grow_and_are_spread(void **state)
{
    char sql[300];
    souk_settings.retry_ms = 10000000;
    souk_settings.retry_max_ms = 30000000;
    for (int tries = 1; tries <= 4; tries++) {
        int bound_s = tries < 3 ? 10000 * tries : 30000;
        charge(state, "pm_sim_insufficient");
        snprintf(sql, sizeof sql,
            "SELECT next_at BETWEEN now() - interval '1 minute' AND now() + interval '%d seconds'"
            " FROM payment.retry JOIN payment.payment ON id = payment_id WHERE tries = %d",
            bound_s, tries);
        expect_row_soon(state, sql, "t");
        run_sql(state, "UPDATE payment.retry SET next_at = now()");
    }
    ask(state, "payment.void", "{'order_id': '" ORDER "'}");
    for (int i = 0; i < 20; i++)
        ask(state, "payment.charge",
            "{'order_id': '018f0000-0000-7000-8000-0000000001%02d',"
            " 'amount': {'amount': 1200, 'currency': 'EUR'}, 'method': 'pm_sim_insufficient'}",
            i);
    expect_row(state,
        "SELECT count(DISTINCT next_at - now() > interval '5000 s') FROM payment.retry", "2");
}

static void whoever_asks_pays_with_another_method(void **state)
{
    charge(state, "pm_sim_insufficient");
    charge_again(state, "one", "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    expect_charged_once(state);
    charge_again(state, "one", "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    charge_again(state, "two", "pm_sim_slow");
    expect(state, "{'status': 'captured'}");
    expect_charged_once(state);
}

static void a_try_that_was_asked_for_and_fails_leaves_all_as_it_was(void **state)
{
    static const char plan[] = "SELECT method || next_at FROM payment.retry";
    charge(state, "pm_sim_insufficient");
    const char *before = row(state, plan);
    charge_again(state, "one", "pm_sim_declined");
    expect(state, "{'status': 'declined'}");
    charge_again(state, "two", "pm_sim_later_declined");
    expect(state, "{'status': 'declined'}");
    charge_again(state, "one", "pm_sim_declined");
    expect(state, "{'status': 'declined'}");
    charge_again(state, "one", "pm_sim_ok");
    expect_error(state, "key_reused", "");
    expect_row(state, plan, before);
    expect_row(state, "SELECT status || tries FROM payment.payment", "insufficient3");
    expect_told(state, "failed failed failed");
}

static void of_many_who_ask_at_once_one_is_charged(void **state)
{
    charge(state, "pm_sim_insufficient");
    ask_often(state, 5, "payment.charge_again",
        "{'order_id': '" ORDER "', 'key': 'one', 'method': 'pm_sim_slow'}");
    assert_int_equal(answers(state, "ok") + answers(state, "running"), 5);
    expect_charged_once(state);
}

static void what_is_just_being_paid_by_hand_is_not_tried_beside_it(void **state)
{
    souk_settings.retry_ms = 100;
    charge(state, "pm_sim_insufficient");
    charge_again(state, "one", "pm_sim_slow");
    expect(state, "{'status': 'captured'}");
    expect_charged_once(state);
}

static void nobody_tries_without_end(void **state)
{
    charge(state, "pm_sim_insufficient");
    run_sql(state, "UPDATE payment.payment SET tries = 19");
    charge_again(state, "one", "pm_sim_declined");
    expect(state, "{'status': 'declined'}");
    charge_again(state, "two", "pm_sim_ok");
    expect_error(state, "too_many_tries", "20");
}

static void what_was_voided_is_not_tried_again(void **state)
{
    charge(state, "pm_sim_later");
    void_charge(state);
    expect_row(state, "SELECT count(*) FROM payment.retry", "0");
    charge_again(state, "one", "pm_sim_ok");
    expect_error(state, "payment_voided", ORDER);
    expect_told(state, "failed voided");
    charge_again(state, "one", "gold");
    expect_error(state, "unknown_payment_method", "gold");
}

static void an_order_without_a_payment_cannot_be_paid_again(void **state)
{
    charge_again(state, "one", "pm_sim_ok");
    expect_error(state, "no_such_payment", "");
}

/* The void comes while a try is under way: it waits for what becomes of it. */
static void what_is_voided_amid_a_try_is_given_back(void **state)
{
    charge(state, "pm_sim_later_slow");
    run_sql(state, "UPDATE payment.retry SET next_at = now()");
    expect_row_soon(state, "SELECT status FROM payment.payment", "opened");
    void_charge(state);
    expect_error(state, "running", ORDER);
    expect_row_soon(state, "SELECT status FROM payment.payment", "captured");
    void_charge(state);
    expect(state, "{}");
    expect_row(state, "SELECT sum(amount) FROM payment.ledger WHERE account = 'provider'", "0");
    expect_row(state,
        "SELECT count(*) FROM simulator.charge WHERE outcome = 'captured' AND refunded_at IS NULL",
        "0");
}

static void a_try_that_a_crash_left_is_brought_to_its_end(void **state)
{
    charge(state, "pm_sim_later");
    run_sql(state,
        "WITH opened AS (UPDATE payment.payment SET status = 'opened', tries = 3, reference = NULL"
        " RETURNING id), begun AS (UPDATE payment.retry SET next_at = NULL),"
        " tried AS (INSERT INTO payment.try (payment_id, number) SELECT id, 3 FROM opened)"
        " INSERT INTO payment.in_flight SELECT id, now() - interval '1 minute' FROM opened");
    expect_charged_once(state);
    expect_row(state, "SELECT outcome FROM payment.try WHERE number = 3", "captured");
}

/* What its answer is to a try of before says nothing of the one after it. */
static void a_straggler_does_not_settle_the_next_try(void **state)
{
    charge(state, "pm_sim_later_slow");
    run_sql(state, "UPDATE payment.retry SET next_at = now()");
    expect_row_soon(state, "SELECT status FROM payment.payment", "opened");
    run_sql(state, "UPDATE payment.payment SET tries = 3");
    row(state, "SELECT pg_sleep(0.6)");
    expect_row(state, "SELECT status || captured FROM payment.payment", "opened0");
}

static void set_terms(void **state, const char *terms)
{
    as_staff(state);
    ask(state, "payment.set_terms", "{'user_id': '" CUSTOMER "', %s}", terms);
    as_customer(state, CUSTOMER);
}

static void who_was_blocked_meanwhile_is_not_charged(void **state)
{
    as_customer(state, CUSTOMER);
    charge(state, "pm_sim_later");
    set_terms(state, "'blocked': true");
    charge_again(state, "one", "pm_sim_ok");
    expect_error(state, "not_eligible", "");
    run_sql(state, "UPDATE payment.retry SET next_at = now()");
    expect_row_soon(state, "SELECT status FROM payment.payment", "declined");
    expect_row(state, "SELECT count(*) FROM simulator.charge", "1");
    expect_row(state, "SELECT spent FROM payment.terms", "0");
}

static void what_is_tried_again_counts_against_the_days_limit_once(void **state)
{
    as_customer(state, CUSTOMER);
    set_terms(state, "'blocked': false, 'per_day': 1500, 'currency': 'EUR'");
    charge(state, "pm_sim_later");
    expect_row(state, "SELECT spent FROM payment.terms", "0");
    run_sql(state, "UPDATE payment.retry SET next_at = now()");
    expect_row_soon(state, "SELECT tries || status FROM payment.payment", "2insufficient");
    expect_row(state, "SELECT spent FROM payment.terms", "0");
    charge_again(state, "one", "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    expect_row(state, "SELECT spent FROM payment.terms", "1200");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_has_no_money_today_is_tried_again_until_it_has, soon),
        cmocka_unit_test_setup(what_never_has_money_is_given_up, soon),
        cmocka_unit_test_setup(what_is_refused_for_good_is_given_up_at_once, soon),
        cmocka_unit_test_setup(hard_declines_are_never_tried_again, soon),
        cmocka_unit_test_setup(what_was_only_to_be_set_aside_is_not_tried_again, soon),
        cmocka_unit_test_setup(the_pauses_grow_and_are_spread, later),
        cmocka_unit_test_setup(whoever_asks_pays_with_another_method, later),
        cmocka_unit_test_setup(a_try_that_was_asked_for_and_fails_leaves_all_as_it_was, later),
        cmocka_unit_test_setup(of_many_who_ask_at_once_one_is_charged, later),
        cmocka_unit_test_setup(what_is_just_being_paid_by_hand_is_not_tried_beside_it, soon),
        cmocka_unit_test_setup(nobody_tries_without_end, later),
        cmocka_unit_test_setup(what_was_voided_is_not_tried_again, later),
        cmocka_unit_test_setup(an_order_without_a_payment_cannot_be_paid_again, later),
        cmocka_unit_test_setup(what_is_voided_amid_a_try_is_given_back, later),
        cmocka_unit_test_setup(a_try_that_a_crash_left_is_brought_to_its_end, later),
        cmocka_unit_test_setup(a_straggler_does_not_settle_the_next_try, later),
        cmocka_unit_test_setup(who_was_blocked_meanwhile_is_not_charged, later),
        cmocka_unit_test_setup(what_is_tried_again_counts_against_the_days_limit_once, later),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
