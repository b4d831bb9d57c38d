/* Who asks, whether it is let in, and what services are told of it. */
#include "market.h"

#define BUY(fields)                                                                                \
    POST("/v1/sales", fields "Content-Length: 10\r\nContent-Type: application/json\r\n",           \
        "{\"id\":\"a\"}")

static void only_who_is_somebody_may_buy(void **state)
{
    const market_t *market = *state;
    const char *answer;

    expect(market, BUY("Idempotency-Key: 1\r\n"), 401, "WWW-Authenticate: Bearer\r\n");
    expect(market, BUY("Authorization: Bearer bad\r\nIdempotency-Key: 1\r\n"), 401,
        "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n");
    expect(market, BUY("Authorization: Basic good\r\nIdempotency-Key: 1\r\n"), 401,
        "error=\"invalid_token\"");
    expect(market, BUY("Authorization: Bearer busy\r\nIdempotency-Key: 1\r\n"), 503,
        "Retry-After: 1\r\n");
    expect(market, BUY("Authorization: Bearer good\r\n"), 400, "\"code\":\"key_missing\"");
    expect(market, BUY("Authorization: Bearer good\r\nIdempotency-Key: \x01\r\n"), 400, "");
    answer = expect(market, BUY("Authorization: Bearer good\r\nIdempotency-Key: k 1\r\n"), 200,
        "{\"user\":\"ann\",\"key\":\"k 1\"");
    assert_non_null(strstr(answer, "Cache-Control: no-store\r\n"));
}

/* Of a service that does not tell of calls the edge minds who may call. */
static void whoever_lacks_the_role_or_the_scope_is_refused(void **state)
{
    const market_t *market = *state;

    expect(market, "GET /v1/books HTTP/1.1\r\nHost: souk\r\nAuthorization: Bearer good\r\n\r\n",
        403, "the role staff is needed");
    expect(market, "GET /v1/me HTTP/1.1\r\nHost: souk\r\nAuthorization: Bearer key\r\n\r\n", 200,
        "\"user\":\"ann\"");
    expect(market, BUY("Authorization: Bearer key\r\nIdempotency-Key: 1\r\n"), 403,
        "the API key is not for stall.buy");
}

#define ENTER(key) POST("/v1/me", "Idempotency-Key: " key "\r\n" JSON(2), "{}")

static void where_a_key_must_not_be_guessed_it_is_drawn_by_lot(void **state)
{
    const market_t *market = *state;

    expect(market, ENTER("1"), 400, "Idempotency-Key must be a random UUID");
    expect(market, ENTER("018f0000-0000-7000-8000-00000000000a"), 400, "\"code\":\"invalid\"");
    expect(market, ENTER("b1cf2a6e-3a30-4d6b-9c4e-0f4fd7c1a2b3"), 200, "\"key\":\"b1cf2a6e-");
    expect(market, POST("/v1/me", JSON(2), "{}"), 200, "\"key\":null");
}

static void a_bad_token_is_worse_than_none(void **state)
{
    const market_t *market = *state;

    expect(market, GET("/v1/me"), 200, "\"user\":null");
    expect(market, "GET /v1/me HTTP/1.1\r\nHost: souk\r\nAuthorization: Bearer good\r\n\r\n", 200,
        "\"user\":\"ann\"");
    expect(market, "GET /v1/me HTTP/1.1\r\nHost: souk\r\nAuthorization: Bearer bad\r\n\r\n", 401,
        "invalid_token");
}

static void tokens_of_many_come_back_to_those_who_sent_them(void **state)
{
    enum {
        CLIENTS = 60
    };
    const market_t *market = *state;
    int clients[CLIENTS];

    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = visit(market);
        put_text(clients[i],
            i % 3 ? "GET /v1/me HTTP/1.1\r\nHost: souk\r\nAuthorization: Bearer good\r\n\r\n"
                  : "GET /v1/me HTTP/1.1\r\nHost: souk\r\nAuthorization: Bearer bad\r\n\r\n");
    }
    for (int i = 0; i < CLIENTS; i++) {
        owned(souk_pool) pool = souk_pool_new();
        assert_int_equal(status_of(read_answer(clients[i], pool)), i % 3 ? 200 : 401);
        close(clients[i]);
    }
}

/* Every client is told of its own ware, with the status that is the ware's. Those who are somebody
   are among them. */
static void show_to_many(const market_t *market)
{
    enum {
        CLIENTS = 60
    };
    int clients[CLIENTS];

    for (int i = 0; i < CLIENTS; i++) {
        owned(souk_pool) pool = souk_pool_new();
        const char *id = i % 3 ? souk_pool_format(pool, "no%d", i) : "broken";
        clients[i] = visit(market);
        put_text(clients[i],
            souk_pool_format(pool, "GET /v1/wares/%s HTTP/1.1\r\nHost: souk\r\n%s\r\n", id,
                i % 5 ? "" : "Authorization: Bearer good\r\n"));
    }
    for (int i = 0; i < CLIENTS; i++) {
        owned(souk_pool) pool = souk_pool_new();
        const char *answer = read_answer(clients[i], pool);
        assert_int_equal(status_of(answer), i % 3 ? 200 : 502);
        assert_true(i % 3 == 0 || strstr(answer, souk_pool_format(pool, "\"id\":\"no%d\"", i)));
        close(clients[i]);
    }
}

static void calls_that_are_served_together_travel_together(void **state)
{
    int64_t until_ms = souk_clock_ms() + BOUND_MS;

    atomic_store(&most_together, 0);
    while (atomic_load(&most_together) < 2 && souk_clock_ms() < until_ms)
        show_to_many(*state);
    assert_in_range(atomic_load(&most_together), 2, 16);
}

static void a_trace_goes_with_its_request(void **state)
{
#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"
    const market_t *market = *state;
    const char *answer = expect(market,
        "GET /v1/me HTTP/1.1\r\nHost: souk\r\ntraceparent: 00-" TRACE
        "-00f067aa0ba902b7-01\r\n\r\n",
        200, "\"traceparent\":\"00-" TRACE "-00f067aa0ba902b7-01\"");

    assert_non_null(strstr(answer, "Traceparent: 00-" TRACE));
    expect(market,
        "GET /v1/none HTTP/1.1\r\nHost: souk\r\ntraceparent: 00-" TRACE
        "-00f067aa0ba902b7-01\r\n\r\n",
        404, "\"instance\":\"urn:souk:trace:" TRACE "\"");
    expect(market, "GET /v1/me HTTP/1.1\r\nHost: souk\r\ntraceparent: nonsense\r\n\r\n", 200,
        "\"traceparent\":\"00-");
}

static void a_proxy_says_whose_a_request_is(void **state)
{
    const market_t *market = *state;

    expect(market, "GET /v1/me HTTP/1.1\r\nHost: souk\r\n\r\n", 200, "\"address\":null");
    expect(market,
        "GET /v1/me HTTP/1.1\r\nHost: souk\r\nX-Forwarded-For: 192.0.2.1\r\n"
        "x-forwarded-for: 192.0.2.2, 2001:DB8::7\r\n\r\n",
        200, "\"address\":\"2001:db8::7\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MARKET_TEST(only_who_is_somebody_may_buy),
        MARKET_TEST(whoever_lacks_the_role_or_the_scope_is_refused),
        MARKET_TEST(where_a_key_must_not_be_guessed_it_is_drawn_by_lot),
        MARKET_TEST(a_bad_token_is_worse_than_none),
        MARKET_TEST(tokens_of_many_come_back_to_those_who_sent_them),
        MARKET_TEST(calls_that_are_served_together_travel_together),
        MARKET_TEST(a_trace_goes_with_its_request),
        MARKET_TEST(a_proxy_says_whose_a_request_is),
    };

    zsys_handler_set(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
