/* Encodes the questions as any Majordomo client of the shop does. */
#include "questions.h"

#include <stdlib.h>

#include "../lib/client.h"
#include "../lib/memory.h"
#include "../lib/wire.h"

enum {
    FAR_MS = 3600 * 1000, /* the deadline of all calls */
};

struct question {
    souk_list_t sku;
};
static const souk_record_t question = {
    .name = "question",
    .size = sizeof(struct question),
    .fields = {
        FIELD(question, sku),
    },
};

bench_questions_t bench_questions_read(const char *path, souk_pool_t *pool)
{
    bench_lines_t skus = bench_read_lines(path);
    souk_caller_t caller = { .deadline = { souk_now().ms + FAR_MS } };
    bench_questions_t questions = {
        .meta = souk_wire_encode(&souk_caller_record, &caller, pool),
        .arguments = souk_sure(calloc(skus.count, sizeof(souk_bytes_t))),
        .count = skus.count,
    };

    for (size_t i = 0; i < skus.count; i++) {
        struct question one = { .sku = { .items = &skus.lines[i], .count = 1 } };
        questions.arguments[i] = souk_wire_encode(&question, &one, pool);
    }
    return questions;
}
