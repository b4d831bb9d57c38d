/* What clients of the edge see, over real sockets, a real broker, and a service written by hand. */
#include "market.h"

#define POST(path, fields, body)                                                                   \
    "POST " path " HTTP/1.1\r\nHost: souk\r\nConnection: close\r\n" fields "\r\n" body
#define JSON(size) "Content-Type: application/json\r\nContent-Length: " #size "\r\n"

static void arguments_come_from_path_query_and_body(void **state)
{
    const market_t *market = *state;

    expect(market, GET("/v1/wares/a%2Fb?count=7&tags=x&tags=y+z&fresh=true"), 200,
        "{\"id\":\"a/b\",\"name\":null,\"count\":7,\"tags\":[\"x\",\"y z\"],\"fresh\":true}");
    expect(market, GET("/v1/wares/mug"), 200, "\"count\":1");
    expect(market, GET("/v1/wares/best"), 200, "\"id\":\"best\"");
    expect(market, POST("/v1/wares/mug", JSON(14), "{\"name\":\"Mug\"}"), 201,
        "\"id\":\"mug\",\"name\":\"Mug\"");
    expect(market, POST("/v1/wares/mug", "Content-Length: 0\r\n", ""), 201, "\"id\":\"mug\"");
    expect(market,
        POST("/v1/wares/mug",
            "Content-Type: application/json; charset=utf-8\r\nTransfer-Encoding: chunked\r\n",
            "6\r\n{\"name\r\n8\r\n\":\"Mug\"}\r\n0\r\n\r\n"),
        201, "\"name\":\"Mug\"");
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
    static const struct {
        const char *request, *part;
        int status;
    } cases[] = {
        { GET("/v1/wares/mug?count=ten"), "{\"pointer\":\"/count\"", 400 },
        { GET("/v1/wares/mug?count=10"), "at most 9", 400 },
        { GET("/v1/wares/mug?count=1&count=2"), "\"/count\",\"detail\":\"is given twice\"", 400 },
        { GET("/v1/wares/mug?id=cup"), "\"/id\",\"detail\":\"is given twice\"", 400 },
        { GET("/v1/wares/mug?colour=red"), "{\"pointer\":\"/colour\"", 400 },
        { GET("/v1/wares/mug?tags=1&tags=2&tags=3&tags=4"), "{\"pointer\":\"/tags\"", 400 },
        { GET("/v1/wares/%ff"), "\"code\":\"malformed\"", 400 },
        { POST("/v1/wares/mug", JSON(12), "{\"name\":\n 1}"), "{\"pointer\":\"/name\"", 400 },
        { POST("/v1/wares/mug", JSON(12), "{\"id\":\"cup\"}"), "\"/id\"", 400 },
        { POST("/v1/wares/mug?count=1", JSON(2), "{}"), "\"/count\"", 400 },
        { POST("/v1/wares/mug", JSON(11), "{\"name\": \n}"), "line 2, column", 400 },
        { POST("/v1/wares/mug", JSON(2), "[]"), "must be an object", 400 },
        { POST("/v1/wares/mug", "Content-Type: text/plain\r\nContent-Length: 2\r\n", "{}"),
            "Content-Type is something else; send Content-Type: application/json", 415 },
        { POST("/v1/wares/mug", "Content-Length: 2\r\n", "{}"),
            "Content-Type is missing; send Content-Type: application/json", 415 },
        { "GET /v1/wares/mug HTTP/1.1\r\nHost: souk\r\n" JSON(2) "\r\n{}", "takes no body", 400 },
        { GET("/v1/nothing"), "\"code\":\"no_such_route\"", 404 },
        { "PUT /v1/wares/mug HTTP/1.1\r\nHost: souk\r\n\r\n",
            "Allow: GET, HEAD, POST, DELETE, OPTIONS\r\n", 405 },
        { "PUT /v1/wares/mug HTTP/1.1\r\nHost: souk\r\n\r\n",
            "\"send one of GET, HEAD, POST, DELETE, OPTIONS\"", 405 },
        { "PUT /livez HTTP/1.1\r\nHost: souk\r\n\r\n", "\"send one of GET, HEAD, OPTIONS\"", 405 },
        { GET("/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a"), "the path may have 16 segments", 400 },
    };
    const market_t *market = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *answer = expect(market, cases[i].request, cases[i].status, cases[i].part);
        assert_non_null(strstr(answer, "Content-Type: application/problem+json\r\n"));
        assert_non_null(strstr(answer, "\"type\":\"urn:souk:error:"));
        assert_non_null(strstr(answer, "X-Content-Type-Options: nosniff\r\n"));
    }
}

static void services_decide_what_is_answered(void **state)
{
    static const struct {
        const char *request, *part;
        int status;
    } cases[] = {
        { POST("/v1/wares/sold", JSON(2), "{}"), "\"code\":\"sold_out\"", 409 },
        { POST("/v1/wares/sold", JSON(2), "{}"), "{\"pointer\":\"/name\",\"detail\":\"no\"}", 409 },
        { POST("/v1/wares/packed", JSON(2), "{}"), "Retry-After: 1\r\n", 409 },
        { POST("/v1/wares/often", JSON(2), "{}"), "Retry-After: 7\r\n", 429 },
        { POST("/v1/wares/again", JSON(2), "{}"), "Idempotent-Replayed: true\r\n", 201 },
        { POST("/v1/wares/rain", JSON(2), "{}"), "\"code\":\"bad_reply\"", 502 },
        { POST("/v1/wares/bent", JSON(2), "{}"), "\"code\":\"bad_reply\"", 502 },
        { POST("/v1/wares/broken", JSON(2), "{}"), "\"code\":\"bad_reply\"", 502 },
        { POST("/v1/wares/slow", JSON(2), "{}"), "\"id\":\"slow\"", 202 },
        { "DELETE /v1/wares/mug HTTP/1.1\r\nHost: souk\r\n\r\n", "\r\n\r\n", 204 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(*state, cases[i].request, cases[i].status, cases[i].part);
}

#define READ(fields) "GET /v1/labels/a HTTP/1.1\r\nHost: souk\r\n" fields "\r\n"
#define WRITE(fields, size, body)                                                                  \
    "PUT /v1/labels/a HTTP/1.1\r\nHost: souk\r\n" fields JSON(size) "\r\n" body

static void who_has_the_version_already_is_not_sent_it_again(void **state)
{
    static const char *const held[] = { READ("If-None-Match: \"5\"\r\n"),
        READ("If-None-Match: W/\"5\"\r\n"), READ("If-None-Match: \"x\", \"4\",\"5\"\r\n"),
        READ("If-None-Match: *\r\n") };

    assert_non_null(strstr(expect(*state, READ(""), 200, "ETag: \"5\"\r\n"), "\"version\":5"));
    expect(*state, READ("If-None-Match: \"4\"\r\n"), 200, "\"version\":5");
    expect(*state, READ("If-None-Match: 5\r\n"), 200, "\"version\":5");
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        assert_null(strstr(expect(*state, held[i], 304, "ETag: \"5\"\r\n"), "version"));
}

static void whoever_changes_a_thing_says_which_version(void **state)
{
    static const struct {
        const char *request, *part;
        int status;
    } cases[] = {
        { WRITE("If-Match: \"5\"\r\n", 2, "{}"), "ETag: \"6\"\r\n", 200 },
        { WRITE("If-Match: *\r\n", 2, "{}"), "ETag: \"6\"\r\n", 200 },
        { WRITE("If-Match: \"4\"\r\n", 2, "{}"), "\"code\":\"stale\"", 412 },
        { WRITE("If-Match: \"0\"\r\n", 2, "{}"), "\"code\":\"stale\"", 412 },
        { WRITE("If-Match: \"99999999999\"\r\n", 2, "{}"), "\"code\":\"stale\"", 412 },
        { WRITE("If-Match: \"five\"\r\n", 2, "{}"), "\"code\":\"stale\"", 412 },
        { WRITE("If-Match: \"99999999999999999999\"\r\n", 2, "{}"), "\"code\":\"stale\"", 412 },
        { WRITE("If-Match: W/\"5\"\r\n", 2, "{}"), "If-Match must be one ETag", 400 },
        { WRITE("If-Match: \"4\", \"5\"\r\n", 2, "{}"), "If-Match must be one ETag", 400 },
        { WRITE("If-Match: \"5\"\r\n", 14, "{\"version\": 5}"), "in the header If-Match", 400 },
        { WRITE("", 2, "{}"), "\"code\":\"version_missing\"", 428 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(*state, cases[i].request, cases[i].status, cases[i].part);
}

static void a_service_that_hangs_costs_its_caller_the_deadline(void **state)
{
    const market_t *market = *state;
    int64_t began_ms = souk_clock_ms();
    int fd = visit(market);
    char *answer;

    put_text(fd, GET("/v1/hang"));
    expect(market, GET("/v1/wares/mug"), 200, "mug");
    assert_true(souk_clock_ms() - began_ms < market->settings.deadline_ms);
    answer = read_answer(fd, market->party->pool);
    assert_int_equal(status_of(answer), 504);
    assert_true(souk_clock_ms() - began_ms >= market->settings.deadline_ms);
    close(fd);
}

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

static void head_and_options_need_no_operation(void **state)
{
    const market_t *market = *state;
    int fd = visit(market);
    owned(souk_pool) pool = souk_pool_new();
    const char *answer;

    put_text(fd, "HEAD /v1/wares/mug HTTP/1.1\r\nHost: souk\r\nConnection: close\r\n\r\n");
    answer = read_rest(fd, pool);
    assert_int_equal(status_of(answer), 200);
    assert_string_equal(strstr(answer, "\r\n\r\n"), "\r\n\r\n");
    assert_true(body_size_of(answer) > 0);
    close(fd);
    expect(market, "OPTIONS /v1/sales HTTP/1.1\r\nHost: souk\r\n\r\n", 204,
        "Allow: POST, OPTIONS\r\n");
    expect(market, "OPTIONS /livez HTTP/1.1\r\nHost: souk\r\n\r\n", 204, "Allow: GET, HEAD");
    expect(market, "POST /livez HTTP/1.1\r\nHost: souk\r\n\r\n", 405, "Allow: GET, HEAD");
}

static void the_edge_has_pages_of_its_own(void **state)
{
    const market_t *market = *state;

    expect(market, GET("/livez"), 200, "alive");
    expect(market, GET("/readyz?verbose"), 200, "ready");
    expect(market, GET("/openapi.json"), 200, "\"/v1/wares/{id}\"");
    expect(market, GET("http://souk.example/livez"), 200, "alive");
}

static void one_connection_serves_one_request_after_the_other(void **state)
{
    const market_t *market = *state;
    int fd = visit(market);

    put_text(fd, GET("/v1/wares/a") GET("/v1/none") POST("/v1/none", JSON(2), "{}"));
    for (int i = 0; i < 3; i++) {
        owned(souk_pool) pool = souk_pool_new();
        assert_int_equal(status_of(read_answer(fd, pool)), i ? 404 : 200);
    }
    close(fd);
}

static void the_edge_is_ready_while_its_services_are_well(void **state)
{
    market_t *market = *state;

    atomic_store(&stall_is_unwell, true);
    await_status(market, GET("/readyz"), 503);
    expect(market, GET("/readyz"), 503, "there, but not well (see their health): stall");
    atomic_store(&stall_is_unwell, false);
    await_status(market, GET("/readyz"), 200);
}

/* What may be at an address is known once the services have said so. */
static void before_services_have_told_what_they_offer_nothing_is_not_found(void **state)
{
    market_t *market = *state;
    zactor_t *other;

    zactor_destroy(&market->stall);
    await_status(market, GET("/v1/wares/mug"), 503);
    market->settings.port = free_port();
    other = zactor_new(souk_edge_actor, &market->settings);
    expect(market, GET("/v1/wares/mug"), 503, "\"code\":\"not_ready\"");
    open_stall(market, &stall);
    await_status(market, GET("/v1/wares/mug"), 200);
    await_status(market, GET("/v1/nothing"), 404);
    zactor_destroy(&other);
}

static void right_after_its_start_the_edge_looks_oftener(void **state)
{
    market_t *market = *state;
    zactor_t *other;

    zactor_destroy(&market->stall);
    await_status(market, GET("/readyz"), 503);
    market->settings.port = free_port();
    market->settings.refresh_ms = 60000;
    other = zactor_new(souk_edge_actor, &market->settings);
    expect(market, GET("/readyz"), 503, "not there (yet): stall");
    open_stall(market, &stall);
    await_status(market, GET("/readyz"), 200);
    zactor_destroy(&other);
}

static void a_service_may_go_and_come_back_as_another(void **state)
{
    static souk_actor_t renewed;
    market_t *market = *state;

    zactor_destroy(&market->stall);
    await_status(market, GET("/readyz"), 503);
    expect(market, GET("/readyz"), 503, "not there (yet): stall");
    expect(market, GET("/livez"), 200, "alive");
    await_status(market, GET("/v1/wares/mug"), 503);
    expect(market, GET("/v1/wares/mug"), 503, "Retry-After: 1\r\n");

    renewed = stall;
    renewed.operations[0].http = "GET /v2/wares/{id}";
    open_stall(market, &renewed);
    await_status(market, GET("/v2/wares/mug"), 200);
    expect(market, GET("/v1/wares/mug"), 405, "Allow: POST, DELETE, OPTIONS\r\n");
    expect(market, GET("/openapi.json"), 200, "\"/v2/wares/{id}\"");
}

/* The broker's heartbeats are no questions. */
static bool is_asked(zsock_t *worker, int64_t until_ms)
{
    bool asked = false;

    while (!asked && souk_clock_ms() < until_ms) {
        if (!is_there(worker, 50))
            continue;
        souk_message_t *message = souk_message_receive(zsock_resolve(worker));
        asked = souk_message_is(message, 2, SOUK_MDP_REQUEST) &&
            souk_message_is(message, 5, "mute.describe");
        souk_message_destroy(&message);
        say(worker, "", SOUK_MDP_WORKER, SOUK_MDP_HEARTBEAT);
    }
    return asked;
}

static void a_service_that_answers_nothing_is_left_in_peace(void **state)
{
    market_t *market = *state;
    zsock_t *worker = join_worker(market->party, "mute", "10");

    for (int i = 0; i < 3; i++)
        assert_true(is_asked(worker, souk_clock_ms() + BOUND_MS));
    assert_false(is_asked(worker, souk_clock_ms() + 3000));
    expect(market, GET("/v1/wares/mug"), 200, "mug");
}

static void who_is_being_served_is_served_before_the_edge_stops(void **state)
{
    market_t *market = *state;
    int hanging = visit(market), idle = visit(market), late = visit(market);
    owned(souk_pool) pool = souk_pool_new();

    put_text(hanging, GET("/v1/hang"));
    put_text(late, "GET /v1/wares/mug HTTP/1.1\r\n");
    expect(market, GET("/livez"), 200, "alive");
    zstr_send(market->edge, "$TERM");
    put_text(late, "Host: souk\r\n\r\n");
    assert_non_null(strstr(read_rest(late, pool), "Connection: close\r\n"));
    assert_non_null(strstr(read_rest(hanging, pool), "\"code\":\"unavailable\""));
    assert_string_equal(read_rest(idle, pool), "");
    close(hanging);
    close(idle);
    close(late);
}

static void a_port_that_is_taken_is_said_to_be(void **state)
{
    market_t *market = *state;
    zsock_t *inner, *outer = zsys_create_pipe(&inner);

    zstr_send(outer, "$TERM"); /* ends it, should it listen in spite of all */
    souk_edge_actor(inner, &market->settings);
    assert_int_equal(zsock_wait(outer), (byte)-1);
    zsock_destroy(&inner);
    zsock_destroy(&outer);
    expect(market, GET("/livez"), 200, "alive");
}

#define MARKET_TEST(name) cmocka_unit_test_setup_teardown(name, open_market, close_market)

int main(void)
{
    const struct CMUnitTest tests[] = {
        MARKET_TEST(arguments_come_from_path_query_and_body),
        MARKET_TEST(what_is_wrong_is_told_with_its_place),
        MARKET_TEST(services_decide_what_is_answered),
        MARKET_TEST(who_has_the_version_already_is_not_sent_it_again),
        MARKET_TEST(whoever_changes_a_thing_says_which_version),
        MARKET_TEST(a_service_that_hangs_costs_its_caller_the_deadline),
        MARKET_TEST(only_who_is_somebody_may_buy),
        MARKET_TEST(a_bad_token_is_worse_than_none),
        MARKET_TEST(tokens_of_many_come_back_to_those_who_sent_them),
        MARKET_TEST(calls_that_are_served_together_travel_together),
        MARKET_TEST(a_trace_goes_with_its_request),
        MARKET_TEST(a_proxy_says_whose_a_request_is),
        MARKET_TEST(head_and_options_need_no_operation),
        MARKET_TEST(the_edge_has_pages_of_its_own),
        MARKET_TEST(one_connection_serves_one_request_after_the_other),
        MARKET_TEST(the_edge_is_ready_while_its_services_are_well),
        MARKET_TEST(before_services_have_told_what_they_offer_nothing_is_not_found),
        MARKET_TEST(right_after_its_start_the_edge_looks_oftener),
        MARKET_TEST(a_service_may_go_and_come_back_as_another),
        MARKET_TEST(a_service_that_answers_nothing_is_left_in_peace),
        MARKET_TEST(who_is_being_served_is_served_before_the_edge_stops),
        MARKET_TEST(a_port_that_is_taken_is_said_to_be),
    };

    zsys_handler_set(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
