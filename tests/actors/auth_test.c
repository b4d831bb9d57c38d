/* Logging in and out, and what a token is worth. */
#include <stdio.h>
#include <string.h>

#include "../support/conversation.h"

extern const souk_actor_t auth_actor;

#define ALICE "018f0000-0000-7000-8000-00000000000a"

static int open(void **state)
{
    return conversation_open(state, &auth_actor);
}

static void enroll_alice(void **state)
{
    ask(state, "auth.enroll",
        "{'user_id': '" ALICE "', 'email': 'Alice@example.com', 'password': 'correct horse'}");
}

static void log_in(void **state, const char *email, const char *password)
{
    ask(state, "auth.login", "{'email': '%s', 'password': '%s'}", email, password);
}

static void who_has_enrolled_may_log_in(void **state)
{
    enroll_alice(state);
    log_in(state, "alice@EXAMPLE.com", "correct horse");
    expect(state, "{'user_id': '" ALICE "'}");
    ask(state, "auth.verify", "{'token': '%s'}", told(state, "token"));
    expect(state, "{'user_id': '" ALICE "', 'roles': ['customer']}");
}

static void a_token_is_kept_nowhere(void **state)
{
    enroll_alice(state);
    log_in(state, "alice@example.com", "correct horse");
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM auth.session WHERE session::text LIKE '%%%s%%'",
        told(state, "token"));
    expect_row(state, sql, "0");
}

static void a_wrong_password_and_an_unknown_address_are_told_alike(void **state)
{
    enroll_alice(state);
    log_in(state, "alice@example.com", "wrong horse");
    expect_error(state, "wrong_credentials", "The e-mail address or the password is wrong.");
    log_in(state, "bob@example.com", "correct horse");
    expect_error(state, "wrong_credentials", "The e-mail address or the password is wrong.");
}

static void who_enrols_twice_is_enrolled_once(void **state)
{
    enroll_alice(state);
    enroll_alice(state);
    expect(state, "{}");
    expect_row(state, "SELECT count(*) FROM auth.credential", "1");
}

static void an_address_belongs_to_one_user(void **state)
{
    enroll_alice(state);
    ask(state, "auth.enroll",
        "{'user_id': '018f0000-0000-7000-8000-00000000000b', 'email': 'alice@example.com',"
        " 'password': 'another horse'}");
    expect_error(state, "email_taken", "");
}

static void who_logs_out_is_out(void **state)
{
    enroll_alice(state);
    log_in(state, "alice@example.com", "correct horse");
    const char *token = told(state, "token");
    ask(state, "auth.verify", "{'token': '%s'}", token);
    as_customer(state, ALICE);
    in_session(state, told(state, "session_id"));
    ask(state, "auth.logout", "{}");
    expect(state, "{}");
    ask(state, "auth.verify", "{'token': '%s'}", token);
    expect_error(state, "invalid_token", "");
}

static void a_session_ends_by_itself(void **state)
{
    enroll_alice(state);
    log_in(state, "alice@example.com", "correct horse");
    run_sql(state, "UPDATE auth.session SET expires_at = now()");
    ask(state, "auth.verify", "{'token': '%s'}", told(state, "token"));
    expect_error(state, "invalid_token", "");
}

static void an_invented_token_is_worth_nothing(void **state)
{
    ask(state, "auth.verify", "{'token': 'invented'}");
    expect_error(state, "invalid_token", "");
}

static void who_is_forgotten_is_out_and_stays_out(void **state)
{
    enroll_alice(state);
    log_in(state, "alice@example.com", "correct horse");
    const char *token = told(state, "token");
    ask(state, "auth.forget", "{'user_id': '" ALICE "'}");
    expect(state, "{}");
    ask(state, "auth.verify", "{'token': '%s'}", token);
    expect_error(state, "invalid_token", "");
    log_in(state, "alice@example.com", "correct horse");
    expect_error(state, "wrong_credentials", "");
}

static void an_enrolment_that_comes_after_its_end_is_refused(void **state)
{
    ask(state, "auth.forget", "{'user_id': '" ALICE "'}");
    enroll_alice(state);
    expect_error(state, "enrolment_withdrawn", ALICE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_has_enrolled_may_log_in, conversation_begin),
        cmocka_unit_test_setup(a_token_is_kept_nowhere, conversation_begin),
        cmocka_unit_test_setup(a_wrong_password_and_an_unknown_address_are_told_alike,
            conversation_begin),
        cmocka_unit_test_setup(who_enrols_twice_is_enrolled_once, conversation_begin),
        cmocka_unit_test_setup(an_address_belongs_to_one_user, conversation_begin),
        cmocka_unit_test_setup(who_logs_out_is_out, conversation_begin),
        cmocka_unit_test_setup(a_session_ends_by_itself, conversation_begin),
        cmocka_unit_test_setup(an_invented_token_is_worth_nothing, conversation_begin),
        cmocka_unit_test_setup(who_is_forgotten_is_out_and_stays_out, conversation_begin),
        cmocka_unit_test_setup(an_enrolment_that_comes_after_its_end_is_refused,
            conversation_begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
