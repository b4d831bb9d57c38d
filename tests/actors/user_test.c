/* Becoming a customer. */
#include <stdlib.h>

#include "../support/conversation.h"

extern const souk_actor_t user_actor;

#define LEFT "018f0000-0000-7000-8000-0000000000ff"

static int open(void **state)
{
    return conversation_open(state, &user_actor);
}

/* Where what cannot be had for now is not waited for. */
static int open_hurried(void **state)
{
    setenv("SOUK_GIVE_UP_MS", "300", 1);
    return open(state);
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

static void who_registers_too_often_is_not_told_who_has_an_account(void **state)
{
    register_as(state, "alice@example.com");
    assert_int_equal(asked(state, "auth.admit"), 0);
    from_address(state, "192.0.2.1");
    given_error(state, "auth.admit", "too_many_attempts", "");
    register_as(state, "alice@example.com");
    expect_error(state, "too_many_attempts", "");
    register_as(state, "bob@example.com");
    expect_error(state, "too_many_attempts", "");
    assert_int_equal(asked(state, "auth.enroll"), 1);
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

static const char *alice(void **state)
{
    register_as(state, "alice@example.com");
    const char *id = told(state, "id");
    as_customer(state, id);
    return id;
}

static void a_name_may_change(void **state)
{
    alice(state);
    ask(state, "user.update", "{'name': 'Al'}");
    expect(state, "{'email': 'alice@example.com', 'name': 'Al'}");
}

static void change_email(void **state, const char *email)
{
    ask(state, "user.change_email", "{'email': '%s', 'password': 'correct horse'}", email);
}

static void an_address_changes_here_and_where_one_logs_in(void **state)
{
    alice(state);
    change_email(state, "al@example.com");
    expect(state, "{'email': 'al@example.com', 'name': 'Alice'}");
    assert_int_equal(asked(state, "auth.confirm"), 1);
    assert_int_equal(asked(state, "auth.rename"), 1);
    ask(state, "user.profile", "{}");
    expect(state, "{'email': 'al@example.com'}");
    expect_row(state, "SELECT count(*) FROM \"user\".email_change", "0");
    register_as(state, "alice@example.com");
    expect(state, "{'email': 'alice@example.com'}");
}

static void without_the_password_no_address_changes(void **state)
{
    alice(state);
    given_error(state, "auth.confirm", "wrong_password", "");
    change_email(state, "al@example.com");
    expect_error(state, "wrong_password", "");
    assert_int_equal(asked(state, "auth.rename"), 0);
}

/* To whom auth gives an address that is taken here, it will be free here soon; but for a crash. */
static void an_address_that_nobody_leaves_changes_nothing(void **state)
{
    alice(state);
    register_as(state, "bob@example.com");
    change_email(state, "bob@example.com");
    expect_error(state, "email_awaited", "");
    assert_int_equal(asked(state, "auth.rename"), 2);
    ask(state, "user.profile", "{}");
    expect(state, "{'email': 'alice@example.com'}");
    expect_row(state, "SELECT count(*) FROM \"user\".email_change", "0");
}

static void a_change_that_a_crash_left_is_taken_back(void **state)
{
    alice(state);
    run_sql(state,
        "INSERT INTO \"user\".email_change (account_id, email, touched_at)"
        " SELECT id, 'al@example.com', now() - interval '1 minute' FROM \"user\".account");
    expect_row_soon(state, "SELECT count(*) FROM \"user\".email_change", "0");
    assert_int_equal(asked(state, "auth.rename"), 1);
    ask(state, "user.profile", "{}");
    expect(state, "{'email': 'alice@example.com'}");
}

#define HOME                                                                                       \
    "'name': 'Alice', 'line1': 'Here 1', 'city': 'There', 'postal_code': '12345', 'country': 'DE'"

static void an_address_book_is_kept(void **state)
{
    alice(state);
    ask(state, "user.add_address", "{" HOME ", 'default_shipping': true}");
    expect(state, "{'version': 1, 'line1': 'Here 1', 'default_shipping': true}");
    const char *home = told(state, "id");
    ask(state, "user.add_address", "{" HOME ", 'default_shipping': true, 'default_billing': true}");
    ask(state, "user.addresses", "{}");
    expect(state,
        "{'items': [{'default_shipping': false, 'version': 2}, {'default_shipping': true}]}");
    ask(state, "user.replace_address", "{'id': '%s', 'version': 1, " HOME "}", home);
    expect_error(state, "stale", "");
    ask(state, "user.replace_address",
        "{'id': '%s', 'version': 2, " HOME ", 'company': 'Souk', 'default_billing': true}", home);
    expect(state, "{'version': 3, 'company': 'Souk', 'default_billing': true}");
    ask(state, "user.address", "{'id': '%s'}", home);
    expect(state, "{'version': 3}");
    ask(state, "user.delete_address", "{'id': '%s', 'version': 2}", home);
    expect_error(state, "stale", "");
    ask(state, "user.delete_address", "{'id': '%s', 'version': 3}", home);
    expect(state, "{}");
    ask(state, "user.address", "{'id': '%s'}", home);
    expect_error(state, "no_such_address", "");
}

static void an_address_is_its_owners(void **state)
{
    alice(state);
    ask(state, "user.add_address", "{" HOME "}");
    const char *home = told(state, "id");
    register_as(state, "bob@example.com");
    as_customer(state, told(state, "id"));
    ask(state, "user.address", "{'id': '%s'}", home);
    expect_error(state, "no_such_address", "");
    ask(state, "user.replace_address", "{'id': '%s', " HOME "}", home);
    expect_error(state, "no_such_address", "");
    ask(state, "user.delete_address", "{'id': '%s'}", home);
    expect_error(state, "no_such_address", "");
    ask(state, "user.addresses", "{}");
    expect(state, "{'items': []}");
}

static void an_address_book_has_an_end(void **state)
{
    alice(state);
    ask_often(state, 51, "user.add_address", "{" HOME "}");
    assert_int_equal(answers(state, "ok"), 50);
    assert_int_equal(answers(state, "too_many_addresses"), 1);
}

static void who_closes_an_account_is_forgotten(void **state)
{
    const char *id = alice(state);
    under_key(state, "home");
    ask(state, "user.add_address", "{" HOME "}");
    expect_row(state, "SELECT count(*) FROM \"user\".request_key", "1");
    under_key(state, NULL);
    ask(state, "user.close", "{'password': 'correct horse'}");
    expect(state, "{}");
    assert_int_equal(asked(state, "auth.forget"), 1);
    assert_int_equal(asked(state, "payment.forget"), 1);
    assert_int_equal(asked(state, "cart.drop_of"), 1);
    assert_int_equal(asked(state, "order.forget"), 1);
    expect_row(state, "SELECT count(*) FROM \"user\".request_key", "0");
    ask(state, "user.profile", "{}");
    expect_error(state, "no_such_account", "");
    expect_row(state, "SELECT count(*) FROM \"user\".address", "0");
    ask(state, "user.eligible", "{'user_id': '%s'}", id);
    expect_error(state, "user_blocked", "");
    as_staff(state);
    ask(state, "user.get", "{'user_id': '%s'}", id);
    expect(state, "{'status': 'closed', 'email': null, 'name': null}");
    register_as(state, "alice@example.com");
    expect(state, "{'email': 'alice@example.com'}");
}

static void without_the_password_no_account_is_closed(void **state)
{
    alice(state);
    given_error(state, "auth.confirm", "wrong_password", "");
    ask(state, "user.close", "{'password': 'wrong horse'}");
    expect_error(state, "wrong_password", "");
    assert_int_equal(asked(state, "auth.forget"), 0);
    ask(state, "user.profile", "{}");
    expect(state, "{'name': 'Alice'}");
}

static void a_closure_that_a_crash_left_is_finished(void **state)
{
    alice(state);
    run_sql(state,
        "UPDATE \"user\".account SET status = 'closing', touched_at = now() - interval '1 minute'");
    expect_row_soon(state, "SELECT status FROM \"user\".account", "closed");
    assert_int_equal(asked(state, "auth.forget"), 1);
}

/* Another has begun to change the address and not committed yet. */
static void while_the_address_changes_the_account_is_not_closed(void **state)
{
    alice(state);
    meanwhile(state,
        "UPDATE \"user\".account SET email_serial = 2;"
        " INSERT INTO \"user\".email_change (account_id, email)"
        " SELECT id, 'al@example.com' FROM \"user\".account");
    ask(state, "user.close", "{'password': 'correct horse'}");
    expect_error(state, "running", "");
    expect_row(state, "SELECT status FROM \"user\".account", "active");
}

/* And the other way round. */
static void while_the_account_is_closed_the_address_does_not_change(void **state)
{
    alice(state);
    meanwhile(state,
        "UPDATE \"user\".account SET status = 'closing', attempt = 2, touched_at = now()");
    change_email(state, "al@example.com");
    expect_error(state, "running", "");
    expect_row(state, "SELECT count(*) FROM \"user\".email_change", "0");
    expect_row_soon(state, "SELECT status FROM \"user\".account", "closed");
}

static void what_becomes_of_an_account_is_told_without_saying_whose_it_is(void **state)
{
    alice(state);
    ask(state, "user.update", "{'name': 'Al'}");
    change_email(state, "al@example.com");
    ask(state, "user.add_address", "{" HOME "}");
    ask(state, "user.close", "{'password': 'correct horse'}");
    expect_row(state,
        "SELECT string_agg(topic || coalesce(' ' || (body->>'what'), ''), ', ' ORDER BY at)"
        " FROM \"user\".told WHERE topic <> 'user.called'",
        "user.registered, user.changed name, user.changed email, user.changed addresses,"
        " user.closed");
    expect_row(state,
        "SELECT count(*) FROM \"user\".told"
        " WHERE body::text ~ 'Al|Here' OR body->>'user_id' NOT IN"
        " (SELECT id::text FROM \"user\".account)",
        "0");
}

static void who_is_blocked_may_look_but_not_order(void **state)
{
    const char *id = alice(state);
    ask(state, "user.block", "{'user_id': '%s', 'reason': 'fraud'}", id);
    expect_error(state, "forbidden", "");
    as_staff(state);
    ask(state, "user.block", "{'user_id': '%s', 'reason': 'fraud'}", id);
    expect(state, "{'status': 'active', 'blocked_reason': 'fraud'}");
    ask_often(state, 3, "user.eligible", "{'user_id': '%s'}", id);
    assert_int_equal(answers(state, "user_blocked"), 3);
    as_customer(state, id);
    ask(state, "user.profile", "{}");
    expect(state, "{'name': 'Alice'}");
    as_staff(state);
    ask(state, "user.unblock", "{'user_id': '%s'}", id);
    expect(state, "{'blocked_reason': null}");
    ask(state, "user.eligible", "{'user_id': '%s'}", id);
    expect(state, "{}");
    ask(state, "user.eligible", "{'user_id': '" LEFT "'}");
    expect(state, "{}");
    expect_row(state,
        "SELECT string_agg(topic, ', ' ORDER BY at) FROM \"user\".told"
        " WHERE topic LIKE '%blocked'",
        "user.blocked, user.unblocked");
}

static void staff_find_users(void **state)
{
    register_as(state, "alice@example.com");
    register_as(state, "bob@example.com");
    as_staff(state);
    ask(state, "user.list", "{'limit': 1}");
    expect(state, "{'items': [{'email': 'bob@example.com', 'status': 'active'}]}");
    ask(state, "user.list", "{'after': '%s'}", told(state, "next"));
    expect(state, "{'items': [{'email': 'alice@example.com'}], 'next': null}");
    ask(state, "user.list", "{'email': 'ALICE@example.com'}");
    expect(state, "{'items': [{'email': 'alice@example.com'}], 'next': null}");
    ask(state, "user.get", "{'user_id': '" LEFT "'}");
    expect_error(state, "no_such_user", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_registers_has_an_account, conversation_begin),
        cmocka_unit_test_setup(an_address_is_registered_once_whatever_its_case, conversation_begin),
        cmocka_unit_test_setup(of_many_who_want_an_address_at_once_one_has_it, conversation_begin),
        cmocka_unit_test_setup(who_cannot_be_enrolled_has_no_account, conversation_begin),
        cmocka_unit_test_setup(who_registers_too_often_is_not_told_who_has_an_account,
            conversation_begin),
        cmocka_unit_test_setup(a_registration_that_a_crash_left_is_given_up, conversation_begin),
        cmocka_unit_test_setup(who_is_nobody_has_no_profile, conversation_begin),
        cmocka_unit_test_setup(a_name_may_change, conversation_begin),
        cmocka_unit_test_setup(an_address_changes_here_and_where_one_logs_in, conversation_begin),
        cmocka_unit_test_setup(without_the_password_no_address_changes, conversation_begin),
        cmocka_unit_test_setup(a_change_that_a_crash_left_is_taken_back, conversation_begin),
        cmocka_unit_test_setup(an_address_book_is_kept, conversation_begin),
        cmocka_unit_test_setup(an_address_is_its_owners, conversation_begin),
        cmocka_unit_test_setup(an_address_book_has_an_end, conversation_begin),
        cmocka_unit_test_setup(who_closes_an_account_is_forgotten, conversation_begin),
        cmocka_unit_test_setup(without_the_password_no_account_is_closed, conversation_begin),
        cmocka_unit_test_setup(a_closure_that_a_crash_left_is_finished, conversation_begin),
        cmocka_unit_test_setup(while_the_address_changes_the_account_is_not_closed,
            conversation_begin),
        cmocka_unit_test_setup(while_the_account_is_closed_the_address_does_not_change,
            conversation_begin),
        cmocka_unit_test_setup(what_becomes_of_an_account_is_told_without_saying_whose_it_is,
            conversation_begin),
        cmocka_unit_test_setup(who_is_blocked_may_look_but_not_order, conversation_begin),
        cmocka_unit_test_setup(staff_find_users, conversation_begin),
    };
    const struct CMUnitTest hurried[] = {
        cmocka_unit_test_setup(an_address_that_nobody_leaves_changes_nothing, conversation_begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close) ||
        cmocka_run_group_tests(hurried, open_hurried, conversation_close);
}
