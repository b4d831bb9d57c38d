/* Connections as the edge sees them beside libmicrohttpd: who comes when there is no room is sent
   away, who takes too long is cut off, and who is refused in the middle of a body is read out, so
   that the answer arrives before the reset. */
#ifndef SOUK_CONNECTIONS_H
#define SOUK_CONNECTIONS_H

#include <microhttpd.h>

#include "../lib/base.h"

enum {
    /* Of each, for its head and what is read ahead. libmicrohttpd writes all of it after each
       request, so an idle connection weighs as much. */
    SOUK_CONNECTION_MEMORY = 16 << 10,
    SOUK_LINGERING_MAX = 64, /* connections being read out */
};

typedef struct souk_connection {
    int fd;
    bool listed;
    bool lingers;
    int64_t since_ms; /* when the client's turn to send or to read began */
    struct souk_connection *prev, *next;
} souk_connection_t;

typedef struct {
    size_t count, max;
    int turn_ms; /* how long a client may take to send one request or to read one answer */
    souk_connection_t *clients_turn; /* those whose client has to move, the longest first */
    size_t lingering_count;
    struct {
        int fd;
        int64_t until_ms;
    } lingering[SOUK_LINGERING_MAX];
    int epoll; /* readable where one that is read out has something */
} souk_connections_t;

/* False: no descriptors are left. */
must_check bool souk_connections_open(souk_connections_t *connections, size_t max, int turn_ms);
void souk_connections_close(souk_connections_t *connections);

/* For MHD_start_daemon, with a souk_connections_t: whether there is room for one more. */
enum MHD_Result souk_connections_admit(void *connections, const struct sockaddr *address,
    socklen_t size);
/* For MHD_OPTION_NOTIFY_CONNECTION, with a souk_connections_t. */
void souk_connections_notify(void *connections, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code);
souk_connection_t *souk_connection_of(struct MHD_Connection *connection);

/* The client has to send, or to read; from now on it has turn_ms. */
void souk_connection_clients_turn(souk_connections_t *connections, souk_connection_t *connection);
/* It waits for the edge. */
void souk_connection_edges_turn(souk_connections_t *connections, souk_connection_t *connection);

/* Cuts off who took too long; reads out those that linger. */
void souk_connections_tend(souk_connections_t *connections);

#endif
