/* The bus client against brokers written by hand: whatever they answer, each call gets its own. */
#include "questions.h"

#include "../../lib/wire.h"

enum {
    CALLS = 100,
};

/* What is asked next is answered with its first second_call, twice; returns that. */
static const char *serve(by_hand_t *it, zsock_t *router)
{
    owned(souk_message) heard = hear(router);
    const char *call = text_of(it, heard, 7);
    answer_with(router, heard, TEXTS(call, call));
    return call;
}

static void a_question_has_the_frames_of_the_protocol(void **state)
{
    by_hand_t *it = *state;
    int tag;
    owned(souk_client) client = souk_client_new(it->endpoints[0]);
    post(client, &tag, "call", LONG_MS);
    owned(souk_message) heard = hear(it->routers[0]);
    static const char *const frames[] = { "", SOUK_MDP_CLIENT, "shop", "shop.look" };
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++)
        assert_true(souk_message_is(heard, 2 + i, frames[i]));
    assert_true(souk_message_is(heard, 7, "call"));
    assert_true(souk_message_is(heard, 8, second_call));
    assert_int_equal(heard->count, 9);
}

static void each_of_many_calls_gets_its_own_answer_in_whatever_order(void **state)
{
    by_hand_t *it = *state;
    int tags[CALLS];
    char texts[CALLS][12];
    souk_message_t *heard[CALLS];
    owned(souk_client) client = souk_client_new(it->endpoints[0]);
    for (int i = 0; i < CALLS; i++) {
        snprintf(texts[i], sizeof texts[i], "%d", i);
        post(client, &tags[i], texts[i], LONG_MS);
    }
    for (int i = 0; i < CALLS; i++)
        heard[i] = hear(it->routers[0]);
    for (int i = 0; i < CALLS; i++)
        answer_with(it->routers[0], heard[i * 37 % CALLS],
            TEXTS(text_of(it, heard[i * 37 % CALLS], 7), ""));
    for (int i = 0; i < CALLS; i++)
        expect_answer(client, &tags[i * 37 % CALLS], texts[i * 37 % CALLS]);
    assert_int_equal(souk_client_wait_ms(client), -1);
    for (int i = 0; i < CALLS; i++)
        souk_message_destroy(&heard[i]);
}

static void timeouts_come_in_the_order_of_their_deadlines(void **state)
{
    by_hand_t *it = *state;
    int tags[5];
    static const int timeouts_ms[] = { 300, 500, 100, 400, 200 }, order[] = { 2, 4, 0, 3, 1 };
    owned(souk_client) client = souk_client_new(it->endpoints[0]);
    for (size_t i = 0; i < 5; i++)
        post(client, &tags[i], "call", timeouts_ms[i]);
    assert_in_range(souk_client_wait_ms(client), 0, 100);
    for (size_t i = 0; i < 5; i++)
        expect_error(client, &tags[order[i]], &souk_timeout);
    assert_int_equal(souk_client_wait_ms(client), -1);
}

static void a_late_answer_bothers_nobody(void **state)
{
    by_hand_t *it = *state;
    int late, next;
    owned(souk_client) client = souk_client_new(it->endpoints[0]);
    post(client, &late, "late", 10);
    expect_error(client, &late, &souk_timeout);
    assert_string_equal(serve(it, it->routers[0]), "late");
    post(client, &next, "next", LONG_MS);
    assert_string_equal(serve(it, it->routers[0]), "next");
    expect_answer(client, &next, "next");
    expect_nothing(client);
}

static void an_answer_with_another_number_of_frames_makes_no_sense(void **state)
{
    by_hand_t *it = *state;
    int tag;
    const char *many[1001] = { NULL };
    owned(souk_client) client = souk_client_new(it->endpoints[0]);
    for (size_t count = 1; count <= 1000; count += count < 3 ? 2 : 997) {
        for (size_t i = 0; i < count; i++)
            many[i] = "one";
        many[count] = NULL;
        post(client, &tag, "call", LONG_MS);
        owned(souk_message) heard = hear(it->routers[0]);
        answer_with(it->routers[0], heard, many);
        expect_error(client, &tag, &souk_internal);
    }
    assert_int_equal(souk_client_wait_ms(client), -1);
}

static void say_nonsense(zsock_t *router, const souk_message_t *heard)
{
    static const char *const nonsense[][6] = {
        { "" },
        { "12345678", "", SOUK_MDP_CLIENT, "shop", "to nobody" },
        { "1234", "", SOUK_MDP_CLIENT, "shop", "short" },
        { "12345678", "x", SOUK_MDP_CLIENT, "shop", "not empty" },
        { "12345678", "", SOUK_MDP_WORKER, "shop", "another protocol" },
    };
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
        say_texts(router, heard, nonsense[i]);

    souk_message_t *own = message_to(heard), *long_one = message_to(heard);
    souk_message_add(own, souk_message_frame(heard, 1));
    add_texts(own, TEXTS("", SOUK_MDP_CLIENT, "shop"));
    put(router, own);
    for (int i = 0; i < SOUK_FRAMES_MAX + 1; i++)
        souk_message_add_text(long_one, "");
    put(router, long_one);
}

static void foreign_frames_are_ignored(void **state)
{
    by_hand_t *it = *state;
    int tag;
    owned(souk_client) client = souk_client_new(it->endpoints[0]);
    post(client, &tag, "call", LONG_MS);
    owned(souk_message) heard = hear(it->routers[0]);
    say_nonsense(it->routers[0], heard);
    answer_with(it->routers[0], heard, TEXTS("right", ""));
    expect_answer(client, &tag, "right");
}

static void a_second_answer_is_ignored(void **state)
{
    by_hand_t *it = *state;
    int first, second;
    owned(souk_client) client = souk_client_new(it->endpoints[0]);
    post(client, &first, "first", LONG_MS);
    owned(souk_message) heard = hear(it->routers[0]);
    answer_with(it->routers[0], heard, TEXTS("once", ""));
    answer_with(it->routers[0], heard, TEXTS("twice", ""));
    expect_answer(client, &first, "once");
    post(client, &second, "second", LONG_MS);
    serve(it, it->routers[0]);
    expect_answer(client, &second, "second");
}

static void without_a_broker_nothing_is_sent(void **state)
{
    by_hand_t *it = *state;
    int tag;
    owned(souk_client) client = souk_client_new(it->endpoints[1]);
    assert_false(try_to_send(client, &tag, "call", LONG_MS));
    let_pass(20);
    assert_false(try_to_send(client, &tag, "call", LONG_MS));
    assert_int_equal(souk_client_wait_ms(client), -1);
    expect_nothing(client);
}

static souk_caller_t meta_of(by_hand_t *it, const souk_message_t *heard)
{
    souk_caller_t meta = { 0 };
    souk_flaws_t flaws = { 0 };
    assert_true(souk_wire_decode(&souk_caller_record, souk_message_frame(heard, 6), &meta, it->pool,
        &flaws));
    return meta;
}

/* What the broker hears of a caller with this deadline, who has a second. */
static souk_caller_t told(by_hand_t *it, souk_client_t *client, souk_time_t deadline)
{
    static const char *roles[] = { "customer" };
    souk_bytes_t call = { "call", 4 };
    souk_caller_t caller = {
        .user = "alice",
        .key = "first",
        .roles = { roles, 1 },
        .deadline = deadline,
    };
    souk_question_t question = { "shop.look", &caller, &call, 1, 1000, NULL };
    assert_true(souk_client_send(client, &question));
    owned(souk_message) heard = hear(it->routers[0]);
    return meta_of(it, heard);
}

static void the_meta_frame_has_the_caller_and_the_sooner_deadline(void **state)
{
    by_hand_t *it = *state;
    int tag;
    owned(souk_client) client = souk_client_new(it->endpoints[0]);
    post(client, &tag, "call", 1000);
    owned(souk_message) heard = hear(it->routers[0]);
    int64_t now_ms = souk_now().ms;
    assert_in_range(meta_of(it, heard).deadline.ms, now_ms - BOUND_MS, now_ms + 1000);
    assert_null(meta_of(it, heard).user);

    souk_caller_t soon = told(it, client, (souk_time_t){ now_ms + 10 });
    assert_int_equal(soon.deadline.ms, now_ms + 10);
    assert_string_equal(soon.user, "alice");
    assert_string_equal(soon.key, "first");
    assert_string_equal(*(const char **)soon.roles.items, "customer");
    souk_caller_t late = told(it, client, (souk_time_t){ now_ms + 5 * BOUND_MS });
    assert_in_range(late.deadline.ms, now_ms + 1000, souk_now().ms + 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(a_question_has_the_frames_of_the_protocol),
        test(each_of_many_calls_gets_its_own_answer_in_whatever_order),
        test(timeouts_come_in_the_order_of_their_deadlines),
        test(a_late_answer_bothers_nobody),
        test(an_answer_with_another_number_of_frames_makes_no_sense),
        test(foreign_frames_are_ignored),
        test(a_second_answer_is_ignored),
        test(without_a_broker_nothing_is_sent),
        test(the_meta_frame_has_the_caller_and_the_sooner_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
