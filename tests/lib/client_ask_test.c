/* Asking and waiting: what is asked again, what is not, and for how long. */
#include <stdatomic.h>

#include "by_hand.h"

#include "../../lib/client.h"
#include "../../lib/wire.h"

enum {
    LONG_MS = BOUND_MS,
    SHORT_MS = 300,
    A_SECOND_MS = 1000,
    SLACK_MS = 40, /* for clocks and threads; half of what the last pause takes */
    ANSWERS_MAX = 8,
};

static const souk_error_t sold_out = { "sold_out", SOUK_CONFLICT, "There is none left." };
static const souk_error_t *const declared[] = { &sold_out, NULL };

/* What a broker answers, one after the other, the last again and again; "" is no answer. Whether it
   was heard is told to the test's thread. */
typedef struct {
    const char *endpoint;
    const char *codes[ANSWERS_MAX];
    atomic_int heard;
    atomic_llong last_deadline_ms; /* the latest that any question had */
} script_t;

static souk_bytes_t frame_of(const char *code, souk_pool_t *pool)
{
    struct souk_nothing nothing = { 0 };
    struct souk_refusal refusal = { .message = "as it was written" };
    return strcmp(code, "ok") == 0 ? souk_wire_encode_reply(code, &souk_nothing, &nothing, pool)
                                   : souk_wire_encode_reply(code, &souk_refusal, &refusal, pool);
}

static void note_deadline(script_t *script, const souk_message_t *heard, souk_pool_t *pool)
{
    souk_caller_t meta = { 0 };
    souk_flaws_t flaws = { 0 };
    assert_true(
        souk_wire_decode(&souk_caller_record, souk_message_frame(heard, 6), &meta, pool, &flaws));
    if (meta.deadline.ms > atomic_load(&script->last_deadline_ms))
        atomic_store(&script->last_deadline_ms, meta.deadline.ms);
}

static void follow(script_t *script, zsock_t *router, size_t *line)
{
    owned(souk_pool) pool = souk_pool_new();
    owned(souk_message) heard = souk_message_receive(zsock_resolve(router));
    const char *code = script->codes[*line];
    if (script->codes[*line + 1])
        ++*line;
    note_deadline(script, heard, pool);
    atomic_fetch_add(&script->heard, 1);
    if (!*code)
        return;
    souk_message_t *message = message_to(heard);
    souk_message_add(message, souk_message_frame(heard, 1));
    add_texts(message, TEXTS("", SOUK_MDP_CLIENT, "shop"));
    souk_message_add(message, frame_of(code, pool));
    put(router, message);
}

static void run_script(zsock_t *pipe, void *argument)
{
    script_t *script = argument;
    size_t line = 0;
    zsock_t *router = zsock_new(ZMQ_ROUTER);
    assert_int_equal(zsock_bind(router, "%s", script->endpoint), 0);
    zsock_signal(pipe, 0);
    zmq_pollitem_t items[] = {
        { .socket = zsock_resolve(pipe), .events = ZMQ_POLLIN },
        { .socket = zsock_resolve(router), .events = ZMQ_POLLIN },
    };
    while (zmq_poll(items, 2, -1) > 0 && !(items[0].revents & ZMQ_POLLIN))
        follow(script, router, &line);
    zsock_destroy(&router);
}

typedef struct {
    souk_outcome_t outcome;
    int heard;
    int64_t took_ms, end_ms;
    int64_t over_ms; /* by which the deadline that a question had was later than all should end */
} asked_t;

static asked_t ask_at(by_hand_t *it, const char *endpoint, bool repeatable, int timeout_ms)
{
    owned(souk_client) client = souk_client_new(endpoint);
    souk_bytes_t call = { "\x80", 1 };
    souk_question_t question = {
        .operation = "shop.look",
        .calls = &call,
        .count = 1,
        .timeout_ms = timeout_ms,
    };
    int64_t begin_ms = souk_clock_ms(), end_ms = souk_now().ms + timeout_ms;
    asked_t asked = { souk_client_ask(client, &question, repeatable, declared, it->pool) };
    asked.took_ms = souk_clock_ms() - begin_ms;
    asked.end_ms = end_ms;
    return asked;
}

static asked_t ask(by_hand_t *it, script_t *script, bool repeatable, int timeout_ms)
{
    script->endpoint = it->endpoints[1];
    zactor_t *broker = zactor_new(run_script, script);
    asked_t asked = ask_at(it, script->endpoint, repeatable, timeout_ms);
    asked.heard = atomic_load(&script->heard);
    asked.over_ms = atomic_load(&script->last_deadline_ms) - asked.end_ms;
    zactor_destroy(&broker);
    return asked;
}

static void an_answer_is_an_answer(void **state)
{
    asked_t asked = ask(*state, &(script_t){ .codes = { "ok" } }, true, LONG_MS);
    assert_null(asked.outcome.error);
    assert_string_equal(asked.outcome.code, "ok");
    assert_int_equal(asked.outcome.value.size, 1);
    assert_int_equal(asked.heard, 1);
}

/* Where the code says that nothing was done, whatever the operation; where it is not known whether
   it was, only what may be repeated. */
static void only_what_may_be_repeated_is_asked_again(void **state)
{
    static const struct {
        const char *code;
        bool repeatable, again;
    } rows[] = {
        { "busy", false, true },
        { "unavailable", false, true },
        { "expired", false, true },
        { "worker_lost", false, false },
        { "timeout", false, false },
        { "worker_lost", true, true },
        { "timeout", true, true },
        { "internal", true, false },
        { "sold_out", true, false },
        { "never_heard_of", true, false },
        { "accepted", true, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        script_t script = { .codes = { rows[i].code, rows[i].code, "ok" } };
        asked_t asked = ask(*state, &script, rows[i].repeatable, LONG_MS);
        if (asked.heard != (rows[i].again ? 3 : 1))
            fail_msg("%s was asked %d times", rows[i].code, asked.heard);
        assert_string_equal(asked.outcome.code, rows[i].again ? "ok" : rows[i].code);
    }
}

static void an_error_is_the_one_that_is_declared(void **state)
{
    asked_t asked = ask(*state, &(script_t){ .codes = { "sold_out" } }, false, LONG_MS);
    assert_ptr_equal(asked.outcome.error, &sold_out);
    assert_string_equal(asked.outcome.message, "as it was written");
    asked = ask(*state, &(script_t){ .codes = { "never_heard_of" } }, false, LONG_MS);
    assert_ptr_equal(asked.outcome.error, &souk_internal);
    assert_string_equal(asked.outcome.code, "never_heard_of");
}

static void repeating_ends_with_the_time_and_pauses_between(void **state)
{
    asked_t asked = ask(*state, &(script_t){ .codes = { "busy" } }, false, SHORT_MS);
    assert_ptr_equal(asked.outcome.error, &souk_busy);
    assert_in_range(asked.heard, 2, 8);
    assert_in_range(asked.took_ms, 0, SHORT_MS + BOUND_MS / 2);
}

/* However often it is asked, no question has more time than is left. */
static void no_question_has_more_time_than_is_left(void **state)
{
    script_t script = { .codes = { "busy", "busy", "busy", "busy", "busy", "" } };
    asked_t asked = ask(*state, &script, false, A_SECOND_MS);
    assert_ptr_equal(asked.outcome.error, &souk_timeout);
    assert_int_equal(asked.heard, 6);
    assert_in_range(asked.took_ms, A_SECOND_MS - SLACK_MS, A_SECOND_MS + BOUND_MS / 2);
    if (asked.over_ms > SLACK_MS)
        fail_msg("a question had %d ms too much", (int)asked.over_ms);
}

static void silence_is_not_asked_again(void **state)
{
    asked_t asked = ask(*state, &(script_t){ .codes = { "" } }, false, SHORT_MS);
    assert_ptr_equal(asked.outcome.error, &souk_timeout);
    assert_int_equal(asked.heard, 1);
}

static void without_a_broker_it_is_unavailable_when_the_time_is_over(void **state)
{
    by_hand_t *it = *state;
    asked_t asked = ask_at(it, it->endpoints[1], false, SHORT_MS);
    assert_ptr_equal(asked.outcome.error, &souk_unavailable);
    assert_string_equal(asked.outcome.message, souk_unavailable.meaning);
    assert_in_range(asked.took_ms, 0, SHORT_MS + BOUND_MS / 2);
}

static void what_is_no_answer_is_internal(void **state)
{
    by_hand_t *it = *state;
    static const char *const frames[] = { "", "\xc0", "\x91\xa2ok", "\x92\xa2ok", "\x92\x01\x80",
        "\x92\xa2ok\x80\x80", "ok" };
    souk_answer_t answer = { 0 };
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        souk_bytes_t frame = { frames[i], strlen(frames[i]) };
        souk_outcome_t outcome = souk_outcome_read(&answer, &frame, declared, it->pool);
        assert_ptr_equal(outcome.error, &souk_internal);
        assert_non_null(outcome.message);
    }
    answer.error = &souk_timeout;
    assert_ptr_equal(souk_outcome_read(&answer, NULL, declared, it->pool).error, &souk_timeout);
}

static void an_error_without_a_reason_is_one_still(void **state)
{
    by_hand_t *it = *state;
    static const char text[] = "\x92\xa4"
                               "busy"
                               "\x93\x01\x02\x03";
    souk_bytes_t frame = { text, sizeof text - 1 };
    souk_outcome_t outcome = souk_outcome_read(&(souk_answer_t){ 0 }, &frame, NULL, it->pool);
    assert_ptr_equal(outcome.error, &souk_busy);
    assert_string_equal(outcome.message, "no reason was given");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(an_answer_is_an_answer),
        test(only_what_may_be_repeated_is_asked_again),
        test(an_error_is_the_one_that_is_declared),
        test(repeating_ends_with_the_time_and_pauses_between),
        test(no_question_has_more_time_than_is_left),
        test(silence_is_not_asked_again),
        test(without_a_broker_it_is_unavailable_when_the_time_is_over),
        test(what_is_no_answer_is_internal),
        test(an_error_without_a_reason_is_one_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
