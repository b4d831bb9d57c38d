/* One line an event to stderr, logfmt: time, level, what, then key=value. */
#ifndef SOUK_LOG_H
#define SOUK_LOG_H

#include "base.h"

typedef enum {
    SOUK_LOG_ERROR,
    SOUK_LOG_WARNING,
    SOUK_LOG_INFO,
    SOUK_LOG_DEBUG
} souk_level_t;

/* "error", "warning", "info", "debug" and a NULL. */
extern const char *const souk_log_levels[];
/* False where level is none of them. */
must_check bool souk_log_set(const char *level);
bool souk_log_on(souk_level_t level);

/* Never waits: where whoever reads the log does not keep up, lines are dropped, and counted in the
   next one. name is what this process or thread is, such as "inventory"; format gives "key=value
   key=value". Values from outside go through souk_log_value. */
void souk_log(souk_level_t level, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether one more line may be told of what comes as often as others like: the first ones of each
   second. The next second tells how many were left out. */
enum {
    SOUK_LOG_PACE = 20
};
typedef struct {
    int64_t second;
    int lines;
} souk_log_pace_t;
bool souk_log_may(souk_log_pace_t *pace, const char *name);

/* Quotes value where it has blanks, quotes or control characters, and cuts it at size. */
const char *souk_log_value(const char *value, char *buffer, size_t size);

#endif
