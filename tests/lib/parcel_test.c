/* A worker as the broker sees it, frame by frame: what it refuses and how it answers. */
#include "errand.h"

#include "../../lib/describe.h"

enum {
    CALLS_MAX = 1000,
    SOON_MS = 50,
};

static void each_call_of_a_message_is_answered_in_its_place(void **state)
{
    desk_t *it = *state;
    request(it, "errand.echo", NULL, TEXTS("one", "much too long", "three"));
    await_reply(it, "errand.echo", 3);
    expect_word(it, 0, "one");
    const struct souk_refusal *refusal = expect_refusal(it, 1, "invalid", "/word");
    assert_string_equal(refusal->field, "/word");
    assert_false(refusal->retry);
    assert_int_equal(refusal->flaws.count, 1);
    expect_word(it, 2, "three");
}

static void calls_that_wait_are_served_together_but_not_too_many(void **state)
{
    desk_t *it = *state;
    request(it, "errand.gather", NULL, TEXTS("a", "b", "c", "d", "e"));
    await_reply(it, "errand.gather", 5);
    assert_int_equal(expect_word(it, 4, "e")->together, 5);
    request(it, "errand.few", NULL, TEXTS("a", "b", "c"));
    await_reply(it, "errand.few", 3);
    assert_int_equal(expect_word(it, 0, "a")->together, 2);
    assert_int_equal(expect_word(it, 2, "c")->together, 1);
}

static void a_role_is_asked_for_before_the_arguments_are_looked_at(void **state)
{
    desk_t *it = *state;
    static const char *customer[] = { "customer" }, *both[] = { "customer", "admin" };
    souk_caller_t caller = { .roles = { both, 2 } };
    const char *const words[] = { "", NULL };

    request(it, "errand.rule", NULL, words);
    await_reply(it, "errand.rule", 1);
    expect_refusal(it, 0, "unauthorized", "log in");
    request(it, "errand.rule", &caller, words);
    await_reply(it, "errand.rule", 1);
    expect_refusal(it, 0, "unauthorized", "log in");

    caller = (souk_caller_t){ .user = "alice", .roles = { customer, 1 } };
    request(it, "errand.rule", &caller, words);
    await_reply(it, "errand.rule", 1);
    expect_refusal(it, 0, "forbidden", "admin");

    caller.roles = (souk_list_t){ both, 2 };
    request(it, "errand.rule", &caller, TEXTS("right"));
    await_reply(it, "errand.rule", 1);
    expect_word(it, 0, "right");
}

static void an_api_key_may_do_what_it_is_for_and_nothing_else(void **state)
{
    desk_t *it = *state;
    static const char *admin[] = { "admin" }, *rule[] = { "errand.look", "errand.rule" };
    souk_caller_t caller = { .user = "till", .scopes = { rule, 2 } };

    request(it, "errand.rule", &caller, TEXTS("right"));
    await_reply(it, "errand.rule", 1);
    expect_word(it, 0, "right");

    caller.roles = (souk_list_t){ admin, 1 };
    caller.scopes.count = 1;
    request(it, "errand.rule", &caller, TEXTS("right"));
    await_reply(it, "errand.rule", 1);
    expect_refusal(it, 0, "forbidden", "not for errand.rule");
    request(it, "errand.echo", &caller, TEXTS("right"));
    await_reply(it, "errand.echo", 1);
    expect_refusal(it, 0, "forbidden", "not for errand.echo");
}

static void a_key_is_needed_where_the_row_says_so(void **state)
{
    desk_t *it = *state;
    static const char *const keys[] = { NULL, "" };
    for (size_t i = 0; i < 2; i++) {
        request(it, "errand.keep", &(souk_caller_t){ .key = keys[i] }, TEXTS("word"));
        await_reply(it, "errand.keep", 1);
        expect_refusal(it, 0, "key_missing", "idempotency");
    }
    request(it, "errand.keep", &(souk_caller_t){ .key = "k" }, TEXTS("word"));
    await_reply(it, "errand.keep", 1);
    expect_word(it, 0, "word");
}

static void what_comes_after_its_deadline_is_not_begun(void **state)
{
    desk_t *it = *state;
    souk_caller_t late = { .deadline = { souk_now().ms - 1 } };
    request(it, "errand.pass", &late, TEXTS("late"));
    await_reply(it, "errand.pass", 1);
    assert_true(expect_refusal(it, 0, "expired", "deadline")->retry);
    assert_int_equal(atomic_load(&waiting), 0);

    souk_caller_t in_time = { .deadline = { souk_now().ms + BOUND_MS } };
    request(it, "errand.echo", &in_time, TEXTS("in time"));
    await_reply(it, "errand.echo", 1);
    expect_word(it, 0, "in time");
}

/* More calls than threads: the last waits for longer than its caller does. */
static void what_waits_for_a_thread_past_its_deadline_is_not_begun(void **state)
{
    desk_t *it = *state;
    request(it, "errand.pass", NULL, TEXTS("one", "two"));
    await_waiting(2);
    souk_caller_t soon = { .deadline = { souk_now().ms + SOON_MS } };
    request(it, "errand.echo", &soon, TEXTS("late"));
    request(it, "errand.gather", NULL, TEXTS("proof"));
    await_reply(it, "errand.gather", 1);
    let_pass(SOON_MS + 1);
    atomic_store(&gate_open, true);
    await_reply(it, "errand.echo", 1);
    expect_refusal(it, 0, "expired", "deadline");
}

static void a_handler_that_gives_no_reason_is_internal(void **state)
{
    desk_t *it = *state;
    request(it, "errand.fail", NULL, TEXTS("word"));
    await_reply(it, "errand.fail", 1);
    expect_refusal(it, 0, "internal", "no reason");
}

static void what_is_no_request_is_refused_call_by_call(void **state)
{
    desk_t *it = *state;
    request(it, "errand.echo", NULL, TEXTS(NULL));
    await_reply(it, "errand.echo", 1);
    expect_refusal(it, 0, "invalid", "a request is");

    request(it, "errand.fly", NULL, TEXTS("a", "b"));
    await_reply(it, "errand.fly", 2);
    expect_refusal(it, 1, "no_such_operation", "no operation");

    souk_message_t *message = message_to(it->worker);
    add_texts(message,
        TEXTS("", SOUK_MDP_WORKER, SOUK_MDP_REQUEST, "t", "", "errand.echo", "\xc1", "\x80"));
    put(it->hands.routers[0], message);
    await_reply(it, "t", 1);
    expect_refusal(it, 0, "invalid", "the meta frame (the second): is not one");
}

static void a_thousand_calls_are_served_and_one_more_is_refused(void **state)
{
    desk_t *it = *state;
    for (size_t count = CALLS_MAX; count <= CALLS_MAX + 1; count++) {
        souk_message_t *message = new_request(it, "errand.gather", NULL);
        for (size_t i = 0; i < count; i++)
            souk_message_add(message, encode(it, "word"));
        put(it->hands.routers[0], message);
        await_reply(it, "errand.gather", count);
        expect_code(it, count - 1, count > CALLS_MAX ? "invalid" : "ok");
    }
}

static void it_describes_itself_and_says_how_it_is(void **state)
{
    desk_t *it = *state;
    request(it, "describe", NULL, TEXTS("word"));
    await_reply(it, "describe", 1);
    const struct souk_description *told =
        read_value(it, &souk_description, expect_code(it, 0, "ok"));
    assert_string_equal(told->service, "errand");
    assert_int_equal(told->operations.count, 7);
    const struct souk_operation_description *first = told->operations.items;
    assert_string_equal(first->http, "GET /v1/echo/{word}");

    request(it, "errand.health", NULL, TEXTS("word"));
    await_reply(it, "errand.health", 1);
    const struct souk_health *health = read_value(it, &souk_health, expect_code(it, 0, "ok"));
    assert_string_equal(health->status, "ok");
    assert_string_equal(health->database, "none");
    assert_int_equal(health->served, 1);
    assert_int_equal(health->in_progress, 0);
}

#define at_desk(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        at_desk(each_call_of_a_message_is_answered_in_its_place),
        at_desk(calls_that_wait_are_served_together_but_not_too_many),
        at_desk(a_role_is_asked_for_before_the_arguments_are_looked_at),
        at_desk(an_api_key_may_do_what_it_is_for_and_nothing_else),
        at_desk(a_key_is_needed_where_the_row_says_so),
        at_desk(what_comes_after_its_deadline_is_not_begun),
        at_desk(what_waits_for_a_thread_past_its_deadline_is_not_begun),
        at_desk(a_handler_that_gives_no_reason_is_internal),
        at_desk(what_is_no_request_is_refused_call_by_call),
        at_desk(a_thousand_calls_are_served_and_one_more_is_refused),
        at_desk(it_describes_itself_and_says_how_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
