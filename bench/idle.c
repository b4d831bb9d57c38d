/* Connections that have been served once and then stay open without a word, as a crowd of browsers
   keeps them; and whether the edge still serves them afterwards. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/memory.h"
#include "load.h"

enum {
    ANSWER_MAX = 65536,
    SILENCE_S = 10, /* without an answer, the edge does not serve this connection */
    AT_ONCE = 64,
    EVERY = 100, /* of so many, one is served again at the end */
};

static void raise_descriptors(size_t connections)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < connections + 16)
        bench_fail("%zu connections need as many descriptors, and %lu are allowed (ulimit -Hn)",
            connections, (unsigned long)limit.rlim_cur);
}

static int open_connection(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    struct timeval patience = { .tv_sec = SILENCE_S };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        bench_fail("port %d: %m", port);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

static void ask(int fd, const char *sku)
{
    char request[256];
    int size = snprintf(request, sizeof request,
        "GET /v1/products/%s HTTP/1.1\r\nHost: shop\r\n\r\n", sku);
    if (send(fd, request, (size_t)size, MSG_NOSIGNAL) != size)
        bench_fail("cannot send a request: %m");
}

/* Where the whole answer ends; 0: its head is not all there yet. */
static size_t answer_size(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");
    const char *length = strcasestr(answer, "\r\nContent-Length:");
    if (!end)
        return 0;
    if (!length || length > end)
        bench_fail("an answer without Content-Length: %s", answer);
    return (size_t)(end + 4 - answer) + strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
}

static void expect_answer(int fd)
{
    static char answer[ANSWER_MAX + 1];
    size_t size = 0, whole = 0;

    while (!whole || size < whole) {
        ssize_t more = recv(fd, answer + size, ANSWER_MAX - size, 0);
        if (more <= 0)
            bench_fail("no answer: %s", more == 0 ? "the connection was closed" : strerror(errno));
        size += (size_t)more;
        answer[size] = '\0';
        whole = answer_size(answer);
    }
    if (strncmp(answer, "HTTP/1.1 200 ", strlen("HTTP/1.1 200 ")) != 0)
        bench_fail("not the answer of a product: %s", answer);
}

/* Every so many-th of them, some at once. */
static void serve_all(const int *fds, size_t count, size_t step, const bench_lines_t *skus)
{
    for (size_t from = 0; from < count; from += AT_ONCE * step) {
        size_t to = from + AT_ONCE * step < count ? from + AT_ONCE * step : count;
        for (size_t i = from; i < to; i += step)
            ask(fds[i], skus->lines[i % skus->count]);
        for (size_t i = from; i < to; i += step)
            expect_answer(fds[i]);
    }
}

/* Nothing was asked, so all that can come is that the edge has hung up. */
static size_t count_open(const int *fds, size_t count)
{
    size_t open = 0;
    for (size_t i = 0; i < count; i++)
        open += poll(&(struct pollfd){ .fd = fds[i], .events = POLLIN }, 1, 0) == 0;
    return open;
}

/* Whoever measures looks at the edge now, and says when that is done by ending our input. */
static void wait_to_be_told(void)
{
    fflush(stdout);
    while (getchar() != EOF)
        continue;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        bench_fail("usage: bench-idle PORT CONNECTIONS FILE-OF-SKUS");
    size_t count = strtoul(argv[2], NULL, 10);
    int *fds = souk_sure(calloc(count, sizeof *fds));
    bench_lines_t skus = bench_read_lines(argv[3]);

    bench_end_with_parent();
    raise_descriptors(count);
    for (size_t i = 0; i < count; i++)
        fds[i] = open_connection(atoi(argv[1]));
    serve_all(fds, count, 1, &skus);
    printf("{\"open\": %zu}\n", count_open(fds, count));
    wait_to_be_told();
    printf("{\"open\": %zu}\n", count_open(fds, count));
    serve_all(fds, count, EVERY, &skus);
    return 0;
}
