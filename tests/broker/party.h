/* Clients and workers written by hand, frame by frame, around a real broker. */
#ifndef SOUK_TESTS_PARTY_H
#define SOUK_TESTS_PARTY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "../../broker/broker.h"
#include "../../broker/stats.h"
#include "../../lib/log.h"
#include "../../lib/majordomo.h"
#include "../../lib/message.h"
#include "../../lib/wire.h"

enum {
    BOUND_MS = 5000 /* nothing that is waited for takes so long */
};

typedef struct {
    char folder[40], bind[80], events_in[80], events_out[80];
    struct souk_broker_settings settings;
    zactor_t *broker;
    zsock_t *sockets[64];
    size_t sockets_count;
    souk_pool_t *pool;
} party_t;

static inline zactor_t *start_broker(party_t *party)
{
    zactor_t *broker = zactor_new(souk_broker_actor, &party->settings);
    assert_non_null(broker);
    return broker;
}

static inline int open_party(void **state)
{
    party_t *party = calloc(1, sizeof(*party));
    assert_true(souk_log_set("error"));
    snprintf(party->folder, sizeof(party->folder), "/tmp/souk-broker-XXXXXX");
    assert_non_null(mkdtemp(party->folder));
    snprintf(party->bind, sizeof(party->bind), "ipc://%s/run/broker.ipc", party->folder);
    snprintf(party->events_in, sizeof(party->events_in), "ipc://%s/run/in.ipc", party->folder);
    snprintf(party->events_out, sizeof(party->events_out), "ipc://%s/run/out.ipc", party->folder);
    party->settings = (struct souk_broker_settings){
        .bind = party->bind,
        .events_in = party->events_in,
        .events_out = party->events_out,
        .queue_max = 50,
        .queue_wait_ms = 2000,
        .service_grace_ms = 500,
        .heartbeat_ms = 200,
        .worker_expiry_ms = 1000,
        .message_max = 100000,
    };
    party->pool = souk_pool_new();
    party->broker = start_broker(party);
    *state = party;
    return 0;
}

static inline int close_party(void **state)
{
    party_t *party = *state;
    for (size_t i = 0; i < party->sockets_count; i++)
        zsock_destroy(&party->sockets[i]);
    zactor_destroy(&party->broker);
    souk_pool_destroy(&party->pool);
    zdir_t *folder = zdir_new(party->folder, NULL);
    zdir_remove(folder, true);
    zdir_destroy(&folder);
    free(party);
    return 0;
}

/* A socket that is closed with the party, or before by leave_party. */
static inline zsock_t *join_at(party_t *party, int type, const char *endpoint)
{
    assert_true(party->sockets_count < 64);
    zsock_t *socket = zsock_new(type);
    assert_int_equal(zsock_connect(socket, "%s", endpoint), 0);
    party->sockets[party->sockets_count++] = socket;
    return socket;
}

static inline zsock_t *join(party_t *party, int type)
{
    return join_at(party, type, party->bind);
}

static inline void leave_party(party_t *party, zsock_t *socket)
{
    size_t i = 0;
    while (party->sockets[i] != socket)
        i++;
    zsock_destroy(&party->sockets[i]);
    party->sockets[i] = party->sockets[--party->sockets_count];
}

static inline void say_frames(zsock_t *socket, const char *const *frames)
{
    owned(souk_message) message = souk_message_new();
    for (size_t i = 0; frames[i]; i++)
        souk_message_add_text(message, frames[i]);
    assert_true(souk_message_send(&message, zsock_resolve(socket)));
}

#define say(socket, ...) say_frames(socket, (const char *const[]){ __VA_ARGS__, NULL })

static inline bool is_there(zsock_t *socket, int wait_ms)
{
    zmq_pollitem_t item = { .socket = zsock_resolve(socket), .events = ZMQ_POLLIN };
    return zmq_poll(&item, 1, wait_ms) == 1;
}

static inline bool is_heartbeat(const souk_message_t *message)
{
    return souk_message_is(message, 1, SOUK_MDP_WORKER) &&
        souk_message_is(message, 2, SOUK_MDP_HEARTBEAT);
}

/* The next message that is not a heartbeat; who waits for it longer beats itself. */
static inline souk_message_t *hear_any(zsock_t *socket)
{
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    while (is_there(socket, (int)(until_ms - souk_clock_ms()))) {
        souk_message_t *message = souk_message_receive(zsock_resolve(socket));
        assert_non_null(message);
        if (!is_heartbeat(message))
            return message;
        souk_message_destroy(&message);
    }
    fail_msg("nothing came");
    return NULL;
}

/* The next message is these frames, "*" being any. Returns it. */
static inline souk_message_t *hear_frames(zsock_t *socket, const char *const *frames)
{
    souk_message_t *message = hear_any(socket);
    size_t count = 0;
    for (; frames[count]; count++) {
        bool is_right = strcmp(frames[count], "*") == 0
            ? count < message->count
            : souk_message_is(message, count, frames[count]);
        if (!is_right)
            fail_msg("frame %zu is not \"%s\"", count, frames[count]);
    }
    assert_int_equal(message->count, count);
    return message;
}

static inline void hear_and_drop(zsock_t *socket, const char *const *frames)
{
    souk_message_t *message = hear_frames(socket, frames);
    souk_message_destroy(&message);
}

#define hear(socket, ...) hear_and_drop(socket, (const char *const[]){ __VA_ARGS__, NULL })

/* The next message is a request with this body, of one frame; returns it. */
static inline souk_message_t *hear_request(zsock_t *worker, const char *body)
{
    const char *const frames[] = { "", SOUK_MDP_WORKER, SOUK_MDP_REQUEST, "*", "", body, NULL };
    return hear_frames(worker, frames);
}

/* Answers the request with a body of one frame. Takes it. */
static inline void reply(zsock_t *worker, souk_message_t *request, const char *body)
{
    souk_message_t *message = souk_message_new();
    souk_message_add_text(message, "");
    souk_message_add_text(message, SOUK_MDP_WORKER);
    souk_message_add_text(message, SOUK_MDP_REPLY);
    souk_message_add_frame(message, &request->frames[3]);
    souk_message_add_text(message, "");
    souk_message_add_text(message, body);
    assert_true(souk_message_send(&message, zsock_resolve(worker)));
    souk_message_destroy(&request);
}

/* The code of a reply's frame, in the party's pool. */
static inline const char *code_of(party_t *party, const souk_message_t *message, size_t frame)
{
    const char *code;
    souk_bytes_t value;
    assert_true(
        souk_wire_split_reply(souk_message_frame(message, frame), party->pool, &code, &value));
    return code;
}

/* The next message to a DEALER client without path is this refusal, so many times. */
static inline void hear_refusal(party_t *party, zsock_t *client, const char *code, size_t times)
{
    souk_message_t *message = hear_any(client);
    assert_true(souk_message_is(message, 1, SOUK_MDP_CLIENT));
    assert_int_equal(message->count, 3 + times);
    for (size_t i = 0; i < times; i++)
        assert_string_equal(code_of(party, message, 3 + i), code);
    souk_message_destroy(&message);
}

/* What the broker counts; also the proof that it serves, and has seen all that client sent before.
 */
static inline struct souk_broker_stats ask_stats(party_t *party, zsock_t *client)
{
    say(client, "", SOUK_MDP_CLIENT, "souk.stats", "souk.stats", "", "\x80");
    const char *const frames[] = { "", SOUK_MDP_CLIENT, "souk.stats", "*", NULL };
    souk_message_t *message = hear_frames(client, frames);
    const char *code;
    souk_bytes_t value;
    souk_flaws_t flaws = { 0 };
    struct souk_broker_stats stats;
    assert_true(souk_wire_split_reply(souk_message_frame(message, 3), party->pool, &code, &value));
    assert_string_equal(code, "ok");
    assert_true(souk_wire_decode(&souk_broker_stats, value, &stats, party->pool, &flaws));
    souk_message_destroy(&message);
    return stats;
}

/* A worker of the service; returns when the broker knows it. */
static inline zsock_t *join_worker(party_t *party, const char *service, const char *credit)
{
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *worker = join(party, ZMQ_DEALER);
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    bool is_known = false;
    if (credit)
        say(worker, "", SOUK_MDP_WORKER, SOUK_MDP_READY, service, credit);
    else
        say(worker, "", SOUK_MDP_WORKER, SOUK_MDP_READY, service);
    while (!is_known && souk_clock_ms() < until_ms) {
        say(client, "", SOUK_MDP_CLIENT, "mmi.service", service);
        souk_message_t *message = hear_any(client);
        is_known = souk_message_is(message, 3, "200");
        souk_message_destroy(&message);
    }
    assert_true(is_known);
    leave_party(party, client);
    return worker;
}

/* A call goes through, there and back. */
static inline void prove_service(party_t *party)
{
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *worker = join_worker(party, "proof", "1");
    say(client, "", SOUK_MDP_CLIENT, "proof", "question");
    reply(worker, hear_request(worker, "question"), "answer");
    hear(client, "", SOUK_MDP_CLIENT, "proof", "answer");
    leave_party(party, client);
    leave_party(party, worker);
}

#define test(name) cmocka_unit_test_setup_teardown(name, open_party, close_party)

#endif
