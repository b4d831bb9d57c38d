/* Makes the listening socket. */
#include "listen.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BACKLOG = 4096
};

static bool bind_and_listen(int fd, const struct addrinfo *address, bool share_port)
{
    int on = 1;

    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
        return false;
    if (share_port && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) < 0)
        return false;
    return bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0;
}

static int open_socket(const struct addrinfo *address, bool share_port)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd >= 0 && !bind_and_listen(fd, address, share_port)) {
        int reason = errno;
        close(fd);
        errno = reason;
        fd = -1;
    }
    return fd;
}

int souk_listen(const struct souk_edge_settings *settings, souk_pool_t *pool, const char **why)
{
    struct addrinfo wanted = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    struct addrinfo *found = NULL;
    char port[8];
    int failure, fd;

    snprintf(port, sizeof port, "%d", settings->port);
    failure = getaddrinfo(settings->host, port, &wanted, &found);
    if (failure) {
        *why = souk_pool_format(pool, "host %s: %s", settings->host, gai_strerror(failure));
        return -1;
    }
    fd = open_socket(found, settings->share_port);
    freeaddrinfo(found);
    if (fd < 0)
        *why = errno == EADDRINUSE
            ? souk_pool_format(pool,
                  "port %d of %s is taken by another process (SOUK_HTTP_PORT "
                  "chooses another)",
                  settings->port, settings->host)
            : souk_pool_format(pool, "%s port %d: %s", settings->host, settings->port,
                  strerror(errno));
    return fd;
}

size_t souk_raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 1024;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0 && getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 1024;
    return (size_t)limit.rlim_cur;
}
