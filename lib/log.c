/* Logs: one line an event, written whole, so that lines of many processes do not mix. */
#include "log.h"

#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    LINE_SIZE_MAX = 2048
};

const char *const souk_log_levels[] = {
    [SOUK_LOG_ERROR] = "error",
    [SOUK_LOG_WARNING] = "warning",
    [SOUK_LOG_INFO] = "info",
    [SOUK_LOG_DEBUG] = "debug",
    NULL,
};

static atomic_int highest = SOUK_LOG_INFO;

bool souk_log_set(const char *level)
{
    for (int i = 0; souk_log_levels[i]; i++) {
        if (strcmp(souk_log_levels[i], level) == 0) {
            atomic_store(&highest, i);
            return true;
        }
    }
    return false;
}

bool souk_log_on(souk_level_t level)
{
    return (int)level <= atomic_load_explicit(&highest, memory_order_relaxed);
}

/* How much of room a print filled that wanted so much. */
static size_t filled(int wanted, size_t room)
{
    return wanted < 0 ? 0 : (size_t)wanted < room ? (size_t)wanted : room - 1;
}

/* Whatever a value brought along, it starts no second line and moves no cursor. */
static void blank_controls(char *line, size_t size)
{
    for (char *c = line; c < line + size; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
}

/* "time=... level=... name=... " at the start of line; its size. */
static size_t begin_line(char line[LINE_SIZE_MAX], souk_level_t level, const char *name)
{
    char time[SOUK_TIME_TEXT_SIZE];
    souk_time_print(souk_now(), time);
    return filled(snprintf(line, LINE_SIZE_MAX, "time=%s level=%s name=%s ", time,
                      souk_log_levels[level], name),
        LINE_SIZE_MAX);
}

/* Whoever reads the log may have stopped doing so (a pipe that is full, a terminal that is held
   up). The shop goes on all the same: one writer at a time, and only where there is room for a
   line. */
static bool put(char *line, size_t size)
{
    struct pollfd log = { .fd = STDERR_FILENO, .events = POLLOUT };
    blank_controls(line, size);
    line[size++] = '\n';
    return poll(&log, 1, 0) == 1 && write(STDERR_FILENO, line, size) >= 0;
}

static void put_or_count(char *line, size_t size)
{
    static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;
    static unsigned dropped;
    char told[LINE_SIZE_MAX];

    pthread_mutex_lock(&writing);
    if (dropped) {
        size_t told_size = begin_line(told, SOUK_LOG_WARNING, "log");
        told_size +=
            filled(snprintf(told + told_size, sizeof told - told_size, "lines_dropped=%u", dropped),
                sizeof told - told_size);
        dropped = put(told, told_size) ? 0 : dropped;
    }
    dropped += !put(line, size);
    pthread_mutex_unlock(&writing);
}

void souk_log(souk_level_t level, const char *name, const char *format, ...)
{
    char line[LINE_SIZE_MAX];
    va_list arguments;
    size_t size;

    if (!souk_log_on(level))
        return;
    size = begin_line(line, level, name);
    va_start(arguments, format);
    size +=
        filled(vsnprintf(line + size, sizeof line - size, format, arguments), sizeof line - size);
    va_end(arguments);
    put_or_count(line, size);
}

bool souk_log_may(souk_log_pace_t *pace, const char *name)
{
    int64_t second = souk_clock_ms() / 1000;

    if (second != pace->second) {
        if (pace->lines > SOUK_LOG_PACE)
            souk_log(SOUK_LOG_WARNING, name, "lines_left_out=%d", pace->lines - SOUK_LOG_PACE);
        *pace = (souk_log_pace_t){ .second = second };
    }
    return ++pace->lines <= SOUK_LOG_PACE;
}

static bool needs_quotes(const char *value)
{
    if (!*value)
        return true;
    for (; *value; value++)
        if ((unsigned char)*value <= ' ' || strchr("\"\\=\x7f", *value))
            return true;
    return false;
}

/* Writes c as it stands in quotes, at most 2 bytes; returns how many. */
static size_t quote(char c, char out[2])
{
    if (c == '"' || c == '\\') {
        out[0] = '\\';
        out[1] = c;
        return 2;
    }
    out[0] = (unsigned char)c < ' ' || c == 0x7f ? ' ' : c;
    return 1;
}

const char *souk_log_value(const char *value, char *buffer, size_t size)
{
    char *to = buffer, *end = buffer + size - sizeof "x\"";

    if (!value)
        value = "-";
    if (!needs_quotes(value)) {
        snprintf(buffer, size, "%s", value);
        return buffer;
    }
    *to++ = '"';
    for (; *value && to < end; value++)
        to += quote(*value, to);
    *to++ = '"';
    *to = '\0';
    return buffer;
}
