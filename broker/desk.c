/* The desk where messages arrive. */
#include "desk.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "../lib/majordomo.h"
#include "../lib/memory.h"
#include "../lib/wire.h"
#include "envelope.h"
#include "post.h"
#include "router.h"

enum {
    TURN_MAX = 1000, /* messages taken before time is looked at */
    WAIT_MAX_MS = 1000,
};

struct souk_desk {
    void *socket;
    souk_post_t *post;
    souk_router_t *router;
    struct souk_broker_stats stats;
    int64_t started_ms;
};

souk_desk_t *souk_desk_new(const struct souk_broker_settings *settings, void *socket)
{
    souk_desk_t *desk = souk_sure(calloc(1, sizeof(*desk)));
    uint64_t epoch;
    randombytes_buf(&epoch, sizeof(epoch));
    desk->socket = socket;
    desk->started_ms = souk_clock_ms();
    desk->post = souk_post_new(socket);
    desk->router = souk_router_new(settings, souk_post_output(desk->post), &desk->stats, epoch,
        desk->started_ms);
    return desk;
}

void souk_desk_destroy(souk_desk_t **desk)
{
    if (!*desk)
        return;
    souk_router_close((*desk)->router);
    souk_router_destroy(&(*desk)->router);
    souk_post_destroy(&(*desk)->post);
    free(*desk);
    *desk = NULL;
}

int souk_desk_wait_ms(const souk_desk_t *desk)
{
    int64_t wait_ms = souk_router_due(desk->router) - souk_clock_ms();
    if (wait_ms < 0)
        return 0;
    return wait_ms < WAIT_MAX_MS ? (int)wait_ms : WAIT_MAX_MS;
}

static void answer(souk_desk_t *desk, souk_message_t *request, souk_bytes_t bytes, size_t calls)
{
    if (!souk_post_answer(desk->post, request, bytes, calls))
        desk->stats.dropped_replies++;
}

static void refuse(souk_desk_t *desk, souk_message_t *request, size_t calls)
{
    if (!souk_post_refuse(desk->post, request, calls, &souk_no_such_operation))
        desk->stats.dropped_replies++;
}

/* RFC 8: the last frame names the service that is looked for. */
static void answer_mmi(souk_desk_t *desk, souk_message_t *request, const souk_envelope_t *envelope)
{
    const char *code = "501";
    if (souk_message_is(request, envelope->body - 1, "mmi.service")) {
        souk_bytes_t name = souk_message_frame(request, request->count - 1);
        code = souk_router_workers(desk->router, name) ? "200" : "404";
    }
    answer(desk, request, (souk_bytes_t){ code, 3 }, 1);
}

static void answer_stats(souk_desk_t *desk, souk_message_t *request, size_t calls)
{
    owned(souk_pool) pool = souk_pool_new();
    desk->stats.uptime_ms = souk_clock_ms() - desk->started_ms;
    souk_router_list(desk->router, pool);
    answer(desk, request, souk_wire_encode_reply("ok", &souk_broker_stats, &desk->stats, pool),
        calls);
    desk->stats.services = (souk_list_t){ 0 };
}

/* Asked as service souk.stats, or as operation souk.stats of the service souk. */
static bool is_stats(const souk_message_t *request, const souk_envelope_t *envelope)
{
    return souk_message_is(request, envelope->body - 1, "souk.stats") ||
        souk_message_is(request, envelope->body, "souk.stats");
}

static void answer_self(souk_desk_t *desk, souk_message_t *request, const souk_envelope_t *envelope)
{
    size_t calls = souk_post_calls(request, envelope->body);
    if (memcmp(envelope->service.data, "mmi.", 4) == 0)
        answer_mmi(desk, request, envelope);
    else if (is_stats(request, envelope))
        answer_stats(desk, request, calls);
    else
        refuse(desk, request, calls);
}

static void take_request(souk_desk_t *desk, souk_message_t *request,
    const souk_envelope_t *envelope, int64_t now_ms)
{
    if (souk_router_reserved(envelope->service))
        answer_self(desk, request, envelope);
    else
        souk_router_request(desk->router, envelope->service, request,
            souk_post_calls(request, envelope->body), now_ms);
}

/* Commands other than requests and replies are done with when the router has seen them. */
static void take_command(souk_desk_t *desk, const souk_envelope_t *envelope, int64_t now_ms)
{
    if (envelope->command == SOUK_WORKER_READY)
        souk_router_ready(desk->router, envelope->peer, envelope->service, envelope->credit,
            now_ms);
    else if (envelope->command == SOUK_WORKER_HEARTBEAT)
        souk_router_heartbeat(desk->router, envelope->peer, now_ms);
    else
        souk_router_disconnect(desk->router, envelope->peer, now_ms);
}

static void take(souk_desk_t *desk, souk_message_t *taken, int64_t now_ms)
{
    owned(souk_message) message = taken;
    souk_envelope_t envelope;
    desk->stats.received++;
    if (!souk_envelope_read(message, &envelope, &desk->stats.malformed))
        return;
    if (envelope.command == SOUK_CLIENT_REQUEST) {
        message = NULL;
        take_request(desk, taken, &envelope, now_ms);
    } else if (envelope.command == SOUK_WORKER_REPLY) {
        message = NULL;
        souk_router_reply(desk->router, envelope.peer, envelope.ticket, taken, now_ms);
    } else {
        take_command(desk, &envelope, now_ms);
    }
}

/* False: nothing more is there. */
static bool take_next(souk_desk_t *desk, int64_t now_ms)
{
    souk_message_t *message = souk_message_receive(desk->socket);
    if (message) {
        take(desk, message, now_ms);
        return true;
    }
    if (errno != EMSGSIZE)
        return false;
    desk->stats.received++;
    desk->stats.malformed.frames++;
    return true;
}

void souk_desk_serve(souk_desk_t *desk)
{
    int64_t now_ms = souk_clock_ms();
    for (int i = 0; i < TURN_MAX && take_next(desk, now_ms); i++)
        ;
    souk_router_tick(desk->router, souk_clock_ms());
}
