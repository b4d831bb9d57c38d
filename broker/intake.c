/* Where messages arrive. */
#include "intake.h"

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

struct souk_intake {
    void *socket;
    souk_post_t *post;
    souk_router_t *router;
    struct souk_broker_stats stats;
    int64_t started_ms;
};

souk_intake_t *souk_intake_new(const struct souk_broker_settings *settings, void *socket)
{
    souk_intake_t *intake = souk_sure(calloc(1, sizeof(*intake)));
    uint64_t epoch;
    randombytes_buf(&epoch, sizeof(epoch));
    intake->socket = socket;
    intake->started_ms = souk_clock_ms();
    intake->post = souk_post_new(socket);
    intake->router = souk_router_new(settings, souk_post_output(intake->post), &intake->stats,
        epoch, intake->started_ms);
    return intake;
}

void souk_intake_destroy(souk_intake_t **intake)
{
    if (!*intake)
        return;
    souk_router_close((*intake)->router);
    souk_router_destroy(&(*intake)->router);
    souk_post_destroy(&(*intake)->post);
    free(*intake);
    *intake = NULL;
}

int souk_intake_wait_ms(const souk_intake_t *intake)
{
    int64_t wait_ms = souk_router_due(intake->router) - souk_clock_ms();
    if (wait_ms < 0)
        return 0;
    return wait_ms < WAIT_MAX_MS ? (int)wait_ms : WAIT_MAX_MS;
}

static void answer(souk_intake_t *intake, souk_message_t *request, souk_bytes_t bytes, size_t calls)
{
    if (!souk_post_answer(intake->post, request, bytes, calls))
        intake->stats.dropped_replies++;
}

static void refuse(souk_intake_t *intake, souk_message_t *request, size_t calls)
{
    if (!souk_post_refuse(intake->post, request, calls, &souk_no_such_operation))
        intake->stats.dropped_replies++;
}

/* RFC 8: the last frame names the service that is looked for. */
static void answer_mmi(souk_intake_t *intake, souk_message_t *request,
    const souk_envelope_t *envelope)
{
    const char *code = "501";
    if (souk_message_is(request, envelope->body - 1, "mmi.service")) {
        souk_bytes_t name = souk_message_frame(request, request->count - 1);
        code = souk_router_workers(intake->router, name) ? "200" : "404";
    }
    answer(intake, request, (souk_bytes_t){ code, 3 }, 1);
}

static void answer_stats(souk_intake_t *intake, souk_message_t *request, size_t calls)
{
    owned(souk_pool) pool = souk_pool_new();
    intake->stats.uptime_ms = souk_clock_ms() - intake->started_ms;
    souk_router_list(intake->router, pool);
    answer(intake, request, souk_wire_encode_reply("ok", &souk_broker_stats, &intake->stats, pool),
        calls);
    intake->stats.services = (souk_list_t){ 0 };
}

/* Asked as service souk.stats, or as operation souk.stats of the service souk. */
static bool is_stats(const souk_message_t *request, const souk_envelope_t *envelope)
{
    size_t service = envelope->body - 1;
    return souk_message_is(request, service, "souk.stats") ||
        (souk_message_is(request, service, "souk") &&
            souk_message_is(request, envelope->body, "souk.stats"));
}

static void answer_self(souk_intake_t *intake, souk_message_t *request,
    const souk_envelope_t *envelope)
{
    size_t calls = souk_post_calls(request, envelope->body);
    if (memcmp(envelope->service.data, "mmi.", 4) == 0)
        answer_mmi(intake, request, envelope);
    else if (is_stats(request, envelope))
        answer_stats(intake, request, calls);
    else
        refuse(intake, request, calls);
}

static void take_request(souk_intake_t *intake, souk_message_t *request,
    const souk_envelope_t *envelope, int64_t now_ms)
{
    if (souk_router_reserved(envelope->service))
        answer_self(intake, request, envelope);
    else
        souk_router_request(intake->router, envelope->service, request,
            souk_post_calls(request, envelope->body), now_ms);
}

/* Commands other than requests and replies are done with when the router has seen them. */
static void take_command(souk_intake_t *intake, const souk_envelope_t *envelope, int64_t now_ms)
{
    if (envelope->command == SOUK_WORKER_READY)
        souk_router_ready(intake->router, envelope->peer, envelope->service, envelope->credit,
            now_ms);
    else if (envelope->command == SOUK_WORKER_HEARTBEAT)
        souk_router_heartbeat(intake->router, envelope->peer, now_ms);
    else
        souk_router_disconnect(intake->router, envelope->peer, now_ms);
}

static void take(souk_intake_t *intake, souk_message_t *taken, int64_t now_ms)
{
    owned(souk_message) message = taken;
    souk_envelope_t envelope;
    intake->stats.received++;
    if (!souk_envelope_read(message, &envelope, &intake->stats.malformed)) {
        if (envelope.ticket.size)
            souk_router_spoil(intake->router, envelope.peer, envelope.ticket, now_ms);
        return;
    }
    if (envelope.command == SOUK_CLIENT_REQUEST) {
        message = NULL;
        take_request(intake, taken, &envelope, now_ms);
    } else if (envelope.command == SOUK_WORKER_REPLY) {
        message = NULL;
        souk_router_reply(intake->router, envelope.peer, envelope.ticket, taken, now_ms);
    } else {
        take_command(intake, &envelope, now_ms);
    }
}

/* False: nothing more is there. */
static bool take_next(souk_intake_t *intake, int64_t now_ms)
{
    souk_message_t *message = souk_message_receive(intake->socket);
    if (message) {
        take(intake, message, now_ms);
        return true;
    }
    if (errno != EMSGSIZE)
        return false;
    intake->stats.received++;
    intake->stats.malformed.frames++;
    return true;
}

void souk_intake_serve(souk_intake_t *intake)
{
    int64_t now_ms = souk_clock_ms();
    for (int i = 0; i < TURN_MAX && take_next(intake, now_ms); i++)
        ;
    souk_router_tick(intake->router, souk_clock_ms());
}
