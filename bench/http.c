/* A load over HTTP: so many connections, each with one request under way at any time, placing
   orders or reading products. Every answer is counted by its status, to the last one. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/memory.h"
#include "load.h"

enum {
    REQUEST_MAX = 1024,
    ANSWER_MAX = 65536,
    CONNECTIONS_MAX = 4096,
    STATUSES = 600,
    SILENCE_MS = 10000, /* without any answer, the load has failed */
};

typedef struct {
    int fd;
    int64_t asked_us;
    size_t size; /* of what has come of the answer */
    char answer[ANSWER_MAX + 1];
} connection_t;

typedef struct buyer buyer_t;

/* One kind of load: what it asks and which status it expects. */
typedef struct {
    const char *name;
    int expected;
    int (*write)(buyer_t *buyer, char *request);
} kind_t;

struct buyer {
    bench_load_t load;
    const kind_t *kind;
    bench_lines_t skus;
    bench_lines_t tokens;
    int epoll;
    size_t under_way;
    uint64_t statuses[STATUSES];
    bool complained;
};

static int write_order(buyer_t *buyer, char *request, const char *lines)
{
    char body[REQUEST_MAX / 2];
    int size =
        snprintf(body, sizeof body, "{\"lines\":[%s],\"payment_method\":\"pm_sim_ok\"}", lines);
    return snprintf(request, REQUEST_MAX,
        "POST /v1/orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"
        "Authorization: Bearer %s\r\nIdempotency-Key: %016lx%016lx\r\nContent-Length: %d\r\n\r\n%s",
        buyer->tokens.lines[bench_draw(&buyer->load, buyer->tokens.count)],
        bench_draw(&buyer->load, UINT64_MAX), bench_draw(&buyer->load, UINT64_MAX), size, body);
}

/* One SKU of each half, as the yardstick's spread.sql draws them. */
static int write_spread_order(buyer_t *buyer, char *request)
{
    char lines[REQUEST_MAX / 4];
    size_t half = buyer->skus.count / 2;
    snprintf(lines, sizeof lines, "{\"sku\":\"%s\",\"quantity\":1},{\"sku\":\"%s\",\"quantity\":1}",
        buyer->skus.lines[bench_draw(&buyer->load, half)],
        buyer->skus.lines[half + bench_draw(&buyer->load, half)]);
    return write_order(buyer, request, lines);
}

/* The same SKU for everybody, as the yardstick's hot.sql. */
static int write_hot_order(buyer_t *buyer, char *request)
{
    char lines[REQUEST_MAX / 4];
    snprintf(lines, sizeof lines, "{\"sku\":\"%s\",\"quantity\":1}", buyer->skus.lines[0]);
    return write_order(buyer, request, lines);
}

static int write_look(buyer_t *buyer, char *request)
{
    return snprintf(request, REQUEST_MAX, "GET /v1/products/%s HTTP/1.1\r\nHost: shop\r\n\r\n",
        buyer->skus.lines[bench_draw(&buyer->load, buyer->skus.count)]);
}

static const kind_t kinds[] = {
    { "orders", 201, write_spread_order },
    { "hot", 201, write_hot_order },
    { "products", 200, write_look },
};

static const kind_t *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    bench_fail("no such load: %s", name);
}

/* The connection is idle, so a request of this size always fits its buffer. */
static void ask(buyer_t *buyer, connection_t *connection)
{
    char request[REQUEST_MAX];
    int size = buyer->kind->write(buyer, request);
    if (size >= REQUEST_MAX)
        bench_fail("a request has %d bytes", size);
    connection->size = 0;
    connection->asked_us = bench_now_us();
    if (send(connection->fd, request, (size_t)size, MSG_NOSIGNAL) != size)
        bench_fail("cannot send a request: %m");
    buyer->under_way++;
}

static void open_connection(buyer_t *buyer, connection_t *connection, int port)
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

/* The whole size of the answer; 0: its head is not all there yet. */
static size_t answer_size(const connection_t *connection)
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
static bool receive(connection_t *connection)
{
    ssize_t size = recv(connection->fd, connection->answer + connection->size,
        ANSWER_MAX - connection->size, MSG_DONTWAIT);
    if (size <= 0)
        bench_fail("a connection was closed: %m");
    connection->size += (size_t)size;
    connection->answer[connection->size] = '\0';

    size_t whole = answer_size(connection);
    if (whole > ANSWER_MAX || (whole && connection->size > whole))
        bench_fail("an answer has more bytes than it should: %zu", connection->size);
    return whole && connection->size == whole;
}

static void count(buyer_t *buyer, const connection_t *connection)
{
    int status = atoi(connection->answer + strlen("HTTP/1.1 "));
    buyer->under_way--;
    buyer->statuses[status > 0 && status < STATUSES ? status : 0]++;
    if (status == buyer->kind->expected) {
        bench_load_answered(&buyer->load, connection->asked_us);
    } else if (!buyer->complained) {
        fprintf(stderr, "bench: the first of the wrong answers: %s\n", connection->answer);
        buyer->complained = true;
    }
}

static void serve(buyer_t *buyer)
{
    struct epoll_event events[64];
    int ready = epoll_wait(buyer->epoll, events, 64, SILENCE_MS);
    if (ready <= 0)
        bench_fail("no answer for %d ms, %zu are awaited", SILENCE_MS, buyer->under_way);
    for (int i = 0; i < ready; i++) {
        connection_t *connection = events[i].data.ptr;
        if (!receive(connection))
            continue;
        count(buyer, connection);
        if (bench_load_goes_on(&buyer->load))
            ask(buyer, connection);
    }
}

static bool print(buyer_t *buyer)
{
    const char *comma = "";
    uint64_t wrong = 0;
    printf("{");
    bench_load_print(&buyer->load, stdout);
    printf(", \"statuses\": {");
    for (int status = 0; status < STATUSES; status++) {
        if (buyer->statuses[status] == 0)
            continue;
        printf("%s\"%d\": %lu", comma, status, buyer->statuses[status]);
        comma = ", ";
        wrong += status == buyer->kind->expected ? 0 : buyer->statuses[status];
    }
    printf("}}\n");
    return wrong == 0;
}

int main(int argc, char **argv)
{
    if (argc != 8)
        bench_fail("usage: bench-http PORT orders|hot|products CONNECTIONS WARM-UP-SECONDS SECONDS "
                   "FILE-OF-SKUS FILE-OF-TOKENS");
    size_t connections = strtoul(argv[3], NULL, 10);
    if (connections < 1 || connections > CONNECTIONS_MAX)
        bench_fail("1 to %d connections", CONNECTIONS_MAX);

    bench_end_with_parent();
    buyer_t buyer = { .kind = find_kind(argv[2]), .epoll = epoll_create1(0) };
    buyer.skus = bench_read_lines(argv[6]);
    buyer.tokens = bench_read_lines(argv[7]);
    connection_t *all = souk_sure(calloc(connections, sizeof *all));
    for (size_t i = 0; i < connections; i++)
        open_connection(&buyer, &all[i], atoi(argv[1]));

    bench_load_start(&buyer.load, atof(argv[4]), atof(argv[5]));
    for (size_t i = 0; i < connections; i++)
        ask(&buyer, &all[i]);
    while (buyer.under_way > 0)
        serve(&buyer);
    return print(&buyer) ? 0 : 1;
}
