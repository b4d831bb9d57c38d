/* One HTTP request from its first byte to its end. */
#include "versions.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "../lib/log.h"
#include "../lib/memory.h"
#include "directory.h"
#include "peer.h"
#include "readiness.h"

static const char stopping[] = "the edge is being stopped";

enum {
    BODY_START = 1024,
    JOINED_BYTES_MAX = 1024, /* of arguments that travel with those of others */
};

/* libmicrohttpd shows the target as it came only here, before anything else is known. */
void *souk_request_new(void *argument, const char *target, struct MHD_Connection *connection)
{
    souk_edge_t *edge = argument;
    souk_pool_t *pool = souk_pool_new();
    souk_request_t *request = souk_pool_alloc(pool, sizeof *request);

    request->edge = edge;
    request->connection = connection;
    request->pool = pool;
    request->url = target ? souk_pool_text(pool, target, strlen(target)) : "";
    request->started_ms = souk_clock_ms();
    edge->under_way++;
    souk_connection_clients_turn(&edge->connections, souk_connection_of(connection));
    return request;
}

static const char *method_of(const souk_request_t *request)
{
    return strcmp(request->method, "HEAD") == 0 ? "GET" : request->method;
}

void souk_request_refuse_method(souk_request_t *request)
{
    souk_request_refuse(request, &souk_problem_wrong_method,
        souk_pool_format(request->pool, "send one of %s", request->allow), NULL);
}

static void take_route(souk_request_t *request, const souk_route_t *route)
{
    const char *name = method_of(request);
    souk_method_t method;

    if (souk_method_named(name, strlen(name), &method) && route->offers[method]) {
        request->offer = route->offers[method];
        souk_service_hold(request->offer->service);
        return;
    }
    request->allow = souk_route_allow(route, request->pool);
    if (strcmp(name, "OPTIONS") == 0)
        souk_request_answer(request, 204, (souk_bytes_t){ 0 });
    else
        souk_request_refuse_method(request);
}

/* Finds the offer; without one the request is answered. */
static void find_offer(souk_request_t *request)
{
    const souk_edge_t *edge = request->edge;
    const souk_route_t *route;
    const char *why = NULL;

    if (!souk_target_parse(request->url, request->pool, &request->target, &why)) {
        souk_request_refuse(request, &souk_problem_malformed, why, NULL);
        return;
    }
    if (souk_request_own(request))
        return;
    route = souk_routes_find(souk_directory_routes(edge->directory), &request->target);
    if (route)
        take_route(request, route);
    else if (souk_readiness_incomplete(edge->readiness, edge->directory))
        souk_request_refuse(request, &souk_problem_not_ready,
            "it is not known yet what all services offer", NULL);
    else
        souk_request_refuse(request, &souk_problem_no_such_route,
            "GET /openapi.json says what there is", NULL);
}

static void check_token(souk_request_t *request)
{
    const char *authorization = request->headers.authorization;

    if (authorization)
        request->token = souk_headers_token(authorization, request->pool);
    if (authorization && !request->token) {
        request->challenge = "Bearer error=\"invalid_token\"";
        souk_request_fail(request, &souk_unauthorized, "Authorization must be: Bearer TOKEN");
    } else if (request->offer->operation->role && !authorization) {
        souk_request_fail(request, &souk_unauthorized, "send a header Authorization: Bearer TOKEN");
    }
}

static void check_key(souk_request_t *request)
{
    const char *key = request->headers.idempotency_key;

    if (key && !souk_headers_key_fits(key))
        souk_request_fail(request, &souk_invalid,
            souk_pool_format(request->pool,
                "Idempotency-Key must be 1 to %d printable ASCII characters", SOUK_KEY_MAX));
    else if (key && request->offer->operation->uuid_key && !souk_uuid_is_random(key))
        souk_request_fail(request, &souk_invalid,
            "Idempotency-Key must be a random UUID (version 4) here");
    else if (!key && request->offer->operation->needs_key)
        souk_request_fail(request, &souk_key_missing, "send a header Idempotency-Key");
    request->caller.key = key;
}

static void check_signature(souk_request_t *request)
{
    const char *header = request->offer->operation->signature;

    if (!header)
        return;
    request->signature = souk_headers_find(request->connection, header, request->pool);
    if (!request->signature)
        souk_request_fail(request, &souk_invalid,
            souk_pool_format(request->pool, "send a header %s, which signs the body", header));
}

static void refuse_and_close(souk_request_t *request, const souk_problem_t *problem,
    const char *detail)
{
    request->close = true;
    souk_connection_of(request->connection)->lingers = true;
    souk_request_refuse(request, problem, detail, NULL);
}

static void refuse_too_large(souk_request_t *request)
{
    refuse_and_close(request, &souk_problem_too_large,
        souk_pool_format(request->pool, "the body may have %d bytes at most",
            request->edge->settings->body_max));
}

/* What makes it unwise to read on. */
static void check_frame(souk_request_t *request)
{
    const char *flaw = souk_headers_flaw(&request->headers, request->version);
    const char *length = request->headers.content_length;

    if (flaw)
        refuse_and_close(request, &souk_problem_malformed, flaw);
    else if (length && strtoull(length, NULL, 10) > (unsigned)request->edge->settings->body_max)
        refuse_too_large(request);
}

/* All that can be told from the head alone. A request that is refused for other reasons than its
   frame has its body read and thrown away, so that the connection can go on being used; unless the
   client asked first. */
static enum MHD_Result take_head(souk_request_t *request, const char *method, const char *version)
{
    request->method = method;
    request->version = version;
    souk_headers_read(&request->headers, request->connection, method, request->pool);
    souk_trace_begin(request->headers.traceparent, request->traceparent);
    request->caller.traceparent = request->traceparent;
    request->caller.address =
        souk_peer_client(souk_peer_address(request->connection, request->pool),
            request->headers.forwarded_for, request->edge->settings->proxies, request->pool);

    check_frame(request);
    if (request->status)
        return souk_request_send(request);
    find_offer(request);
    if (request->offer)
        check_token(request);
    if (request->offer)
        check_key(request);
    if (request->offer)
        check_signature(request);
    if (request->offer && !request->status)
        souk_version_check(request);
    return request->status && request->headers.expect ? souk_request_send(request) : MHD_YES;
}

/* False: all bodies together have no more room. */
static bool keep(souk_request_t *request, const char *upload, size_t size)
{
    souk_edge_t *edge = request->edge;
    size_t wanted = request->body_size + size, capacity = request->body_capacity;

    if (wanted > capacity) {
        capacity = wanted < BODY_START ? BODY_START : wanted * 2;
        edge->body_bytes += capacity - request->body_capacity;
        request->body = souk_sure(realloc(request->body, capacity));
        request->body_capacity = capacity;
    }
    memcpy(request->body + request->body_size, upload, size);
    return edge->body_bytes <= (size_t)edge->settings->bodies_max;
}

static void drop_body(souk_request_t *request)
{
    request->edge->body_bytes -= request->body_capacity;
    request->body_capacity = 0;
    free(request->body);
    request->body = NULL;
}

/* In the middle of a body libmicrohttpd takes no answer. */
static enum MHD_Result refuse_body(souk_request_t *request)
{
    drop_body(request);
    souk_request_send_at_once(request);
    return MHD_NO;
}

static enum MHD_Result take_body(souk_request_t *request, const char *upload, size_t size)
{
    if (request->body_size + size > (size_t)request->edge->settings->body_max) {
        request->status = 0;
        refuse_too_large(request);
        return refuse_body(request);
    }
    if (!request->status && !keep(request, upload, size)) {
        request->close = true;
        souk_connection_of(request->connection)->lingers = true;
        souk_request_fail(request, &souk_busy, "too many bodies are on their way");
        return refuse_body(request);
    }
    request->body_size += size;
    return MHD_YES;
}

/* The whole request is there and nothing is wrong with its head: sends it on its way. */
static void begin(souk_request_t *request)
{
    souk_edge_t *edge = request->edge;

    request->deadline_ms = souk_clock_ms() + edge->settings->deadline_ms;
    if (edge->given_up)
        souk_request_fail(request, &souk_unavailable, stopping);
    if (request->status || !souk_request_arguments(request))
        return;
    drop_body(request);
    if (request->token)
        souk_request_authenticate(request);
    else
        souk_request_ask(request);
}

static enum MHD_Result suspend(souk_request_t *request)
{
    souk_edge_t *edge = request->edge;

    souk_connection_edges_turn(&edge->connections, souk_connection_of(request->connection));
    request->suspended = true;
    DL_APPEND2(edge->suspended, request, suspended_prev, suspended_next);
    MHD_suspend_connection(request->connection);
    return MHD_YES;
}

enum MHD_Result souk_request_handle(void *argument, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version, const char *upload,
    size_t *upload_size, void **context)
{
    souk_request_t *request = *context;
    size_t size = *upload_size;

    (void)argument, (void)connection, (void)url;
    if (!request->method)
        return take_head(request, method, version);
    *upload_size = 0;
    if (size)
        return take_body(request, upload, size);
    if (!request->status)
        begin(request);
    return request->status ? souk_request_send(request) : suspend(request);
}

int souk_request_left_ms(const souk_request_t *request)
{
    int64_t left_ms = request->deadline_ms - souk_clock_ms();

    return left_ms > 1 ? (int)left_ms : 1;
}

static void take_answer(souk_tag_t *tag, const souk_answer_t *answer)
{
    souk_request_t *request = (souk_request_t *)tag;

    if (answer->error)
        souk_request_fail(request, answer->error, NULL);
    else
        souk_request_tell(request, answer->frames[0]);
}

static void ask_alone(souk_request_t *request)
{
    souk_question_t question = {
        .operation = request->offer->operation->name,
        .caller = &request->caller,
        .calls = &request->arguments,
        .count = 1,
        .timeout_ms = souk_request_left_ms(request),
        .tag = &request->tag,
    };

    request->tag.take = take_answer;
    if (!souk_client_send(request->edge->client, &question))
        souk_request_fail(request, &souk_unavailable, NULL);
}

/* Who is behind a call stands in front of all calls of a message. */
void souk_request_ask(souk_request_t *request)
{
    const struct souk_operation_description *operation = request->offer->operation;
    bool for_nobody = !request->caller.user && !request->caller.key;

    if (operation->batched && for_nobody && request->arguments.size <= JOINED_BYTES_MAX)
        souk_request_join(request, operation->name, request->arguments, souk_request_tell);
    else
        ask_alone(request);
}

void souk_requests_resume(souk_edge_t *edge)
{
    souk_request_t *request;

    while ((request = edge->answered)) {
        DL_DELETE(edge->answered, request);
        DL_DELETE2(edge->suspended, request, suspended_prev, suspended_next);
        request->suspended = false;
        MHD_resume_connection(request->connection);
    }
}

void souk_requests_give_up(souk_edge_t *edge)
{
    souk_request_t *request;

    edge->joined = NULL;
    for (request = edge->suspended; request; request = request->suspended_next)
        souk_request_fail(request, &souk_unavailable, stopping);
}

/* What the edge answers by itself, such as 503 from /readyz, is no failure: that is what was asked.
 */
static souk_level_t level_of(const souk_request_t *request)
{
    return request->offer && request->status >= 500 ? SOUK_LOG_WARNING : SOUK_LOG_DEBUG;
}

static void log_request(const souk_request_t *request)
{
    souk_level_t level = level_of(request);
    char trace[SOUK_TRACE_ID_SIZE];

    if (!souk_log_on(level))
        return;
    if (level != SOUK_LOG_DEBUG && !souk_log_may(&request->edge->pace, "edge"))
        return;
    souk_trace_id(request->traceparent, trace);
    souk_log(level, "edge", "op=%s status=%d ms=%d trace=%s",
        request->offer ? request->offer->operation->name : "-", request->status,
        (int)(souk_clock_ms() - request->started_ms), trace);
}

void souk_request_done(void *argument, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
    souk_request_t *request = *context;
    souk_service_t *service;
    souk_pool_t *pool;

    (void)argument, (void)connection, (void)code;
    if (!request)
        return;
    if (request->method)
        log_request(request);
    request->edge->under_way--;
    if (request->offer) {
        service = request->offer->service;
        souk_service_release(&service);
    }
    drop_body(request);
    pool = request->pool;
    souk_pool_destroy(&pool);
    *context = NULL;
}
