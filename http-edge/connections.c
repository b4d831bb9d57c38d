/* Room for so many clients and no more, time limits for those that move too slowly for
   libmicrohttpd to see that they are idle, and the lingering close. */
#include "connections.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utlist.h>

#include "../lib/memory.h"

enum {
    LINGER_MS = 1000,
    READ_SIZE = 64 << 10,
    READS_MAX = 16, /* of one connection in one turn */
};

bool souk_connections_open(souk_connections_t *connections, size_t max, int turn_ms)
{
    *connections = (souk_connections_t){
        .max = max,
        .turn_ms = turn_ms,
        .epoll = epoll_create1(EPOLL_CLOEXEC),
    };
    return connections->epoll >= 0;
}

void souk_connections_close(souk_connections_t *connections)
{
    for (size_t i = 0; i < connections->lingering_count; i++)
        close(connections->lingering[i].fd);
    if (connections->epoll >= 0)
        close(connections->epoll);
    *connections = (souk_connections_t){ .epoll = -1 };
}

enum MHD_Result souk_connections_admit(void *of, const struct sockaddr *address, socklen_t size)
{
    const souk_connections_t *connections = of;

    (void)address, (void)size;
    return connections->count < connections->max ? MHD_YES : MHD_NO;
}

static souk_connection_t *open_connection(struct MHD_Connection *connection)
{
    souk_connection_t *opened = souk_sure(calloc(1, sizeof *opened));

    opened->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    return opened;
}

/* libmicrohttpd closes its descriptor at once, which makes the system reset a connection whose
   client is still sending, and the client may never see what it was told. */
static void linger(souk_connections_t *connections, int closing_fd)
{
    struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP };
    int fd;

    if (connections->lingering_count == SOUK_LINGERING_MAX || (fd = dup(closing_fd)) < 0)
        return;
    shutdown(fd, SHUT_WR);
    if (epoll_ctl(connections->epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
        close(fd);
        return;
    }
    connections->lingering[connections->lingering_count].fd = fd;
    connections->lingering[connections->lingering_count++].until_ms = souk_clock_ms() + LINGER_MS;
}

void souk_connections_notify(void *of, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code)
{
    souk_connections_t *connections = of;
    souk_connection_t *it = *context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        connections->count++;
        *context = it = open_connection(connection);
        souk_connection_clients_turn(connections, it);
        return;
    }
    connections->count--;
    souk_connection_edges_turn(connections, it);
    if (it->lingers)
        linger(connections, it->fd);
    free(it);
    *context = NULL;
}

souk_connection_t *souk_connection_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

void souk_connection_clients_turn(souk_connections_t *connections, souk_connection_t *connection)
{
    souk_connection_edges_turn(connections, connection);
    connection->since_ms = souk_clock_ms();
    connection->listed = true;
    DL_APPEND(connections->clients_turn, connection);
}

void souk_connection_edges_turn(souk_connections_t *connections, souk_connection_t *connection)
{
    if (connection->listed)
        DL_DELETE(connections->clients_turn, connection);
    connection->listed = false;
}

/* False once there is nothing more to come. */
static bool read_out(int fd)
{
    static char unread[READ_SIZE];
    ssize_t size = 1;

    for (int i = 0; i < READS_MAX && size > 0; i++)
        size = recv(fd, unread, sizeof unread, MSG_DONTWAIT | MSG_TRUNC);
    return size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR));
}

static void tend_lingering(souk_connections_t *connections, int64_t now_ms)
{
    for (size_t i = connections->lingering_count; i-- > 0;) {
        int fd = connections->lingering[i].fd;
        if (read_out(fd) && connections->lingering[i].until_ms > now_ms)
            continue;
        close(fd);
        connections->lingering[i] = connections->lingering[--connections->lingering_count];
    }
}

/* libmicrohttpd learns of it as of any client that has gone. */
static void cut_off_slow(souk_connections_t *connections, int64_t now_ms)
{
    souk_connection_t *slowest;

    while ((slowest = connections->clients_turn) &&
        now_ms - slowest->since_ms > connections->turn_ms) {
        shutdown(slowest->fd, SHUT_RDWR);
        souk_connection_edges_turn(connections, slowest);
    }
}

void souk_connections_tend(souk_connections_t *connections)
{
    int64_t now_ms = souk_clock_ms();

    tend_lingering(connections, now_ms);
    cut_off_slow(connections, now_ms);
}
