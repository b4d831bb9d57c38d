/* Reads and makes traceparent (w3.org/TR/trace-context). */
#include "trace.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

enum {
    TRACE_AT = 3,
    TRACE_DIGITS = 32,
    PARENT_AT = 36,
    PARENT_DIGITS = 16,
    FLAGS_AT = 53,
    LENGTH = SOUK_TRACEPARENT_SIZE - 1,
};

static bool is_hex(const char *text, size_t size)
{
    return strspn(text, "0123456789abcdef") >= size;
}

static bool is_id(const char *text, size_t size)
{
    return is_hex(text, size) && strspn(text, "0") < size;
}

/* A later version may have more behind what this one has. */
static bool is_valid(const char *given)
{
    size_t size = strnlen(given, (size_t)LENGTH + 1);

    if (size < LENGTH || !is_hex(given, 2) || strncmp(given, "ff", 2) == 0)
        return false;
    if (given[LENGTH] && (strncmp(given, "00", 2) == 0 || given[LENGTH] != '-'))
        return false;
    return given[2] == '-' && given[PARENT_AT - 1] == '-' && given[FLAGS_AT - 1] == '-' &&
        is_id(given + TRACE_AT, TRACE_DIGITS) && is_id(given + PARENT_AT, PARENT_DIGITS) &&
        is_hex(given + FLAGS_AT, 2);
}

/* splitmix64: ids only have to differ, and one is made for every request. */
static uint64_t next_number(void)
{
    static _Thread_local uint64_t state;
    uint64_t number;

    if (!state && getrandom(&state, sizeof state, 0) != sizeof state)
        state = (uint64_t)souk_now().ms;
    number = state += 0x9e3779b97f4a7c15u;
    number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9u;
    number = (number ^ number >> 27) * 0x94d049bb133111ebu;
    return number ^ number >> 31;
}

void souk_trace_begin(const char *given, char traceparent[SOUK_TRACEPARENT_SIZE])
{
    if (given && is_valid(given)) {
        memcpy(traceparent, "00", 2);
        memcpy(traceparent + 2, given + 2, LENGTH - 2);
        traceparent[LENGTH] = '\0';
        return;
    }
    snprintf(traceparent, SOUK_TRACEPARENT_SIZE, "00-%016llx%016llx-%016llx-00",
        (unsigned long long)next_number(), (unsigned long long)next_number(),
        (unsigned long long)next_number() | 1);
}

void souk_trace_id(const char *traceparent, char id[SOUK_TRACE_ID_SIZE])
{
    memcpy(id, traceparent + TRACE_AT, TRACE_DIGITS);
    id[TRACE_DIGITS] = '\0';
}
