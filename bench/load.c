/* The clock, the times, and the draws of the load generators. */
#include "load.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <time.h>

#include "../lib/memory.h"

int64_t bench_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void bench_load_start(bench_load_t *load, double warm_up_s, double seconds)
{
    *load = (bench_load_t){ .capacity = 1 << 16 };
    load->times_us = souk_sure(malloc(load->capacity * sizeof *load->times_us));
    if (getrandom(&load->random, sizeof load->random, 0) != sizeof load->random)
        bench_fail("no random numbers");
    load->from_us = bench_now_us() + (int64_t)(warm_up_s * 1e6);
    load->until_us = load->from_us + (int64_t)(seconds * 1e6);
}

bool bench_load_goes_on(const bench_load_t *load)
{
    return bench_now_us() < load->until_us;
}

void bench_load_answered(bench_load_t *load, int64_t asked_us)
{
    int64_t now_us = bench_now_us();
    int64_t counts_us = load->by_start ? asked_us : now_us;
    if (counts_us < load->from_us || counts_us >= load->until_us)
        return;
    if (load->count == load->capacity) {
        load->capacity *= 2;
        load->times_us = souk_sure(realloc(load->times_us, load->capacity * sizeof(uint32_t)));
    }
    load->times_us[load->count++] = (uint32_t)(now_us - asked_us);
}

static int compare_times(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* The time that share of all answers did not exceed. */
static double percentile_ms(const bench_load_t *load, double share)
{
    if (load->count == 0)
        return 0;
    size_t rank = (size_t)(share * (double)load->count);
    return load->times_us[rank < load->count ? rank : load->count - 1] / 1000.0;
}

static const struct {
    const char *name;
    double share;
} percentiles[] = {
    { "p50", 0.5 },
    { "p90", 0.9 },
    { "p99", 0.99 },
    { "p999", 0.999 },
    { "max", 1 },
};

void bench_load_print(bench_load_t *load, FILE *stream)
{
    double seconds = (double)(load->until_us - load->from_us) / 1e6;
    qsort(load->times_us, load->count, sizeof *load->times_us, compare_times);
    fprintf(stream, "\"count\": %zu, \"seconds\": %.3f, \"per_second\": %.1f", load->count, seconds,
        (double)load->count / seconds);
    for (size_t i = 0; i < sizeof percentiles / sizeof *percentiles; i++)
        fprintf(stream, ", \"%s_ms\": %.3f", percentiles[i].name,
            percentile_ms(load, percentiles[i].share));
}

/* splitmix64. */
uint64_t bench_draw(bench_load_t *load, uint64_t limit)
{
    uint64_t number = load->random += 0x9e3779b97f4a7c15u;
    number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
    number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
    return (number ^ (number >> 31)) % limit;
}

bench_lines_t bench_read_lines(const char *path)
{
    bench_lines_t lines = { 0 };
    FILE *stream = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;

    if (!stream)
        bench_fail("%s: %m", path);
    while (getline(&line, &size, stream) > 0) {
        line[strcspn(line, "\n")] = '\0';
        lines.lines = souk_sure(realloc(lines.lines, (lines.count + 1) * sizeof(char *)));
        lines.lines[lines.count++] = souk_sure(strdup(line));
    }
    free(line);
    fclose(stream);
    if (lines.count == 0)
        bench_fail("%s: empty", path);
    return lines;
}

void bench_end_with_parent(void)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

void bench_fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}
