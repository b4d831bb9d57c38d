/* Whose a bearer token is. */
#include <string.h>

#include "../lib/wire.h"
#include "directory.h"
#include "request.h"

struct token {
    const char *token;
    const char *address;
};
static const souk_record_t token_record = {
    .name = "token",
    .size = sizeof(struct token),
    .fields = {
        FIELD(token, token, .secret = true),
        FIELD(token, address, .optional = true),
    },
};

struct bearer {
    const char *user_id;
    const char *session_id;
    souk_list_t roles;
    souk_list_t scopes;
};
static const souk_record_t bearer_record = {
    .name = "bearer",
    .size = sizeof(struct bearer),
    .fields = {
        FIELD(bearer, user_id),
        FIELD(bearer, session_id, .optional = true),
        FIELD(bearer, roles, .optional = true),
        FIELD(bearer, scopes, .max = SOUK_SCOPES_MAX, .optional = true),
    },
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

/* Who tells of calls tells of those that it refuses, too, so they have to get there. */
static void check_caller(souk_request_t *request)
{
    const struct souk_operation_description *says = request->offer->operation;
    const char *lacks = souk_caller_lacks(&request->caller, says->name, says->role, request->pool);

    if (lacks && !request->offer->service->tells_calls)
        souk_request_fail(request, &souk_forbidden, lacks);
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
    request->caller.scopes = bearer.scopes;
    check_caller(request);
    if (!request->status)
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

void souk_request_authenticate(souk_request_t *request)
{
    struct token token = { request->token, request->caller.address };

    souk_request_join(request, request->edge->settings->authenticate,
        souk_wire_encode(&token_record, &token, request->pool), take_frame);
}
