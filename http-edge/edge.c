/* The edge's one thread: libmicrohttpd and the bus in one loop. */
#include "edge.h"

#include "../lib/log.h"
#include "../lib/settings.h"
#include "directory.h"
#include "listen.h"
#include "readiness.h"
#include "request.h"

enum {
    BROKERS_MAX = 8,
    OWN_DESCRIPTORS = 64, /* kept for the bus and for files */
    TEND_MS = 200, /* how often slow clients are looked for */
    LAST_TURNS = 8,
};

/* Targets are taken apart first and decoded afterwards, by us. */
static size_t leave_encoded(void *argument, struct MHD_Connection *connection, char *text)
{
    (void)argument, (void)connection;
    return strlen(text);
}

static size_t connections_max(const struct souk_edge_settings *settings)
{
    size_t descriptors = souk_raise_descriptors(), most = (size_t)settings->connections_max;

    return most + OWN_DESCRIPTORS > descriptors ? descriptors - OWN_DESCRIPTORS : most;
}

/* Nobody takes all of them: whoever comes from elsewhere still finds room. */
static size_t per_ip_max(const souk_edge_t *edge)
{
    size_t most = (size_t)edge->settings->connections_per_ip_max;

    return most ? most : edge->connections.max - edge->connections.max / 4;
}

/* At its own limit libmicrohttpd lets others wait without a word; so its limit is never reached. */
static struct MHD_Daemon *start_daemon(souk_edge_t *edge, int socket)
{
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, souk_connections_admit,
        &edge->connections, souk_request_handle, edge, MHD_OPTION_LISTEN_SOCKET, socket,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)edge->connections.max + 1,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)per_ip_max(edge),
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)edge->settings->idle_s,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SOUK_CONNECTION_MEMORY,
        MHD_OPTION_NOTIFY_COMPLETED, souk_request_done, edge, MHD_OPTION_NOTIFY_CONNECTION,
        souk_connections_notify, &edge->connections, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded,
        NULL, MHD_OPTION_URI_LOG_CALLBACK, souk_request_new, edge, MHD_OPTION_END);
}

static void take_answers(souk_edge_t *edge)
{
    souk_answer_t answer;
    while (souk_client_next(edge->client, &answer)) {
        souk_tag_t *tag = answer.tag;
        tag->take(tag, &answer);
    }
}

static long until_next(const souk_edge_t *edge)
{
    int wait_ms = souk_directory_wait_ms(edge->directory);
    int client_ms = souk_client_wait_ms(edge->client);
    unsigned long long http_ms;
    wait_ms = wait_ms < TEND_MS ? wait_ms : TEND_MS;
    if (client_ms >= 0 && client_ms < wait_ms)
        wait_ms = client_ms;
    if (MHD_get_timeout(edge->daemon, &http_ms) == MHD_YES && http_ms < (unsigned)wait_ms)
        wait_ms = (int)http_ms;
    return wait_ms;
}

/* True where the pipe has something to say. */
static bool wait_for_news(souk_edge_t *edge)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(edge->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    zmq_pollitem_t items[3 + BROKERS_MAX] = {
        { .socket = zsock_resolve(edge->pipe), .events = ZMQ_POLLIN },
        { .fd = info->epoll_fd, .events = ZMQ_POLLIN },
        { .fd = edge->connections.epoll, .events = ZMQ_POLLIN },
    };
    size_t count = 3 + souk_client_poll(edge->client, items + 3, BROKERS_MAX);
    zmq_poll(items, (int)count, until_next(edge));
    return items[0].revents & ZMQ_POLLIN;
}

static void turn(souk_edge_t *edge)
{
    take_answers(edge);
    souk_requests_resume(edge);
    MHD_run(edge->daemon);
    souk_ask_joined(edge);
    souk_requests_resume(edge);
    souk_directory_turn(edge->directory);
    souk_readiness_turn(edge->readiness, edge->directory);
    souk_connections_tend(&edge->connections);
}

static void stop_listening(souk_edge_t *edge)
{
    MHD_socket listening = MHD_quiesce_daemon(edge->daemon);

    if (listening != MHD_INVALID_SOCKET)
        close(listening);
    edge->stopping = true;
}

/* Until told to stop, and then until nobody is being served or the time for that is up. */
static void run(souk_edge_t *edge)
{
    int64_t until_ms = INT64_MAX;

    while (!edge->stopping || (edge->under_way && souk_clock_ms() < until_ms)) {
        if (wait_for_news(edge)) {
            zmsg_t *order = zmsg_recv(edge->pipe);
            zmsg_destroy(&order);
            if (!edge->stopping) {
                until_ms = souk_clock_ms() + edge->settings->stop_ms;
                stop_listening(edge);
            }
        }
        turn(edge);
    }
}

/* libmicrohttpd does not stop while connections are suspended; those that take their answer at once
   still get it. */
static void give_up(souk_edge_t *edge)
{
    if (edge->under_way)
        souk_log(SOUK_LOG_WARNING, "edge", "given_up=%zu", edge->under_way);
    edge->given_up = true;
    souk_requests_give_up(edge);
    souk_requests_resume(edge);
    for (int i = 0; i < LAST_TURNS && edge->under_way; i++)
        MHD_run(edge->daemon);
}

static bool open_edge(souk_edge_t *edge)
{
    owned(souk_pool) pool = souk_pool_new();
    const char *why = "no descriptors are left";
    char buffer[SOUK_EDGE_LOG_SIZE];
    int socket = souk_listen(edge->settings, pool, &why);
    if (socket >= 0 &&
        souk_connections_open(&edge->connections, connections_max(edge->settings),
            edge->settings->idle_s * 1000)) {
        edge->client = souk_client_new(souk_settings.brokers);
        edge->directory = souk_directory_new(edge->settings, edge->client);
        edge->readiness = souk_readiness_new(edge->settings, edge->client);
        edge->daemon = start_daemon(edge, socket);
        why = "libmicrohttpd does not start";
    }
    if (edge->daemon)
        return true;
    souk_log(SOUK_LOG_ERROR, "edge", "listening=no why=%s",
        souk_log_value(why, buffer, sizeof buffer));
    if (socket >= 0)
        close(socket);
    return false;
}

static void close_edge(souk_edge_t *edge)
{
    if (edge->daemon)
        MHD_stop_daemon(edge->daemon);
    souk_connections_close(&edge->connections);
    souk_readiness_destroy(&edge->readiness);
    souk_directory_destroy(&edge->directory);
    souk_client_destroy(&edge->client);
}

void souk_edge_actor(zsock_t *pipe, void *args)
{
    const struct souk_edge_settings settings = *(const struct souk_edge_settings *)args;
    souk_edge_t edge = { .settings = &settings, .pipe = pipe, .connections.epoll = -1 };
    bool open = open_edge(&edge);
    zsock_signal(pipe, open ? 0 : (byte)-1);
    if (open) {
        souk_log(SOUK_LOG_INFO, "edge", "listening=yes host=%s port=%d", settings.host,
            settings.port);
        run(&edge);
        give_up(&edge);
    }
    close_edge(&edge);
}
