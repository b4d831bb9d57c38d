/* A broker, an edge, and a stall whose holder is written by hand, for raw HTTP clients to visit. */
#ifndef SOUK_TESTS_MARKET_H
#define SOUK_TESTS_MARKET_H

#include "../broker/party.h"
#include "stall.h"

#include <netinet/in.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "../../http-edge/edge.h"
#include "../../lib/client.h"
#include "../../lib/link.h"
#include "../../lib/settings.h"

typedef struct {
    party_t *party;
    struct souk_edge_settings settings;
    zactor_t *edge;
    const souk_actor_t *tables; /* what the stall says it is */
    zactor_t *stall;
} market_t;

static atomic_bool stall_is_unwell;
static atomic_size_t most_together; /* calls of stall.show in one message */

static inline souk_bytes_t refuse(const char *code, const struct souk_refusal *refusal,
    souk_pool_t *pool)
{
    return souk_wire_encode_reply(code, &souk_refusal, refusal, pool);
}

/* What becomes of a ware that is put down is in its name. */
static inline souk_bytes_t take_ware(const struct ware *it, souk_pool_t *pool)
{
    struct souk_refusal refusal = { .message = "no", .field = "/name" };

    if (strcmp(it->id, "sold") == 0)
        return refuse("sold_out", &refusal, pool);
    if (strcmp(it->id, "packed") == 0)
        return refuse("being_packed", &refusal, pool);
    if (strcmp(it->id, "often") == 0)
        return refuse("too_often", &(struct souk_refusal){ "wait", .retry_after = 7 }, pool);
    if (strcmp(it->id, "again") == 0)
        return souk_wire_encode_reply("replayed", &ware, it, pool);
    if (strcmp(it->id, "rain") == 0)
        return refuse("rained_off", &refusal, pool);
    if (strcmp(it->id, "bent") == 0)
        return souk_wire_encode_reply("ok", &souk_money, &(souk_money_t){ 1, "EUR" }, pool);
    if (strcmp(it->id, "broken") == 0)
        return (souk_bytes_t){ "\xc1", 1 };
    return souk_wire_encode_reply(strcmp(it->id, "slow") == 0 ? "accepted" : "ok", &ware, it, pool);
}

/* Every label is at its fifth version, until it is written. */
static inline souk_bytes_t take_label(bool writes, souk_bytes_t arguments, souk_pool_t *pool)
{
    struct souk_refusal refusal = { .message = "no" };
    struct label it = { 0 };
    souk_flaws_t flaws = { 0 };

    assert_true(souk_wire_decode(&label, arguments, &it, pool, &flaws));
    if (writes && it.version && it.version != 5)
        return refuse("stale", &refusal, pool);
    it.version = writes ? 6 : 5;
    return souk_wire_encode_reply("ok", &label, &it, pool);
}

/* Says what it was handed. */
static inline souk_bytes_t take_sealed(souk_bytes_t arguments, souk_pool_t *pool)
{
    struct sealed it = { 0 };
    souk_flaws_t flaws = { 0 };

    assert_true(souk_wire_decode(&sealed, arguments, &it, pool, &flaws));
    return souk_wire_encode_reply("ok", &sealed, &it, pool);
}

static inline souk_bytes_t tell_visitor(const souk_caller_t *caller, souk_pool_t *pool)
{
    struct visitor told = {
        .user = caller->user,
        .key = caller->key,
        .traceparent = caller->traceparent,
        .address = caller->address,
    };

    return souk_wire_encode_reply("ok", &visitor, &told, pool);
}

static inline souk_bytes_t verify(const struct token *it, souk_pool_t *pool)
{
    static const char *const roles[] = { "customer" };
    struct bearer ann = { .user_id = "ann", .roles = { (void *)roles, 1 } };
    struct souk_refusal refusal = { .message = "no" };

    if (strcmp(it->token, "key") == 0)
        souk_list_add_text(&ann.scopes, pool, "stall.greet");
    if (strcmp(it->token, "good") == 0 || strcmp(it->token, "key") == 0)
        return souk_wire_encode_reply("ok", &bearer, &ann, pool);
    return refuse(strcmp(it->token, "busy") == 0 ? "busy" : "unknown_token", &refusal, pool);
}

/* {} stands for no answer at all. */
static inline souk_bytes_t answer_call(const souk_actor_t *tables, const char *operation,
    const souk_caller_t *caller, souk_bytes_t arguments, souk_pool_t *pool)
{
    struct souk_description description;
    struct souk_nothing nothing = { 0 };
    struct token asked = { 0 };
    souk_flaws_t flaws = { 0 };
    struct ware it = { 0 };

    if (strcmp(operation, "stall.describe") == 0) {
        souk_describe(tables, &description, pool);
        return souk_wire_encode_reply("ok", &souk_description, &description, pool);
    }
    if (strcmp(operation, "stall.health") == 0) {
        struct souk_health health = { "ok", atomic_load(&stall_is_unwell) ? "away" : "none", 1, 0 };
        health.status = atomic_load(&stall_is_unwell) ? "degraded" : "ok";
        return souk_wire_encode_reply("ok", &souk_health, &health, pool);
    }
    if (strcmp(operation, "stall.hang") == 0)
        return (souk_bytes_t){ 0 };
    if (strcmp(operation, "stall.verify") == 0) {
        assert_true(souk_wire_decode(&token, arguments, &asked, pool, &flaws));
        return verify(&asked, pool);
    }
    if (strcmp(operation, "stall.read") == 0 || strcmp(operation, "stall.write") == 0)
        return take_label(strcmp(operation, "stall.write") == 0, arguments, pool);
    if (strcmp(operation, "stall.deliver") == 0)
        return take_sealed(arguments, pool);
    if (strcmp(operation, "stall.buy") == 0 || strcmp(operation, "stall.greet") == 0 ||
        strcmp(operation, "stall.enter") == 0)
        return tell_visitor(caller, pool);
    if (strcmp(operation, "stall.drop") == 0)
        return souk_wire_encode_reply("ok", &souk_nothing, &nothing, pool);
    if (strcmp(operation, "stall.best") == 0)
        it = (struct ware){ .id = "best", .count = 1 };
    else
        assert_true(souk_wire_decode(&ware, arguments, &it, pool, &flaws));
    return take_ware(&it, pool);
}

static inline const char *text_of(souk_bytes_t bytes, souk_pool_t *pool)
{
    return souk_pool_text(pool, bytes.data, bytes.size);
}

/* Who is behind a call stands in front of all calls of its message. */
static inline void note_together(const char *operation, size_t count, const souk_caller_t *caller)
{
    if (strcmp(operation, "stall.show") != 0)
        return;
    assert_true(count == 1 || (!caller->user && !caller->key));
    if (count > atomic_load(&most_together))
        atomic_store(&most_together, count);
}

static inline void serve(souk_link_t *link, const souk_actor_t *tables,
    const souk_message_t *request, const souk_return_t *to)
{
    owned(souk_pool) pool = souk_pool_new();
    owned(souk_message) answer = souk_message_new();
    souk_caller_t caller = { 0 };
    souk_flaws_t flaws = { 0 };

    assert_true(souk_wire_decode(&souk_caller_record, souk_message_frame(request, 1), &caller, pool,
        &flaws));
    note_together(text_of(souk_message_frame(request, 0), pool), request->count - 2, &caller);
    for (size_t i = 2; i < request->count; i++) {
        souk_bytes_t frame = answer_call(tables, text_of(souk_message_frame(request, 0), pool),
            &caller, souk_message_frame(request, i), pool);
        if (frame.size)
            souk_message_add(answer, frame);
    }
    if (answer->count)
        souk_link_reply(link, to, &answer);
}

static inline void keep_stall(zsock_t *pipe, void *args)
{
    const market_t *market = args;
    owned(souk_link) link = souk_link_new(market->party->bind, "stall", 1000, 200);
    souk_message_t *request;
    souk_return_t to;
    bool open = true;

    zsock_signal(pipe, 0);
    while (open) {
        zmq_pollitem_t items[] = {
            { .socket = zsock_resolve(pipe), .events = ZMQ_POLLIN },
            { .socket = souk_link_socket(link), .events = ZMQ_POLLIN },
        };
        zmq_poll(items, 2, 100);
        open = !(items[0].revents & ZMQ_POLLIN);
        while ((request = souk_link_next(link, &to))) {
            serve(link, market->tables, request, &to);
            souk_message_destroy(&request);
        }
        souk_link_tick(link);
    }
    souk_link_leave(link);
}

/* Clients: sockets, and text. */

static inline int visit_from(const market_t *market, in_addr_t from)
{
    struct sockaddr_in own = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(from) };
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)market->settings.port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    struct timeval bound = { .tv_sec = BOUND_MS / 1000 };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
    return fd;
}

static inline int visit(const market_t *market)
{
    return visit_from(market, INADDR_LOOPBACK);
}

static inline bool put_bytes(int fd, const void *bytes, size_t size)
{
    return send(fd, bytes, size, MSG_NOSIGNAL) == (ssize_t)size;
}

static inline void put_text(int fd, const char *text)
{
    assert_true(put_bytes(fd, text, strlen(text)));
}

/* Up to size bytes that still come until the other side closes; fails where it does not. */
static inline char *read_rest(int fd, souk_pool_t *pool)
{
    enum {
        SIZE = 1 << 16
    };
    char *text = souk_pool_alloc(pool, SIZE);
    size_t size = 0;
    ssize_t more;

    while (size < SIZE - 1 && (more = recv(fd, text + size, SIZE - 1 - size, 0)) > 0)
        size += (size_t)more;
    if (more < 0 && errno == EAGAIN)
        fail_msg("the connection stays open after \"%s\"", text);
    return text;
}

static inline size_t body_size_of(const char *head)
{
    const char *length = strcasestr(head, "\r\nContent-Length: ");

    return length ? strtoul(length + 18, NULL, 10) : 0;
}

/* One answer, head and body; "" where the other side closes first. */
static inline char *read_answer(int fd, souk_pool_t *pool)
{
    enum {
        SIZE = 1 << 17
    };
    char *text = souk_pool_alloc(pool, SIZE), *end = NULL;
    size_t size = 0;

    while (size < SIZE - 1 && !end && recv(fd, text + size, 1, 0) == 1) {
        size++;
        end = size >= 4 && strcmp(text + size - 4, "\r\n\r\n") == 0 ? text + size : NULL;
    }
    for (size_t left = end ? body_size_of(text) : 0; left; left--)
        if (recv(fd, text + size++, 1, 0) != 1)
            fail_msg("the body is cut off: %s", text);
    return text;
}

/* Asks over a connection of its own. */
static inline char *ask_once(const market_t *market, const char *request, souk_pool_t *pool)
{
    int fd = visit(market);
    char *answer;

    put_text(fd, request);
    answer = read_answer(fd, pool);
    close(fd);
    return answer;
}

static inline int status_of(const char *answer)
{
    return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? atoi(answer + 9) : 0;
}

/* Asks, and the answer has this status and this in it. Answers it. */
static inline char *expect(const market_t *market, const char *request, int status,
    const char *part)
{
    char *answer = ask_once(market, request, market->party->pool);

    if (status_of(answer) != status || !strstr(answer, part))
        fail_msg("%s is answered with %s", request, answer);
    return answer;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: souk\r\n\r\n"
#define JSON(size) "Content-Type: application/json\r\nContent-Length: " #size "\r\n"
#define POST(path, fields, body)                                                                   \
    "POST " path " HTTP/1.1\r\nHost: souk\r\nConnection: close\r\n" fields "\r\n" body

/* Asks until the answer has this status. */
static inline void await_status(const market_t *market, const char *request, int status)
{
    int64_t until_ms = souk_clock_ms() + BOUND_MS;

    while (souk_clock_ms() < until_ms) {
        owned(souk_pool) pool = souk_pool_new();
        if (status_of(ask_once(market, request, pool)) == status)
            return;
        zmq_poll(NULL, 0, 5);
    }
    fail_msg("%s never gets %d", request, status);
}

static inline int free_port(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static inline void open_stall(market_t *market, const souk_actor_t *tables)
{
    market->tables = tables;
    market->stall = zactor_new(keep_stall, market);
    assert_non_null(market->stall);
}

static inline int open_market(void **state)
{
    market_t *market = calloc(1, sizeof *market);

    open_party((void **)&market->party);
    souk_settings.brokers = market->party->bind;
    market->settings = (struct souk_edge_settings){
        .host = "127.0.0.1",
        .port = free_port(),
        .authenticate = "stall.verify",
        .needs = "stall",
        .proxies = "127.0.0.1",
        .deadline_ms = 500,
        .connections_max = 200,
        .idle_s = 1,
        .body_max = 2000,
        .bodies_max = 20000,
        .refresh_ms = 20,
        .stop_ms = 200,
    };
    market->edge = zactor_new(souk_edge_actor, &market->settings);
    assert_non_null(market->edge);
    open_stall(market, &stall);
    await_status(market, GET("/readyz"), 200);
    *state = market;
    return 0;
}

static inline int close_market(void **state)
{
    market_t *market = *state;

    zactor_destroy(&market->edge);
    zactor_destroy(&market->stall);
    close_party((void **)&market->party);
    free(market);
    return 0;
}

#define MARKET_TEST(name) cmocka_unit_test_setup_teardown(name, open_market, close_market)

#endif
