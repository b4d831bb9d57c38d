/* What a crash or a lost COMMIT leaves of a saga is taken up, once, in the right direction. */
#include "trip.h"

enum {
    STRANDED_MS = 1000,
    CLAIMS = 4,
    CROWD = 16,
};

static void prepare(void **state)
{
    begin_trips(state);
    souk_settings.stranded_ms = STRANDED_MS;
}

static int begin(void **state)
{
    prepare(state);
    stage_open(*state);
    return 0;
}

/* Whoever is asked may take its time, far longer than a row is left alone. */
static int begin_patiently(void **state)
{
    prepare(state);
    souk_settings.ask_timeout_ms = BOUND_MS;
    stage_open(*state);
    return 0;
}

/* When it stops it waits for nobody, as if it had been killed. */
static int begin_mortal(void **state)
{
    prepare(state);
    souk_settings.stop_ms = 1;
    souk_settings.ask_timeout_ms = BOUND_MS;
    stage_open(*state);
    return 0;
}

static void strand(stage_t *it, const char *status)
{
    char sql[200];
    snprintf(sql, sizeof sql,
        "INSERT INTO trip (word, status, touched_at) VALUES ('rome', '%s', now() - interval '1h')",
        status);
    tell(it, sql);
}

static void expect_status_soon(stage_t *it, const char *status)
{
    expect_row_soon(it, "SELECT status || coalesce(' ' || reason, '') FROM trip", status);
}

static void await_in_progress(stage_t *it, int count)
{
    int64_t until_ms = souk_clock_ms() + BOUND_MS / 4;
    while (health_of(it)->in_progress != count) {
        assert_true(souk_clock_ms() < until_ms);
        zmq_poll(NULL, 0, LOOK_MS);
    }
}

static void before_the_point_of_no_return_all_is_given_back(void **state)
{
    strand(*state, "begun");
    expect_status_soon(*state, "rejected interrupted");
    expect_log(*state, "give_back_room rome;give_back_train rome;");
    expect_row(*state, "SELECT attempt FROM trip", "2");
}

static void behind_the_point_of_no_return_it_goes_on(void **state)
{
    strand(*state, "settled");
    expect_status_soon(*state, "done");
    expect_log(*state, "card rome;");
}

static void what_is_only_wished_for_walks_from_the_first_step(void **state)
{
    strand(*state, "wished");
    expect_status_soon(*state, "done");
    expect_log(*state, "train rome;room rome;card rome;");
}

static void what_is_wished_for_and_refused_comes_to_nothing(void **state)
{
    given(*state, "other.room", "sold_out");
    strand(*state, "wished");
    expect_status_soon(*state, "rejected sold_out");
    expect_log(*state, "train rome;room rome;give_back_room rome;give_back_train rome;");
}

static void what_has_ended_or_is_young_is_left_alone(void **state)
{
    stage_t *it = *state;
    tell(it,
        "INSERT INTO trip (word, status, touched_at) VALUES"
        " ('bern', 'done', now() - interval '1h'), ('oslo', 'rejected', now() - interval '1h'),"
        " ('cork', 'begun', now() + interval '1h')");
    strand(it, "begun");
    expect_row_soon(it, "SELECT status FROM trip WHERE word = 'rome'", "rejected");
    expect_row(it, "SELECT count(*) FROM trip WHERE attempt > 1", "1");
    expect_log(it, "give_back_room rome;give_back_train rome;");
}

static void what_was_under_way_at_a_crash_is_given_back_after_the_next_start(void **state)
{
    stage_t *it = *state;
    given(it, "other.room", "hold");
    send_words(it, "trip.go", TEXTS("rome"));
    await_asked(it, "other.room", 1);
    souk_runtime_stop(&it->runtime);
    expect_row(it, "SELECT status FROM trip", "begun");
    take_answer(it);
    expect_code(it, 0, "worker_lost");

    stage_start_actor(it);
    expect_status_soon(it, "rejected interrupted");
    expect_log(it, "train rome;room rome;give_back_room rome;give_back_train rome;");
}

/* The caller is told at once that nobody knows, and nothing is given back before the row is looked
   at. */
static void a_step_whose_commit_nobody_knows_is_left_to_the_rows(void **state)
{
    stage_t *it = *state;
    ask(it, "trip.go", "unsure");
    expect_error(it, "worker_lost", "committed");
    expect_row_soon(it, "SELECT status || ' ' || reason FROM trip", "rejected interrupted");
    expect_log(it, "train unsure;room unsure;give_back_room unsure;give_back_train unsure;");
}

static void one_that_is_only_slow_keeps_its_row_and_goes_on(void **state)
{
    stage_t *it = *state;
    given(it, "other.room", "hold");
    send_words(it, "trip.go", TEXTS("rome"));
    expect_row_soon(it, "SELECT attempt > 2 FROM trip", "t");
    assert_int_equal(health_of(it)->in_progress, 1);
    neighbour_release(it->neighbour);
    take_answer(it);
    expect_status(it, 0, "ok", "done");
    await_in_progress(it, 0);
    expect_log(it, "train rome;room rome;card rome;");
    expect_row(it, "SELECT status FROM trip", "done");
}

/* However often its row is claimed while it cannot be given back, there is one of it. */
static void one_that_stays_stranded_does_not_multiply(void **state)
{
    stage_t *it = *state;
    char sql[80];
    snprintf(sql, sizeof sql, "SELECT attempt > %d FROM trip", CLAIMS);
    given(it, "other.give_back_room", "unavailable");
    strand(it, "begun");
    expect_row_soon(it, sql, "t");
    await_in_progress(it, 1);
    given(it, "other.give_back_room", "ok");
    expect_status_soon(it, "rejected interrupted");
    assert_int_equal(neighbour_asked(it->neighbour, "other.give_back_train").calls, 1);
    await_in_progress(it, 0);
}

/* Calls that fail before they have a name are there when a row is taken up. */
static void calls_without_a_name_are_no_matter_to_the_sweeper(void **state)
{
    stage_t *it = *state;
    const char *crowd[CROWD + 1] = { NULL };
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    for (size_t i = 0; i < CROWD; i++)
        crowd[i] = "?";
    strand(it, "begun");
    while (strcmp(tell(it, "SELECT status FROM trip"), "rejected") != 0) {
        assert_true(souk_clock_ms() < until_ms);
        for (int i = 0; i < CROWD; i++)
            send_words(it, "trip.go", crowd);
        for (int i = 0; i < CROWD; i++) {
            take_answer(it);
            expect_code(it, 0, "sold_out");
        }
    }
}

#define trips(name, start) cmocka_unit_test_setup_teardown(name, start, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        trips(before_the_point_of_no_return_all_is_given_back, begin),
        trips(behind_the_point_of_no_return_it_goes_on, begin),
        trips(what_is_only_wished_for_walks_from_the_first_step, begin),
        trips(what_is_wished_for_and_refused_comes_to_nothing, begin),
        trips(what_has_ended_or_is_young_is_left_alone, begin),
        trips(what_was_under_way_at_a_crash_is_given_back_after_the_next_start, begin_mortal),
        trips(a_step_whose_commit_nobody_knows_is_left_to_the_rows, begin),
        trips(one_that_is_only_slow_keeps_its_row_and_goes_on, begin_patiently),
        trips(one_that_stays_stranded_does_not_multiply, begin),
        trips(calls_without_a_name_are_no_matter_to_the_sweeper, begin),
    };
    return cmocka_run_group_tests(tests, make_trips, stage_drop);
}
