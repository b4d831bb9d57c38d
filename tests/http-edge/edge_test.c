/* What clients of the edge see, over real sockets, a real broker, and a service written by hand. */
#include "market.h"

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
        { GET("/v1/wares/mug?count=10"), "\"detail\":\"/count: must be at most 9\"", 400 },
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

#define DELIVER(fields, body) POST("/v1/deliveries/top", fields, body)

static void what_is_signed_is_handed_on_as_it_came(void **state)
{
    static const struct {
        const char *request, *part;
        int status;
    } cases[] = {
        { DELIVER("stall-signature: t=1,v1=ab \r\n" JSON(9), "{ \"a\":1 }"),
            "{\"shelf\":\"top\",\"body\":\"{ \\\"a\\\":1 }\",\"signature\":\"t=1,v1=ab\"}", 200 },
        { DELIVER("Stall-Signature: x\r\n" JSON(3), "no\n"), "\"body\":\"no\\n\"", 200 },
        { DELIVER("Stall-Signature: x\r\nContent-Length: 0\r\n", ""), "\"body\":\"\"", 200 },
        { DELIVER(JSON(2), "{}"), "send a header Stall-Signature", 400 },
        { DELIVER("Stall-Signature: x\r\n" JSON(1), "\xff"), "must be UTF-8 without NUL", 400 },
        { DELIVER("Stall-Signature: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n", "{}"),
            "\"code\":\"wrong_type\"", 415 },
        { POST("/v1/deliveries/top?shelf=low", "Stall-Signature: x\r\n" JSON(2), "{}"), "/shelf",
            400 },
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        MARKET_TEST(arguments_come_from_path_query_and_body),
        MARKET_TEST(what_is_wrong_is_told_with_its_place),
        MARKET_TEST(services_decide_what_is_answered),
        MARKET_TEST(what_is_signed_is_handed_on_as_it_came),
        MARKET_TEST(who_has_the_version_already_is_not_sent_it_again),
        MARKET_TEST(whoever_changes_a_thing_says_which_version),
        MARKET_TEST(a_service_that_hangs_costs_its_caller_the_deadline),
        MARKET_TEST(head_and_options_need_no_operation),
        MARKET_TEST(the_edge_has_pages_of_its_own),
        MARKET_TEST(one_connection_serves_one_request_after_the_other),
    };

    zsys_handler_set(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
