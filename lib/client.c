/* The bus, as one who asks sees it: DEALERs to each broker and a table of what is in flight. */
#include <assert.h>
#include <czmq.h>
#include <errno.h>
#include <string.h>

#include <uthash.h>
#include <utlist.h>

#include "client.h"
#include "log.h"
#include "majordomo.h"
#include "memory.h"
#include "settings.h"
#include "wire.h"

enum {
    LINGER_MS = 500,
    SEND_MAX = 10000, /* messages that a broker has not taken yet */
    HEADER_FRAMES = 4, /* of an answer: correlation, empty, protocol, service */
};

const souk_record_t souk_caller_record = {
    .name = "meta",
    .size = sizeof(struct souk_caller),
    .fields = {
        FIELD(souk_caller, user, .optional = true, .max = 200),
        FIELD(souk_caller, session, .optional = true, .max = 200),
        FIELD(souk_caller, key, .optional = true, .max = SOUK_KEY_MAX),
        FIELD(souk_caller, traceparent, .optional = true, .max = 200),
        FIELD(souk_caller, address, .optional = true, .max = 200),
        FIELD(souk_caller, roles, .optional = true, .max = 32),
        FIELD(souk_caller, scopes, .optional = true, .max = SOUK_SCOPES_MAX),
        FIELD(souk_caller, deadline, .optional = true),
    },
};

/* A question that waits for its answer. The list is in the order of deadlines. */
struct pending {
    uint64_t id;
    void *tag;
    size_t count;
    size_t broker;
    int64_t deadline_ms;
    struct pending *prev, *next;
    UT_hash_handle hh;
};

/* Calls travel over the one; the other carries nothing, and can be written to as long as the broker
   is there (ZMQ_IMMEDIATE). One socket cannot be both: where the connection goes away between two
   frames that are read from such a socket, libzmq 4.3.4 ends the process (fq.cpp:112). */
typedef struct {
    zsock_t *bus, *sign;
} broker_t;

struct souk_client {
    broker_t brokers[SOUK_BROKERS_MAX];
    size_t broker_count;
    size_t preferred; /* the broker that is tried first */
    uint64_t last_id;
    struct pending *by_id;
    struct pending *by_deadline;
    souk_message_t *answer; /* what the frames of the last answer point into */
    souk_bytes_t frames[SOUK_CALLS_MAX];
};

static zsock_t *connect_to(const char *url, bool immediate)
{
    zsock_t *socket = zsock_new(ZMQ_DEALER);
    assert(socket);
    zsock_set_linger(socket, LINGER_MS);
    zsock_set_immediate(socket, immediate);
    zsock_set_sndhwm(socket, SEND_MAX);
    zsock_set_rcvhwm(socket, 0);
    if (zsock_connect(socket, "%s", url) < 0)
        souk_log(SOUK_LOG_ERROR, "client", "cannot_connect_to=%s", url);
    return socket;
}

static void connect_brokers(souk_client_t *client, const char *brokers)
{
    char *copy = souk_sure(strdup(brokers)), *rest = NULL;
    for (char *url = strtok_r(copy, " ", &rest); url; url = strtok_r(NULL, " ", &rest)) {
        assert(client->broker_count < SOUK_BROKERS_MAX);
        client->brokers[client->broker_count++] =
            (broker_t){ .bus = connect_to(url, false), .sign = connect_to(url, true) };
    }
    free(copy);
}

souk_client_t *souk_client_new(const char *brokers)
{
    souk_client_t *client = souk_sure(calloc(1, sizeof *client));
    connect_brokers(client, brokers);
    return client;
}

static void forget(souk_client_t *client, struct pending *pending)
{
    HASH_DEL(client->by_id, pending);
    DL_DELETE(client->by_deadline, pending);
    free(pending);
}

void souk_client_destroy(souk_client_t **self)
{
    souk_client_t *client = *self;
    if (!client)
        return;
    while (client->by_deadline)
        forget(client, client->by_deadline);
    for (size_t i = 0; i < client->broker_count; i++) {
        zsock_destroy(&client->brokers[i].bus);
        zsock_destroy(&client->brokers[i].sign);
    }
    souk_message_destroy(&client->answer);
    free(client);
    *self = NULL;
}

/* Most questions have the same timeout, so the place is nearly always the end. */
static void remember(souk_client_t *client, const souk_question_t *question, size_t broker)
{
    struct pending *pending = souk_sure(calloc(1, sizeof *pending));
    pending->id = client->last_id;
    pending->tag = question->tag;
    pending->count = question->count;
    pending->broker = broker;
    pending->deadline_ms = souk_clock_ms() + question->timeout_ms;
    HASH_ADD(hh, client->by_id, id, sizeof pending->id, pending);

    struct pending *before = client->by_deadline ? client->by_deadline->prev : NULL;
    while (before && before->deadline_ms > pending->deadline_ms)
        before = before == client->by_deadline ? NULL : before->prev;
    if (before)
        DL_APPEND_ELEM(client->by_deadline, before, pending);
    else
        DL_PREPEND(client->by_deadline, pending);
}

static void add_meta(souk_message_t *message, const souk_question_t *question)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_caller_t meta = { 0 };
    if (question->caller)
        meta = *question->caller;

    int64_t deadline_ms = souk_now().ms + question->timeout_ms;
    if (meta.deadline.ms == 0 || meta.deadline.ms > deadline_ms)
        meta.deadline.ms = deadline_ms;
    souk_message_add(message, souk_wire_encode(&souk_caller_record, &meta, pool));
}

static souk_message_t *write_question(const souk_question_t *question, uint64_t id)
{
    souk_message_t *message = souk_message_new();
    size_t service_size = strcspn(question->operation, ".");
    souk_message_add(message, (souk_bytes_t){ &id, sizeof id });
    souk_message_add(message, (souk_bytes_t){ "", 0 });
    souk_message_add_text(message, SOUK_MDP_CLIENT);
    souk_message_add(message, (souk_bytes_t){ question->operation, service_size });
    souk_message_add_text(message, question->operation);
    add_meta(message, question);
    for (size_t i = 0; i < question->count; i++)
        souk_message_add(message, question->calls[i]);
    return message;
}

static bool is_there(const broker_t *broker)
{
    return zsock_events(broker->sign) & ZMQ_POLLOUT;
}

bool souk_client_send(souk_client_t *client, const souk_question_t *question)
{
    assert(question->count > 0 && question->count <= SOUK_CALLS_MAX);
    owned(souk_message) message = write_question(question, ++client->last_id);
    for (size_t i = 0; i < client->broker_count; i++) {
        size_t at = (client->preferred + i) % client->broker_count;
        const broker_t *broker = &client->brokers[at];
        if (is_there(broker) && souk_message_send(&message, zsock_resolve(broker->bus))) {
            remember(client, question, at);
            return true;
        }
    }
    return false;
}

static bool is_answer(const souk_message_t *message)
{
    return message->count > HEADER_FRAMES &&
        souk_message_frame(message, 0).size == sizeof(uint64_t) &&
        souk_message_frame(message, 1).size == 0 && souk_message_is(message, 2, SOUK_MDP_CLIENT);
}

/* Takes up client->answer; false where nobody waits for it (any more). */
static bool take_answer(souk_client_t *client, souk_answer_t *answer)
{
    const souk_message_t *message = client->answer;
    struct pending *pending = NULL;
    uint64_t id;

    if (!is_answer(message))
        return false;
    memcpy(&id, souk_message_frame(message, 0).data, sizeof id);
    HASH_FIND(hh, client->by_id, &id, sizeof id, pending);
    if (!pending)
        return false;

    *answer = (souk_answer_t){ .tag = pending->tag };
    answer->count = message->count - HEADER_FRAMES;
    for (size_t i = 0; i < answer->count && i < SOUK_CALLS_MAX; i++)
        client->frames[i] = souk_message_frame(message, HEADER_FRAMES + i);
    answer->frames = client->frames;
    if (answer->count != pending->count)
        answer->error = &souk_internal;
    forget(client, pending);
    return true;
}

/* A broker that lets questions run out may be stuck: the next ones try another first. */
static bool take_timeout(souk_client_t *client, souk_answer_t *answer)
{
    struct pending *first = client->by_deadline;
    if (!first || first->deadline_ms > souk_clock_ms())
        return false;
    if (first->broker == client->preferred)
        client->preferred = (client->preferred + 1) % client->broker_count;
    *answer = (souk_answer_t){ .tag = first->tag, .error = &souk_timeout };
    forget(client, first);
    return true;
}

bool souk_client_next(souk_client_t *client, souk_answer_t *answer)
{
    for (size_t i = 0; i < client->broker_count; i++) {
        void *socket = zsock_resolve(client->brokers[i].bus);
        do {
            souk_message_destroy(&client->answer);
            client->answer = souk_message_receive(socket);
            if (client->answer && take_answer(client, answer))
                return true;
        } while (client->answer || errno == EMSGSIZE);
    }
    return take_timeout(client, answer);
}

size_t souk_client_poll(souk_client_t *client, zmq_pollitem_t *items, size_t max)
{
    assert(client->broker_count <= max);
    for (size_t i = 0; i < client->broker_count; i++)
        items[i] = (zmq_pollitem_t){
            .socket = zsock_resolve(client->brokers[i].bus),
            .events = ZMQ_POLLIN,
        };
    return client->broker_count;
}

size_t souk_client_poll_brokers(souk_client_t *client, zmq_pollitem_t *items, size_t max)
{
    assert(client->broker_count <= max);
    for (size_t i = 0; i < client->broker_count; i++)
        items[i] = (zmq_pollitem_t){
            .socket = zsock_resolve(client->brokers[i].sign),
            .events = ZMQ_POLLOUT,
        };
    return client->broker_count;
}

int souk_client_wait_ms(const souk_client_t *client)
{
    if (!client->by_deadline)
        return -1;
    int64_t left_ms = client->by_deadline->deadline_ms - souk_clock_ms();
    return left_ms < 0 ? 0 : (int)left_ms;
}
