/* Payments: nobody is charged twice, and nobody who was told that nothing is charged. */
#include <stdio.h>

#include "../../lib/settings.h"
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

#define CUSTOMER "018f0000-0000-7000-8000-0000000000c1"
#define STRANGER "018f0000-0000-7000-8000-0000000000c2"

static void authorize(void **state, const char *method)
{
    ask(state, "payment.authorize",
        "{'order_id': '" ORDER "', 'amount': {'amount': 1200, 'currency': 'EUR'}, 'method': '%s'}",
        method);
}

static void capture(void **state, int amount)
{
    ask(state, "payment.capture", "{'order_id': '" ORDER "', 'amount': %d}", amount);
}

static void refund(void **state, const char *key, int amount)
{
    ask(state, "payment.refund",
        "{'order_id': '" ORDER "', 'key': '%s', 'amount': {'amount': %d, 'currency': 'EUR'}}", key,
        amount);
}

/* What the books and the provider say is left of the money. */
static void expect_kept(void **state, const char *kept)
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

static void what_is_set_aside_is_not_taken(void **state)
{
    authorize(state, "pm_sim_ok");
    expect(state, "{'status': 'authorized'}");
    expect_kept(state, "0");
    expect_row(state, "SELECT count(*) FROM payment.in_flight", "0");
}

static void a_part_of_what_is_set_aside_is_taken_once(void **state)
{
    authorize(state, "pm_sim_ok");
    capture(state, 1201);
    expect_error(state, "too_much", "1200");
    capture(state, 700);
    expect(state, "{'status': 'captured'}");
    capture(state, 700);
    expect(state, "{'status': 'captured'}");
    capture(state, 500);
    expect_error(state, "already_captured", "700");
    expect_kept(state, "700");
}

static void without_an_amount_all_is_taken(void **state)
{
    authorize(state, "pm_sim_ok");
    ask(state, "payment.capture", "{'order_id': '" ORDER "'}");
    expect(state, "{'status': 'captured'}");
    expect_kept(state, "1200");
}

static void what_is_captured_often_at_once_is_taken_once(void **state)
{
    authorize(state, "pm_sim_ok");
    ask_often(state, 20, "payment.capture", "{'order_id': '" ORDER "', 'amount': 300}");
    assert_int_equal(answers(state, "ok") + answers(state, "running"), 20);
    assert_true(answers(state, "ok") >= 1);
    expect_kept(state, "300");
    expect_row(state, "SELECT count(*) FROM payment.ledger", "2");
}

static void only_what_is_set_aside_can_be_captured(void **state)
{
    capture(state, 1);
    expect_error(state, "no_such_payment", "");
    authorize(state, "pm_sim_declined");
    expect(state, "{'status': 'declined'}");
    capture(state, 1);
    expect_error(state, "not_authorized", "declined");
}

static void what_is_set_aside_is_let_go_when_it_is_voided(void **state)
{
    authorize(state, "pm_sim_ok");
    void_charge(state);
    expect(state, "{}");
    expect_row(state, "SELECT status FROM payment.payment", "voided");
    expect_row(state, "SELECT count(*) FROM payment.ledger", "0");
    expect_row(state, "SELECT count(*) FROM simulator.charge WHERE refunded_at IS NOT NULL", "1");
    capture(state, 1);
    expect_error(state, "not_authorized", "voided");
}

static void money_is_given_back_in_parts(void **state)
{
    charge(state, "pm_sim_ok");
    refund(state, "one", 500);
    expect(state, "{'status': 'refunded', 'amount': {'amount': 500, 'currency': 'EUR'}}");
    expect_row(state, "SELECT status FROM payment.payment", "partially_refunded");
    expect_kept(state, "700");
    refund(state, "two", 701);
    expect_error(state, "too_much", "700 is left");
    refund(state, "three", 700);
    expect(state, "{'status': 'refunded'}");
    expect_row(state, "SELECT status FROM payment.payment", "refunded");
    expect_kept(state, "0");
    charge(state, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
}

static void a_refund_is_made_once_by_its_key(void **state)
{
    charge(state, "pm_sim_ok");
    refund(state, "one", 500);
    refund(state, "one", 500);
    expect(state, "{'status': 'refunded'}");
    refund(state, "one", 400);
    expect_error(state, "key_reused", "another amount");
    expect_kept(state, "700");
    expect_row(state, "SELECT count(*) FROM payment.refund", "1");
}

static void a_refund_that_is_asked_for_often_at_once_is_made_once(void **state)
{
    charge(state, "pm_sim_ok");
    ask_often(state, 30, "payment.refund",
        "{'order_id': '" ORDER "', 'key': 'one', 'amount': {'amount': 500, 'currency': 'EUR'}}");
    assert_int_equal(answers(state, "ok"), 30);
    expect_kept(state, "700");
    expect_row(state, "SELECT count(*) FROM simulator.refund", "1");
}

static void nothing_is_given_back_that_was_not_taken(void **state)
{
    refund(state, "one", 1);
    expect_error(state, "no_such_payment", "");
    charge(state, "pm_sim_declined");
    refund(state, "one", 1);
    expect_error(state, "not_refundable", "declined");
    refund(state, "one", 0);
    expect_error(state, "invalid", "at least 1");
}

static void money_is_given_back_in_the_currency_it_came_in(void **state)
{
    charge(state, "pm_sim_ok");
    ask(state, "payment.refund",
        "{'order_id': '" ORDER "', 'key': 'one', 'amount': {'amount': 500, 'currency': 'USD'}}");
    expect_error(state, "too_much", "EUR");
    expect_kept(state, "1200");
}

static void what_is_voided_after_a_refund_gives_back_the_rest(void **state)
{
    charge(state, "pm_sim_ok");
    refund(state, "one", 500);
    void_charge(state);
    expect(state, "{}");
    expect_row(state, "SELECT status FROM payment.payment", "voided");
    expect_kept(state, "0");
    refund(state, "two", 1);
    expect_error(state, "not_refundable", "voided");
}

static void what_is_being_given_back_cannot_be_voided_yet(void **state)
{
    charge(state, "pm_sim_ok");
    run_sql(state,
        "WITH made AS (INSERT INTO payment.refund (id, payment_id, key, amount, who, status)"
        " SELECT gen_random_uuid(), id, 'one', 500, 'system', 'refunding' FROM payment.payment"
        " RETURNING amount) UPDATE payment.payment SET refunding = 500");
    void_charge(state);
    expect_error(state, "running", ORDER);
    refund(state, "two", 701);
    expect_error(state, "too_much", "700 is left");
    refund(state, "one", 500);
    expect(state, "{'status': 'refunded'}");
    expect_kept(state, "700");
}

static void a_refund_that_a_crash_left_is_brought_to_its_end(void **state)
{
    charge(state, "pm_sim_ok");
    run_sql(state,
        "WITH made AS (INSERT INTO payment.refund"
        " (id, payment_id, key, amount, who, status, touched_at)"
        " SELECT gen_random_uuid(), id, 'one', 500, 'system', 'refunding',"
        " now() - interval '1 minute' FROM payment.payment"
        " RETURNING amount) UPDATE payment.payment SET refunding = 500");
    expect_row_soon(state, "SELECT status FROM payment.payment", "partially_refunded");
    expect_kept(state, "700");
}

static void a_capture_that_a_crash_left_is_brought_to_its_end(void **state)
{
    authorize(state, "pm_sim_ok");
    run_sql(state, "UPDATE payment.payment SET status = 'capturing', captured = 400");
    run_sql(state,
        "INSERT INTO payment.in_flight SELECT id, now() - interval '1 minute' FROM "
        "payment.payment");
    expect_row_soon(state, "SELECT status FROM payment.payment", "captured");
    expect_kept(state, "400");
}

static void an_authorization_that_a_crash_left_is_no_charge(void **state)
{
    run_sql(state,
        "INSERT INTO payment.payment (id, order_id, amount, currency, method, manual, status)"
        " VALUES ('" PAYMENT "', '" ORDER "', 1200, 'EUR', 'pm_sim_ok', true, 'opened')");
    run_sql(state,
        "INSERT INTO payment.in_flight VALUES ('" PAYMENT "', now() - interval '1 minute')");
    expect_row_soon(state, "SELECT status FROM payment.payment", "authorized");
    expect_kept(state, "0");
}

static void staff_give_money_back_and_see_it(void **state)
{
    as_customer(state, CUSTOMER);
    charge(state, "pm_sim_ok");
    as_staff(state);
    under_key(state, "k1");
    for (int i = 0; i < 2; i++) {
        ask(state, "payment.give_back",
            "{'order_id': '" ORDER
            "', 'amount': {'amount': 200, 'currency': 'EUR'}, 'reason': 'a scratch'}");
        expect(state, "{'status': 'refunded'}");
    }
    ask(state, "payment.get", "{'order_id': '" ORDER "'}");
    expect(state,
        "{'status': 'partially_refunded', 'amount': {'amount': 1200}, 'captured': 1200,"
        " 'refunded': 200, 'refunding': 0, 'refunds': [{'status': 'refunded',"
        " 'reason': 'a scratch', 'amount': {'amount': 200}, 'who': '" STAFF "'}],"
        " 'entries': [{'cause': 'charge', 'account': 'provider', 'amount': 1200},"
        " {'cause': 'charge', 'account': 'sales', 'amount': -1200},"
        " {'account': 'provider', 'amount': -200}, {'account': 'refunds', 'amount': 200}]}");
    ask(state, "payment.get", "{'order_id': '" PAYMENT "'}");
    expect_error(state, "no_such_payment", "");
    as_customer(state, CUSTOMER);
    ask(state, "payment.get", "{'order_id': '" ORDER "'}");
    expect_error(state, "forbidden", "");
}

static void store(void **state, const char *token)
{
    ask(state, "payment.store_method", "{'token': '%s'}", token);
}

static void a_stored_method_is_told_without_its_token(void **state)
{
    as_customer(state, CUSTOMER);
    ask(state, "payment.store_method", "{'token': 'pm_sim_ok', 'label': 'mine'}");
    expect(state,
        "{'label': 'mine', 'brand': 'visa', 'last4': '4242', 'expiry_month': 12,"
        " 'is_default': true}");
    store(state, "pm_sim_ok");
    expect(state, "{'label': 'mine', 'is_default': true}");
    store(state, "pm_sim_slow");
    expect(state, "{'brand': 'mastercard', 'is_default': false}");
    store(state, "gold");
    expect_error(state, "unknown_payment_method", "");
    ask(state, "payment.list_methods", "{}");
    expect(state, "{'items': [{'last4': '4242'}, {'last4': '4444'}]}");
    as_customer(state, STRANGER);
    ask(state, "payment.list_methods", "{}");
    expect(state, "{'items': []}");
}

static void what_is_stored_again_under_the_same_key_is_answered_as_before(void **state)
{
    as_customer(state, CUSTOMER);
    under_key(state, RANDOM_KEY);
    store(state, "pm_sim_ok");
    const char *id = told(state, "id");
    store(state, "pm_sim_slow");
    expect_error(state, "key_reused", "");
    under_key(state, NULL);
    ask(state, "payment.drop_method", "{'id': '%s'}", id);
    under_key(state, RANDOM_KEY);
    ask_often(state, 3, "payment.store_method", "{'token': 'pm_sim_ok'}");
    assert_int_equal(answers(state, "replayed"), 3);
    assert_string_equal(told(state, "id"), id);
    expect_row(state, "SELECT count(*) FROM payment.method", "0");
    under_key(state, "1");
    store(state, "pm_sim_ok");
    expect_error(state, "invalid", "/key must be a random UUID");
}

static void of_what_is_stored_often_at_once_under_one_key_all_are_answered_alike(void **state)
{
    as_customer(state, CUSTOMER);
    under_key(state, RANDOM_KEY);
    ask_often(state, 5, "payment.store_method", "{'token': 'pm_sim_ok'}");
    assert_int_equal(answers(state, "ok"), 1);
    assert_int_equal(answers(state, "replayed"), 4);
    expect_row(state, "SELECT count(*) FROM payment.method", "1");
}

static void an_order_is_paid_with_a_stored_method_of_its_customer(void **state)
{
    as_customer(state, CUSTOMER);
    store(state, "pm_sim_ok");
    const char *id = told(state, "id");
    as_customer(state, STRANGER);
    charge(state, id);
    expect_error(state, "unknown_payment_method", id);
    expect_row(state, "SELECT count(*) FROM payment.payment", "0");
    as_customer(state, CUSTOMER);
    charge(state, id);
    expect(state, "{'status': 'captured'}");
    expect_row(state, "SELECT method FROM payment.payment", "pm_sim_ok");
    expect_kept(state, "1200");
}

static void one_stored_method_is_the_default(void **state)
{
    as_customer(state, CUSTOMER);
    store(state, "pm_sim_ok");
    store(state, "pm_sim_slow");
    const char *id = told(state, "id");
    as_customer(state, STRANGER);
    ask(state, "payment.choose_method", "{'id': '%s'}", id);
    expect_error(state, "no_such_payment_method", "");
    ask(state, "payment.drop_method", "{'id': '%s'}", id);
    expect_error(state, "no_such_payment_method", "");
    as_customer(state, CUSTOMER);
    ask(state, "payment.choose_method", "{'id': '%s'}", id);
    expect(state, "{'last4': '4444', 'is_default': true}");
    ask(state, "payment.list_methods", "{}");
    expect(state, "{'items': [{'is_default': true}, {'is_default': false}]}");
    ask(state, "payment.drop_method", "{'id': '%s'}", id);
    expect(state, "{}");
    ask(state, "payment.list_methods", "{}");
    expect(state, "{'items': [{'last4': '4242', 'is_default': true}]}");
}

static void twenty_methods_are_stored_and_no_more(void **state)
{
    as_customer(state, CUSTOMER);
    run_sql(state,
        "INSERT INTO payment.method (id, user_id, token, brand, last4, expiry_month, expiry_year,"
        " is_default) SELECT gen_random_uuid(), '" CUSTOMER "', 'pm_' || number, 'visa', '4242',"
        " 12, 2039, number = 1 FROM generate_series(1, 19) AS number");
    store(state, "pm_sim_ok");
    expect(state, "{'is_default': false}");
    store(state, "pm_sim_slow");
    expect_error(state, "too_many_payment_methods", "20");
    store(state, "pm_sim_ok");
    expect(state, "{'last4': '4242'}");
}

static void set_terms(void **state, const char *json)
{
    as_staff(state);
    ask(state, "payment.set_terms", "{'user_id': '" CUSTOMER "', %s}", json);
    expect(state, "{}");
    as_customer(state, CUSTOMER);
}

static void charge_order(void **state, int order, int amount, const char *method)
{
    ask(state, "payment.charge",
        "{'order_id': '018f0000-0000-7000-8000-0000000000%02d', 'method': '%s',"
        " 'amount': {'amount': %d, 'currency': 'EUR'}}",
        order, method, amount);
}

static void whoever_is_blocked_pays_nothing(void **state)
{
    as_customer(state, CUSTOMER);
    charge_order(state, 10, 100, "pm_sim_ok");
    set_terms(state, "'blocked': true, 'reason': 'chargebacks'");
    charge_order(state, 11, 100, "pm_sim_ok");
    expect_error(state, "not_eligible", "");
    expect_row(state, "SELECT count(*) FROM payment.payment", "1");
    charge_order(state, 10, 100, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    set_terms(state, "'blocked': false");
    charge_order(state, 11, 100, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    as_staff(state);
    ask(state, "payment.get_terms", "{'user_id': '" STRANGER "'}");
    expect(state, "{'blocked': false, 'per_day': 0}");
}

static void nobody_pays_more_than_the_limits(void **state)
{
    set_terms(state, "'blocked': false, 'per_charge': 500, 'per_day': 900, 'currency': 'EUR'");
    charge_order(state, 10, 501, "pm_sim_ok");
    expect_error(state, "limit_exceeded", "");
    charge_order(state, 11, 500, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    charge_order(state, 12, 400, "pm_sim_declined");
    expect(state, "{'status': 'declined'}");
    charge_order(state, 13, 401, "pm_sim_ok");
    expect_error(state, "limit_exceeded", "");
    charge_order(state, 14, 400, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    run_sql(state, "UPDATE payment.terms SET spent_on = spent_on - 1");
    charge_order(state, 13, 401, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    ask(state, "payment.charge",
        "{'order_id': '" ORDER "', 'amount': {'amount': 1, 'currency': 'USD'},"
        " 'method': 'pm_sim_ok'}");
    expect_error(state, "not_eligible", "");
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

/* The ids of these payments are the other way round than those of their orders. They are stranded
   in a second. */
static void leave_two_under_way(void **state, const char *status)
{
    row(state,
        "WITH made AS (INSERT INTO payment.payment"
        " (id, order_id, amount, currency, method, status, captured)"
        " SELECT (left('" PAYMENT "', -1) || number)::uuid, (left('" ORDER
        "', -1) || 3 - number)::uuid, 9, 'EUR', 'pm_sim_ok', '%s', CASE '%s' WHEN 'opened' THEN 0"
        " ELSE 9 END FROM generate_series(1, 2) AS number RETURNING id), noted AS ("
        "INSERT INTO payment.in_flight SELECT id, now() - %d * interval '1 millisecond' FROM made"
        " RETURNING 1) SELECT count(*) FROM noted",
        status, status, souk_settings.stranded_ms - 1000);
}

/* Other databases are none of its business; that of a lock on a transaction is not told. */
#define WAITING                                                                                    \
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks"         \
    " JOIN pg_database ON database = pg_database.oid WHERE datname = current_database())"

/* Whoever waits for the first order's payment holds no other. */
static void expect_locks_in_the_order_of_orders(void **state, const char *status)
{
    conversation_begin(state);
    leave_two_under_way(state, status);
    run_sql(state, "BEGIN");
    run_sql(state, "UPDATE payment.payment SET made_at = now() WHERE order_id = '" ORDER "'");
    expect_row_soon(state, WAITING, "1");
    run_sql(state,
        "SELECT id FROM payment.payment WHERE order_id <> '" ORDER "' FOR UPDATE NOWAIT");
    run_sql(state, "COMMIT");
    expect_row_soon(state, "SELECT count(*) FROM payment.in_flight", "0");
}

static void payments_are_locked_in_the_order_of_their_orders(void **state)
{
    expect_locks_in_the_order_of_orders(state, "opened");
    expect_locks_in_the_order_of_orders(state, "capturing");
    expect_locks_in_the_order_of_orders(state, "voiding");
}

static void a_limit_needs_its_currency(void **state)
{
    as_staff(state);
    ask(state, "payment.set_terms", "{'user_id': '" CUSTOMER "', 'blocked': false, 'per_day': 1}");
    expect_error(state, "invalid", "required where there is a limit");
}

static void of_who_is_gone_nothing_is_stored(void **state)
{
    as_customer(state, CUSTOMER);
    ask(state, "payment.store_method", "{'token': 'pm_sim_ok'}");
    as_staff(state);
    set_terms(state, "'blocked': true, 'reason': 'chargebacks'");
    for (int i = 0; i < 2; i++) {
        ask(state, "payment.forget", "{'user_id': '" CUSTOMER "'}");
        expect(state, "{}");
    }
    expect_row(state,
        "SELECT (SELECT count(*) FROM payment.method) + (SELECT count(*) FROM payment.terms)", "0");
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
        cmocka_unit_test_setup(what_is_set_aside_is_not_taken, conversation_begin),
        cmocka_unit_test_setup(a_part_of_what_is_set_aside_is_taken_once, conversation_begin),
        cmocka_unit_test_setup(without_an_amount_all_is_taken, conversation_begin),
        cmocka_unit_test_setup(what_is_captured_often_at_once_is_taken_once, conversation_begin),
        cmocka_unit_test_setup(only_what_is_set_aside_can_be_captured, conversation_begin),
        cmocka_unit_test_setup(what_is_set_aside_is_let_go_when_it_is_voided, conversation_begin),
        cmocka_unit_test_setup(money_is_given_back_in_parts, conversation_begin),
        cmocka_unit_test_setup(a_refund_is_made_once_by_its_key, conversation_begin),
        cmocka_unit_test_setup(a_refund_that_is_asked_for_often_at_once_is_made_once,
            conversation_begin),
        cmocka_unit_test_setup(nothing_is_given_back_that_was_not_taken, conversation_begin),
        cmocka_unit_test_setup(money_is_given_back_in_the_currency_it_came_in, conversation_begin),
        cmocka_unit_test_setup(what_is_voided_after_a_refund_gives_back_the_rest,
            conversation_begin),
        cmocka_unit_test_setup(what_is_being_given_back_cannot_be_voided_yet, conversation_begin),
        cmocka_unit_test_setup(a_refund_that_a_crash_left_is_brought_to_its_end,
            conversation_begin),
        cmocka_unit_test_setup(a_capture_that_a_crash_left_is_brought_to_its_end,
            conversation_begin),
        cmocka_unit_test_setup(an_authorization_that_a_crash_left_is_no_charge, conversation_begin),
        cmocka_unit_test_setup(staff_give_money_back_and_see_it, conversation_begin),
        cmocka_unit_test_setup(a_stored_method_is_told_without_its_token, conversation_begin),
        cmocka_unit_test_setup(what_is_stored_again_under_the_same_key_is_answered_as_before,
            conversation_begin),
        cmocka_unit_test_setup(of_what_is_stored_often_at_once_under_one_key_all_are_answered_alike,
            conversation_begin),
        cmocka_unit_test_setup(an_order_is_paid_with_a_stored_method_of_its_customer,
            conversation_begin),
        cmocka_unit_test_setup(one_stored_method_is_the_default, conversation_begin),
        cmocka_unit_test_setup(twenty_methods_are_stored_and_no_more, conversation_begin),
        cmocka_unit_test_setup(whoever_is_blocked_pays_nothing, conversation_begin),
        cmocka_unit_test_setup(nobody_pays_more_than_the_limits, conversation_begin),
        cmocka_unit_test_setup(what_costs_nothing_is_paid_without_the_provider, conversation_begin),
        cmocka_unit_test_setup(nothing_is_set_aside_and_taken_without_the_provider,
            conversation_begin),
        cmocka_unit_test_setup(payments_are_locked_in_the_order_of_their_orders,
            conversation_begin),
        cmocka_unit_test_setup(a_limit_needs_its_currency, conversation_begin),
        cmocka_unit_test_setup(of_who_is_gone_nothing_is_stored, conversation_begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
