/* What product reads are held against: one constant answer, served by the same libmicrohttpd in the
   same way as the edge serves its own (http-edge/edge.c): the same socket, flags and limits, one
   thread, and the loop is ours. */
#include <microhttpd.h>
#include <poll.h>
#include <stdlib.h>

#include "../http-edge/connections.h"
#include "../http-edge/listen.h"
#include "../lib/settings.h"
#include "load.h"

enum {
    WAIT_MS = 200,
};

/* As the edge: the answer is queued when the whole request is there. */
static enum MHD_Result answer(void *page, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload, size_t *upload_size,
    void **context)
{
    if (!*context) {
        *context = page;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, page);
}

static struct MHD_Daemon *start(int port, struct MHD_Response *page)
{
    owned(souk_pool) pool = souk_pool_new();
    struct souk_edge_settings settings;
    const char *why;
    int socket = -1;

    if (!souk_settings_read(&souk_edge_settings_record, &settings, pool, &why))
        bench_fail("%s", why);
    settings.host = "127.0.0.1";
    settings.port = port;
    socket = souk_listen(&settings, pool, &why);
    if (socket < 0)
        bench_fail("%s", why);
    souk_raise_descriptors();
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, answer, page,
        MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)settings.connections_max + 1, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)settings.connections_per_ip_max, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)settings.idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)SOUK_CONNECTION_MEMORY, MHD_OPTION_END);
}

_Noreturn static void serve(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd readable = { .fd = info->epoll_fd, .events = POLLIN };

    while (true) {
        unsigned long long wait_ms;
        if (MHD_get_timeout(daemon, &wait_ms) != MHD_YES || wait_ms > WAIT_MS)
            wait_ms = WAIT_MS;
        poll(&readable, 1, (int)wait_ms);
        MHD_run(daemon);
    }
}

static struct MHD_Response *read_page(const char *path)
{
    static char body[65536];
    FILE *stream = fopen(path, "rb");
    if (!stream)
        bench_fail("%s: %m", path);
    size_t size = fread(body, 1, sizeof body, stream);
    fclose(stream);
    return MHD_create_response_from_buffer(size, body, MHD_RESPMEM_PERSISTENT);
}

int main(int argc, char **argv)
{
    if (argc < 3 || argc % 2 == 0)
        bench_fail("usage: bench-page PORT FILE-OF-BODY [HEADER VALUE]...");
    bench_end_with_parent();
    struct MHD_Response *page = read_page(argv[2]);
    for (int i = 3; i < argc; i += 2)
        MHD_add_response_header(page, argv[i], argv[i + 1]);
    struct MHD_Daemon *daemon = start(atoi(argv[1]), page);
    if (!daemon)
        bench_fail("libmicrohttpd does not start");
    serve(daemon);
}
