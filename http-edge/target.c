/* Takes a request's target apart. What is not as RFC 3986 has it is refused, not repaired: two
   readers of one address must not see two things. */
#include "target.h"

#include <string.h>
#include <strings.h>

#include "../lib/record.h"

/* One byte; -1: a percent sign without two hexadecimal digits behind it. */
static int decode_byte(const char **text, const char *end, bool query)
{
    const char *at = *text;
    int high, low;

    *text = at + 1;
    if (*at == '+' && query)
        return ' ';
    if (*at != '%')
        return (unsigned char)*at;
    if (end - at < 3 || (high = souk_hex_digit(at[1])) < 0 || (low = souk_hex_digit(at[2])) < 0)
        return -1;
    *text = at + 3;
    return high << 4 | low;
}

/* NULL where the text does not decode to UTF-8 without NUL. */
static const char *decode(const char *text, size_t size, bool query, souk_pool_t *pool)
{
    char *decoded = souk_pool_alloc(pool, size + 1);
    const char *end = text + size;
    size_t length = 0, characters;

    while (text < end) {
        int byte = decode_byte(&text, end, query);
        if (byte < 0)
            return NULL;
        decoded[length++] = (char)byte;
    }
    return souk_text_measure((souk_bytes_t){ decoded, length }, &characters) ? decoded : NULL;
}

static bool parse_path(const char *path, size_t size, souk_pool_t *pool, souk_target_t *target,
    const char **why)
{
    const char *end = path + size;

    while (path < end && end - path > (target->segment_count == 0)) {
        size_t length = strcspn(path + 1, "/?");
        const char *segment = decode(path + 1, length, false, pool);

        if (!segment) {
            *why = "the path must be percent-encoded UTF-8, without %00";
            return false;
        }
        if (target->segment_count == SOUK_SEGMENTS_MAX) {
            *why = souk_pool_format(pool, "the path may have %d segments", SOUK_SEGMENTS_MAX);
            return false;
        }
        target->segments[target->segment_count++] = segment;
        path += 1 + length;
    }
    return true;
}

static bool add_parameter(const char *text, size_t size, souk_pool_t *pool, souk_target_t *target)
{
    const char *equals = memchr(text, '=', size);
    size_t name_size = equals ? (size_t)(equals - text) : size;
    size_t value_at = equals ? name_size + 1 : size;
    souk_parameter_t *parameter = souk_list_add(&target->query, pool, sizeof *parameter);

    parameter->name = decode(text, name_size, true, pool);
    parameter->value = decode(text + value_at, size - value_at, true, pool);
    return parameter->name && parameter->value;
}

static bool parse_query(const char *query, souk_pool_t *pool, souk_target_t *target,
    const char **why)
{
    while (*query) {
        size_t length = strcspn(query, "&");

        if (target->query.count == SOUK_QUERY_MAX) {
            *why = souk_pool_format(pool, "the query may have %d parameters", SOUK_QUERY_MAX);
            return false;
        }
        if (length && !add_parameter(query, length, pool, target)) {
            *why = "the query must be percent-encoded UTF-8, without %00";
            return false;
        }
        query += length + (query[length] == '&');
    }
    return true;
}

/* Absolute form: which server is meant is not looked at, there is only one. */
static const char *skip_authority(const char *text)
{
    size_t scheme = strncasecmp(text, "http://", 7) == 0 ? 7 : 0;

    if (strncasecmp(text, "https://", 8) == 0)
        scheme = 8;
    return scheme ? text + scheme + strcspn(text + scheme, "/?") : text;
}

static bool is_printable(const char *text)
{
    for (; *text; text++)
        if (*text <= ' ' || *text > '~' || *text == '#')
            return false;
    return true;
}

bool souk_target_parse(const char *text, souk_pool_t *pool, souk_target_t *target, const char **why)
{
    const char *path = skip_authority(text);
    size_t path_size = strcspn(path, "?");

    *target = (souk_target_t){ 0 };
    *why =
        "the request's target is not a path; it must be one, such as /v1/products, percent-encoded";
    if (!is_printable(text) || (*path != '/' && path == text))
        return false;
    return parse_path(path, path_size, pool, target, why) &&
        (!path[path_size] || parse_query(path + path_size + 1, pool, target, why));
}
