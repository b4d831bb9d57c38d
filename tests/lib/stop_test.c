/* How an actor ends: what it finishes, and what it gives back. */
#include "errand.h"

enum {
    HASTE_MS = 100,
};

static int open_in_haste(void **state)
{
    return open_desk_for(state, HASTE_MS);
}

static void who_stops_finishes_what_was_taken_and_what_was_on_its_way(void **state)
{
    desk_t *it = *state;
    request(it, "errand.pass", NULL, TEXTS("taken"));
    await_waiting(1);
    zactor_t *end = begin_to_stop(it);
    request(it, "errand.echo", NULL, TEXTS("late"));
    await_reply(it, "errand.echo", 1);
    expect_word(it, 0, "late");

    confirm_stop(it);
    atomic_store(&gate_open, true);
    await_reply(it, "errand.pass", 1);
    expect_word(it, 0, "taken");
    zactor_destroy(&end);
    assert_null(it->runtime);
}

/* More calls than threads: those that no thread has begun with are given up when the time is over,
   and what threads have in hand is waited for. */
static void who_has_no_more_time_begins_nothing_more(void **state)
{
    desk_t *it = *state;
    request(it, "errand.pass", NULL, TEXTS("one", "two", "three"));
    await_waiting(2);
    request(it, "errand.pass", NULL, TEXTS("four"));
    int64_t begin_ms = souk_clock_ms();
    zactor_t *end = begin_to_stop(it);
    await_reply(it, "errand.pass", 1);
    assert_in_range(souk_clock_ms() - begin_ms, HASTE_MS, BOUND_MS / 4);
    assert_true(expect_refusal(it, 0, "unavailable", "stopped")->retry);
    atomic_store(&gate_open, true);
    await_reply(it, "errand.pass", 3);
    expect_word(it, 1, "two");
    expect_refusal(it, 2, "unavailable", "stopped");
    zactor_destroy(&end);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_stops_finishes_what_was_taken_and_what_was_on_its_way,
            open_desk, close_desk),
        cmocka_unit_test_setup_teardown(who_has_no_more_time_begins_nothing_more, open_in_haste,
            close_desk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
