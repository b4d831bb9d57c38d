/* Handlers of one call, over a real database: what they ask, what they write, what they leave. */
#include <stdatomic.h>

#include "stage.h"

static const souk_error_t sold_out = { "sold_out", SOUK_CONFLICT, "There is none left." };
static const souk_error_t taken = { "taken", SOUK_CONFLICT, "There is one of this name." };

static const souk_query_t save = {
    STATEMENT("INSERT INTO note (word) VALUES (:word)"),
    .takes = &word,
    .duplicate = &taken,
};
static const souk_query_t save_tick = {
    STATEMENT("INSERT INTO tick (word) VALUES (:word)"),
    .takes = &word,
};

static const souk_query_t conflict = {
    STATEMENT("SELECT conflict() AS word"),
    .gives = &word,
};

static const souk_ask_t look = { .operation = "other.look", .takes = &word, .gives = &word };
static const souk_ask_t call_nobody = { .operation = "nobody.look",
    .takes = &word,
    .gives = &word };

static atomic_int quarrels;

static bool ask_other(souk_call_t *call, const void *request, void *reply)
{
    return souk_ask(call, &look, request, reply);
}

static bool ask_nobody(souk_call_t *call, const void *request, void *reply)
{
    return souk_ask(call, &call_nobody, request, reply);
}

/* Ask first, write after. */
static bool ask_and_write(souk_call_t *call, const void *request, void *reply)
{
    return souk_ask(call, &look, request, reply) && souk_db_run(call, &save, reply);
}

static bool write_and_fail(souk_call_t *call, const void *request, void *reply)
{
    if (!souk_db_run(call, &save, request))
        return false;
    return souk_fail(call, &sold_out, "on second thoughts");
}

static bool quarrel(souk_call_t *call, const void *request, void *reply)
{
    atomic_fetch_add(&quarrels, 1);
    return souk_db_one(call, &conflict, NULL, reply);
}

static bool tick(souk_call_t *call)
{
    return souk_db_run(call, &save_tick, &(struct word){ "good" });
}

static bool tick_badly(souk_call_t *call)
{
    return souk_db_run(call, &save_tick, &(struct word){ "bad" }) &&
        souk_fail(call, &sold_out, "on second thoughts");
}

#define ROW(row, ...)                                                                              \
    {                                                                                              \
        .name = "note." row, .request = &word, .reply = &word, .errors = { &sold_out, &taken },    \
        __VA_ARGS__                                                                                \
    }
static const souk_actor_t note_actor = {
    .name = "note",
    .queries = { &save, &save_tick, &conflict },
    .operations = {
        ROW("ask", .handler = ask_other, .asks = { &look }),
        ROW("ask_nobody", .handler = ask_nobody, .asks = { &call_nobody }),
        ROW("add", .handler = ask_and_write, .asks = { &look }, .writes = true),
        ROW("regret", .handler = write_and_fail, .writes = true),
        ROW("quarrel", .handler = quarrel, .writes = true),
    },
    .timers = { { "tick", 20, tick }, { "tick_badly", 20, tick_badly } },
};

static const souk_query_t misspelt = { STATEMENT("SELECT wrod FROM note"), .gives = &word };
static const souk_actor_t wrong_actor = {
    .name = "note",
    .queries = { &misspelt },
    .operations = { ROW("ask", .handler = ask_other) },
};

static int make(void **state)
{
    return stage_make(state, &note_actor,
        "CREATE TABLE note (word text PRIMARY KEY); CREATE TABLE tick (word text);"
        "CREATE FUNCTION conflict() RETURNS text LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$");
}

static int begin(void **state)
{
    stage_t *it = *state;
    tell(it, "TRUNCATE note, tick");
    atomic_store(&quarrels, 0);
    stage_settings(it);
    souk_settings.blocking_threads = 1;
    stage_open(it);
    return 0;
}

/* There is hardly any room. */
static int begin_in_a_corner(void **state)
{
    stage_t *it = *state;
    tell(it, "TRUNCATE note, tick");
    stage_settings(it);
    souk_settings.blocking_threads = 1;
    souk_settings.handlers_max = 1;
    souk_settings.message_max = 100;
    souk_settings.ask_timeout_ms = BOUND_MS;
    stage_open(it);
    return 0;
}

static void expect_word(stage_t *it, const char *text)
{
    expect_code(it, 0, "ok");
    const struct word *found = value_of(it, 0, &word);
    assert_string_equal(found->word, text);
}

static void a_handler_is_given_what_the_other_answers(void **state)
{
    ask(*state, "note.ask", "mug");
    expect_word(*state, "mug");
    expect_log(*state, "look mug;");
}

static void an_error_that_is_declared_is_handed_on(void **state)
{
    given(*state, "other.look", "sold_out");
    ask(*state, "note.ask", "mug");
    expect_error(*state, "sold_out", "no mug");
}

static void an_error_that_is_not_declared_is_internal(void **state)
{
    given(*state, "other.look", "on_strike");
    ask(*state, "note.ask", "mug");
    expect_code(*state, 0, "internal");
}

static void who_is_busy_is_asked_again(void **state)
{
    given(*state, "other.look", "busy", "unavailable", "ok");
    ask(*state, "note.ask", "mug");
    expect_word(*state, "mug");
    expect_log(*state, "look mug;look mug;look mug;");
}

static void who_does_not_answer_is_asked_once(void **state)
{
    given(*state, "other.look", "");
    ask(*state, "note.ask", "mug");
    expect_code(*state, 0, "timeout");
    expect_log(*state, "look mug;");
}

static void where_nobody_is_there_it_is_told_in_time(void **state)
{
    int64_t begin_ms = souk_clock_ms();
    ask(*state, "note.ask_nobody", "mug");
    assert_in_range(souk_clock_ms() - begin_ms, 0, BOUND_MS / 2);
    stage_t *it = *state;
    assert_true(strcmp(it->outcomes[0].code, "timeout") == 0 ||
        strcmp(it->outcomes[0].code, "expired") == 0 ||
        strcmp(it->outcomes[0].code, "unavailable") == 0);
}

static void a_handler_that_writes_may_ask_before(void **state)
{
    ask(*state, "note.add", "mug");
    expect_word(*state, "mug");
    expect_row(*state, "SELECT word FROM note", "mug");
    ask(*state, "note.add", "mug");
    expect_error(*state, "taken", "of this name");
    ask(*state, "note.add", "cup");
    expect_word(*state, "cup");
}

static void a_handler_that_fails_leaves_nothing_behind(void **state)
{
    ask(*state, "note.regret", "mug");
    expect_error(*state, "sold_out", "second thoughts");
    expect_row(*state, "SELECT count(*) FROM note", "0");
}

static void more_calls_than_may_wait_for_a_thread_are_told_at_once(void **state)
{
    stage_t *it = *state;
    given(it, "other.look", "hold");
    send_words(it, "note.ask", TEXTS("one", "two"));
    await_asked(it, "other.look", 1);
    send_words(it, "note.ask", TEXTS("three", "four"));
    neighbour_release(it->neighbour);
    take_answer(it);
    expect_code(it, 0, "ok");
    expect_code(it, 1, "busy");
    take_answer(it);
    expect_code(it, 0, "ok");
    expect_code(it, 1, "busy");
}

/* The description of this actor is longer than a message may be here. */
static void an_answer_that_is_too_large_for_the_broker_is_not_sent(void **state)
{
    ask(*state, "note.describe", "");
    expect_error(*state, "internal", "larger than SOUK_MESSAGE_MAX");
    ask(*state, "note.ask", "mug");
    expect_word(*state, "mug");
}

/* What held for the call before is no reason to ask the next one's question again. */
static void a_conflict_is_tried_again_and_then_forgotten(void **state)
{
    ask(*state, "note.quarrel", "mug");
    expect_error(*state, "unavailable", "try again");
    assert_int_equal(atomic_load(&quarrels), 4);
    given(*state, "other.look", "sold_out");
    ask(*state, "note.ask", "mug");
    expect_code(*state, 0, "sold_out");
    expect_log(*state, "look mug;");
}

static void a_timer_comes_again_and_one_that_fails_writes_nothing(void **state)
{
    expect_row_soon(*state, "SELECT count(*) > 3 FROM tick WHERE word = 'good'", "t");
    expect_row(*state, "SELECT count(*) FROM tick WHERE word = 'bad'", "0");
    assert_true(strcmp(health_of(*state)->database, "ok") == 0);
}

static void statements_that_do_not_fit_end_the_actor(void **state)
{
    stage_t *it = *state;
    const char *why = "";
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    assert_true(souk_runtime_healthy(it->runtime));
    souk_runtime_t *wrong = souk_runtime_start(&wrong_actor, it->pool, &why);
    assert_non_null(wrong);
    while (souk_runtime_healthy(wrong)) {
        assert_true(souk_clock_ms() < until_ms);
        zmq_poll(NULL, 0, LOOK_MS);
    }
    souk_runtime_stop(&wrong);
}

#define on_stage(name) cmocka_unit_test_setup_teardown(name, begin, stage_close)
#define in_a_corner(name) cmocka_unit_test_setup_teardown(name, begin_in_a_corner, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_stage(a_handler_is_given_what_the_other_answers),
        on_stage(an_error_that_is_declared_is_handed_on),
        on_stage(an_error_that_is_not_declared_is_internal),
        on_stage(who_is_busy_is_asked_again),
        on_stage(who_does_not_answer_is_asked_once),
        on_stage(where_nobody_is_there_it_is_told_in_time),
        on_stage(a_handler_that_writes_may_ask_before),
        on_stage(a_handler_that_fails_leaves_nothing_behind),
        on_stage(a_conflict_is_tried_again_and_then_forgotten),
        in_a_corner(more_calls_than_may_wait_for_a_thread_are_told_at_once),
        in_a_corner(an_answer_that_is_too_large_for_the_broker_is_not_sent),
        on_stage(a_timer_comes_again_and_one_that_fails_writes_nothing),
        on_stage(statements_that_do_not_fit_end_the_actor),
    };
    return cmocka_run_group_tests(tests, make, stage_drop);
}
