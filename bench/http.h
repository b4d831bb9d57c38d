/* A load over HTTP, in three files: what is asked (http_kinds.c), over what (http_connections.c),
   and when (http.c). */
#ifndef BENCH_HTTP_H
#define BENCH_HTTP_H

#include "load.h"

enum {
    BENCH_REQUEST_MAX = 1024,
    BENCH_ANSWER_MAX = 65536,
    BENCH_STATUSES = 600,
};

typedef struct {
    int fd;
    int64_t since_us; /* when what is under way was sent, or should have been */
    size_t size; /* of what has come of the answer */
    char answer[BENCH_ANSWER_MAX + 1];
} bench_connection_t;

typedef struct bench_buyer bench_buyer_t;

/* One kind of load: what it asks and which status it expects. */
typedef struct {
    const char *name;
    int expected;
    int (*write)(bench_buyer_t *buyer, char *request);
} bench_kind_t;

struct bench_buyer {
    bench_load_t load;
    const bench_kind_t *kind;
    bench_lines_t skus;
    bench_lines_t tokens;
    int epoll;
    bench_connection_t **idle;
    size_t idle_count;
    size_t under_way;
    int64_t heard_us; /* when the last answer came */
    uint64_t statuses[BENCH_STATUSES];
    bool complained;
};

/* Fails where there is none of this name. */
const bench_kind_t *bench_find_kind(const char *name);

/* So many connections to a port of this machine, all idle. */
void bench_buyer_open(bench_buyer_t *buyer, int port, size_t connections);
/* Sends a request over one of the idle connections; its time counts from since_us. */
void bench_buyer_ask(bench_buyer_t *buyer, int64_t since_us);
/* Waits for answers, not past until_us; each is counted and leaves its connection idle. Fails when
   what is awaited does not come. */
void bench_buyer_wait(bench_buyer_t *buyer, int64_t until_us);

#endif
