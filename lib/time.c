/* Moments: the clocks, and RFC 3339 both ways. */
#include <string.h>
#include <time.h>

#include "base.h"

/* The first and the last moment that four digits of a year can tell. */
static const int64_t first_ms = -62167219200000, last_ms = 253402300799999;
static const int64_t day_ms = 86400000;

static int64_t read_clock_ms(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

souk_time_t souk_now(void)
{
    return (souk_time_t){ read_clock_ms(CLOCK_REALTIME) };
}

int64_t souk_clock_ms(void)
{
    return read_clock_ms(CLOCK_MONOTONIC);
}

bool souk_time_tellable(souk_time_t time)
{
    return time.ms >= first_ms && time.ms <= last_ms;
}

static void print_digits(char *end, int number, int digits)
{
    while (digits--) {
        *--end = (char)('0' + number % 10);
        number /= 10;
    }
}

void souk_time_print(souk_time_t time, char text[SOUK_TIME_TEXT_SIZE])
{
    int64_t ms = time.ms < first_ms ? first_ms : time.ms > last_ms ? last_ms : time.ms;
    int64_t fraction_ms = (ms % 1000 + 1000) % 1000;
    time_t seconds = (ms - fraction_ms) / 1000;
    struct tm parts;

    gmtime_r(&seconds, &parts);
    memcpy(text, "0000-00-00T00:00:00.000Z", SOUK_TIME_TEXT_SIZE);
    print_digits(text + 4, parts.tm_year + 1900, 4);
    print_digits(text + 7, parts.tm_mon + 1, 2);
    print_digits(text + 10, parts.tm_mday, 2);
    print_digits(text + 13, parts.tm_hour, 2);
    print_digits(text + 16, parts.tm_min, 2);
    print_digits(text + 19, parts.tm_sec, 2);
    print_digits(text + 23, (int)fraction_ms, 3);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Exactly so many digits, from low to high; moves *text behind them. */
static bool read_number(const char **text, int digits, int low, int high, int *number)
{
    *number = 0;
    for (; digits > 0; digits--, (*text)++) {
        if (!is_digit(**text))
            return false;
        *number = *number * 10 + (**text - '0');
    }
    return *number >= low && *number <= high;
}

static bool read_mark(const char **text, char mark)
{
    char lower = (char)(mark >= 'A' && mark <= 'Z' ? mark + 'a' - 'A' : mark);

    if (**text != mark && **text != lower)
        return false;
    (*text)++;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

static bool read_date(const char **text, struct tm *parts)
{
    int year, month;

    if (!read_number(text, 4, 0, 9999, &year) || !read_mark(text, '-') ||
        !read_number(text, 2, 1, 12, &month) || !read_mark(text, '-'))
        return false;
    parts->tm_year = year - 1900;
    parts->tm_mon = month - 1;
    return read_number(text, 2, 1, days_in_month(year, month), &parts->tm_mday);
}

static bool read_time_of_day(const char **text, struct tm *parts)
{
    return read_number(text, 2, 0, 23, &parts->tm_hour) && read_mark(text, ':') &&
        read_number(text, 2, 0, 59, &parts->tm_min) && read_mark(text, ':') &&
        read_number(text, 2, 0, 60, &parts->tm_sec);
}

/* What is finer than a millisecond is dropped. */
static bool read_fraction(const char **text, int *ms)
{
    int weight = 100;

    *ms = 0;
    if (**text != '.')
        return true;
    if (!is_digit(*++*text))
        return false;
    for (; is_digit(**text); (*text)++, weight /= 10)
        *ms += (**text - '0') * weight;
    return true;
}

static bool read_zone(const char **text, int *minutes)
{
    char sign = **text;
    int hour, minute;

    *minutes = 0;
    if (read_mark(text, 'Z'))
        return true;
    if (sign != '+' && sign != '-')
        return false;
    (*text)++;
    if (!read_number(text, 2, 0, 23, &hour) || !read_mark(text, ':') ||
        !read_number(text, 2, 0, 59, &minute))
        return false;
    *minutes = (hour * 60 + minute) * (sign == '-' ? -1 : 1);
    return true;
}

bool souk_time_parse(const char *text, souk_time_t *time)
{
    struct tm parts = { 0 };
    int fraction_ms, zone_minutes;
    bool leap;
    int64_t ms;

    if (!read_date(&text, &parts) || !read_mark(&text, 'T') || !read_time_of_day(&text, &parts) ||
        !read_fraction(&text, &fraction_ms) || !read_zone(&text, &zone_minutes) || *text)
        return false;
    leap = parts.tm_sec == 60;
    ms = ((int64_t)timegm(&parts) - zone_minutes * 60) * 1000;
    /* Leap seconds are put in at the end of a day, UTC, and nowhere else. */
    if (leap && ms % day_ms != 0)
        return false;
    time->ms = ms + fraction_ms;
    return souk_time_tellable(*time);
}
