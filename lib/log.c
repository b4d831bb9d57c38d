/* Logs: one line an event, written whole, so that lines of many processes do not mix. */
#include "log.h"

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

void souk_log(souk_level_t level, const char *name, const char *format, ...)
{
    char line[LINE_SIZE_MAX], time[SOUK_TIME_TEXT_SIZE];
    va_list arguments;
    size_t size;

    if (!souk_log_on(level))
        return;
    souk_time_print(souk_now(), time);
    size = filled(snprintf(line, sizeof line, "time=%s level=%s name=%s ", time,
                      souk_log_levels[level], name),
        sizeof line);
    va_start(arguments, format);
    size +=
        filled(vsnprintf(line + size, sizeof line - size, format, arguments), sizeof line - size);
    va_end(arguments);
    blank_controls(line, size);
    line[size++] = '\n';
    /* Where even the log cannot be written there is nobody left to tell. */
    if (write(STDERR_FILENO, line, size) < 0)
        return;
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
