/* Becoming a customer. */
#include "../support/conversation.h"

extern const souk_actor_t user_actor;

#define LEFT "018f0000-0000-7000-8000-0000000000ff"

static int open(void **state)
{
    return conversation_open(state, &user_actor);
}

static void register_as(void **state, const char *email)
{
    ask(state, "user.register", "{'email': '%s', 'password': 'correct horse', 'name': 'Alice'}",
        email);
}

static void who_registers_has_an_account(void **state)
{
    register_as(state, "alice@example.com");
    expect(state, "{'email': 'alice@example.com', 'name': 'Alice'}");
    as_customer(state, told(state, "id"));
    ask(state, "user.profile", "{}");
    expect(state, "{'email': 'alice@example.com', 'name': 'Alice'}");
    assert_int_equal(asked(state, "auth.enroll"), 1);
    assert_int_equal(asked(state, "auth.forget"), 0);
}

static void an_address_is_registered_once_whatever_its_case(void **state)
{
    register_as(state, "alice@example.com");
    register_as(state, "ALICE@example.com");
    expect_error(state, "email_taken", "ALICE@example.com");
    expect_row(state, "SELECT count(*) FROM \"user\".account", "1");
}

static void of_many_who_want_an_address_at_once_one_has_it(void **state)
{
    ask_often(state, 20, "user.register",
        "{'email': 'alice@example.com', 'password': 'correct horse', 'name': 'Alice'}");
    assert_int_equal(answers(state, "ok"), 1);
    assert_int_equal(answers(state, "email_taken"), 19);
}

static void who_cannot_be_enrolled_has_no_account(void **state)
{
    given_error(state, "auth.enroll", "email_taken", "alice@example.com");
    register_as(state, "alice@example.com");
    expect_error(state, "email_taken", "alice@example.com");
    expect_row(state, "SELECT count(*) FROM \"user\".account", "0");
    assert_int_equal(asked(state, "auth.forget"), 1);
}

static void a_registration_that_a_crash_left_is_given_up(void **state)
{
    run_sql(state,
        "INSERT INTO \"user\".account (id, email, name, status, touched_at)"
        " VALUES ('" LEFT "', 'alice@example.com', 'Alice', 'registering',"
        " now() - interval '1 minute')");
    expect_row_soon(state, "SELECT count(*) FROM \"user\".account", "0");
    assert_int_equal(asked(state, "auth.forget"), 1);
    register_as(state, "alice@example.com");
    expect(state, "{'email': 'alice@example.com'}");
}

static void who_is_nobody_has_no_profile(void **state)
{
    ask(state, "user.profile", "{}");
    expect_error(state, "unauthorized", "");
    as_customer(state, LEFT);
    ask(state, "user.profile", "{}");
    expect_error(state, "no_such_account", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_registers_has_an_account, conversation_begin),
        cmocka_unit_test_setup(an_address_is_registered_once_whatever_its_case, conversation_begin),
        cmocka_unit_test_setup(of_many_who_want_an_address_at_once_one_has_it, conversation_begin),
        cmocka_unit_test_setup(who_cannot_be_enrolled_has_no_account, conversation_begin),
        cmocka_unit_test_setup(a_registration_that_a_crash_left_is_given_up, conversation_begin),
        cmocka_unit_test_setup(who_is_nobody_has_no_profile, conversation_begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
