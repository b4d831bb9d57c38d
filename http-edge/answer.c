/* Answers: what a service said, or what is wrong, as HTTP has it. */
#include <string.h>
#include <sys/socket.h>

#include <utlist.h>

#include "../lib/buffer.h"
#include "../lib/json.h"
#include "../lib/log.h"
#include "../lib/memory.h"
#include "../lib/wire.h"
#include "versions.h"

static const char *const media[] = { "application/json", "application/problem+json" };

/* Connections that wait for the bus are taken up again at the end of the turn, all together. */
static void set_answer(souk_request_t *request, int status, souk_bytes_t text, bool is_problem)
{
    if (request->status)
        return;
    request->status = status;
    request->text = text;
    request->is_problem = is_problem;
    if (request->suspended)
        DL_APPEND(request->edge->answered, request);
}

void souk_request_answer(souk_request_t *request, int status, souk_bytes_t text)
{
    set_answer(request, status, text, false);
}

/* At least a second, and the longest that anybody said. */
static void retry_after(souk_request_t *request, int seconds)
{
    if (request->retry_after_s < 1)
        request->retry_after_s = 1;
    if (request->retry_after_s < seconds)
        request->retry_after_s = seconds;
}

void souk_request_refuse(souk_request_t *request, const souk_problem_t *problem, const char *detail,
    const souk_list_t *flaws)
{
    char trace[SOUK_TRACE_ID_SIZE];
    const char *instance;

    souk_trace_id(request->traceparent, trace);
    instance = souk_pool_format(request->pool, "urn:souk:trace:%s", trace);
    if (problem->status == 503)
        retry_after(request, 1);
    if (problem->status == 401 && !request->challenge)
        request->challenge = "Bearer";
    set_answer(request, problem->status,
        souk_problem_text(problem, detail, flaws, instance, request->pool), true);
}

void souk_request_fail(souk_request_t *request, const souk_error_t *error, const char *detail)
{
    souk_problem_t problem = souk_problem_of(error);

    if (error->kind == SOUK_RUNNING)
        retry_after(request, 1);
    souk_request_refuse(request, &problem, detail, NULL);
}

/* The service broke its own description: that is its mistake, not the client's. */
static void tell_bad_reply(souk_request_t *request, const char *what, const char *value)
{
    char buffer[SOUK_EDGE_LOG_SIZE];

    souk_log(SOUK_LOG_ERROR, "edge", "op=%s outcome=bad_reply %s=%s",
        request->offer->operation->name, what, souk_log_value(value, buffer, sizeof buffer));
    souk_request_refuse(request, &souk_problem_bad_reply, NULL, NULL);
}

static void add_flaw(souk_list_t *list, souk_pool_t *pool, const char *pointer, const char *detail)
{
    struct souk_problem_flaw *flaw = souk_list_add(list, pool, sizeof *flaw);

    *flaw = (struct souk_problem_flaw){ pointer, detail };
}

static souk_list_t list_flaws(const struct souk_refusal *refusal, souk_pool_t *pool)
{
    const struct souk_refusal_flaw *flaws = refusal->flaws.items;
    souk_list_t list = { 0 };

    for (size_t i = 0; i < refusal->flaws.count; i++)
        add_flaw(&list, pool, flaws[i].pointer, flaws[i].message);
    if (refusal->field && !list.count)
        add_flaw(&list, pool, refusal->field, refusal->message);
    return list;
}

/* An error of the operation's own has its kind and meaning from the description. */
static void tell_error(souk_request_t *request, const char *code, souk_bytes_t value)
{
    struct souk_refusal refusal = { 0 };
    souk_error_t error = { .code = code };
    souk_flaws_t flaws = { 0 };
    souk_problem_t problem;
    souk_list_t list;

    if (!souk_error_lookup(request->offer->operation, code, &error.kind, &error.meaning)) {
        tell_bad_reply(request, "code", code);
        return;
    }
    if (!souk_wire_decode(&souk_refusal, value, &refusal, request->pool, &flaws))
        refusal = (struct souk_refusal){ .message = error.meaning };
    list = list_flaws(&refusal, request->pool);
    problem = souk_problem_of(&error);
    if (refusal.retry_after || refusal.retry || error.kind == SOUK_RUNNING)
        retry_after(request, refusal.retry_after);
    souk_request_refuse(request, &problem, refusal.message, &list);
}

static void tell_reply(souk_request_t *request, int status, souk_bytes_t value)
{
    const souk_record_t *record = request->offer->reply;
    void *reply = souk_pool_alloc(request->pool, record->size);
    souk_flaws_t flaws = { 0 };
    souk_bytes_t text = { 0 };

    if (!souk_wire_decode(record, value, reply, request->pool, &flaws)) {
        tell_bad_reply(request, "field", flaws.items[0].pointer);
        return;
    }
    if (souk_version_tell(request, reply))
        status = 304;
    else if (status != 204)
        text = souk_json_encode(record, reply, request->pool);
    souk_request_answer(request, status, text);
}

static void tell_replayed(souk_request_t *request, souk_bytes_t value)
{
    request->replayed = true;
    tell_reply(request, request->offer->operation->http_status, value);
}

void souk_request_tell(souk_request_t *request, souk_bytes_t frame)
{
    souk_bytes_t value;
    const char *code;

    if (!souk_wire_split_reply(frame, request->pool, &code, &value))
        tell_bad_reply(request, "frame", "not [code, value]");
    else if (strcmp(code, "ok") == 0)
        tell_reply(request, request->offer->operation->http_status, value);
    else if (strcmp(code, "accepted") == 0)
        tell_reply(request, 202, value);
    else if (strcmp(code, "replayed") == 0)
        tell_replayed(request, value);
    else
        tell_error(request, code, value);
}

/* What everybody may read may be kept by everybody; all else is for one caller and one moment. */
static bool is_private(const souk_request_t *request)
{
    return request->is_problem || request->headers.authorization || !request->offer ||
        request->offer->method != SOUK_GET;
}

static void add(void *to, const char *name, const char *value)
{
    MHD_add_response_header(to, name, value);
}

/* All header fields but Content-Length and Date. */
static void each_field(const souk_request_t *request,
    void (*take)(void *to, const char *name, const char *value), void *to)
{
    if (request->text.size)
        take(to, "Content-Type", media[request->is_problem]);
    take(to, "Traceparent", request->traceparent);
    take(to, "X-Content-Type-Options", "nosniff");
    if (is_private(request))
        take(to, "Cache-Control", "no-store");
    if (request->allow)
        take(to, "Allow", request->allow);
    if (request->status == 401)
        take(to, "WWW-Authenticate", request->challenge);
    if (request->retry_after_s)
        take(to, "Retry-After", souk_pool_format(request->pool, "%d", request->retry_after_s));
    if (request->etag)
        take(to, "ETag", request->etag);
    if (request->replayed)
        take(to, "Idempotent-Replayed", "true");
    if (request->close || request->edge->stopping)
        take(to, "Connection", "close");
}

enum MHD_Result souk_request_send(souk_request_t *request)
{
    struct MHD_Response *response = souk_sure(MHD_create_response_from_buffer(request->text.size,
        (void *)(request->text.size ? request->text.data : ""), MHD_RESPMEM_PERSISTENT));
    enum MHD_Result result;

    each_field(request, add, response);
    result = MHD_queue_response(request->connection, (unsigned)request->status, response);
    MHD_destroy_response(response);
    souk_connection_clients_turn(&request->edge->connections,
        souk_connection_of(request->connection));
    return result;
}

static void write_field(void *to, const char *name, const char *value)
{
    souk_buffer_t *head = to;

    souk_buffer_add_text(head, name);
    souk_buffer_add_text(head, ": ");
    souk_buffer_add_text(head, value);
    souk_buffer_add_text(head, "\r\n");
}

void souk_request_send_at_once(souk_request_t *request)
{
    int fd = souk_connection_of(request->connection)->fd;
    souk_buffer_t answer = { .pool = request->pool };

    souk_buffer_add_text(&answer,
        souk_pool_format(request->pool, "HTTP/1.1 %d %s\r\nContent-Length: %zu\r\n",
            request->status, MHD_get_reason_phrase_for((unsigned)request->status),
            request->text.size));
    each_field(request, write_field, &answer);
    souk_buffer_add_text(&answer, "\r\n");
    souk_buffer_add(&answer, request->text.data, request->text.size);
    /* A client that has no room for so little is told by the close alone. */
    send(fd, answer.data, answer.size, MSG_DONTWAIT | MSG_NOSIGNAL);
}
