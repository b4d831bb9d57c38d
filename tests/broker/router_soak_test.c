/* Whatever happens in whatever order: every call is answered exactly once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../broker/router.h"
#include "../../lib/majordomo.h"

enum {
    WORKERS = 12,
    SERVICES = 3,
    CALLS = 60000,
};

typedef struct {
    unsigned char ticket[SOUK_TICKET_SIZE];
    int worker;
    int answers;
} call_t;

static struct {
    souk_router_t *router;
    uint64_t seed;
    int64_t now_ms;
    size_t made;
    call_t calls[CALLS];
} world;

static unsigned draw(unsigned below)
{
    world.seed = world.seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(world.seed >> 33) % below;
}

static souk_bytes_t name_of(unsigned i)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    return (souk_bytes_t){ &letters[i], 1 };
}

static souk_sent_t some_fate(void)
{
    unsigned fate = draw(100);
    return fate == 0 ? SOUK_GONE : fate < 3 ? SOUK_FULL : SOUK_SENT;
}

static souk_sent_t out_request(void *self, souk_bytes_t worker, const void *ticket, void *message)
{
    (void)self;
    call_t *call = message;
    souk_sent_t fate = some_fate();
    if (fate == SOUK_SENT) {
        memcpy(call->ticket, ticket, SOUK_TICKET_SIZE);
        call->worker = *(const char *)worker.data - 'a';
    }
    assert_int_equal(call->answers, 0);
    return fate;
}

static souk_sent_t out_command(void *self, souk_bytes_t worker, const char *command)
{
    (void)self, (void)worker, (void)command;
    return some_fate();
}

static bool out_reply(void *self, void *message, void *reply)
{
    (void)self;
    assert_ptr_equal(message, reply);
    ((call_t *)message)->answers++;
    return draw(10) > 0;
}

static bool out_refuse(void *self, void *message, size_t calls, const souk_error_t *error)
{
    (void)self, (void)error;
    assert_int_equal(calls, 1);
    ((call_t *)message)->answers++;
    return draw(10) > 0;
}

static void out_discard(void *self, void *message)
{
    (void)self, (void)message;
}

static void out_weigh(void *self, void *message, souk_load_t *load)
{
    (void)self, (void)message;
    *load = (souk_load_t){ .bytes = draw(1000), .left_ms = draw(4) ? INT64_MAX : draw(3000) };
}

static void out_note(void *self, const char *what, souk_bytes_t service, size_t calls)
{
    (void)self, (void)what, (void)service, (void)calls;
}

static void a_client_asks(void)
{
    if (world.made == CALLS)
        return;
    souk_router_request(world.router, name_of(draw(SERVICES)), &world.calls[world.made++], 1,
        world.now_ms);
}

/* Mostly by who holds it, of late; now and then by anybody. */
static void a_worker_answers(void)
{
    if (!world.made)
        return;
    size_t recent = world.made < 200 ? world.made : 200;
    call_t *call = &world.calls[world.made - 1 - draw((unsigned)recent)];
    unsigned worker = draw(20) ? (unsigned)call->worker : draw(WORKERS);
    souk_bytes_t ticket = { call->ticket, SOUK_TICKET_SIZE };
    souk_router_reply(world.router, name_of(worker), ticket, call, world.now_ms);
}

static void a_worker_comes_or_goes(void)
{
    unsigned worker = draw(WORKERS);
    if (draw(3))
        souk_router_ready(world.router, name_of(worker), name_of(worker % SERVICES), (int)draw(20),
            world.now_ms);
    else
        souk_router_disconnect(world.router, name_of(worker), world.now_ms);
}

static void time_passes(void)
{
    world.now_ms += draw(20);
    if (souk_router_due(world.router) <= world.now_ms)
        souk_router_tick(world.router, world.now_ms);
}

static void anything_happens(void)
{
    unsigned what = draw(100);
    if (what < 40)
        a_client_asks();
    else if (what < 75)
        a_worker_answers();
    else if (what < 90)
        time_passes();
    else if (what < 99)
        souk_router_heartbeat(world.router, name_of(draw(WORKERS)), world.now_ms);
    else
        a_worker_comes_or_goes();
}

static void every_call_is_answered_exactly_once(void **state)
{
    (void)state;
    struct souk_broker_settings settings = { .queue_max = 100, .queue_bytes_max = 40000 };
    struct souk_broker_stats stats = { 0 };
    const souk_router_output_t output = {
        .request = out_request,
        .command = out_command,
        .reply = out_reply,
        .refuse = out_refuse,
        .discard = out_discard,
        .weigh = out_weigh,
        .note = out_note,
    };
    souk_broker_settings_complete(&settings);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        memset(&world, 0, sizeof(world));
        world.seed = seed;
        world.router = souk_router_new(&settings, &output, &stats, seed, 0);
        for (int i = 0; i < 3 * CALLS; i++)
            anything_happens();
        souk_router_close(world.router);
        for (size_t i = 0; i < world.made; i++)
            assert_int_equal(world.calls[i].answers, 1);
        souk_router_destroy(&world.router);
    }
    assert_true(stats.busy > 100 && stats.expired > 100 && stats.unavailable > 100);
    assert_true(stats.worker_lost > 100 && stats.late_replies > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_is_answered_exactly_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
