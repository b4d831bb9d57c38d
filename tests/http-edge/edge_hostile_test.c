/* What the edge makes of bytes that no honest client sends, and of clients that are slow, rude or
   gone. */
#include "market.h"

#define HEAD "POST /v1/wares/mug HTTP/1.1\r\nHost: souk\r\nContent-Type: application/json\r\n"
/* Behind a request whose end is seen in two places this one would be smuggled in. */
#define SMUGGLED "GET /v1/wares/smuggled HTTP/1.1\r\nHost: souk\r\n\r\n"

/* libmicrohttpd sends the head of its own refusals twice, so that one refusal may look like two. */
static bool only_refuses(const char *text, int status)
{
    for (; (text = strstr(text, "HTTP/1.1 ")); text++)
        if (status ? status_of(text) != status : status_of(text) < 400)
            return false;
    return true;
}

/* Sends bytes, and what comes back until the edge closes is nothing but a refusal with this status;
   where that is 0, any or none at all. */
static void expect_close(const market_t *market, const char *bytes, size_t size, int status)
{
    owned(souk_pool) pool = souk_pool_new();
    int fd = visit(market);
    const char *answer;

    assert_true(put_bytes(fd, bytes, size));
    answer = read_rest(fd, pool);
    close(fd);
    if (!only_refuses(answer, status) || (status && !*answer))
        fail_msg("%s\n is answered with %s", bytes, answer);
}

static void what_could_be_framed_in_two_ways_is_refused(void **state)
{
    static const char *const cases[] = {
        HEAD "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}" SMUGGLED,
        HEAD "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" SMUGGLED,
        HEAD "Content-Length: 2, 2\r\n\r\n{}" SMUGGLED,
        HEAD "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" SMUGGLED,
        HEAD "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n" SMUGGLED,
        HEAD "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
        HEAD "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" SMUGGLED,
        HEAD "Transfer-Encoding: gzip\r\n\r\n{}" SMUGGLED,
        HEAD "Transfer-Encoding: \r\n\r\n0\r\n\r\n" SMUGGLED,
        HEAD "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
        HEAD "Transfer-Encoding:\vchunked\r\n\r\n0\r\n\r\n" SMUGGLED,
        HEAD "Transfer-Encoding: chun\r\n ked\r\n\r\n0\r\n\r\n" SMUGGLED,
        HEAD "Content-Length : 2\r\n\r\n{}" SMUGGLED,
        HEAD "Content-Len: 2\r\n gth\r\n\r\n{}" SMUGGLED,
        HEAD "Content-Length: 2\r\n 0\r\n\r\n{}" SMUGGLED,
        HEAD "X: a\r\n\tb\r\nContent-Length: 2\r\n\r\n{}" SMUGGLED,
        HEAD "Content-Length: +2\r\n\r\n{}" SMUGGLED,
        HEAD "Content-Length: -2\r\n\r\n{}" SMUGGLED,
        HEAD "Content-Length: 0x2\r\n\r\n{}" SMUGGLED,
        HEAD "Content-Length: two\r\n\r\n{}" SMUGGLED,
        HEAD "Content-Length:\r\n\r\n{}" SMUGGLED,
        HEAD "Content-Length: 2 2\r\n\r\n{}" SMUGGLED,
        HEAD "X: a\rContent-Length: 2\r\n\r\n{}" SMUGGLED,
        HEAD "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n" SMUGGLED,
        HEAD "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n" SMUGGLED,
        HEAD "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n" SMUGGLED,
        HEAD "Transfer-Encoding: chunked\r\n\r\n2 \r\n{}\r\n0\r\n\r\n" SMUGGLED,
        HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n0\r\n\r\n" SMUGGLED,
        "POST /v1/wares/mug HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
        "GET /v1/none HTTP/1.1\r\nContent-Length: 0\r\n\r\n" SMUGGLED,
        "GET /v1/none HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" SMUGGLED,
        "GET /v1/none HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n" SMUGGLED,
        "GET /v1/none HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n" SMUGGLED,
        "GET /v1/none HTTP/1.1\r\n Host: a\r\nHost: b\r\n\r\n" SMUGGLED,
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_close(*state, cases[i], strlen(cases[i]), 400);
}

static void nul_hides_nothing(void **state)
{
    static const char middle[] = HEAD "X: a\0b\r\nContent-Length: 2\r\n\r\n{}" SMUGGLED;
    static const char last[] = HEAD "Content-Length: 2\0"
                                    "0\r\n\r\n{}" SMUGGLED;
    static const char name[] = HEAD "Content-Length\0: 2\r\n\r\n{}" SMUGGLED;

    expect_close(*state, middle, sizeof middle - 1, 400);
    expect_close(*state, last, sizeof last - 1, 400);
    expect_close(*state, name, sizeof name - 1, 400);
}

static void noise_gets_a_close(void **state)
{
    static const char *const cases[] = {
        "GET\r\n\r\n",
        "GET \r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1x\r\nHost: a\r\n\r\n",
        "GET / FTP/1.1\r\nHost: a\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\x16\x03\x01\x02\x01\x01\xfc\x03\x03\r\n\r\n",
        "\xff\xff\xff\xff\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_close(*state, cases[i], strlen(cases[i]), 0);
    expect(*state, "CONNECT souk:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "not a path");
    expect(*state, "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "not a path");
    expect(*state, GET("/v1/wares/mug"), 200, "mug");
}

/* Sends begin and then more again and again until the edge has had enough. */
static char *send_without_end(int fd, const char *begin, const char *more, souk_pool_t *pool)
{
    put_text(fd, begin);
    for (int i = 0; i < 100000 && put_bytes(fd, more, strlen(more)); i++)
        ;
    return read_rest(fd, pool);
}

static void nothing_goes_on_without_end(void **state)
{
    static const struct {
        const char *begin, *more;
    } cases[] = {
        { "", "GET" },
        { "GET /", "xxxxxxxxxx" },
        { "GET /v1/wares/mug HTTP/1.1\r\nHost: souk\r\n", "X-Header: value\r\n" },
        { "GET /v1/wares/mug HTTP/1.1\r\nHost: souk\r\nX: ", "xxxxxxxxxx" },
        { HEAD "Transfer-Encoding: chunked\r\n\r\n", "2\r\nxx\r\n" },
        { HEAD "Transfer-Encoding: chunked\r\n\r\n1;", "xxxxxxxxxx" },
    };
    const market_t *market = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        owned(souk_pool) pool = souk_pool_new();
        int fd = visit(market);
        const char *answer = send_without_end(fd, cases[i].begin, cases[i].more, pool);
        if (*answer && status_of(answer) < 400)
            fail_msg("case %zu is answered with %s", i, answer);
        close(fd);
    }
}

static void a_body_that_says_it_is_too_large_is_not_read(void **state)
{
    const market_t *market = *state;
    owned(souk_pool) pool = souk_pool_new();
    int fd = visit(market);
    char part[1000];

    memset(part, 'x', sizeof part);
    put_text(fd, HEAD "Content-Length: 10000000\r\n\r\n");
    for (int i = 0; i < 100; i++)
        assert_true(put_bytes(fd, part, sizeof part));
    assert_non_null(strstr(read_rest(fd, pool), "\"code\":\"too_large\""));
    close(fd);
}

static void who_asks_before_sending_a_body_is_answered_before(void **state)
{
    const market_t *market = *state;

    expect(market, HEAD "Expect: 100-continue\r\nContent-Length: 2001\r\n\r\n", 413,
        "may have 2000 bytes");
    expect(market,
        "POST /v1/none HTTP/1.1\r\nHost: souk\r\nExpect: 100-continue\r\n"
        "Content-Length: 2\r\n\r\n",
        404, "no_such_route");
    expect(market, HEAD "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", 100, "");
}

static void a_body_that_grows_too_large_is_answered_in_its_middle(void **state)
{
    static const char chunk[] = "a\r\n0123456789\r\n";
    const market_t *market = *state;
    owned(souk_pool) pool = souk_pool_new();
    int fd = visit(market);
    const char *answer;

    put_text(fd, HEAD "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 201; i++)
        assert_true(put_bytes(fd, chunk, sizeof chunk - 1));
    answer = read_rest(fd, pool);
    assert_int_equal(status_of(answer), 413);
    assert_non_null(strstr(answer, "Connection: close\r\n"));
    assert_int_equal(strlen(strstr(answer, "\r\n\r\n") + 4), body_size_of(answer));
    close(fd);
}

/* The part of a request that a client sends before it falls silent. */
static void bodies_that_never_end_take_only_so_much_memory(void **state)
{
    enum {
        CLIENTS = 20
    };
    const market_t *market = *state;
    int clients[CLIENTS], refused = 0;
    char half[1500];

    memset(half, ' ', sizeof half);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = visit(market);
        put_text(clients[i],
            "POST /v1/wares/mug HTTP/1.1\r\nHost: souk\r\nContent-Type: application/json\r\n"
            "Content-Length: 1999\r\n\r\n");
        assert_true(put_bytes(clients[i], half, sizeof half));
    }
    for (int i = 0; i < CLIENTS; i++) {
        owned(souk_pool) pool = souk_pool_new();
        const char *answer = read_rest(clients[i], pool);
        refused += status_of(answer) == 503 && strstr(answer, "\"code\":\"busy\"");
        close(clients[i]);
    }
    assert_in_range(refused, 1, CLIENTS - 1);
    await_status(market,
        "POST /v1/wares/mug HTTP/1.1\r\nHost: souk\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\n\r\n{}",
        201);
}

static void clients_that_fall_silent_are_cut_off(void **state)
{
    static const char *const cases[] = {
        "",
        "GET /v1/war",
        "GET /v1/wares/mug HTTP/1.1\r\nHost: so",
        HEAD "Content-Length: 2\r\n\r\n{",
        HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    };
    enum {
        CASES = sizeof cases / sizeof *cases
    };
    const market_t *market = *state;
    int clients[CASES];

    for (size_t i = 0; i < CASES; i++) {
        clients[i] = visit(market);
        put_text(clients[i], cases[i]);
    }
    expect(market, GET("/v1/wares/mug"), 200, "mug");
    for (size_t i = 0; i < CASES; i++) {
        owned(souk_pool) pool = souk_pool_new();
        assert_string_equal(read_rest(clients[i], pool), "");
        close(clients[i]);
    }
}

/* A byte now and then, until the edge has closed. */
static void await_cut(int fd)
{
    int64_t until_ms = souk_clock_ms() + BOUND_MS;

    while (put_bytes(fd, "x", 1) && souk_clock_ms() < until_ms)
        zmq_poll(NULL, 0, 20);
    assert_true(souk_clock_ms() < until_ms);
}

static void a_byte_now_and_then_keeps_no_connection_open(void **state)
{
    int fd = visit(*state);

    put_text(fd, "GET /v1/wares/mug HTTP/1.1\r\nX: ");
    await_cut(fd);
    close(fd);
}

static void clients_that_hang_up_disturb_nobody(void **state)
{
    const market_t *market = *state;
    struct linger reset = { .l_onoff = 1 };

    for (int i = 0; i < 50; i++) {
        int fd = visit(market);
        put_text(fd, i % 2 ? GET("/v1/hang") : HEAD "Content-Length: 2\r\n\r\n{");
        if (i % 3)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(fd);
    }
    expect(market, GET("/v1/wares/mug"), 200, "mug");
}

static void clients_that_do_not_read_disturb_nobody_and_are_cut_off(void **state)
{
    const market_t *market = *state;
    int clients[10];
    int small = 1;

    for (size_t i = 0; i < 10; i++) {
        clients[i] = visit(market);
        setsockopt(clients[i], SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        for (int k = 0; k < 50; k++)
            put_text(clients[i], GET("/openapi.json"));
    }
    expect(market, GET("/v1/wares/mug"), 200, "mug");
    for (size_t i = 0; i < 10; i++) {
        await_cut(clients[i]);
        close(clients[i]);
    }
}

static bool is_open(int fd)
{
    char byte;

    return recv(fd, &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

static void expect_closed(const market_t *market, in_addr_t from)
{
    int fd = visit_from(market, from);

    assert_string_equal(read_rest(fd, market->party->pool), "");
    close(fd);
}

static void close_all(const int *clients, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_true(is_open(clients[i]));
        close(clients[i]);
    }
}

enum {
    ROOM = 200,
    ROOM_FOR_ONE = 150,
    FURTHER = 20,
    ELSEWHERE = INADDR_LOOPBACK + 1,
};

/* Not after the others have fallen silent for too long, but at once. */
static void more_connections_than_there_is_room_for_are_closed(void **state)
{
    const market_t *market = *state;
    int clients[ROOM];

    assert_int_equal(market->settings.connections_max, ROOM);
    for (int i = 0; i < ROOM; i++)
        clients[i] = visit_from(market, i % 2 ? ELSEWHERE : INADDR_LOOPBACK);
    for (int i = 0; i < FURTHER; i++)
        expect_closed(market, INADDR_LOOPBACK);
    close_all(clients, ROOM);
    await_status(market, GET("/v1/wares/mug"), 200);
}

static void one_address_leaves_room_for_others(void **state)
{
    const market_t *market = *state;
    int clients[ROOM_FOR_ONE], other;

    for (int i = 0; i < ROOM_FOR_ONE; i++)
        clients[i] = visit(market);
    for (int i = 0; i < FURTHER; i++)
        expect_closed(market, INADDR_LOOPBACK);
    other = visit_from(market, ELSEWHERE);
    put_text(other, "GET /v1/wares/mug HTTP/1.1\r\nHost: souk\r\nConnection: close\r\n\r\n");
    assert_int_equal(status_of(read_rest(other, market->party->pool)), 200);
    close(other);
    close_all(clients, ROOM_FOR_ONE);
}

static void headers_cannot_be_written_from_outside(void **state)
{
    const market_t *market = *state;
    const char *answer =
        expect(market, GET("/v1/wares/a%0d%0aSet-Cookie:%20a=b?name=%0d%0aX:"), 200, "\\r\\n");

    assert_null(strstr(answer, "\nSet-Cookie"));
    answer = expect(market, GET("/v1/wares/mug?a%0d%0aX-Evil:=1"), 400, "\\r\\nX-Evil");
    assert_null(strstr(answer, "\nX-Evil"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MARKET_TEST(what_could_be_framed_in_two_ways_is_refused),
        MARKET_TEST(nul_hides_nothing),
        MARKET_TEST(noise_gets_a_close),
        MARKET_TEST(nothing_goes_on_without_end),
        MARKET_TEST(a_body_that_says_it_is_too_large_is_not_read),
        MARKET_TEST(who_asks_before_sending_a_body_is_answered_before),
        MARKET_TEST(a_body_that_grows_too_large_is_answered_in_its_middle),
        MARKET_TEST(bodies_that_never_end_take_only_so_much_memory),
        MARKET_TEST(clients_that_fall_silent_are_cut_off),
        MARKET_TEST(a_byte_now_and_then_keeps_no_connection_open),
        MARKET_TEST(clients_that_hang_up_disturb_nobody),
        MARKET_TEST(clients_that_do_not_read_disturb_nobody_and_are_cut_off),
        MARKET_TEST(more_connections_than_there_is_room_for_are_closed),
        MARKET_TEST(one_address_leaves_room_for_others),
        MARKET_TEST(headers_cannot_be_written_from_outside),
    };

    zsys_handler_set(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
