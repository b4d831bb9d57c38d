/* A router in a world of words, for its tests: no sockets, and a clock that is moved by hand. */
#ifndef SOUK_TESTS_WORLD_H
#define SOUK_TESTS_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../broker/router.h"
#include "../../lib/majordomo.h"

/* A message is a word; what the router does is written down as words: a>w1 hands call a to worker
   w1, a=yes answers it, a!busy refuses it, beat>w1 and bye>w1 are commands, -a discards. */
typedef struct {
    struct souk_broker_settings settings;
    struct souk_broker_stats stats;
    souk_router_output_t output;
    souk_router_t *router;
    int64_t now_ms;
    char done[4000];
    unsigned char tickets[128][SOUK_TICKET_SIZE]; /* by the first letter of the call */
    const char *gone, *full; /* the peer that is */
    size_t bytes;
    int64_t left_ms;
} world_t;

static void write_down(world_t *world, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline void write_down(world_t *world, const char *format, ...)
{
    size_t size = strlen(world->done);
    va_list arguments;
    if (size)
        world->done[size++] = ' ';
    va_start(arguments, format);
    vsnprintf(world->done + size, sizeof(world->done) - size, format, arguments);
    va_end(arguments);
}

static inline souk_bytes_t word(const char *text)
{
    return (souk_bytes_t){ text, strlen(text) };
}

static inline bool is(souk_bytes_t bytes, const char *text)
{
    return text && bytes.size == strlen(text) && memcmp(bytes.data, text, bytes.size) == 0;
}

static inline souk_sent_t out_request(void *self, souk_bytes_t worker, const void *ticket,
    void *call)
{
    world_t *world = self;
    if (is(worker, world->gone))
        return SOUK_GONE;
    if (is(worker, world->full))
        return SOUK_FULL;
    memcpy(world->tickets[*(unsigned char *)call], ticket, SOUK_TICKET_SIZE);
    write_down(world, "%s>%.*s", (char *)call, (int)worker.size, (const char *)worker.data);
    return SOUK_SENT;
}

static inline souk_sent_t out_command(void *self, souk_bytes_t worker, const char *command)
{
    if (is(worker, ((world_t *)self)->gone))
        return SOUK_GONE;
    write_down(self, "%s>%.*s", strcmp(command, SOUK_MDP_HEARTBEAT) == 0 ? "beat" : "bye",
        (int)worker.size, (const char *)worker.data);
    return SOUK_SENT;
}

static inline bool out_reply(void *self, void *call, void *reply)
{
    write_down(self, "%s=%s", (char *)call, (char *)reply);
    return !is(word(call), ((world_t *)self)->gone);
}

static inline bool out_refuse(void *self, void *call, size_t calls, const souk_error_t *error)
{
    write_down(self, calls > 1 ? "%s!%s*%zu" : "%s!%s", (char *)call, error->code, calls);
    return !is(word(call), ((world_t *)self)->gone);
}

static inline void out_discard(void *self, void *message)
{
    write_down(self, "-%s", (char *)message);
}

static inline void out_weigh(void *self, void *call, souk_load_t *load)
{
    (void)call;
    *load =
        (souk_load_t){ .bytes = ((world_t *)self)->bytes, .left_ms = ((world_t *)self)->left_ms };
}

static inline void out_note(void *self, const char *what, souk_bytes_t service, size_t calls)
{
    (void)self, (void)what, (void)service, (void)calls;
}

static inline int open_world(void **state)
{
    world_t *world = calloc(1, sizeof(*world));
    world->now_ms = 1000000;
    world->bytes = 100;
    world->left_ms = INT64_MAX;
    world->settings.queue_max = 3;
    souk_broker_settings_complete(&world->settings);
    world->output = (souk_router_output_t){
        .self = world,
        .request = out_request,
        .command = out_command,
        .reply = out_reply,
        .refuse = out_refuse,
        .discard = out_discard,
        .weigh = out_weigh,
        .note = out_note,
    };
    world->router = souk_router_new(&world->settings, &world->output, &world->stats,
        0x123456789abcdef0, world->now_ms);
    *state = world;
    return 0;
}

static inline int close_world(void **state)
{
    world_t *world = *state;
    souk_router_destroy(&world->router);
    free(world);
    return 0;
}

static inline void ask(world_t *world, const char *service, const char *call)
{
    souk_router_request(world->router, word(service), (void *)call, 1, world->now_ms);
}

static inline void ready(world_t *world, const char *worker, const char *service, int credit)
{
    souk_router_ready(world->router, word(worker), word(service), credit, world->now_ms);
}

static inline void answer(world_t *world, const char *worker, const char *call, const char *reply)
{
    souk_bytes_t ticket = { world->tickets[(unsigned char)*call], SOUK_TICKET_SIZE };
    souk_router_reply(world->router, word(worker), ticket, (void *)reply, world->now_ms);
}

static inline void beat(world_t *world, const char *worker)
{
    souk_router_heartbeat(world->router, word(worker), world->now_ms);
}

static inline void leave(world_t *world, const char *worker)
{
    souk_router_disconnect(world->router, word(worker), world->now_ms);
}

/* Time passes, and the router is woken whenever it wants to be. */
static inline void wait_ms(world_t *world, int64_t ms)
{
    int64_t until_ms = world->now_ms + ms;
    while (souk_router_due(world->router) <= until_ms) {
        world->now_ms = souk_router_due(world->router);
        souk_router_tick(world->router, world->now_ms);
    }
    world->now_ms = until_ms;
}

/* The same, with the workers (words) saying that they live. */
static inline void wait_with(world_t *world, int64_t ms, const char *workers)
{
    for (int64_t passed_ms = 0; passed_ms < ms; passed_ms += 100) {
        char names[100];
        snprintf(names, sizeof(names), "%s", workers);
        for (char *rest, *name = strtok_r(names, " ", &rest); name;
             name = strtok_r(NULL, " ", &rest))
            beat(world, name);
        wait_ms(world, 100);
    }
}

static inline void expect(world_t *world, const char *done)
{
    assert_string_equal(world->done, done);
    world->done[0] = '\0';
}

static inline void forget(world_t *world)
{
    world->done[0] = '\0';
}

#define test(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

#endif
