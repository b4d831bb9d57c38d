/* A Majordomo worker's connection to one broker. */
#include <assert.h>
#include <czmq.h>
#include <errno.h>
#include <string.h>

#include "link.h"
#include "majordomo.h"
#include "memory.h"

enum {
    LINGER_MS = 1000,
    SILENT_BEATS = 4, /* after so many heartbeats without a word the broker is taken for gone */
    HEADER_FRAMES = 3 /* empty, protocol, command */
};

struct souk_link {
    const char *broker, *service;
    int credit, heartbeat_ms;
    zsock_t *socket;
    unsigned connection; /* counts up with every socket */
    int64_t connected_ms, heard_ms, beat_ms;
    bool refused; /* the broker does not want this connection: another one at the next tick */
    bool leaving, gone;
};

static souk_message_t *command(const char *name)
{
    souk_message_t *message = souk_message_new();
    souk_message_add(message, (souk_bytes_t){ "", 0 });
    souk_message_add_text(message, SOUK_MDP_WORKER);
    souk_message_add_text(message, name);
    return message;
}

/* A socket that is full has a broker that reads nothing: the silence will tell. */
static void put(souk_link_t *link, souk_message_t *taken)
{
    owned(souk_message) message = taken;
    if (souk_message_send(&message, zsock_resolve(link->socket)))
        link->beat_ms = souk_clock_ms();
}

static void connect_anew(souk_link_t *link)
{
    zsock_destroy(&link->socket);
    link->socket = zsock_new(ZMQ_DEALER);
    assert(link->socket);
    zsock_set_linger(link->socket, LINGER_MS);
    zsock_set_sndhwm(link->socket, 0);
    zsock_set_rcvhwm(link->socket, 0);
    zsock_connect(link->socket, "%s", link->broker);
    link->connection++;
    link->refused = false;
    link->connected_ms = link->heard_ms = link->beat_ms = souk_clock_ms();

    char credit[16];
    snprintf(credit, sizeof credit, "%d", link->credit);
    souk_message_t *ready = command(SOUK_MDP_READY);
    souk_message_add_text(ready, link->service);
    souk_message_add_text(ready, credit);
    put(link, ready);
}

souk_link_t *souk_link_new(const char *broker, const char *service, int credit, int heartbeat_ms)
{
    souk_link_t *link = souk_sure(calloc(1, sizeof *link));
    *link = (souk_link_t){
        .broker = broker,
        .service = service,
        .credit = credit,
        .heartbeat_ms = heartbeat_ms,
    };
    connect_anew(link);
    return link;
}

void souk_link_destroy(souk_link_t **self)
{
    if (!*self)
        return;
    zsock_destroy(&(*self)->socket);
    free(*self);
    *self = NULL;
}

void *souk_link_socket(souk_link_t *link)
{
    return zsock_resolve(link->socket);
}

static bool is_command(const souk_message_t *message, const char *name)
{
    return souk_message_is(message, 2, name);
}

/* [empty][MDPW01][REQUEST][ticket][empty][body]...: the body, or NULL for what is not that. */
static souk_message_t *take_request(souk_link_t *link, souk_message_t *message, souk_return_t *to)
{
    if (message->count <= HEADER_FRAMES + 2 || souk_message_frame(message, 4).size != 0)
        return NULL;
    souk_bytes_t ticket = souk_message_frame(message, 3);
    if (ticket.size > sizeof to->ticket)
        return NULL;

    to->connection = link->connection;
    to->size = ticket.size;
    memcpy(to->ticket, ticket.data, ticket.size);
    souk_message_t *body = souk_message_new();
    souk_message_add_rest(body, message, HEADER_FRAMES + 2);
    return body;
}

/* A broker that was restarted is joined again at once. One that refuses for good is not asked more
   often than it is told anything. */
static void take_disconnect(souk_link_t *link)
{
    if (link->leaving)
        link->gone = true;
    else if (souk_clock_ms() - link->connected_ms >= link->heartbeat_ms)
        connect_anew(link);
    else
        link->refused = true;
}

/* What came from the broker; a request's body is returned, all else is dealt with here. */
static souk_message_t *take(souk_link_t *link, souk_message_t *message, souk_return_t *to)
{
    if (message->count < HEADER_FRAMES || souk_message_frame(message, 0).size != 0 ||
        !souk_message_is(message, 1, SOUK_MDP_WORKER))
        return NULL;
    link->heard_ms = souk_clock_ms();
    if (is_command(message, SOUK_MDP_REQUEST))
        return take_request(link, message, to);
    if (is_command(message, SOUK_MDP_DISCONNECT))
        take_disconnect(link);
    return NULL;
}

souk_message_t *souk_link_next(souk_link_t *link, souk_return_t *to)
{
    while (true) {
        owned(souk_message) message = souk_message_receive(zsock_resolve(link->socket));
        if (!message && errno != EMSGSIZE)
            return NULL;
        souk_message_t *body = message ? take(link, message, to) : NULL;
        if (body)
            return body;
    }
}

void souk_link_reply(souk_link_t *link, const souk_return_t *to, souk_message_t **frames)
{
    if (to->connection == link->connection) {
        souk_message_t *reply = command(SOUK_MDP_REPLY);
        souk_message_add(reply, (souk_bytes_t){ to->ticket, to->size });
        souk_message_add(reply, (souk_bytes_t){ "", 0 });
        souk_message_add_rest(reply, *frames, 0);
        put(link, reply);
    }
    souk_message_destroy(frames);
}

/* What has arrived and was not read yet, since a statement took its time, is no silence. */
static bool is_silent(souk_link_t *link, int64_t now_ms)
{
    if (zsock_events(link->socket) & ZMQ_POLLIN)
        link->heard_ms = now_ms;
    return now_ms - link->heard_ms > (int64_t)link->heartbeat_ms * SILENT_BEATS;
}

void souk_link_tick(souk_link_t *link)
{
    int64_t now_ms = souk_clock_ms();
    bool lost = link->refused || is_silent(link, now_ms);
    if (lost && link->leaving)
        link->gone = true;
    else if (lost)
        connect_anew(link);
    if (link->leaving || now_ms - link->beat_ms >= link->heartbeat_ms)
        put(link, command(SOUK_MDP_HEARTBEAT));
}

/* The heartbeat is a question: a broker that has nothing more for this worker answers that it does
   not know it. Until then requests may be on their way. */
void souk_link_leave(souk_link_t *link)
{
    link->leaving = true;
    put(link, command(SOUK_MDP_DISCONNECT));
    put(link, command(SOUK_MDP_HEARTBEAT));
}

bool souk_link_gone(const souk_link_t *link)
{
    return link->gone;
}
