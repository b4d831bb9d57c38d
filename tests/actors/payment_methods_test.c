/* What customers have stored to pay with: it is theirs, it pays again and again, and it can be
   forgotten. */
#include "money.h"

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
    expect_row(state, "SELECT method || ' of ' || customer FROM payment.payment",
        "pm_sim_ok of cus_sim_" CUSTOMER);
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

static void what_has_no_place_in_the_end_is_forgotten_by_the_provider(void **state)
{
    as_customer(state, CUSTOMER);
    meanwhile(state,
        "WITH held AS (SELECT pg_advisory_xact_lock(hashtextextended('method ' || '" CUSTOMER
        "', 0))) INSERT INTO payment.method (id, user_id, token, brand, last4, expiry_month,"
        " expiry_year, is_default) SELECT gen_random_uuid(), '" CUSTOMER "', 'pm_' || number,"
        " 'visa', '4242', 12, 2039, number = 1 FROM held, generate_series(1, 20) AS number");
    store(state, "pm_sim_ok");
    expect_error(state, "too_many_payment_methods", "20");
    expect_row(state, "SELECT token || ' of ' || customer FROM payment.farewell",
        "pm_sim_ok of cus_sim_" CUSTOMER);
    run_sql(state, "UPDATE payment.farewell SET touched_at = now() - interval '1 minute'");
    expect_row_soon(state, "SELECT count(*) FROM payment.farewell", "0");
}

static void what_the_provider_is_just_forgetting_is_unknown(void **state)
{
    as_customer(state, CUSTOMER);
    store(state, "pm_sim_ok");
    ask(state, "payment.drop_method", "{'id': '%s'}", told(state, "id"));
    store(state, "pm_sim_ok");
    expect(state, "{'last4': '4242'}");
    run_sql(state,
        "INSERT INTO payment.farewell (id, user_id, token, customer)"
        " VALUES (gen_random_uuid(), '" CUSTOMER "', 'pm_sim_slow', 'cus_sim_1')");
    store(state, "pm_sim_slow");
    expect_error(state, "unknown_payment_method", "");
}

static void what_is_just_paid_with_cannot_be_dropped(void **state)
{
    as_customer(state, CUSTOMER);
    store(state, "pm_sim_ok");
    const char *id = told(state, "id");
    run_sql(state,
        "INSERT INTO payment.payment (id, order_id, user_id, amount, currency, method, status)"
        " VALUES ('" PAYMENT "', '" ORDER "', '" CUSTOMER "', 9, 'EUR', 'pm_sim_ok', 'opened')");
    run_sql(state, "INSERT INTO payment.in_flight VALUES ('" PAYMENT "')");
    ask(state, "payment.drop_method", "{'id': '%s'}", id);
    expect_error(state, "running", "");
    run_sql(state, "DELETE FROM payment.in_flight");
    ask(state, "payment.drop_method", "{'id': '%s'}", id);
    expect(state, "{}");
    expect_row(state,
        "SELECT (SELECT count(*) FROM payment.method) + (SELECT count(*) FROM payment.farewell)",
        "0");
}

static void what_was_stored_before_customers_were_known_can_be_dropped(void **state)
{
    run_sql(state,
        "INSERT INTO payment.method (id, user_id, token, brand, last4, expiry_month, expiry_year,"
        " is_default) VALUES ('" PAYMENT "', '" CUSTOMER
        "', 'pm_sim_ok', 'visa', '4242', 12, 2039, true)");
    as_customer(state, CUSTOMER);
    charge(state, PAYMENT);
    expect(state, "{'status': 'captured'}");
    store(state, "pm_sim_ok");
    expect(state, "{'id': '" PAYMENT "'}");
    expect_row(state, "SELECT customer FROM payment.method", "cus_sim_" CUSTOMER);
    run_sql(state, "UPDATE payment.method SET customer = NULL");
    ask(state, "payment.drop_method", "{'id': '" PAYMENT "'}");
    expect(state, "{}");
    expect_row(state, "SELECT count(*) FROM payment.farewell", "0");
}

static void forget(void **state)
{
    ask(state, "payment.forget", "{'user_id': '" CUSTOMER "'}");
    expect(state, "{}");
}

static void of_who_is_gone_nothing_is_stored(void **state)
{
    as_customer(state, CUSTOMER);
    store(state, "pm_sim_ok");
    as_staff(state);
    ask(state, "payment.set_terms", "{'user_id': '" CUSTOMER "', 'blocked': true}");
    forget(state);
    forget(state);
    expect_row(state,
        "SELECT (SELECT count(*) FROM payment.method) + (SELECT count(*) FROM payment.terms)"
        " + (SELECT count(*) FROM payment.farewell)",
        "0");
    as_customer(state, CUSTOMER);
    store(state, "pm_sim_ok");
    expect_error(state, "unauthorized", "");
    expect_row(state, "SELECT count(*) FROM payment.customer WHERE gone AND reference IS NULL",
        "1");
}

static void whoever_goes_while_he_is_made_a_customer_is_none_in_the_end(void **state)
{
    run_sql(state, "INSERT INTO payment.customer (user_id, attempt) VALUES ('" CUSTOMER "', 1)");
    forget(state);
    forget(state);
    expect_row(state, "SELECT count(*) FROM payment.farewell", "0");
    expect_row(state, "SELECT count(*) FROM payment.customer WHERE gone", "1");
}

static void a_farewell_that_a_crash_left_is_brought_to_its_end(void **state)
{
    run_sql(state,
        "INSERT INTO payment.farewell VALUES ('" PAYMENT "', '" CUSTOMER
        "', 'pm_sim_ok', 'cus_sim_1', 0, now() - interval '1 minute')");
    expect_row_soon(state, "SELECT count(*) FROM payment.farewell", "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_stored_method_is_told_without_its_token, conversation_begin),
        cmocka_unit_test_setup(what_is_stored_again_under_the_same_key_is_answered_as_before,
            conversation_begin),
        cmocka_unit_test_setup(of_what_is_stored_often_at_once_under_one_key_all_are_answered_alike,
            conversation_begin),
        cmocka_unit_test_setup(an_order_is_paid_with_a_stored_method_of_its_customer,
            conversation_begin),
        cmocka_unit_test_setup(one_stored_method_is_the_default, conversation_begin),
        cmocka_unit_test_setup(twenty_methods_are_stored_and_no_more, conversation_begin),
        cmocka_unit_test_setup(what_has_no_place_in_the_end_is_forgotten_by_the_provider,
            conversation_begin),
        cmocka_unit_test_setup(what_the_provider_is_just_forgetting_is_unknown, conversation_begin),
        cmocka_unit_test_setup(what_is_just_paid_with_cannot_be_dropped, conversation_begin),
        cmocka_unit_test_setup(what_was_stored_before_customers_were_known_can_be_dropped,
            conversation_begin),
        cmocka_unit_test_setup(of_who_is_gone_nothing_is_stored, conversation_begin),
        cmocka_unit_test_setup(whoever_goes_while_he_is_made_a_customer_is_none_in_the_end,
            conversation_begin),
        cmocka_unit_test_setup(a_farewell_that_a_crash_left_is_brought_to_its_end,
            conversation_begin),
    };
    return cmocka_run_group_tests(tests, money_open, conversation_close);
}
