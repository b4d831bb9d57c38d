/* Simple values from text, as settings and the parameters of a path or query have them. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

/* Only what JSON would take as a whole number, so that " 7", "+7" and "0x7" are none. */
static bool parse_integer(const char *text, int64_t min, int64_t max, int64_t *number)
{
    const char *digits = text + (*text == '-');
    char *end;

    if (!*digits || strspn(digits, "0123456789") != strlen(digits))
        return false;
    errno = 0;
    *number = strtoll(text, &end, 10);
    return !errno && *number >= min && *number <= max;
}

static bool parse_int(const char *text, int *value)
{
    int64_t number;

    if (!parse_integer(text, INT32_MIN, INT32_MAX, &number))
        return false;
    *value = (int)number;
    return true;
}

static bool parse_double(const char *text, double *value)
{
    char *end;

    if (!*text || strspn(text, "+-.0123456789eE") != strlen(text))
        return false;
    *value = strtod(text, &end);
    return !*end && isfinite(*value);
}

static bool parse_bool(const char *text, bool *value)
{
    *value = strcmp(text, "true") == 0;
    return *value || strcmp(text, "false") == 0;
}

bool souk_field_parse(const souk_field_t *field, const char *text, void *value)
{
    switch (field->type) {
    case SOUK_BOOL:
        return parse_bool(text, value);
    case SOUK_INT:
        return parse_int(text, value);
    case SOUK_LONG:
        return parse_integer(text, INT64_MIN, INT64_MAX, value);
    case SOUK_DOUBLE:
        return parse_double(text, value);
    case SOUK_TEXT:
        *(const char **)value = text;
        return true;
    case SOUK_TIME:
        return souk_time_parse(text, value);
    case SOUK_VALUE:
    case SOUK_LIST:
    case SOUK_RECORD:
        break;
    }
    return false;
}
