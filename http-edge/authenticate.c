/* Whose a bearer token is: all tokens of one turn are asked for in one message. */
#include <string.h>

#include <utlist.h>

#include "../lib/majordomo.h"
#include "../lib/wire.h"
#include "directory.h"
#include "request.h"

struct token {
    const char *token;
};
static const souk_record_t token_record = {
    .name = "token",
    .size = sizeof(struct token),
    .fields = {
        FIELD(token, token, .secret = true),
    },
};

struct bearer {
    const char *user_id;
    const char *session_id;
    souk_list_t roles;
};
static const souk_record_t bearer_record = {
    .name = "bearer",
    .size = sizeof(struct bearer),
    .fields = {
        FIELD(bearer, user_id),
        FIELD(bearer, session_id, .optional = true),
        FIELD(bearer, roles, .optional = true),
    },
};

/* One message under way, and whose tokens are in it. Lives in the memory of its first request,
   which waits for it as all others do. */
struct asked {
    souk_tag_t tag;
    size_t count;
    souk_request_t *requests[];
};

static void refuse_token(souk_request_t *request)
{
    request->challenge = "Bearer error=\"invalid_token\"";
    souk_request_fail(request, &souk_unauthorized, "the token is not valid (any more)");
}

/* Whatever the authenticating operation has against the token itself; false: it is something else.
 */
static bool is_about_token(souk_kind_t kind)
{
    return kind == SOUK_UNAUTHORIZED || kind == SOUK_INVALID || kind == SOUK_NOT_FOUND ||
        kind == SOUK_FORBIDDEN;
}

static void take_error(souk_request_t *request, const char *code)
{
    const souk_edge_t *edge = request->edge;
    souk_error_t error = { .code = code };

    if (!souk_error_lookup(souk_directory_operation(edge->directory, edge->settings->authenticate),
            code, &error.kind, &error.meaning))
        souk_request_refuse(request, &souk_problem_bad_reply, NULL, NULL);
    else if (is_about_token(error.kind))
        refuse_token(request);
    else
        souk_request_fail(request, &error, NULL);
}

static void take_bearer(souk_request_t *request, souk_bytes_t value)
{
    struct bearer bearer = { 0 };
    souk_flaws_t flaws = { 0 };

    if (!souk_wire_decode(&bearer_record, value, &bearer, request->pool, &flaws)) {
        souk_request_refuse(request, &souk_problem_bad_reply, NULL, NULL);
        return;
    }
    request->caller.user = bearer.user_id;
    request->caller.session = bearer.session_id;
    request->caller.roles = bearer.roles;
    souk_request_ask(request);
}

static void take_frame(souk_request_t *request, souk_bytes_t frame)
{
    const char *code;
    souk_bytes_t value;

    if (!souk_wire_split_reply(frame, request->pool, &code, &value))
        souk_request_refuse(request, &souk_problem_bad_reply, NULL, NULL);
    else if (strcmp(code, "ok") == 0)
        take_bearer(request, value);
    else
        take_error(request, code);
}

static void take_answer(souk_tag_t *tag, const souk_answer_t *answer)
{
    const struct asked *asked = (const struct asked *)tag;

    for (size_t i = 0; i < asked->count; i++) {
        if (answer->error)
            souk_request_fail(asked->requests[i], answer->error, NULL);
        else
            take_frame(asked->requests[i], answer->frames[i]);
    }
}

static size_t count_tokens(const souk_edge_t *edge)
{
    const souk_request_t *request = edge->tokens;
    size_t count = 0;

    for (; request && count < SOUK_CALLS_MAX; request = request->next)
        count++;
    return count;
}

static struct asked *gather(souk_edge_t *edge, souk_bytes_t **calls)
{
    souk_pool_t *pool = edge->tokens->pool;
    size_t count = count_tokens(edge);
    struct asked *asked = souk_pool_alloc(pool, sizeof *asked + count * sizeof *asked->requests);

    *calls = souk_pool_alloc(pool, count * sizeof **calls);
    asked->tag.take = take_answer;
    for (; asked->count < count; asked->count++) {
        souk_request_t *request = edge->tokens;
        struct token token = { request->token };
        DL_DELETE(edge->tokens, request);
        (*calls)[asked->count] = souk_wire_encode(&token_record, &token, request->pool);
        asked->requests[asked->count] = request;
    }
    return asked;
}

/* All of one turn have nearly the same deadline, the last one the latest. */
static void ask(souk_edge_t *edge)
{
    souk_bytes_t *calls;
    struct asked *asked = gather(edge, &calls);
    souk_question_t question = {
        .operation = edge->settings->authenticate,
        .calls = calls,
        .count = asked->count,
        .timeout_ms = souk_request_left_ms(asked->requests[asked->count - 1]),
        .tag = &asked->tag,
    };

    if (souk_client_send(edge->client, &question))
        return;
    for (size_t i = 0; i < asked->count; i++)
        souk_request_fail(asked->requests[i], &souk_unavailable, NULL);
}

void souk_authenticate(souk_edge_t *edge)
{
    while (edge->tokens)
        ask(edge);
}
