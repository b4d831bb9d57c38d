/* What auth is asked twice under one idempotency key: secrets are told again, and to nobody else.
 */
#include "auth.h"

static void who_logs_in_again_under_the_same_key_is_given_the_same_token(void **state)
{
    enroll_alice(state);
    under_key(state, RANDOM_KEY);
    log_in(state, "alice@example.com", "wrong horse");
    expect_error(state, "wrong_credentials", "");
    log_in(state, "alice@example.com", "correct horse");
    assert_int_equal(answers(state, "ok"), 1);
    const char *token = told(state, "token");
    log_in(state, "alice@example.com", "correct horse");
    assert_int_equal(answers(state, "replayed"), 1);
    assert_string_equal(told(state, "token"), token);
    expect_row(state, "SELECT count(*) FROM auth.session", "1");
    char sql[200];
    snprintf(sql, sizeof sql,
        "SELECT count(*) FROM auth.request_key WHERE request_key::text LIKE '%%%s%%'", token);
    expect_row(state, sql, "0");
}

/* Nor does it say by another error which password it was kept for. */
static void without_the_password_a_key_opens_no_session(void **state)
{
    enroll_alice(state);
    enroll_bob(state);
    under_key(state, RANDOM_KEY);
    log_in(state, "alice@example.com", "correct horse");
    const char *token = told(state, "token");
    log_in(state, "alice@example.com", "wrong horse");
    expect_error(state, "wrong_credentials", "");
    log_in(state, "bob@example.com", "another horse");
    expect_error(state, "key_reused", "");
    under_key(state, "1");
    log_in(state, "bob@example.com", "another horse");
    expect_error(state, "invalid", "/key must be a random UUID");
    under_key(state, ANOTHER_KEY);
    log_in(state, "alice@example.com", "correct horse");
    assert_string_not_equal(told(state, "token"), token);
}

static void a_key_that_is_made_again_under_the_same_idempotency_key_is_the_same(void **state)
{
    as_admin(state);
    under_key(state, RANDOM_KEY);
    ask(state, "auth.make_api_key", "{'name': 'till', 'scopes': ['product.put']}");
    const char *key = told(state, "key");
    ask(state, "auth.make_api_key", "{'name': 'till', 'scopes': ['product.put']}");
    assert_int_equal(answers(state, "replayed"), 1);
    assert_string_equal(told(state, "key"), key);
    expect_row(state, "SELECT count(*) FROM auth.api_key", "1");
    ask(state, "auth.make_api_key", "{'name': 'till', 'scopes': ['product.put', 'order.get']}");
    expect_error(state, "key_reused", "");
    char sql[200];
    snprintf(sql, sizeof sql,
        "SELECT count(*) FROM auth.request_key WHERE request_key::text LIKE '%%%s%%'", key + 3);
    expect_row(state, sql, "0");
}

static void what_is_asked_for_again_under_the_same_key_is_mailed_once(void **state)
{
    enroll_alice(state);
    as_customer(state, ALICE);
    under_key(state, "please");
    for (int i = 0; i < 3; i++)
        ask(state, "auth.request_verification", "{}");
    assert_int_equal(answers(state, "replayed"), 1);
    as_customer(state, NULL);
    for (int i = 0; i < 3; i++)
        ask(state, "auth.request_reset", "{'email': 'alice@example.com'}");
    assert_int_equal(answers(state, "replayed"), 1);
    expect_row(state, "SELECT count(*) FROM auth.told WHERE topic NOT LIKE '%.called'", "2");
}

static void an_address_that_is_verified_again_under_the_same_key_is_verified(void **state)
{
    enroll_alice(state);
    as_customer(state, ALICE);
    ask(state, "auth.request_verification", "{}");
    const char *token = mailed_token(state, "auth.verification_requested");
    under_key(state, RANDOM_KEY);
    ask(state, "auth.verify_email", "{'token': '%s'}", token);
    ask(state, "auth.verify_email", "{'token': '%s'}", token);
    assert_int_equal(answers(state, "replayed"), 1);
    expect(state, "{'email': 'Alice@example.com'}");
    under_key(state, NULL);
    ask(state, "auth.verify_email", "{'token': '%s'}", token);
    expect_error(state, "bad_token", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_logs_in_again_under_the_same_key_is_given_the_same_token,
            conversation_begin),
        cmocka_unit_test_setup(without_the_password_a_key_opens_no_session, conversation_begin),
        cmocka_unit_test_setup(a_key_that_is_made_again_under_the_same_idempotency_key_is_the_same,
            conversation_begin),
        cmocka_unit_test_setup(what_is_asked_for_again_under_the_same_key_is_mailed_once,
            conversation_begin),
        cmocka_unit_test_setup(an_address_that_is_verified_again_under_the_same_key_is_verified,
            conversation_begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
