/* Header fields: which are taken, and which make a request unfit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../http-edge/headers.h"
#include "../../lib/call.h"

/* Takes "Name: value" as libmicrohttpd has it once it has read the line. */
static void take(souk_headers_t *headers, const char *line)
{
    size_t size = strlen(line), name_size = strcspn(line, ":");
    char *copy = souk_pool_alloc(headers->pool, size + 2);
    size_t value_at = name_size + 1;

    memcpy(copy, line, size);
    copy[name_size] = '\0';
    while (copy[value_at] == ' ' || copy[value_at] == '\t')
        value_at++;
    headers->line_end = NULL;
    souk_headers_take(headers, copy, name_size, copy + value_at, size - value_at);
}

static const char *flaw_of(const char *const *lines, const char *version, souk_pool_t *pool)
{
    souk_headers_t headers = { .pool = pool };

    for (size_t i = 0; lines[i]; i++)
        take(&headers, lines[i]);
    return souk_headers_flaw(&headers, version);
}

static void honest_heads_are_taken(void **state)
{
    static const char *const cases[][6] = {
        { "Host: souk" },
        { "host:souk" },
        { "Host: souk", "Content-Length: 5", "Content-Type: application/json" },
        { "Host: souk", "Transfer-Encoding: chunked" },
        { "Host: souk", "transfer-encoding: Chunked \t" },
        { "Host: souk", "Connection: keep-alive", "Connection: close" },
        { "Host: souk", "Accept: a", "Accept: b", "Empty:" },
        { "Host: souk", "traceparent: a", "traceparent: b" },
    };
    owned(souk_pool) pool = souk_pool_new();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_null(flaw_of(cases[i], "HTTP/1.1", pool));
}

static void heads_that_can_be_read_in_two_ways_are_refused(void **state)
{
    static const char *const cases[][4] = {
        { "Accept: all" },
        { "Host: a", "Host: b" },
        { "Host: a", "Content-Length: 5", "Content-Length: 5" },
        { "Host: a", "Content-Length: 5", "content-length: 6" },
        { "Host: a", "Content-Length: 5", "Transfer-Encoding: chunked" },
        { "Host: a", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked" },
        { "Host: a", "Transfer-Encoding: identity" },
        { "Host: a", "Transfer-Encoding: gzip, chunked" },
        { "Host: a", "Transfer-Encoding: xchunked" },
        { "Host: a", "Transfer-Encoding:" },
        { "Host: a", "Content-Length : 5" },
        { "Host: a", "Content Length: 5" },
        { "Host: a", ": 5" },
        { "Host: a", "X: a\rb" },
        { "Host: a", "X: \vchunked" },
        { "Host: a", "Authorization: Bearer a", "Authorization: Bearer b" },
        { "Host: a", "Idempotency-Key: a", "Idempotency-Key: b" },
    };
    owned(souk_pool) pool = souk_pool_new();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!flaw_of(cases[i], "HTTP/1.1", pool))
            fail_msg("case %zu was taken", i);
}

static void old_clients_need_no_host_and_know_no_chunks(void **state)
{
    owned(souk_pool) pool = souk_pool_new();

    (void)state;
    assert_null(flaw_of((const char *const[]){ "Accept: all", NULL }, "HTTP/1.0", pool));
    assert_non_null(
        flaw_of((const char *const[]){ "Transfer-Encoding: chunked", NULL }, "HTTP/1.0", pool));
}

/* libmicrohttpd puts the rest of a folded line behind the name, somewhere else in its memory. */
static void fields_that_do_not_lie_as_sent_are_refused(void **state)
{
    static const char honest[] = "A\0 1\0\0B\0 2\0\0";
    static const char cut[] = "A\0 1\0hidden\0B\0 2\0\0";
    static const char glued[] = "A\0x 1\0\0";
    owned(souk_pool) pool = souk_pool_new();
    souk_headers_t headers = { .pool = pool };

    (void)state;
    souk_headers_take(&headers, honest, 1, honest + 3, 1);
    souk_headers_take(&headers, honest + 6, 1, honest + 9, 1);
    assert_null(headers.why);

    headers = (souk_headers_t){ .pool = pool };
    souk_headers_take(&headers, cut, 1, cut + 3, 1);
    souk_headers_take(&headers, cut + 12, 1, cut + 15, 1);
    assert_non_null(headers.why);

    headers = (souk_headers_t){ .pool = pool };
    souk_headers_take(&headers, glued, 1, glued + 4, 1);
    assert_non_null(headers.why);

    headers = (souk_headers_t){ .pool = pool };
    souk_headers_take(&headers, honest + 6, 1, honest + 3, 1);
    assert_non_null(headers.why);
}

static void values_lose_the_blanks_around_them(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_headers_t headers = { .pool = pool };

    (void)state;
    take(&headers, "Idempotency-Key: \t a b \t");
    assert_string_equal(headers.idempotency_key, "a b");
}

static void json_is_known_by_its_media_type(void **state)
{
    static const struct {
        const char *type;
        bool is_json;
    } cases[] = {
        { "application/json", true },
        { "Application/JSON", true },
        { "application/json; charset=utf-8", true },
        { "application/json ;charset=\"UTF-8\"", true },
        { "application/json; version=1", true },
        { "application/json; charset=latin-1", false },
        { "application/jsonx", false },
        { "application/json, text/plain", false },
        { "text/json", false },
        { "", false },
        { NULL, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (souk_headers_say_json(cases[i].type) != cases[i].is_json)
            fail_msg("%s", cases[i].type);
}

static void tokens_are_what_rfc_6750_has_for_them(void **state)
{
    static const struct {
        const char *authorization, *token;
    } cases[] = {
        { "Bearer abc", "abc" },
        { "bearer  aZ0-._~+/==", "aZ0-._~+/==" },
        { "Bearer", NULL },
        { "Bearer ", NULL },
        { "Bearer =", NULL },
        { "Bearer a b", NULL },
        { "Bearer a=b", NULL },
        { "Bearer \"a\"", NULL },
        { "Basic abc", NULL },
        { "abc", NULL },
    };
    owned(souk_pool) pool = souk_pool_new();
    char longest[600] = "Bearer ";

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *token = souk_headers_token(cases[i].authorization, pool);
        if (cases[i].token)
            assert_string_equal(token, cases[i].token);
        else
            assert_null(token);
    }
    memset(longest + 7, 'x', sizeof longest - 8);
    assert_null(souk_headers_token(longest, pool));
}

static void keys_are_short_and_printable(void **state)
{
    char longest[SOUK_KEY_MAX + 2];

    (void)state;
    memset(longest, 'x', sizeof longest);
    longest[SOUK_KEY_MAX + 1] = '\0';
    assert_false(souk_headers_key_fits(longest));
    assert_true(souk_headers_key_fits(longest + 1));
    assert_true(souk_headers_key_fits("a key, with ~"));
    assert_false(souk_headers_key_fits(""));
    assert_false(souk_headers_key_fits("a\tb"));
    assert_false(souk_headers_key_fits("ä"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(honest_heads_are_taken),
        cmocka_unit_test(heads_that_can_be_read_in_two_ways_are_refused),
        cmocka_unit_test(old_clients_need_no_host_and_know_no_chunks),
        cmocka_unit_test(fields_that_do_not_lie_as_sent_are_refused),
        cmocka_unit_test(values_lose_the_blanks_around_them),
        cmocka_unit_test(json_is_known_by_its_media_type),
        cmocka_unit_test(tokens_are_what_rfc_6750_has_for_them),
        cmocka_unit_test(keys_are_short_and_printable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
