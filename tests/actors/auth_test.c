/* Logging in and out, what a token is worth, and who has to wait. */
#include "../../actors/auth/throttle.h"
#include "auth.h"

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

static void what_is_over_is_dropped_and_what_was_told_of_it_forgotten(void **state)
{
    enroll_alice(state);
    run_sql(state,
        "INSERT INTO auth.session (id, token_hash, user_id, expires_at, ends_at)"
        " SELECT gen_random_uuid(), 'hash ' || n, '" ALICE "', now(), now()"
        " FROM generate_series(1, 1500) AS made (n)");
    run_sql(state,
        "INSERT INTO auth.outbox (topic, body, expires_at)"
        " SELECT 'auth.test', '{}', now() FROM generate_series(1, 1500)");
    expect_row_soon(state,
        "SELECT (SELECT count(*) FROM auth.session)"
        " + (SELECT count(*) FROM auth.told WHERE body IS NOT NULL AND topic <> 'auth.called')",
        "0");
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

static void log_in_from(void **state, const char *address, const char *password)
{
    from_address(state, address);
    log_in(state, "alice@example.com", password);
}

static void fail_often(void **state, int times, const char *address)
{
    for (int i = 0; i < times; i++) {
        log_in_from(state, address, "wrong horse");
        expect_error(state, "wrong_credentials", "");
    }
}

static void who_guesses_has_to_wait(void **state)
{
    enroll_alice(state);
    fail_often(state, 6, "192.0.2.1");
    log_in_from(state, "192.0.2.1", "correct horse");
    expect_error(state, "too_many_attempts", "");
    run_sql(state, "UPDATE auth.failure SET at = now() - interval '10 seconds'");
    log_in_from(state, "192.0.2.1", "correct horse");
    expect(state, "{'user_id': '" ALICE "'}");
}

static void of_one_network_only_so_many_register(void **state)
{
    for (int i = 0; i < 21; i++) {
        ask(state, "auth.admit", "{'address': '2001:db8::1'}");
        expect(state, "{}");
    }
    ask(state, "auth.admit", "{'address': '2001:db8::2'}");
    expect_error(state, "too_many_attempts", "");
    ask(state, "auth.admit", "{'address': '2001:db8:1::2'}");
    expect(state, "{}");
}

static void a_failure_heals_only_when_its_time_is_over(void **state)
{
    fail_often(state, 3, "192.0.2.1");
    run_sql(state, "UPDATE auth.failure SET at = now() - interval '299 seconds'");
    fail_often(state, 1, "192.0.2.1");
    expect_row(state, "SELECT min(count) FROM auth.failure", "4");
    run_sql(state, "UPDATE auth.failure SET at = now() - interval '301 seconds'");
    fail_often(state, 1, "192.0.2.1");
    expect_row(state, "SELECT min(count) FROM auth.failure", "4");
}

static void guessing_at_nobody_is_slowed_down_alike(void **state)
{
    fail_often(state, 6, "192.0.2.1");
    log_in_from(state, "192.0.2.1", "wrong horse");
    expect_error(state, "too_many_attempts", "");
}

static void who_guesses_elsewhere_keeps_nobody_out_of_home(void **state)
{
    enroll_alice(state);
    log_in_from(state, "192.0.2.1", "correct horse");
    for (int i = 0; i < 4; i++) {
        char address[24];
        snprintf(address, sizeof address, "198.51.100.%d", i);
        fail_often(state, 5, address);
    }
    fail_often(state, 1, "198.51.100.9");
    log_in_from(state, "203.0.113.1", "correct horse");
    expect_error(state, "too_many_attempts", "");
    log_in_from(state, "192.0.2.1", "correct horse");
    expect(state, "{'user_id': '" ALICE "'}");
}

static void neighbours_in_an_ipv6_network_are_one(void **state)
{
    enroll_alice(state);
    fail_often(state, 3, "2001:db8::1");
    fail_often(state, 3, "2001:db8::2");
    log_in_from(state, "2001:db8::3", "correct horse");
    expect_error(state, "too_many_attempts", "");
    log_in_from(state, "2001:db8:1::1", "correct horse");
    expect(state, "{}");
}

static void sessions_are_listed_and_ended(void **state)
{
    enroll_alice(state);
    log_in_from(state, "192.0.2.1", "correct horse");
    log_in_from(state, "192.0.2.2", "correct horse");
    ask(state, "auth.verify", "{'token': '%s'}", told(state, "token"));
    as_customer(state, ALICE);
    in_session(state, told(state, "session_id"));
    ask(state, "auth.sessions", "{}");
    expect(state,
        "{'items': [{'current': true, 'address': '192.0.2.2'}, {'current': false, 'address': "
        "'192.0.2.1'}]}");
    ask(state, "auth.sessions", "{'limit': 1}");
    expect(state, "{'items': [{'current': true}]}");
    ask(state, "auth.sessions", "{'after': '%s'}", told(state, "next"));
    expect(state, "{'items': [{'current': false}]}");
    const char *other = told_first(state, "id");

    as_customer(state, BOB);
    ask(state, "auth.end_session", "{'id': '%s'}", other);
    expect_error(state, "no_such_session", "");
    as_customer(state, ALICE);
    ask(state, "auth.end_session", "{'id': '%s'}", other);
    expect(state, "{}");
    ask(state, "auth.sessions", "{}");
    expect(state, "{'items': [{'current': true}]}");
    ask(state, "auth.logout_everywhere", "{}");
    expect_row(state, "SELECT count(*) FROM auth.session", "0");
}

static void a_session_lives_on_while_it_is_used(void **state)
{
    enroll_alice(state);
    log_in(state, "alice@example.com", "correct horse");
    const char *token = told(state, "token");
    expect_row(state, "SELECT expires_at < ends_at FROM auth.session", "t");
    run_sql(state,
        "UPDATE auth.session SET seen_at = now() - interval '6 minutes', expires_at = now() + "
        "interval '1 minute'");
    ask(state, "auth.verify", "{'token': '%s'}", token);
    expect_row(state,
        "SELECT seen_at > now() - interval '1 minute' AND expires_at > now() + interval '1 hour' "
        "FROM auth.session",
        "t");
    run_sql(state,
        "UPDATE auth.session SET ends_at = now(), seen_at = now() - interval '6 minutes'");
    ask(state, "auth.verify", "{'token': '%s'}", token);
    expect(state, "{}");
    ask(state, "auth.verify", "{'token': '%s'}", token);
    expect_error(state, "invalid_token", "");
}

/* Another has changed the password and not committed yet: what is looked at is the old one. */
static void a_login_that_a_new_password_overtakes_fails(void **state)
{
    enroll_alice(state);
    meanwhile(state, "UPDATE auth.credential SET password_hash = 'another'");
    log_in(state, "alice@example.com", "correct horse");
    expect_error(state, "wrong_credentials", "");
    expect_row(state, "SELECT count(*) FROM auth.session", "0");
}

/* Another logs in and has not committed yet: the change waits, and ends that session, too. */
static void a_login_just_before_a_new_password_is_ended_by_it(void **state)
{
    enroll_alice(state);
    as_customer(state, ALICE);
    meanwhile(state,
        "SELECT FROM auth.credential FOR SHARE;"
        " INSERT INTO auth.session (id, token_hash, user_id, expires_at, ends_at)"
        " VALUES (gen_random_uuid(), 'hash', '" ALICE "', 'infinity', 'infinity')");
    ask(state, "auth.change_password",
        "{'old_password': 'correct horse', 'new_password': 'battery staple'}");
    expect(state, "{}");
    expect_row(state, "SELECT count(*) FROM auth.session", "0");
}

static void a_changed_password_ends_all_other_sessions(void **state)
{
    enroll_alice(state);
    log_in(state, "alice@example.com", "correct horse");
    const char *elsewhere = told(state, "token");
    log_in(state, "alice@example.com", "correct horse");
    const char *here = told(state, "token");
    ask(state, "auth.verify", "{'token': '%s'}", here);
    as_customer(state, ALICE);
    in_session(state, told(state, "session_id"));

    ask(state, "auth.change_password",
        "{'old_password': 'wrong horse', 'new_password': 'battery staple'}");
    expect_error(state, "wrong_password", "");
    ask(state, "auth.change_password",
        "{'old_password': 'correct horse', 'new_password': 'battery staple'}");
    expect(state, "{}");
    ask(state, "auth.verify", "{'token': '%s'}", elsewhere);
    expect_error(state, "invalid_token", "");
    ask(state, "auth.verify", "{'token': '%s'}", here);
    expect(state, "{}");
    log_in(state, "alice@example.com", "correct horse");
    expect_error(state, "wrong_credentials", "");
    log_in(state, "alice@example.com", "battery staple");
    expect(state, "{}");
}

static void an_open_session_does_not_give_the_password_away(void **state)
{
    enroll_alice(state);
    as_customer(state, ALICE);
    for (int i = 0; i < 6; i++)
        ask(state, "auth.confirm", "{'user_id': '" ALICE "', 'password': 'wrong horse'}");
    ask(state, "auth.confirm", "{'user_id': '" ALICE "', 'password': 'correct horse'}");
    expect_error(state, "too_many_attempts", "");
}

static void the_wait_grows_and_heals(void **state)
{
    static const struct {
        auth_common_t common;
        int count, age_s, wait_s;
    } cases[] = {
        { AUTH_PAIR, 5, 0, 0 },
        { AUTH_PAIR, 6, 0, 1 },
        { AUTH_PAIR, 7, 0, 2 },
        { AUTH_PAIR, 10, 4, 12 },
        { AUTH_PAIR, 10, 16, 0 },
        { AUTH_PAIR, 1000, 0, 300 },
        { AUTH_PAIR, 7, 600, 0 },
        { AUTH_ACCOUNT, 20, 0, 0 },
        { AUTH_ACCOUNT, 1000000, 0, 60 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(auth_throttle_wait_s(cases[i].common, cases[i].count, cases[i].age_s),
            cases[i].wait_s);
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
        cmocka_unit_test_setup(what_is_over_is_dropped_and_what_was_told_of_it_forgotten,
            conversation_begin),
        cmocka_unit_test_setup(a_login_that_a_new_password_overtakes_fails, conversation_begin),
        cmocka_unit_test_setup(a_login_just_before_a_new_password_is_ended_by_it,
            conversation_begin),
        cmocka_unit_test_setup(who_logs_out_is_out, conversation_begin),
        cmocka_unit_test_setup(a_session_ends_by_itself, conversation_begin),
        cmocka_unit_test_setup(an_invented_token_is_worth_nothing, conversation_begin),
        cmocka_unit_test_setup(who_is_forgotten_is_out_and_stays_out, conversation_begin),
        cmocka_unit_test_setup(an_enrolment_that_comes_after_its_end_is_refused,
            conversation_begin),
        cmocka_unit_test_setup(who_guesses_has_to_wait, conversation_begin),
        cmocka_unit_test_setup(of_one_network_only_so_many_register, conversation_begin),
        cmocka_unit_test_setup(a_failure_heals_only_when_its_time_is_over, conversation_begin),
        cmocka_unit_test_setup(guessing_at_nobody_is_slowed_down_alike, conversation_begin),
        cmocka_unit_test_setup(who_guesses_elsewhere_keeps_nobody_out_of_home, conversation_begin),
        cmocka_unit_test_setup(neighbours_in_an_ipv6_network_are_one, conversation_begin),
        cmocka_unit_test_setup(sessions_are_listed_and_ended, conversation_begin),
        cmocka_unit_test_setup(a_session_lives_on_while_it_is_used, conversation_begin),
        cmocka_unit_test_setup(a_changed_password_ends_all_other_sessions, conversation_begin),
        cmocka_unit_test_setup(an_open_session_does_not_give_the_password_away, conversation_begin),
        cmocka_unit_test_setup(the_wait_grows_and_heals, conversation_begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
