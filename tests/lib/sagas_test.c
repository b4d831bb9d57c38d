/* Sagas: forwards, and back over what was taken. */
#include "trip.h"

enum {
    GIVE_UP_MS = 600,
    PATIENCE_MS = 200,
    HOLDS_MAX = 8, /* more than the steps before the one that waits have left */
};

static int begin(void **state)
{
    stage_open(begin_trips(state));
    return 0;
}

static int begin_hasty(void **state)
{
    begin_trips(state);
    souk_settings.give_up_ms = GIVE_UP_MS;
    stage_open(*state);
    return 0;
}

static int begin_with_room_for_two(void **state)
{
    begin_trips(state);
    souk_settings.sagas_max = 2;
    souk_settings.ask_timeout_ms = BOUND_MS;
    stage_open(*state);
    return 0;
}

/* Whoever is asked may take its time. */
static int begin_unhurried(void **state)
{
    begin_trips(state);
    souk_settings.ask_timeout_ms = BOUND_MS;
    souk_settings.stop_ms = BOUND_MS;
    stage_open(*state);
    return 0;
}

static int begin_impatient(void **state)
{
    begin_trips(state);
    souk_settings.patience_ms = PATIENCE_MS;
    souk_settings.ask_timeout_ms = BOUND_MS;
    stage_open(*state);
    return 0;
}

static void steps_are_taken_in_their_order(void **state)
{
    ask(*state, "trip.go", "rome");
    expect_status(*state, 0, "ok", "done");
    expect_row(*state, "SELECT status FROM trip WHERE word = 'rome'", "done");
    expect_log(*state, "train rome;room rome;card rome;");
}

static void who_waits_for_long_keeps_no_more_than_who_does_not(void **state)
{
    atomic_store(&most_holds, 0);
    ask(*state, "trip.go", "far");
    expect_status(*state, 0, "ok", "done");
    assert_in_range(atomic_load(&most_holds), 1, HOLDS_MAX);
}

static void a_step_that_has_nothing_to_ask_is_passed_over(void **state)
{
    ask(*state, "trip.go", "$oslo");
    expect_status(*state, 0, "ok", "done");
    expect_log(*state, "price $oslo;train $oslo;room $oslo;card $oslo;");
}

static void what_fails_before_anything_is_written_is_answered_at_once(void **state)
{
    given(*state, "other.price", "unavailable");
    ask(*state, "trip.go", "$oslo");
    expect_error(*state, "unavailable", "no $oslo");
    ask(*state, "trip.go", "?");
    expect_error(*state, "sold_out", "no such place");
    expect_row(*state, "SELECT count(*) FROM trip", "0");
    expect_log(*state, "price $oslo;");
}

static void what_fails_now_may_have_been_served_before(void **state)
{
    tell(*state, "INSERT INTO trip (word, status) VALUES ('$oslo', 'done')");
    given(*state, "other.price", "unavailable", "unavailable");
    ask(*state, "trip.go", "$oslo");
    expect_status(*state, 0, "replayed", "done");
    tell(*state, "UPDATE trip SET status = 'rejected', reason = 'snowed in'");
    ask(*state, "trip.go", "$oslo");
    expect_error(*state, "taken", "it was snowed in then");
    expect_log(*state, "price $oslo;price $oslo;");
}

static void a_call_may_be_finished_early(void **state)
{
    tell(*state, "INSERT INTO trip (word, status) VALUES ('rome', 'done')");
    ask(*state, "trip.go", "rome");
    expect_status(*state, 0, "ok", "known");
    expect_log(*state, "");
}

static void what_was_taken_is_given_back_in_reverse(void **state)
{
    given(*state, "other.room", "sold_out");
    ask(*state, "trip.go", "rome");
    expect_error(*state, "sold_out", "no rome");
    expect_log(*state, "train rome;room rome;give_back_room rome;give_back_train rome;");
    expect_row(*state, "SELECT status || ' ' || reason FROM trip", "rejected sold_out");
}

static void only_what_was_asked_is_given_back(void **state)
{
    given(*state, "other.train", "sold_out");
    ask(*state, "trip.go", "rome");
    expect_error(*state, "sold_out", "no rome");
    expect_log(*state, "train rome;give_back_train rome;");
}

static void an_answer_that_does_not_please_is_an_error_as_well(void **state)
{
    ask(*state, "trip.go", "attic");
    expect_error(*state, "taken", "nobody sleeps in the attic");
    expect_log(*state, "train attic;room attic;give_back_room attic;give_back_train attic;");
}

static void an_error_that_is_not_declared_gives_back_too(void **state)
{
    given(*state, "other.room", "on_strike");
    ask(*state, "trip.go", "rome");
    expect_code(*state, 0, "internal");
    expect_row(*state, "SELECT status || ' ' || reason FROM trip", "rejected internal");
}

static void giving_back_is_asked_until_it_is_answered(void **state)
{
    given(*state, "other.room", "sold_out");
    given(*state, "other.give_back_room", "unavailable", "internal", "", "sold_out", "ok");
    ask(*state, "trip.go", "rome");
    expect_error(*state, "sold_out", "no rome");
    expect_log(*state,
        "train rome;room rome;give_back_room rome;give_back_room rome;give_back_room rome;"
        "give_back_room rome;give_back_room rome;give_back_train rome;");
}

static void who_is_away_is_asked_again(void **state)
{
    given(*state, "other.train", "unavailable", "busy", "running", "accepted", "", "ok");
    ask(*state, "trip.go", "rome");
    expect_status(*state, 0, "ok", "done");
    expect_log(*state,
        "train rome;train rome;train rome;train rome;train rome;train rome;room rome;card rome;");
}

static void behind_the_point_of_no_return_it_only_goes_forwards(void **state)
{
    given(*state, "other.card", "sold_out", "internal", "unavailable", "", "ok");
    ask(*state, "trip.go", "rome");
    expect_status(*state, 0, "ok", "done");
    expect_log(*state, "train rome;room rome;card rome;card rome;card rome;card rome;card rome;");
}

static void who_stays_away_is_given_up_and_what_was_taken_is_given_back(void **state)
{
    int64_t begin_ms = souk_clock_ms();
    given(*state, "other.room", "unavailable");
    ask(*state, "trip.go", "rome");
    expect_error(*state, "unavailable", "no rome");
    assert_true(souk_clock_ms() - begin_ms >= GIVE_UP_MS);
    expect_row(*state, "SELECT status || ' ' || reason FROM trip", "rejected unavailable");
    stage_t *it = *state;
    assert_true(neighbour_asked(it->neighbour, "other.room").calls > 1);
    assert_int_equal(neighbour_asked(it->neighbour, "other.give_back_room").calls, 1);
    assert_int_equal(neighbour_asked(it->neighbour, "other.give_back_train").calls, 1);
}

/* Once all is given back it is known again how it stands. */
static void who_never_answers_is_given_up_and_it_is_told_as_interrupted(void **state)
{
    given(*state, "other.train", "");
    ask(*state, "trip.go", "rome");
    expect_error(*state, "interrupted", "given back");
    expect_row(*state, "SELECT status || ' ' || reason FROM trip", "rejected interrupted");
}

static void the_caller_is_told_after_its_patience_and_the_work_goes_on(void **state)
{
    stage_t *it = *state;
    int64_t begin_ms = souk_clock_ms();
    given(it, "other.room", "hold");
    ask(it, "trip.go", "rome");
    expect_status(it, 0, "accepted", "begun");
    assert_true(souk_clock_ms() - begin_ms >= PATIENCE_MS);
    expect_row(it, "SELECT status FROM trip", "begun");
    neighbour_release(it->neighbour);
    expect_row_soon(it, "SELECT status FROM trip", "done");
    expect_log(it, "train rome;room rome;card rome;");
}

static void stop(zsock_t *pipe, void *argument)
{
    zsock_signal(pipe, 0);
    souk_runtime_stop(argument);
}

/* souk_runtime_stop waits, so another thread waits for it. */
static void who_stops_goes_on_with_what_is_under_way(void **state)
{
    stage_t *it = *state;
    given(it, "other.room", "hold");
    send_words(it, "trip.go", TEXTS("rome"));
    await_asked(it, "other.room", 1);
    zactor_t *end = zactor_new(stop, &it->runtime);
    neighbour_release(it->neighbour);
    take_answer(it);
    expect_status(it, 0, "ok", "done");
    zactor_destroy(&end);
    assert_null(it->runtime);
    expect_log(it, "train rome;room rome;card rome;");
}

static void calls_before_one_step_ask_together_unless_alone(void **state)
{
    stage_t *it = *state;
    ask(it, "trip.go", "rome", "oslo", "bern");
    for (size_t i = 0; i < 3; i++)
        expect_status(it, i, "ok", "done");
    part_t train = neighbour_asked(it->neighbour, "other.train");
    part_t room = neighbour_asked(it->neighbour, "other.room");
    assert_int_equal(train.calls, 3);
    assert_int_equal(train.messages, 1);
    assert_int_equal(room.calls, 3);
    assert_int_equal(room.messages, 3);
}

static void more_than_may_be_under_way_are_told_before_anything_is_done(void **state)
{
    stage_t *it = *state;
    given(it, "other.room", "hold");
    send_words(it, "trip.go", TEXTS("rome", "bern"));
    await_asked(it, "other.room", 2);
    send_words(it, "trip.go", TEXTS("oslo"));
    take_answer(it);
    expect_code(it, 0, "busy");
    neighbour_release(it->neighbour);
    take_answer(it);
    expect_status(it, 0, "ok", "done");
    ask(it, "trip.go", "oslo");
    expect_status(it, 0, "ok", "done");
}

static void one_that_fails_goes_back_alone(void **state)
{
    stage_t *it = *state;
    ask(it, "trip.go", "rome", "attic", "bern");
    expect_status(it, 0, "ok", "done");
    expect_code(it, 1, "taken");
    expect_status(it, 2, "ok", "done");
    assert_int_equal(neighbour_asked(it->neighbour, "other.give_back_train").calls, 1);
}

static void who_waits_for_the_world_comes_back_to_its_step(void **state)
{
    int64_t begin_ms = souk_clock_ms();
    ask(*state, "trip.go", "rome");
    expect_status(*state, 0, "ok", "done");
    assert_true(souk_clock_ms() - begin_ms >= WAITS * WAIT_MS);
}

#define trips(name, start) cmocka_unit_test_setup_teardown(name, start, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        trips(steps_are_taken_in_their_order, begin),
        trips(who_waits_for_long_keeps_no_more_than_who_does_not, begin),
        trips(a_step_that_has_nothing_to_ask_is_passed_over, begin),
        trips(what_fails_before_anything_is_written_is_answered_at_once, begin),
        trips(what_fails_now_may_have_been_served_before, begin),
        trips(a_call_may_be_finished_early, begin),
        trips(what_was_taken_is_given_back_in_reverse, begin),
        trips(only_what_was_asked_is_given_back, begin),
        trips(an_answer_that_does_not_please_is_an_error_as_well, begin),
        trips(an_error_that_is_not_declared_gives_back_too, begin),
        trips(giving_back_is_asked_until_it_is_answered, begin),
        trips(who_is_away_is_asked_again, begin),
        trips(behind_the_point_of_no_return_it_only_goes_forwards, begin),
        trips(who_stays_away_is_given_up_and_what_was_taken_is_given_back, begin_hasty),
        trips(who_never_answers_is_given_up_and_it_is_told_as_interrupted, begin_hasty),
        trips(the_caller_is_told_after_its_patience_and_the_work_goes_on, begin_impatient),
        trips(who_stops_goes_on_with_what_is_under_way, begin_unhurried),
        trips(calls_before_one_step_ask_together_unless_alone, begin),
        trips(more_than_may_be_under_way_are_told_before_anything_is_done, begin_with_room_for_two),
        trips(one_that_fails_goes_back_alone, begin),
        trips(who_waits_for_the_world_comes_back_to_its_step, begin),
    };
    return cmocka_run_group_tests(tests, make_trips, stage_drop);
}
