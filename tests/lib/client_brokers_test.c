/* Which of several brokers a client asks. */
#include "questions.h"

enum {
    SHORT_MS = 20,
    ROUNDS = 20,
    UNREAD = 1000,
};

static void expect_silence(zsock_t *router)
{
    owned(souk_message) heard = hear_within(router, 0);
    assert_null(heard);
}

/* The next with this call, others being left unanswered; NULL where it did not come in time. */
static souk_message_t *hear_call(zsock_t *router, const char *call, int wait_ms)
{
    souk_message_t *heard = hear_within(router, wait_ms);
    while (heard && !souk_message_is(heard, 7, call)) {
        souk_message_destroy(&heard);
        heard = hear_within(router, wait_ms);
    }
    return heard;
}

/* The question is asked here and answered. */
static void ask_at(souk_client_t *client, zsock_t *router)
{
    int tag;
    post(client, &tag, "call", LONG_MS);
    owned(souk_message) heard = hear_call(router, "call", BOUND_MS);
    assert_non_null(heard);
    answer_with(router, heard, TEXTS("answer", ""));
    expect_answer(client, &tag, "answer");
}

/* The question comes here and is not answered. */
static void run_out_at(souk_client_t *client, zsock_t *router)
{
    int tag;
    post(client, &tag, "call", SHORT_MS);
    owned(souk_message) heard = hear_call(router, "call", BOUND_MS);
    assert_non_null(heard);
    expect_error(client, &tag, &souk_timeout);
}

/* Until a question of now comes to the router, others may go elsewhere. */
static void ask_until_heard(souk_client_t *client, zsock_t *router)
{
    static int tag;
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    souk_message_t *heard = NULL;
    char now[40];
    snprintf(now, sizeof now, "the %dth time", ++tag);
    while (!heard) {
        assert_true(souk_clock_ms() < until_ms);
        post(client, &tag, now, 10 * LONG_MS);
        heard = hear_call(router, now, SHORT_MS);
    }
    souk_message_destroy(&heard);
}

/* A client that is connected to both; which, only what it sends tells. */
static souk_client_t *connect_both(by_hand_t *it)
{
    bind_router(it, 1);
    souk_client_t *client = souk_client_new(it->both);
    ask_at(client, it->routers[1]);
    bind_router(it, 0);
    ask_until_heard(client, it->routers[0]);
    return client;
}

static void drain(zsock_t *router)
{
    souk_message_t *heard;
    while ((heard = hear_within(router, 0)))
        souk_message_destroy(&heard);
}

static void the_first_broker_is_preferred(void **state)
{
    by_hand_t *it = *state;
    owned(souk_client) client = connect_both(it);
    drain(it->routers[1]);
    for (int i = 0; i < ROUNDS; i++)
        ask_at(client, it->routers[0]);
    expect_silence(it->routers[1]);
}

static void the_next_is_taken_where_the_first_is_not_there(void **state)
{
    by_hand_t *it = *state;
    bind_router(it, 1);
    owned(souk_client) client = souk_client_new(it->both);
    for (int i = 0; i < ROUNDS; i++)
        ask_at(client, it->routers[1]);
}

static void the_next_is_taken_where_the_first_has_gone(void **state)
{
    by_hand_t *it = *state;
    owned(souk_client) client = connect_both(it);
    zsock_destroy(&it->routers[0]);
    ask_until_heard(client, it->routers[1]);
    ask_at(client, it->routers[1]);
}

static void the_next_is_taken_where_the_first_lets_questions_run_out(void **state)
{
    by_hand_t *it = *state;
    owned(souk_client) client = connect_both(it);
    run_out_at(client, it->routers[0]);
    for (int i = 0; i < ROUNDS; i++)
        ask_at(client, it->routers[1]);
    run_out_at(client, it->routers[1]);
    ask_at(client, it->routers[0]);
}

/* One stuck broker is left once, however many questions it lets run out. */
static void many_questions_that_run_out_at_one_broker_move_the_client_once(void **state)
{
    by_hand_t *it = *state;
    int tags[ROUNDS];
    owned(souk_client) client = connect_both(it);
    for (int i = 0; i < ROUNDS; i++)
        post(client, &tags[i], "call", SHORT_MS);
    for (int i = 0; i < ROUNDS; i++)
        expect_error(client, &tags[i], &souk_timeout);
    ask_at(client, it->routers[1]);
}

/* Far more than is read at once. */
static void answer_nobody(zsock_t *router, const souk_message_t *heard)
{
    for (int i = 0; i < UNREAD; i++) {
        souk_message_t *message = message_to(heard);
        add_texts(message, TEXTS("12345678", "", SOUK_MDP_CLIENT, "shop", "nobody", "asked"));
        put(router, message);
    }
}

static void a_broker_that_goes_away_amid_its_answers_takes_nobody_with_it(void **state)
{
    by_hand_t *it = *state;
    souk_answer_t answer;
    int tag;
    bind_router(it, 0);
    owned(souk_client) client = souk_client_new(it->both);
    for (int i = 0; i < ROUNDS; i++) {
        souk_message_t *heard = NULL;
        while (!heard) {
            post(client, &tag, "call", SHORT_MS);
            heard = hear_within(it->routers[0], SHORT_MS);
        }
        answer_nobody(it->routers[0], heard);
        souk_message_destroy(&heard);
        zsock_destroy(&it->routers[0]);
        let_pass(SHORT_MS); /* most often it is known here then that the connection is gone */
        bind_router(it, 0);
        while (souk_client_wait_ms(client) >= 0)
            if (souk_client_next(client, &answer))
                assert_ptr_equal(answer.error, &souk_timeout);
    }
}

#define apart(name) cmocka_unit_test_setup_teardown(name, open_without, close_by_hand)

int main(void)
{
    const struct CMUnitTest tests[] = {
        apart(the_first_broker_is_preferred),
        apart(the_next_is_taken_where_the_first_is_not_there),
        apart(the_next_is_taken_where_the_first_has_gone),
        apart(the_next_is_taken_where_the_first_lets_questions_run_out),
        apart(a_broker_that_goes_away_amid_its_answers_takes_nobody_with_it),
        apart(many_questions_that_run_out_at_one_broker_move_the_client_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
