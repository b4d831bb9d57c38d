/* Workers that come, beat, fall silent, leave and misbehave. */
#include "world.h"

static void what_a_silent_worker_held_is_answered_within_two_seconds(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    ready(world, "w2", "echo", 1);
    ask(world, "echo", "a");
    forget(world);
    wait_with(world, 1400, "w2");
    assert_null(strchr(world->done, '!'));
    forget(world);
    wait_with(world, 500, "w2");
    assert_non_null(strstr(world->done, "a!worker_lost"));
    assert_int_equal(world->stats.worker_lost, 1);
    forget(world);
    ask(world, "echo", "b");
    expect(world, "b>w2");
}

static void an_answer_that_cannot_be_passed_on_leaves_nobody_waiting(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    expect(world, "a>w1");
    souk_bytes_t ticket = { world->tickets['a'], SOUK_TICKET_SIZE };
    souk_router_spoil(world->router, word("w1"), ticket, world->now_ms);
    expect(world, "a!worker_lost b>w1");
    souk_router_spoil(world->router, word("w1"), ticket, world->now_ms);
    souk_router_spoil(world->router, word("w2"), ticket, world->now_ms);
    expect(world, "");
    answer(world, "w1", "b", "yes");
    expect(world, "b=yes");
}

static void a_worker_that_beats_lives(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    ask(world, "echo", "a");
    wait_with(world, 20000, "w1");
    assert_null(strchr(world->done, '!'));
    forget(world);
    answer(world, "w1", "a", "yes");
    expect(world, "a=yes");
}

static void a_plain_worker_may_be_silent_for_longer(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 0);
    ask(world, "echo", "a");
    wait_ms(world, 9900);
    assert_null(strchr(world->done, '!'));
    wait_ms(world, 300);
    assert_non_null(strstr(world->done, "a!worker_lost"));
}

static void idle_workers_hear_from_the_broker(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    wait_ms(world, 499);
    expect(world, "");
    wait_ms(world, 501);
    expect(world, "beat>w1 beat>w1");
    ask(world, "echo", "a");
    forget(world);
    wait_ms(world, 499);
    expect(world, "");
}

static void a_worker_whose_connection_is_gone_is_found_out_by_the_heartbeat(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    ask(world, "echo", "a");
    world->gone = "w1";
    forget(world);
    wait_ms(world, 500);
    expect(world, "a!worker_lost");
}

static void a_call_for_a_worker_that_is_gone_goes_to_another(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 5);
    ask(world, "echo", "a");
    ready(world, "w2", "echo", 2);
    world->gone = "w1";
    ask(world, "echo", "b");
    expect(world, "a>w1 a!worker_lost b>w2");
}

static void a_worker_that_does_not_read_is_left_alone_until_it_is_heard(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 5);
    ready(world, "w2", "echo", 1);
    world->full = "w1";
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    expect(world, "a>w2");
    world->full = NULL;
    answer(world, "w2", "a", "yes");
    expect(world, "a=yes b>w2");
    ask(world, "echo", "c");
    expect(world, "");
    beat(world, "w1");
    expect(world, "c>w1");
}

static void strangers_are_told_to_start_afresh(void **state)
{
    world_t *world = *state;
    beat(world, "w1");
    answer(world, "w2", "a", "yes");
    leave(world, "w3");
    expect(world, "bye>w1 bye>w2 -yes");
    assert_int_equal(world->stats.disconnected, 2);
}

static void calls_wait_for_a_service_that_restarts(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    leave(world, "w1");
    wait_ms(world, 1800);
    ask(world, "echo", "a");
    wait_ms(world, 100);
    expect(world, "");
    ready(world, "w2", "echo", 1);
    expect(world, "a>w2");
}

static void a_service_that_came_back_works_off_what_waits(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    leave(world, "w1");
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    wait_ms(world, 1900);
    ready(world, "w2", "echo", 1);
    expect(world, "a>w2");
    wait_with(world, 1000, "w2");
    forget(world);
    answer(world, "w2", "a", "yes");
    expect(world, "a=yes b>w2");
}

static void a_service_that_does_not_come_back_is_unavailable_and_forgotten(void **state)
{
    world_t *world = *state;
    owned(souk_pool) pool = souk_pool_new();
    ready(world, "w1", "echo", 0);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    leave(world, "w1");
    expect(world, "a>w1 a!worker_lost");
    wait_ms(world, 1000);
    ask(world, "echo", "c");
    wait_ms(world, 900);
    expect(world, "");
    souk_router_list(world->router, pool);
    assert_int_equal(world->stats.services.count, 1);
    wait_ms(world, 300);
    expect(world, "b!unavailable c!unavailable");
    ask(world, "echo", "d");
    expect(world, "d!unavailable");
    souk_router_list(world->router, pool);
    assert_int_equal(world->stats.services.count, 0);
}

static void a_worker_that_says_ready_twice_starts_afresh(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    ask(world, "echo", "a");
    ready(world, "w1", "echo", 2);
    expect(world, "a>w1 a!worker_lost bye>w1");
    assert_int_equal(souk_router_workers(world->router, word("echo")), 0);
    ready(world, "w1", "echo", 2);
    ask(world, "echo", "b");
    expect(world, "b>w1");
}

static void the_brokers_own_names_are_not_for_workers(void **state)
{
    static const struct {
        const char *name;
        bool reserved;
    } cases[] = { { "mmi.service", true }, { "mmi.", true }, { "mmi", false }, { "souk", true },
        { "souk.stats", true }, { "souk.", true }, { "souks", false }, { "a", false } };
    world_t *world = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ready(world, cases[i].name, cases[i].name, 1);
        assert_int_equal(world->done[0] != '\0', cases[i].reserved);
        assert_int_equal(souk_router_workers(world->router, word(cases[i].name)),
            !cases[i].reserved);
        forget(world);
    }
}

static void services_and_workers_are_bounded(void **state)
{
    world_t *world = *state;
    world->settings.services_max = 2;
    world->settings.workers_max = 4;
    ready(world, "w1", "a", 1);
    ready(world, "w2", "b", 1);
    ready(world, "w3", "c", 1);
    expect(world, "bye>w3");
    ready(world, "w3", "a", 1);
    ready(world, "w4", "a", 1);
    expect(world, "");
    ready(world, "w5", "a", 1);
    expect(world, "bye>w5");
}

static void a_worker_that_leaves_may_finish_what_it_holds(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 4);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    leave(world, "w1");
    ready(world, "w2", "echo", 1);
    ask(world, "echo", "c");
    expect(world, "a>w1 b>w1 c>w2");
    assert_int_equal(souk_router_workers(world->router, word("echo")), 1);
    wait_with(world, 3000, "w1 w2");
    assert_null(strstr(world->done, "beat>w1"));
    forget(world);
    answer(world, "w1", "a", "yes");
    answer(world, "w1", "b", "yes");
    expect(world, "a=yes b=yes");
    beat(world, "w1");
    expect(world, "bye>w1");
}

static void a_worker_that_leaves_and_falls_silent_is_lost(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 4);
    ask(world, "echo", "a");
    leave(world, "w1");
    wait_ms(world, 1700);
    expect(world, "a>w1 a!worker_lost");
}

static void a_plain_worker_that_leaves_drops_its_call(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 0);
    ask(world, "echo", "a");
    leave(world, "w1");
    expect(world, "a>w1 a!worker_lost");
}

static void a_broker_that_was_stopped_kills_nobody(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    ask(world, "echo", "a");
    wait_with(world, 1000, "w1");
    world->now_ms += 60000;
    souk_router_tick(world->router, world->now_ms);
    assert_null(strchr(world->done, '!'));
    wait_ms(world, 1700);
    assert_non_null(strstr(world->done, "a!worker_lost"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(what_a_silent_worker_held_is_answered_within_two_seconds),
        test(an_answer_that_cannot_be_passed_on_leaves_nobody_waiting),
        test(a_worker_that_beats_lives),
        test(a_plain_worker_may_be_silent_for_longer),
        test(idle_workers_hear_from_the_broker),
        test(a_worker_whose_connection_is_gone_is_found_out_by_the_heartbeat),
        test(a_call_for_a_worker_that_is_gone_goes_to_another),
        test(a_worker_that_does_not_read_is_left_alone_until_it_is_heard),
        test(strangers_are_told_to_start_afresh),
        test(calls_wait_for_a_service_that_restarts),
        test(a_service_that_came_back_works_off_what_waits),
        test(a_service_that_does_not_come_back_is_unavailable_and_forgotten),
        test(a_worker_that_says_ready_twice_starts_afresh),
        test(the_brokers_own_names_are_not_for_workers),
        test(services_and_workers_are_bounded),
        test(a_worker_that_leaves_may_finish_what_it_holds),
        test(a_worker_that_leaves_and_falls_silent_is_lost),
        test(a_plain_worker_that_leaves_drops_its_call),
        test(a_broker_that_was_stopped_kills_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
