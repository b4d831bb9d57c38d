/* Who gets which call, what waits, and for how long. */
#include "world.h"

static void an_answer_goes_to_whoever_asked(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 10);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    answer(world, "w1", "b", "yes");
    answer(world, "w1", "a", "no");
    expect(world, "a>w1 b>w1 b=yes a=no");
}

static void a_service_that_nobody_serves_is_unavailable_at_once(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 10);
    ask(world, "mirror", "a");
    expect(world, "a!unavailable");
    assert_int_equal(world->stats.unavailable, 1);
}

static void every_call_of_a_message_is_refused(void **state)
{
    world_t *world = *state;
    souk_router_request(world->router, word("echo"), "a", 3, world->now_ms);
    expect(world, "a!unavailable*3");
}

static void a_plain_worker_gets_one_call_at_a_time(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 0);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    expect(world, "a>w1");
    answer(world, "w1", "a", "yes");
    expect(world, "a=yes b>w1");
}

static void credit_is_how_many_calls_a_worker_holds(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    ask(world, "echo", "c");
    ask(world, "echo", "d");
    expect(world, "a>w1 b>w1");
    answer(world, "w1", "b", "yes");
    answer(world, "w1", "a", "yes");
    expect(world, "b=yes c>w1 a=yes d>w1");
}

static void a_worker_that_joins_takes_what_waits(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    ask(world, "echo", "c");
    ready(world, "w2", "echo", 5);
    expect(world, "a>w1 b>w2 c>w2");
}

static void the_worker_with_most_credit_left_gets_the_call(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    ready(world, "w2", "echo", 4);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    ask(world, "echo", "c");
    expect(world, "a>w2 b>w2 c>w1");
    answer(world, "w2", "a", "yes");
    ask(world, "echo", "d");
    expect(world, "a=yes d>w2");
}

static void equals_take_turns(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 10);
    ready(world, "w2", "echo", 10);
    ready(world, "w3", "echo", 10);
    char seen[128] = { 0 };
    for (int i = 0; i < 9; i++) {
        ask(world, "echo", "a");
        char *worker = strchr(world->done, '>') + 1;
        seen[(unsigned char)worker[1]]++;
        forget(world);
        char name[] = { worker[0], worker[1], '\0' };
        answer(world, name, "a", "yes");
        forget(world);
    }
    assert_int_equal(seen['1'], 3);
    assert_int_equal(seen['2'], 3);
    assert_int_equal(seen['3'], 3);
}

static void nobody_overtakes_those_who_wait(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    world->full = "w1";
    answer(world, "w1", "a", "yes");
    world->full = NULL;
    ask(world, "echo", "c");
    expect(world, "a>w1 a=yes");
    beat(world, "w1");
    expect(world, "b>w1");
}

static void services_do_not_share_workers(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    ready(world, "w2", "mirror", 1);
    ask(world, "mirror", "a");
    ask(world, "mirror", "b");
    ask(world, "echo", "c");
    expect(world, "a>w2 c>w1");
}

static void a_reply_that_comes_too_late_is_dropped(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    ask(world, "echo", "a");
    wait_ms(world, 2000);
    forget(world);
    answer(world, "w1", "a", "yes");
    expect(world, "bye>w1 -yes");
    assert_int_equal(world->stats.late_replies, 1);
}

static void a_call_is_answered_once(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    ask(world, "echo", "a");
    answer(world, "w1", "a", "yes");
    answer(world, "w1", "a", "no");
    expect(world, "a>w1 a=yes -no");
    assert_int_equal(world->stats.late_replies, 1);
}

static void a_worker_cannot_answer_what_another_holds(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    ask(world, "echo", "a");
    ready(world, "w2", "echo", 1);
    ready(world, "w3", "mirror", 1);
    answer(world, "w2", "a", "stolen");
    answer(world, "w3", "a", "stolen");
    answer(world, "w1", "a", "yes");
    expect(world, "a>w1 -stolen -stolen a=yes");
}

static void forged_tickets_open_nothing(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    ask(world, "echo", "a");
    unsigned char ticket[SOUK_TICKET_SIZE + 1] = { 0 };
    memcpy(ticket, world->tickets['a'], SOUK_TICKET_SIZE);
    static const struct {
        size_t size, changed;
    } cases[] = { { 0, 0 }, { 1, 0 }, { 15, 16 }, { 17, 16 }, { 16, 0 }, { 16, 7 }, { 16, 8 },
        { 16, 15 } };
    forget(world);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ticket[cases[i].changed] ^= 1;
        souk_router_reply(world->router, word("w1"), (souk_bytes_t){ ticket, cases[i].size }, "lie",
            world->now_ms);
        ticket[cases[i].changed] ^= 1;
        expect(world, "-lie");
    }
    answer(world, "w1", "a", "yes");
    expect(world, "a=yes");
}

static void a_full_queue_is_busy(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    ask(world, "echo", "c");
    ask(world, "echo", "d");
    ask(world, "echo", "e");
    expect(world, "a>w1 e!busy");
    answer(world, "w1", "a", "yes");
    ask(world, "echo", "f");
    ask(world, "echo", "g");
    expect(world, "a=yes b>w1 g!busy");
    assert_int_equal(world->stats.busy, 2);
}

static void a_queue_is_full_by_bytes_too(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    ask(world, "echo", "a");
    world->bytes = 40 << 20;
    ask(world, "echo", "b");
    ask(world, "echo", "c");
    expect(world, "a>w1 c!busy");
    answer(world, "w1", "a", "yes");
    ask(world, "echo", "d");
    expect(world, "a=yes b>w1");
}

static void a_call_that_waited_too_long_is_unavailable(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    ask(world, "echo", "a");
    wait_with(world, 1000, "w1");
    ask(world, "echo", "b");
    forget(world);
    wait_with(world, 4900, "w1");
    assert_null(strstr(world->done, "b!"));
    wait_with(world, 200, "w1");
    assert_non_null(strstr(world->done, "b!unavailable"));
    forget(world);
    answer(world, "w1", "a", "yes");
    expect(world, "a=yes");
}

static void a_call_whose_deadline_passes_while_it_waits_is_expired(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    world->left_ms = 70;
    ask(world, "echo", "c");
    world->left_ms = 0;
    ask(world, "echo", "d");
    expect(world, "a>w1 d!expired");
    wait_ms(world, 69);
    expect(world, "");
    wait_ms(world, 1);
    expect(world, "c!expired");
    answer(world, "w1", "a", "yes");
    expect(world, "a=yes b>w1");
    assert_int_equal(world->stats.expired, 2);
}

static void a_call_that_expired_is_not_handed_out_before_the_router_wakes(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    ask(world, "echo", "a");
    world->left_ms = 70;
    ask(world, "echo", "b");
    world->now_ms += 80;
    answer(world, "w1", "a", "yes");
    expect(world, "a>w1 a=yes b!expired");
}

static void answers_to_clients_that_are_gone_are_counted(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 2);
    ask(world, "echo", "a");
    world->gone = "a";
    answer(world, "w1", "a", "yes");
    ask(world, "mirror", "a");
    assert_int_equal(world->stats.dropped_replies, 2);
    world->gone = NULL;
    ask(world, "echo", "b");
    answer(world, "w1", "b", "yes");
    expect(world, "a>w1 a=yes a!unavailable b>w1 b=yes");
}

static void a_broker_that_ends_answers_everybody(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    forget(world);
    souk_router_close(world->router);
    expect(world, "b!unavailable bye>w1 a!worker_lost");
}

static void a_router_may_end_with_calls_in_it(void **state)
{
    world_t *world = *state;
    ready(world, "w1", "echo", 1);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    forget(world);
    souk_router_destroy(&world->router);
    expect(world, "-a -b");
}

static void the_list_says_how_each_service_does(void **state)
{
    world_t *world = *state;
    owned(souk_pool) pool = souk_pool_new();
    ready(world, "w1", "zebra", 2);
    ready(world, "w2", "echo", 0);
    ready(world, "w3", "zebra", 5);
    ask(world, "echo", "a");
    ask(world, "echo", "b");
    ask(world, "zebra", "c");
    answer(world, "w3", "c", "yes");
    leave(world, "w1");
    souk_router_list(world->router, pool);
    assert_int_equal(world->stats.services.count, 2);
    const struct souk_service_stats *list = world->stats.services.items;
    assert_string_equal(list[0].name, "echo");
    assert_int_equal(list[0].waiting, 1);
    assert_int_equal(list[0].in_progress, 1);
    assert_string_equal(list[1].name, "zebra");
    assert_int_equal(list[1].workers, 1);
    assert_int_equal(list[1].credit, 5);
    assert_int_equal(list[1].served, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(an_answer_goes_to_whoever_asked),
        test(a_service_that_nobody_serves_is_unavailable_at_once),
        test(every_call_of_a_message_is_refused),
        test(a_plain_worker_gets_one_call_at_a_time),
        test(credit_is_how_many_calls_a_worker_holds),
        test(a_worker_that_joins_takes_what_waits),
        test(the_worker_with_most_credit_left_gets_the_call),
        test(equals_take_turns),
        test(nobody_overtakes_those_who_wait),
        test(services_do_not_share_workers),
        test(a_reply_that_comes_too_late_is_dropped),
        test(a_call_is_answered_once),
        test(a_worker_cannot_answer_what_another_holds),
        test(forged_tickets_open_nothing),
        test(a_full_queue_is_busy),
        test(a_queue_is_full_by_bytes_too),
        test(a_call_that_waited_too_long_is_unavailable),
        test(a_call_whose_deadline_passes_while_it_waits_is_expired),
        test(a_call_that_expired_is_not_handed_out_before_the_router_wakes),
        test(answers_to_clients_that_are_gone_are_counted),
        test(a_broker_that_ends_answers_everybody),
        test(a_router_may_end_with_calls_in_it),
        test(the_list_says_how_each_service_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
