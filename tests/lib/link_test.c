/* A worker's connection to a broker written by hand: when it speaks, when it is made anew, how it
   ends. */
#include "by_hand.h"

#include "../../lib/link.h"

enum {
    BEAT_MS = 100,
    STEP_MS = 5, /* between two looks */
    SILENT_BEATS = 4,
    REFUSED_BEATS = 8,
};

static const char service[] = "shop";

static souk_link_t *join(by_hand_t *it)
{
    return souk_link_new(it->endpoints[0], service, 7, BEAT_MS);
}

static bool is_command(const souk_message_t *message, const char *command)
{
    return message && souk_message_is(message, 1, "") &&
        souk_message_is(message, 2, SOUK_MDP_WORKER) && souk_message_is(message, 3, command);
}

/* The next thing that is said is this; returns it. */
static souk_message_t *hear_command(zsock_t *router, const char *command)
{
    souk_message_t *heard = hear(router);
    assert_true(is_command(heard, command));
    return heard;
}

static bool same_connection(const souk_message_t *one, const souk_message_t *other)
{
    souk_bytes_t a = souk_message_frame(one, 0), b = souk_message_frame(other, 0);
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

/* The worker lives on, reading whatever it is told, until it says this; returns it. */
static souk_message_t *live_until(souk_link_t *link, zsock_t *router, const char *command)
{
    souk_return_t to;
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    while (true) {
        souk_message_t *heard = hear_within(router, STEP_MS);
        if (is_command(heard, command))
            return heard;
        souk_message_destroy(&heard);
        assert_true(souk_clock_ms() < until_ms);
        souk_message_t *body = souk_link_next(link, &to);
        assert_null(body);
        souk_link_tick(link);
    }
}

#define say_command(router, heard, ...) say(router, heard, "", SOUK_MDP_WORKER, __VA_ARGS__)
#define say_request(router, heard, ...)                                                            \
    say_command(router, heard, SOUK_MDP_REQUEST, "a ticket", "", __VA_ARGS__)

/* Reads until the body of a request is there. */
static souk_message_t *await_request(souk_link_t *link, souk_return_t *to)
{
    souk_message_t *body;
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    while (!(body = souk_link_next(link, to))) {
        assert_true(souk_clock_ms() < until_ms);
        is_readable(souk_link_socket(link), STEP_MS);
    }
    return body;
}

/* What the broker said last has arrived, and is not read. */
static void await_arrival(souk_link_t *link)
{
    assert_true(is_readable(souk_link_socket(link), BOUND_MS));
}

/* What has arrived is read, and is no request. */
static void read_what_is_said(souk_link_t *link)
{
    souk_return_t to;
    await_arrival(link);
    souk_message_t *body = souk_link_next(link, &to);
    assert_null(body);
}

static void answer(souk_link_t *link, const souk_return_t *to, const char *text)
{
    souk_message_t *frames = souk_message_new();
    souk_message_add_text(frames, text);
    souk_link_reply(link, to, &frames);
    assert_null(frames);
}

static void it_says_ready_first_with_its_credit(void **state)
{
    by_hand_t *it = *state;
    owned(souk_link) link = join(it);
    owned(souk_message) ready = hear_command(it->routers[0], SOUK_MDP_READY);
    assert_true(souk_message_is(ready, 4, service));
    assert_true(souk_message_is(ready, 5, "7"));
    assert_int_equal(ready->count, 6);
}

static void a_broker_that_comes_later_is_joined(void **state)
{
    by_hand_t *it = *state;
    owned(souk_link) link = souk_link_new(it->endpoints[1], service, 1, BEAT_MS);
    let_pass(BEAT_MS);
    souk_link_tick(link);
    bind_router(it, 1);
    owned(souk_message) ready = live_until(link, it->routers[1], SOUK_MDP_READY);
    assert_true(souk_message_is(ready, 4, service));
}

/* How many heartbeats come while the worker looks at it so often, and the broker says nothing bad.
 */
static int count_beats(by_hand_t *it, souk_link_t *link, const souk_message_t *ready, int for_ms)
{
    int beats = 0;
    souk_return_t to;
    for (int64_t end_ms = souk_clock_ms() + for_ms; souk_clock_ms() < end_ms;) {
        owned(souk_message) heard = hear_within(it->routers[0], STEP_MS);
        if (heard) {
            assert_true(is_command(heard, SOUK_MDP_HEARTBEAT));
            assert_true(same_connection(heard, ready));
            beats++;
        }
        say_command(it->routers[0], ready, SOUK_MDP_HEARTBEAT);
        souk_message_t *body = souk_link_next(link, &to);
        assert_null(body);
        souk_link_tick(link);
    }
    return beats;
}

static void it_beats_as_often_as_it_must_and_stays_while_the_broker_beats(void **state)
{
    by_hand_t *it = *state;
    owned(souk_link) link = join(it);
    owned(souk_message) ready = hear_command(it->routers[0], SOUK_MDP_READY);
    int beats = count_beats(it, link, ready, 3 * SILENT_BEATS * BEAT_MS);
    assert_in_range(beats, 2, 3 * SILENT_BEATS + 1);
}

static void a_request_is_handed_on_and_its_answer_brings_the_ticket_back(void **state)
{
    by_hand_t *it = *state;
    souk_return_t to;
    owned(souk_link) link = join(it);
    owned(souk_message) ready = hear_command(it->routers[0], SOUK_MDP_READY);
    say_request(it->routers[0], ready, "shop.look", "", "one", "two");

    owned(souk_message) body = await_request(link, &to);
    assert_int_equal(body->count, 4);
    assert_true(souk_message_is(body, 0, "shop.look"));
    assert_true(souk_message_is(body, 3, "two"));

    answer(link, &to, "an answer");
    owned(souk_message) reply = hear_command(it->routers[0], SOUK_MDP_REPLY);
    assert_true(souk_message_is(reply, 4, "a ticket"));
    assert_true(souk_message_is(reply, 5, ""));
    assert_true(souk_message_is(reply, 6, "an answer"));
    assert_int_equal(reply->count, 7);
}

static void silence_makes_a_new_connection(void **state)
{
    by_hand_t *it = *state;
    int64_t begin_ms = souk_clock_ms();
    owned(souk_link) link = join(it);
    owned(souk_message) first = hear_command(it->routers[0], SOUK_MDP_READY);
    owned(souk_message) second = live_until(link, it->routers[0], SOUK_MDP_READY);
    assert_false(same_connection(first, second));
    assert_true(souk_clock_ms() - begin_ms > SILENT_BEATS * BEAT_MS);
    assert_int_equal(second->count, 6);
}

static void what_has_arrived_but_was_not_read_is_no_silence(void **state)
{
    by_hand_t *it = *state;
    souk_return_t to;
    owned(souk_link) link = join(it);
    owned(souk_message) ready = hear_command(it->routers[0], SOUK_MDP_READY);
    say_request(it->routers[0], ready, "shop.look", "", "one");
    await_arrival(link);
    let_pass((SILENT_BEATS + 1) * BEAT_MS);
    souk_link_tick(link);
    owned(souk_message) beat = hear_command(it->routers[0], SOUK_MDP_HEARTBEAT);
    assert_true(same_connection(ready, beat));
    owned(souk_message) body = await_request(link, &to);
    assert_true(souk_message_is(body, 0, "shop.look"));
}

static void an_answer_to_a_connection_that_is_no_more_is_dropped(void **state)
{
    by_hand_t *it = *state;
    souk_return_t to;
    owned(souk_link) link = join(it);
    owned(souk_message) first = hear_command(it->routers[0], SOUK_MDP_READY);
    say_request(it->routers[0], first, "shop.look", "", "one");
    owned(souk_message) body = await_request(link, &to);
    owned(souk_message) second = live_until(link, it->routers[0], SOUK_MDP_READY);

    answer(link, &to, "too late");
    let_pass(BEAT_MS);
    souk_link_tick(link);
    owned(souk_message) beat = hear_command(it->routers[0], SOUK_MDP_HEARTBEAT);
    assert_true(same_connection(second, beat));
}

/* There is one READY for each tick at most, and one after each heartbeat in which none was said. */
static void a_broker_that_refuses_for_good_is_not_asked_in_a_circle(void **state)
{
    by_hand_t *it = *state;
    souk_return_t to;
    int ticks = 0, readies = 0;
    owned(souk_link) link = join(it);
    int64_t tick_ms = 0, end_ms = souk_clock_ms() + REFUSED_BEATS * BEAT_MS;
    for (int64_t now_ms = 0; now_ms < end_ms; now_ms = souk_clock_ms()) {
        owned(souk_message) heard = hear_within(it->routers[0], 1);
        if (is_command(heard, SOUK_MDP_READY)) {
            readies++;
            say_command(it->routers[0], heard, SOUK_MDP_DISCONNECT);
        }
        souk_message_t *body = souk_link_next(link, &to);
        assert_null(body);
        if (now_ms >= tick_ms + BEAT_MS / 2) {
            souk_link_tick(link);
            tick_ms = now_ms;
            ticks++;
        }
    }
    assert_in_range(readies, 2, ticks + 1 + REFUSED_BEATS);
}

static void a_broker_that_was_restarted_is_joined_at_once(void **state)
{
    by_hand_t *it = *state;
    owned(souk_link) link = join(it);
    owned(souk_message) first = hear_command(it->routers[0], SOUK_MDP_READY);
    let_pass(BEAT_MS);
    say_command(it->routers[0], first, SOUK_MDP_DISCONNECT);
    read_what_is_said(link);
    owned(souk_message) second = hear_command(it->routers[0], SOUK_MDP_READY);
    assert_false(same_connection(first, second));
}

static void who_leaves_still_takes_and_answers_what_is_on_its_way(void **state)
{
    by_hand_t *it = *state;
    souk_return_t to;
    owned(souk_link) link = join(it);
    owned(souk_message) ready = hear_command(it->routers[0], SOUK_MDP_READY);
    souk_link_leave(link);
    say_request(it->routers[0], ready, "shop.look", "", "one");
    owned(souk_message) bye = hear_command(it->routers[0], SOUK_MDP_DISCONNECT);
    owned(souk_message) beat = hear_command(it->routers[0], SOUK_MDP_HEARTBEAT);

    owned(souk_message) body = await_request(link, &to);
    assert_true(souk_message_is(body, 0, "shop.look"));
    answer(link, &to, "an answer");
    owned(souk_message) reply = hear_command(it->routers[0], SOUK_MDP_REPLY);
    assert_true(same_connection(ready, reply));
    assert_false(souk_link_gone(link));

    say_command(it->routers[0], ready, SOUK_MDP_DISCONNECT);
    read_what_is_said(link);
    assert_true(souk_link_gone(link));
}

/* While it leaves it asks with every tick whether there is more for it. */
static void who_leaves_is_gone_after_silence_and_does_not_come_back(void **state)
{
    by_hand_t *it = *state;
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    owned(souk_link) link = join(it);
    owned(souk_message) ready = hear_command(it->routers[0], SOUK_MDP_READY);
    souk_link_leave(link);
    owned(souk_message) bye = hear_command(it->routers[0], SOUK_MDP_DISCONNECT);
    while (!souk_link_gone(link)) {
        assert_true(souk_clock_ms() < until_ms);
        souk_link_tick(link);
        owned(souk_message) beat = hear_command(it->routers[0], SOUK_MDP_HEARTBEAT);
        assert_true(same_connection(ready, beat));
        let_pass(STEP_MS);
    }
}

static void say_nonsense(zsock_t *router, const souk_message_t *heard)
{
    static const char *const nonsense[][8] = {
        { "" },
        { "", SOUK_MDP_WORKER },
        { "x", SOUK_MDP_WORKER, SOUK_MDP_DISCONNECT },
        { "", SOUK_MDP_CLIENT, SOUK_MDP_DISCONNECT },
        { "", SOUK_MDP_WORKER, "\006" },
        { "", SOUK_MDP_WORKER, "" },
        { "", SOUK_MDP_WORKER, SOUK_MDP_READY, service, "7" },
        { "", SOUK_MDP_WORKER, SOUK_MDP_REQUEST },
        { "", SOUK_MDP_WORKER, SOUK_MDP_REQUEST, "a ticket", "" },
        { "", SOUK_MDP_WORKER, SOUK_MDP_REQUEST, "a ticket", "no end", "shop.look", "" },
    };
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++)
        say_texts(router, heard, nonsense[i]);
}

static void say_too_much(by_hand_t *it, const souk_message_t *heard)
{
    char *ticket = souk_pool_alloc(it->pool, 258);
    memset(ticket, 't', 257);
    say(it->routers[0], heard, "", SOUK_MDP_WORKER, SOUK_MDP_REQUEST, ticket, "", "shop.look", "");
    souk_message_t *endless = message_to(heard);
    add_texts(endless, TEXTS("", SOUK_MDP_WORKER, SOUK_MDP_REQUEST, "a ticket", ""));
    for (int i = 0; i < SOUK_FRAMES_MAX; i++)
        souk_message_add_text(endless, "shop.look");
    put(it->routers[0], endless);
}

static void what_is_malformed_harms_nothing(void **state)
{
    by_hand_t *it = *state;
    souk_return_t to;
    owned(souk_link) link = join(it);
    owned(souk_message) ready = hear_command(it->routers[0], SOUK_MDP_READY);
    say_nonsense(it->routers[0], ready);
    say_too_much(it, ready);
    say_request(it->routers[0], ready, "shop.look", "", "well-formed");
    owned(souk_message) body = await_request(link, &to);
    assert_true(souk_message_is(body, 2, "well-formed"));
    answer(link, &to, "an answer");
    owned(souk_message) reply = hear_command(it->routers[0], SOUK_MDP_REPLY);
    assert_true(same_connection(ready, reply));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(it_says_ready_first_with_its_credit),
        test(a_broker_that_comes_later_is_joined),
        test(it_beats_as_often_as_it_must_and_stays_while_the_broker_beats),
        test(a_request_is_handed_on_and_its_answer_brings_the_ticket_back),
        test(silence_makes_a_new_connection),
        test(what_has_arrived_but_was_not_read_is_no_silence),
        test(an_answer_to_a_connection_that_is_no_more_is_dropped),
        test(a_broker_that_refuses_for_good_is_not_asked_in_a_circle),
        test(a_broker_that_was_restarted_is_joined_at_once),
        test(who_leaves_still_takes_and_answers_what_is_on_its_way),
        test(who_leaves_is_gone_after_silence_and_does_not_come_back),
        test(what_is_malformed_harms_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
