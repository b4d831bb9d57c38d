/* What is asked of the stock: the same bytes for the broker, the bare proxy and nats. */
#ifndef BENCH_QUESTIONS_H
#define BENCH_QUESTIONS_H

#include "../lib/pool.h"
#include "load.h"

typedef struct {
    souk_bytes_t meta;
    souk_bytes_t *arguments; /* one for each SKU; never freed: they are needed to the end */
    size_t count;
} bench_questions_t;

/* From a file with an SKU on each line; the bytes are in pool. */
bench_questions_t bench_questions_read(const char *path, souk_pool_t *pool);

#endif
