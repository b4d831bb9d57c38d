/* Registering and closing an account twice under one idempotency key. */
#include "../support/conversation.h"

extern const souk_actor_t user_actor;

static int open(void **state)
{
    return conversation_open(state, &user_actor);
}

static void register_as(void **state, const char *email)
{
    ask(state, "user.register", "{'email': '%s', 'password': 'correct horse', 'name': 'Alice'}",
        email);
}

static void who_registers_again_under_the_same_key_is_answered_as_before(void **state)
{
    under_key(state, RANDOM_KEY);
    register_as(state, "alice@example.com");
    const char *id = told(state, "id");
    register_as(state, "alice@example.com");
    assert_int_equal(answers(state, "replayed"), 1);
    assert_string_equal(told(state, "id"), id);
    register_as(state, "bob@example.com");
    expect_error(state, "key_reused", "");
    under_key(state, ANOTHER_KEY);
    register_as(state, "alice@example.com");
    expect_error(state, "email_taken", "");
    under_key(state, "mine");
    register_as(state, "bob@example.com");
    expect_error(state, "invalid", "/key must be a random UUID");
    expect_row(state, "SELECT count(*) FROM \"user\".account", "1");
    assert_int_equal(asked(state, "auth.enroll"), 1);
}

static void of_registrations_at_once_under_one_key_one_comes_about(void **state)
{
    under_key(state, RANDOM_KEY);
    ask_often(state, 5, "user.register",
        "{'email': 'alice@example.com', 'password': 'correct horse', 'name': 'Alice'}");
    assert_int_equal(answers(state, "ok"), 1);
    assert_int_equal(answers(state, "running"), 4);
    register_as(state, "alice@example.com");
    assert_int_equal(answers(state, "replayed"), 1);
}

static void a_registration_that_failed_leaves_its_key_free(void **state)
{
    under_key(state, RANDOM_KEY);
    given_error(state, "auth.enroll", "email_taken", "alice@example.com");
    register_as(state, "alice@example.com");
    expect_error(state, "email_taken", "");
    given(state, "auth.enroll", "{}");
    register_as(state, "bob@example.com");
    expect(state, "{'email': 'bob@example.com'}");
}

static void after_two_days_the_key_of_a_registration_is_forgotten(void **state)
{
    under_key(state, RANDOM_KEY);
    register_as(state, "alice@example.com");
    run_sql(state, "UPDATE \"user\".account SET made_at = now() - interval '49 hours'");
    expect_row_soon(state, "SELECT count(request_key) FROM \"user\".account", "0");
    register_as(state, "bob@example.com");
    expect(state, "{'email': 'bob@example.com'}");
}

static void who_closes_an_account_again_under_the_same_key_is_answered_as_before(void **state)
{
    register_as(state, "alice@example.com");
    as_customer(state, told(state, "id"));
    under_key(state, RANDOM_KEY);
    ask(state, "user.close", "{'password': 'correct horse'}");
    assert_int_equal(answers(state, "ok"), 1);
    given_error(state, "auth.confirm", "no_such_user", "");
    ask(state, "user.close", "{'password': 'correct horse'}");
    assert_int_equal(answers(state, "replayed"), 1);
    ask(state, "user.close", "{'password': 'another horse'}");
    expect_error(state, "key_reused", "");
    under_key(state, ANOTHER_KEY);
    ask(state, "user.close", "{'password': 'correct horse'}");
    expect_error(state, "no_such_user", "");
    assert_int_equal(asked(state, "auth.forget"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_registers_again_under_the_same_key_is_answered_as_before,
            conversation_begin),
        cmocka_unit_test_setup(of_registrations_at_once_under_one_key_one_comes_about,
            conversation_begin),
        cmocka_unit_test_setup(a_registration_that_failed_leaves_its_key_free, conversation_begin),
        cmocka_unit_test_setup(after_two_days_the_key_of_a_registration_is_forgotten,
            conversation_begin),
        cmocka_unit_test_setup(who_closes_an_account_again_under_the_same_key_is_answered_as_before,
            conversation_begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
