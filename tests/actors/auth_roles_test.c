/* Who may do more than customers: staff, admins, and systems with keys. */
#include "auth.h"

static void expect_roles(void **state, const char *token, const char *roles)
{
    char json[100];
    snprintf(json, sizeof json, "{'roles': %s}", roles);
    ask(state, "auth.verify", "{'token': '%s'}", token);
    expect(state, json);
}

static void a_role_counts_from_the_next_request_on(void **state)
{
    enroll_alice(state);
    log_in(state, "alice@example.com", "correct horse");
    const char *token = told(state, "token");
    as_admin(state);
    ask(state, "auth.grant", "{'user_id': '" ALICE "', 'role': 'staff'}");
    expect_roles(state, token, "['customer', 'staff']");
    ask(state, "auth.grant", "{'user_id': '" ALICE "', 'role': 'admin'}");
    expect_roles(state, token, "['customer', 'staff', 'admin']");
    ask(state, "auth.revoke", "{'user_id': '" ALICE "', 'role': 'staff'}");
    expect_roles(state, token, "['customer', 'staff', 'admin']");
    ask(state, "auth.roles", "{'user_id': '" ALICE "'}");
    expect(state, "{'roles': ['customer', 'admin']}");
    ask(state, "auth.revoke", "{'user_id': '" ALICE "', 'role': 'admin'}");
    expect_error(state, "last_admin", "");
}

static void of_two_admins_one_may_go(void **state)
{
    enroll_alice(state);
    enroll_bob(state);
    as_admin(state);
    ask(state, "auth.grant", "{'user_id': '" ALICE "', 'role': 'admin'}");
    ask(state, "auth.grant", "{'user_id': '" BOB "', 'role': 'admin'}");
    ask(state, "auth.revoke", "{'user_id': '" ALICE "', 'role': 'admin'}");
    expect(state, "{'roles': ['customer']}");
    ask(state, "auth.revoke", "{'user_id': '" BOB "', 'role': 'admin'}");
    expect_error(state, "last_admin", "");
}

static void only_an_admin_gives_roles_and_keys(void **state)
{
    as_staff(state);
    ask(state, "auth.grant", "{'user_id': '" ALICE "', 'role': 'staff'}");
    expect_error(state, "forbidden", "");
    ask(state, "auth.make_api_key", "{'name': 'till', 'scopes': ['product.put']}");
    expect_error(state, "forbidden", "");
    as_admin(state);
    ask(state, "auth.grant", "{'user_id': '" ALICE "', 'role': 'staff'}");
    expect_error(state, "no_such_user", "");
}

static void a_key_is_for_its_operations_until_it_is_taken_back(void **state)
{
    as_admin(state);
    ask(state, "auth.make_api_key",
        "{'name': 'till', 'scopes': ['product.put', 'inventory.receive']}");
    expect(state, "{'name': 'till', 'made_by': '" ADMIN "'}");
    const char *key = told(state, "key"), *id = told(state, "id");
    assert_int_equal(strncmp(key, "sk_", 3), 0);
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM auth.api_key WHERE api_key::text LIKE '%%%s%%'",
        key + 3);
    expect_row(state, sql, "0");

    ask(state, "auth.verify", "{'token': '%s'}", key);
    expect(state, "{'roles': [], 'scopes': ['product.put', 'inventory.receive']}");
    assert_string_equal(told(state, "user_id"), id);
    ask(state, "auth.api_keys", "{}");
    assert_string_equal(told_first(state, "id"), id);
    ask(state, "auth.delete_api_key", "{'id': '%s'}", id);
    expect(state, "{}");
    ask(state, "auth.verify", "{'token': '%s'}", key);
    expect_error(state, "invalid_token", "");
    ask(state, "auth.delete_api_key", "{'id': '%s'}", id);
    expect_error(state, "no_such_key", "");
}

static void a_key_runs_out(void **state)
{
    as_admin(state);
    ask(state, "auth.make_api_key",
        "{'name': 'till', 'scopes': ['product.put'], 'expires_at': '2999-01-01T00:00:00Z'}");
    const char *key = told(state, "key");
    run_sql(state, "UPDATE auth.api_key SET expires_at = now()");
    ask(state, "auth.verify", "{'token': '%s'}", key);
    expect_error(state, "invalid_token", "");
    ask(state, "auth.make_api_key",
        "{'name': 'till', 'scopes': ['product.put'], 'expires_at': '2001-01-01T00:00:00Z'}");
    expect_error(state, "invalid", "must not have passed");
    ask(state, "auth.make_api_key", "{'name': 'till', 'scopes': ['product.put', 'everything']}");
    expect_error(state, "invalid", "must be an operation's name");
    ask(state, "auth.make_api_key", "{'name': 'till', 'scopes': ['product.put', 'auth.grant']}");
    expect_error(state, "invalid", "only people do");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_role_counts_from_the_next_request_on, conversation_begin),
        cmocka_unit_test_setup(of_two_admins_one_may_go, conversation_begin),
        cmocka_unit_test_setup(only_an_admin_gives_roles_and_keys, conversation_begin),
        cmocka_unit_test_setup(a_key_is_for_its_operations_until_it_is_taken_back,
            conversation_begin),
        cmocka_unit_test_setup(a_key_runs_out, conversation_begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
