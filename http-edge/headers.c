/* Reads header fields and refuses what could be framed in two ways. */
#include "headers.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "../lib/call.h"

enum {
    TOKEN_SIZE_MAX = 512,
    LINE_END_MAX = 2, /* CR LF */
};

static const struct {
    const char *name;
    size_t offset;
} known[] = {
    { "Authorization", offsetof(souk_headers_t, authorization) },
    { "Connection", offsetof(souk_headers_t, connection) },
    { "Content-Length", offsetof(souk_headers_t, content_length) },
    { "Content-Type", offsetof(souk_headers_t, content_type) },
    { "Expect", offsetof(souk_headers_t, expect) },
    { "Host", offsetof(souk_headers_t, host) },
    { "Idempotency-Key", offsetof(souk_headers_t, idempotency_key) },
    { "If-Match", offsetof(souk_headers_t, if_match) },
    { "If-None-Match", offsetof(souk_headers_t, if_none_match) },
    { "traceparent", offsetof(souk_headers_t, traceparent) },
    { "Transfer-Encoding", offsetof(souk_headers_t, transfer_encoding) },
    { "X-Forwarded-For", offsetof(souk_headers_t, forwarded_for) },
};

static bool is_token(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!isalnum((unsigned char)text[i]) && !(text[i] && strchr("!#$%&'*+-.^_`|~", text[i])))
            return false;
    return size > 0;
}

static bool is_value(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (((unsigned char)text[i] < ' ' && text[i] != '\t') || text[i] == 0x7f)
            return false;
    return true;
}

/* libmicrohttpd glues a folded line to the field's name and cuts a line at a NUL, and shows
   neither. But then the bytes no longer lie where those of an honest line do. */
static bool lies_as_sent(const souk_headers_t *headers, const char *name, size_t name_size,
    const char *value)
{
    if (headers->line_end && (name <= headers->line_end || name > headers->line_end + LINE_END_MAX))
        return false;
    if (value <= name + name_size)
        return false;
    for (const char *at = name + name_size + 1; at < value; at++)
        if (*at != ' ' && *at != '\t')
            return false;
    return true;
}

static const char *copy_trimmed(souk_pool_t *pool, const char *value, size_t size)
{
    while (size && (value[size - 1] == ' ' || value[size - 1] == '\t'))
        size--;
    return souk_pool_text(pool, value, size);
}

static void keep(souk_headers_t *headers, size_t i, const char *value, size_t value_size)
{
    const char **place = (const char **)((char *)headers + known[i].offset);

    if (!*place || place == &headers->forwarded_for)
        *place = copy_trimmed(headers->pool, value, value_size);
    else if (place == &headers->connection)
        return;
    else if (place == &headers->traceparent)
        *place = ""; /* two are none: the trace begins anew */
    else
        headers->why =
            souk_pool_format(headers->pool, "%s is given twice; send it once", known[i].name);
}

void souk_headers_take(souk_headers_t *headers, const char *name, size_t name_size,
    const char *value, size_t value_size)
{
    if (headers->why)
        return;
    if (!is_token(name, name_size) || !is_value(value, value_size) ||
        !lies_as_sent(headers, name, name_size, value)) {
        headers->why =
            "a header field holds what does not belong there, or goes on over several lines";
        return;
    }
    headers->line_end = value + value_size;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strncasecmp(known[i].name, name, name_size) == 0 && !known[i].name[name_size])
            keep(headers, i, value, value_size);
}

static enum MHD_Result take(void *headers, enum MHD_ValueKind kind, const char *name,
    size_t name_size, const char *value, size_t value_size)
{
    (void)kind;
    souk_headers_take(headers, name, name_size, value ? value : "", value_size);
    return MHD_YES;
}

/* Behind the last field comes the end of its line and an empty line. */
static bool ends_as_sent(const souk_headers_t *headers, struct MHD_Connection *connection,
    const char *head)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    const char *end = info ? head + info->header_size : NULL;

    return !headers->line_end || !end ||
        (end > headers->line_end && end <= headers->line_end + (ptrdiff_t)2 * LINE_END_MAX);
}

void souk_headers_read(souk_headers_t *headers, struct MHD_Connection *connection, const char *head,
    souk_pool_t *pool)
{
    *headers = (souk_headers_t){ .pool = pool };
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, take, headers);
    if (!headers->why && !ends_as_sent(headers, connection, head))
        headers->why = "a header field holds a NUL";
}

const char *souk_headers_find(struct MHD_Connection *connection, const char *name,
    souk_pool_t *pool)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);

    return value ? copy_trimmed(pool, value, strlen(value)) : NULL;
}

const char *souk_headers_flaw(const souk_headers_t *headers, const char *version)
{
    bool modern = strcmp(version, "HTTP/1.1") == 0;

    if (headers->why)
        return headers->why;
    if (headers->transfer_encoding && headers->content_length)
        return "Content-Length and Transfer-Encoding exclude each other; send one of them";
    if (headers->transfer_encoding && !modern)
        return "HTTP/1.0 knows no Transfer-Encoding";
    if (headers->transfer_encoding && strcasecmp(headers->transfer_encoding, "chunked") != 0)
        return "the only Transfer-Encoding is chunked";
    if (modern && !headers->host)
        return "Host is missing; send the name that was asked for";
    return NULL;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* Behind the type: nothing, or parameters, of which only charset matters. */
static bool is_utf8(const char *parameters)
{
    const char *at = skip_blanks(parameters);

    if (!*at)
        return true;
    if (*at++ != ';')
        return false;
    at = skip_blanks(at);
    if (strncasecmp(at, "charset=", 8) == 0)
        return strcasecmp(at + 8, "utf-8") == 0 || strcasecmp(at + 8, "\"utf-8\"") == 0;
    return true;
}

bool souk_headers_say_json(const char *content_type)
{
    static const char json[] = "application/json";

    return content_type && strncasecmp(content_type, json, sizeof json - 1) == 0 &&
        is_utf8(content_type + sizeof json - 1);
}

const char *souk_headers_token(const char *authorization, souk_pool_t *pool)
{
    const char *token;
    size_t size, end;

    if (strncasecmp(authorization, "Bearer ", 7) != 0)
        return NULL;
    token = skip_blanks(authorization + 7);
    for (size = 0;
         isalnum((unsigned char)token[size]) || (token[size] && strchr("-._~+/", token[size]));)
        size++;
    end = size + strspn(token + size, "=");
    return size && !token[end] && end <= TOKEN_SIZE_MAX ? souk_pool_text(pool, token, end) : NULL;
}

bool souk_headers_key_fits(const char *key)
{
    size_t size = strlen(key);

    for (size_t i = 0; i < size; i++)
        if (key[i] < ' ' || key[i] > '~')
            return false;
    return size >= 1 && size <= SOUK_KEY_MAX;
}
