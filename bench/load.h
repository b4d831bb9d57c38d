/* What the load generators share: when they count, how long each answer took, what they draw, and
   the one line of JSON that they end with. */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stdio.h>

#include "../lib/base.h"

/* Answers are counted between the two moments only; what comes before warms up, what comes after is
   waited for, so that everything that was asked for is known to have ended. */
typedef struct {
    int64_t from_us;
    int64_t until_us;
    bool by_start; /* counts what began between them, whenever it was answered */
    uint32_t *times_us; /* one for each answer that was counted */
    size_t count;
    size_t capacity;
    uint64_t random;
} bench_load_t;

/* Starts now: warm_up_s uncounted, then seconds counted. */
void bench_load_start(bench_load_t *load, double warm_up_s, double seconds);
int64_t bench_now_us(void);
/* Whether something may still be asked. */
bool bench_load_goes_on(const bench_load_t *load);
/* An answer to what was asked at asked_us is here. */
void bench_load_answered(bench_load_t *load, int64_t asked_us);
/* "count": ..., "per_second": ..., "p50_ms": ..., ... without braces. Sorts the times. */
void bench_load_print(bench_load_t *load, FILE *stream);

/* A number below limit; the sequence differs with every start. */
uint64_t bench_draw(bench_load_t *load, uint64_t limit);

/* The lines of a file. Never freed: they are needed to the end. */
typedef struct {
    char **lines;
    size_t count;
} bench_lines_t;
bench_lines_t bench_read_lines(const char *path);

/* Ends the process when the one that started it is gone. */
void bench_end_with_parent(void);
/* Tells what is wrong and ends with 1: a load that does not run as it should measures nothing. */
_Noreturn void bench_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
