/* The connections of a load over HTTP: each has one request under way, or is idle. Every answer is
   counted by its status, to the last one. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "../lib/memory.h"
#include "http.h"

enum {
    SILENCE_US = 10 * 1000 * 1000, /* without any answer, the load has failed */
    EVENTS = 64,
};

static void open_connection(bench_buyer_t *buyer, bench_connection_t *connection, int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };
    int yes = 1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection->fd, (struct sockaddr *)&address, sizeof address) != 0)
        bench_fail("port %d: %m", port);
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    epoll_ctl(buyer->epoll, EPOLL_CTL_ADD, connection->fd, &event);
}

void bench_buyer_open(bench_buyer_t *buyer, int port, size_t connections)
{
    bench_connection_t *all = souk_sure(calloc(connections, sizeof *all));
    buyer->idle = souk_sure(calloc(connections, sizeof(bench_connection_t *)));
    buyer->epoll = epoll_create1(0);
    for (size_t i = 0; i < connections; i++) {
        open_connection(buyer, &all[i], port);
        buyer->idle[buyer->idle_count++] = &all[i];
    }
}

/* The connection is idle, so a request of this size always fits its buffer. */
void bench_buyer_ask(bench_buyer_t *buyer, int64_t since_us)
{
    bench_connection_t *connection = buyer->idle[--buyer->idle_count];
    char request[BENCH_REQUEST_MAX];
    int size = buyer->kind->write(buyer, request);
    if (size >= BENCH_REQUEST_MAX)
        bench_fail("a request has %d bytes", size);
    connection->size = 0;
    connection->since_us = since_us;
    if (send(connection->fd, request, (size_t)size, MSG_NOSIGNAL) != size)
        bench_fail("cannot send a request: %m");
    if (buyer->under_way++ == 0)
        buyer->heard_us = bench_now_us();
}

/* The whole size of the answer; 0: its head is not all there yet. */
static size_t answer_size(const bench_connection_t *connection)
{
    const char *end = strstr(connection->answer, "\r\n\r\n");
    if (!end)
        return 0;
    const char *length = strcasestr(connection->answer, "\r\nContent-Length:");
    if (!length || length > end)
        bench_fail("an answer without Content-Length: %s", connection->answer);
    size_t head = (size_t)(end - connection->answer) + strlen("\r\n\r\n");
    return head + strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
}

/* Whether an answer is complete. */
static bool receive(bench_connection_t *connection)
{
    ssize_t size = recv(connection->fd, connection->answer + connection->size,
        BENCH_ANSWER_MAX - connection->size, MSG_DONTWAIT);
    if (size <= 0)
        bench_fail("a connection was closed: %m");
    connection->size += (size_t)size;
    connection->answer[connection->size] = '\0';

    size_t whole = answer_size(connection);
    if (whole > BENCH_ANSWER_MAX || (whole && connection->size > whole))
        bench_fail("an answer has more bytes than it should: %zu", connection->size);
    return whole && connection->size == whole;
}

static void count(bench_buyer_t *buyer, bench_connection_t *connection)
{
    int status = atoi(connection->answer + strlen("HTTP/1.1 "));
    buyer->under_way--;
    buyer->heard_us = bench_now_us();
    buyer->idle[buyer->idle_count++] = connection;
    buyer->statuses[status > 0 && status < BENCH_STATUSES ? status : 0]++;
    if (status == buyer->kind->expected) {
        bench_load_answered(&buyer->load, connection->since_us);
    } else if (!buyer->complained) {
        fprintf(stderr, "bench: the first of the wrong answers: %s\n", connection->answer);
        buyer->complained = true;
    }
}

static struct timespec time_left(int64_t until_us)
{
    int64_t left_us = until_us - bench_now_us();
    left_us = left_us > 0 ? left_us : 0;
    return (struct timespec){ left_us / 1000000, left_us % 1000000 * 1000 };
}

void bench_buyer_wait(bench_buyer_t *buyer, int64_t until_us)
{
    struct epoll_event events[EVENTS];
    int64_t silent_us = buyer->heard_us + SILENCE_US;
    struct timespec left =
        time_left(buyer->under_way && silent_us < until_us ? silent_us : until_us);
    int ready = epoll_pwait2(buyer->epoll, events, EVENTS, &left, NULL);

    if (ready < 0)
        bench_fail("cannot wait: %m");
    for (int i = 0; i < ready; i++)
        if (receive(events[i].data.ptr))
            count(buyer, events[i].data.ptr);
    if (buyer->under_way && bench_now_us() - buyer->heard_us > SILENCE_US)
        bench_fail("no answer for %d s, %zu are awaited", SILENCE_US / 1000000, buyer->under_way);
}
