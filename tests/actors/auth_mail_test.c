/* What comes back from a mail: a new password, and that an address is right. */
#include "auth.h"

static void a_forgotten_password_is_reset_by_mail_once(void **state)
{
    enroll_alice(state);
    log_in(state, "alice@example.com", "correct horse");
    const char *before = told(state, "token");
    ask(state, "auth.request_reset", "{'email': 'ALICE@example.com'}");
    expect(state, "{}");
    const char *token = mailed_token(state, "auth.password_reset_requested");
    ask(state, "auth.reset_password", "{'token': '%s', 'password': 'battery staple'}", token);
    expect(state, "{}");
    ask(state, "auth.verify", "{'token': '%s'}", before);
    expect_error(state, "invalid_token", "");
    log_in(state, "alice@example.com", "battery staple");
    expect(state, "{}");
    ask(state, "auth.reset_password", "{'token': '%s', 'password': 'battery horse'}", token);
    expect_error(state, "bad_token", "");
    as_customer(state, ALICE);
    ask(state, "auth.request_verification", "{}");
    expect_error(state, "verified_already", "");
}

static void who_has_no_account_is_told_the_same_and_mailed_nothing(void **state)
{
    ask(state, "auth.request_reset", "{'email': 'bob@example.com'}");
    expect(state, "{}");
    expect_row(state, "SELECT count(*) FROM auth.told WHERE topic NOT LIKE '%.called'", "0");
    expect_row(state, "SELECT count(*) FROM auth.mail_token", "0");
}

static void nobody_is_flooded_with_mail(void **state)
{
    enroll_alice(state);
    for (int i = 0; i < 4; i++)
        ask(state, "auth.request_reset", "{'email': 'alice@example.com'}");
    expect(state, "{}");
    ask(state, "auth.request_reset", "{'email': 'alice@example.com'}");
    expect_error(state, "too_many_attempts", "");
    ask(state, "auth.request_reset", "{'email': 'bob@example.com'}");
    expect(state, "{}");
}

static void a_token_runs_out(void **state)
{
    enroll_alice(state);
    ask(state, "auth.request_reset", "{'email': 'alice@example.com'}");
    run_sql(state, "UPDATE auth.mail_token SET expires_at = now()");
    ask(state, "auth.reset_password", "{'token': '%s', 'password': 'battery staple'}",
        mailed_token(state, "auth.password_reset_requested"));
    expect_error(state, "bad_token", "");
}

static void an_address_is_verified_by_mail(void **state)
{
    enroll_alice(state);
    as_customer(state, ALICE);
    ask(state, "auth.verification", "{}");
    expect(state, "{'email': 'Alice@example.com', 'verified_at': null}");
    ask(state, "auth.request_verification", "{}");
    const char *token = mailed_token(state, "auth.verification_requested");
    ask(state, "auth.reset_password", "{'token': '%s', 'password': 'battery staple'}", token);
    expect_error(state, "bad_token", "");
    ask(state, "auth.verify_email", "{'token': '%s'}", token);
    expect(state, "{'email': 'Alice@example.com'}");
    ask(state, "auth.verification", "{}");
    told(state, "verified_at");
    ask(state, "auth.verify_email", "{'token': '%s'}", token);
    expect_error(state, "bad_token", "");
}

static void a_token_is_worth_nothing_for_another_address(void **state)
{
    enroll_alice(state);
    as_customer(state, ALICE);
    ask(state, "auth.request_verification", "{}");
    const char *token = mailed_token(state, "auth.verification_requested");
    ask(state, "auth.rename", "{'user_id': '" ALICE "', 'email': 'al@example.com', 'serial': 1}");
    expect(state, "{}");
    ask(state, "auth.verify_email", "{'token': '%s'}", token);
    expect_error(state, "bad_token", "");
}

static void the_latest_change_of_an_address_counts(void **state)
{
    enroll_alice(state);
    ask(state, "auth.rename", "{'user_id': '" ALICE "', 'email': 'al@example.com', 'serial': 2}");
    ask(state, "auth.rename", "{'user_id': '" ALICE "', 'email': 'al@example.com', 'serial': 2}");
    expect(state, "{}");
    ask(state, "auth.rename", "{'user_id': '" ALICE "', 'email': 'late@example.com', 'serial': 1}");
    expect_error(state, "change_withdrawn", "");
    log_in(state, "al@example.com", "correct horse");
    expect(state, "{}");
}

static void an_address_of_another_cannot_be_taken(void **state)
{
    enroll_alice(state);
    enroll_bob(state);
    ask(state, "auth.rename", "{'user_id': '" BOB "', 'email': 'ALICE@example.com', 'serial': 1}");
    expect_error(state, "email_taken", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_forgotten_password_is_reset_by_mail_once, conversation_begin),
        cmocka_unit_test_setup(who_has_no_account_is_told_the_same_and_mailed_nothing,
            conversation_begin),
        cmocka_unit_test_setup(nobody_is_flooded_with_mail, conversation_begin),
        cmocka_unit_test_setup(a_token_runs_out, conversation_begin),
        cmocka_unit_test_setup(an_address_is_verified_by_mail, conversation_begin),
        cmocka_unit_test_setup(a_token_is_worth_nothing_for_another_address, conversation_begin),
        cmocka_unit_test_setup(the_latest_change_of_an_address_counts, conversation_begin),
        cmocka_unit_test_setup(an_address_of_another_cannot_be_taken, conversation_begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
