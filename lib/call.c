/* A call: its memory, its caller, how it fails, how it is answered. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "call_internal.h"
#include "log.h"
#include "settings.h"
#include "wire.h"

enum {
    REASON_MAX = 500,
};

souk_call_t *souk_call_new(souk_desk_t *desk)
{
    souk_pool_t *pool = souk_pool_new();
    souk_call_t *call = souk_pool_alloc(pool, sizeof *call);
    call->pool = pool;
    call->desk = desk;
    call->started_ms = souk_clock_ms();
    return call;
}

void souk_call_destroy(souk_call_t **self)
{
    souk_call_t *call = *self;
    if (!call)
        return;
    for (size_t i = 0; i < call->hold_count; i++)
        souk_shared_release(call->holds[i]);
    souk_pool_t *pool = call->pool;
    souk_pool_destroy(&pool);
    *self = NULL;
}

void *souk_alloc(souk_call_t *call, size_t size)
{
    return souk_pool_alloc(call->pool, size);
}

souk_pool_t *souk_call_pool(souk_call_t *call)
{
    return call->pool;
}

const char *souk_call_new_id(souk_call_t *call)
{
    char *id = souk_alloc(call, SOUK_ID_SIZE);
    souk_id_new(id);
    return id;
}

const souk_caller_t *souk_caller(const souk_call_t *call)
{
    return &call->caller;
}

bool souk_caller_has(const souk_call_t *call, const char *role)
{
    return souk_list_has_text(&call->caller.roles, role);
}

const char *souk_caller_lacks(const souk_caller_t *caller, const char *operation, const char *role,
    souk_pool_t *pool)
{
    if (caller->scopes.count)
        return souk_list_has_text(&caller->scopes, operation)
            ? NULL
            : souk_pool_format(pool, "the API key is not for %s", operation);
    if (role && !souk_list_has_text(&caller->roles, role))
        return souk_pool_format(pool, "the role %s is needed", role);
    return NULL;
}

void souk_about(souk_call_t *call, const char *id)
{
    call->about = id;
}

souk_db_t *souk_call_db(souk_call_t *call)
{
    assert(call->desk->db && "the actor lists no statements");
    return call->desk->db;
}

static void fail(souk_call_t *call, const souk_error_t *error, int seconds, const char *format,
    va_list arguments)
{
    char reason[REASON_MAX];
    if (call->error)
        return;
    vsnprintf(reason, sizeof reason, format, arguments);
    call->error = error;
    call->reason = souk_pool_text(call->pool, reason, strlen(reason));
    call->retry_after_s = seconds;
}

bool souk_fail(souk_call_t *call, const souk_error_t *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail(call, error, 0, format, arguments);
    va_end(arguments);
    return false;
}

bool souk_refuse(souk_call_t *call, const souk_error_t *error)
{
    return souk_fail(call, error, "%s", error->meaning);
}

bool souk_fail_later(souk_call_t *call, const souk_error_t *error, int seconds, const char *format,
    ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail(call, error, seconds, format, arguments);
    va_end(arguments);
    return false;
}

bool souk_fail_field(souk_call_t *call, const char *pointer, const char *format, ...)
{
    va_list arguments;
    if (call->error)
        return false;
    va_start(arguments, format);
    fail(call, &souk_invalid, 0, format, arguments);
    va_end(arguments);
    call->flaws = souk_alloc(call, sizeof *call->flaws);
    call->flaws->items[call->flaws->count++] = (souk_flaw_t){ pointer, call->reason };
    return false;
}

/* The request is encoded anew, so that the order of keys and unknown ones make no difference. */
souk_bytes_t souk_call_asks(souk_call_t *call)
{
    souk_bytes_t request = souk_wire_encode(call->operation->request, call->request, call->pool);
    size_t name_size = strlen(call->operation->name) + 1;
    char *both = souk_alloc(call, name_size + request.size);
    memcpy(both, call->operation->name, name_size);
    memcpy(both + name_size, request.data, request.size);
    return (souk_bytes_t){ both, name_size + request.size };
}

const char *souk_fingerprint(souk_call_t *call)
{
    char *text = souk_alloc(call, SOUK_HASH_SIZE);
    souk_hash(souk_call_asks(call), text);
    return text;
}

void souk_call_reset(souk_call_t *call)
{
    call->error = NULL;
    call->reason = NULL;
    call->flaws = NULL;
    call->retry_after_s = 0;
    call->replayed = false;
    call->finished = false;
    call->wait_ms = 0;
    if (call->reply)
        memset(call->reply, 0, call->operation->reply->size);
}

void souk_call_fail_as(souk_call_t *call, const souk_call_t *other)
{
    call->error = other->error;
    call->reason = other->reason;
    call->retry_after_s = other->retry_after_s;
    call->flaws = other->flaws;
}

bool souk_call_expire(souk_call_t *call)
{
    int64_t deadline_ms = call->caller.deadline.ms;
    bool is_late = deadline_ms && deadline_ms < souk_now().ms;
    if (is_late)
        souk_refuse(call, &souk_expired);
    return is_late;
}

souk_shared_t *souk_shared_new(souk_pool_t *pool)
{
    souk_shared_t *shared = souk_pool_alloc(pool, sizeof *shared);
    shared->pool = pool;
    return shared;
}

void souk_call_hold(souk_call_t *call, souk_shared_t *shared)
{
    souk_list_t holds = { call->holds, call->hold_count };
    *(souk_shared_t **)souk_list_add(&holds, call->pool, sizeof shared) = shared;
    call->holds = holds.items;
    call->hold_count = holds.count;
    shared->holders++;
}

void souk_shared_release(souk_shared_t *shared)
{
    if (--shared->holders > 0)
        return;
    souk_pool_t *pool = shared->pool;
    souk_pool_destroy(&pool);
}

static souk_list_t list_flaws(const souk_flaws_t *flaws, souk_pool_t *pool)
{
    souk_list_t list = { 0 };
    for (size_t i = 0; flaws && i < flaws->count && i < SOUK_FLAWS_MAX; i++) {
        struct souk_refusal_flaw *flaw = souk_list_add(&list, pool, sizeof *flaw);
        flaw->pointer = flaws->items[i].pointer;
        flaw->message = flaws->items[i].message;
    }
    return list;
}

souk_bytes_t souk_call_answer(const souk_call_t *call, const char *code, souk_pool_t *pool)
{
    if (!call->error && call->replayed)
        code = "replayed";
    if (!call->error)
        return souk_wire_encode_reply(code, call->operation->reply, call->reply, pool);
    struct souk_refusal refusal = {
        .message = call->reason,
        .field = call->flaws ? call->flaws->items[0].pointer : NULL,
        .retry = souk_kind(call->error->kind)->ask_again,
        .retry_after = call->retry_after_s,
        .flaws = list_flaws(call->flaws, pool),
    };
    return souk_wire_encode_reply(call->error->code, &souk_refusal, &refusal, pool);
}

static souk_level_t level_of(const souk_error_t *error)
{
    if (!error)
        return SOUK_LOG_DEBUG;
    return souk_kind(error->kind)->http_status >= 500 ? SOUK_LOG_WARNING : SOUK_LOG_INFO;
}

void souk_call_log(const souk_call_t *call, const char *code)
{
    souk_level_t level = level_of(call->error);
    if (!souk_log_on(level))
        return;
    if (level != SOUK_LOG_DEBUG && !souk_log_may(&call->desk->pace, call->desk->actor->name))
        return;
    char trace[80];
    souk_log(level, call->desk->actor->name, "op=%s ms=%d outcome=%s call=%s",
        call->operation ? call->operation->name : "-", (int)(souk_clock_ms() - call->started_ms),
        call->error ? call->error->code : code,
        souk_log_value(call->caller.traceparent ? call->caller.traceparent : "-", trace,
            sizeof trace));
}

static souk_outcome_t ask_for(souk_call_t *call, const souk_ask_t *ask, souk_bytes_t question)
{
    souk_caller_t caller = call->caller;
    souk_question_t asked = {
        .operation = ask->operation,
        .caller = &caller,
        .calls = &question,
        .count = 1,
        .timeout_ms = ask->timeout_ms ? *ask->timeout_ms : souk_settings.ask_timeout_ms,
    };
    /* Whoever may call this may have done what belongs to it. */
    caller.scopes = (souk_list_t){ 0 };
    return souk_client_ask(call->desk->client, &asked, false, call->operation->errors, call->pool);
}

static bool may_ask(const souk_operation_t *operation, const souk_ask_t *ask)
{
    for (size_t i = 0; i < SOUK_ASKS_MAX && operation->asks[i]; i++)
        if (operation->asks[i] == ask)
            return true;
    return false;
}

bool souk_ask(souk_call_t *call, const souk_ask_t *ask, const void *takes, void *gives)
{
    assert(call->operation && may_ask(call->operation, ask) && "it is not among the row's .asks");
    assert(call->desk->client && "only handlers of one call may ask");
    assert(!call->desk->db || !souk_db_holds(call->desk->db));
    souk_flaws_t flaws = { 0 };
    souk_bytes_t question = souk_wire_encode(ask->takes, takes, call->pool);
    souk_outcome_t outcome = ask_for(call, ask, question);
    if (outcome.error)
        return souk_fail_later(call, outcome.error, outcome.retry_after_s, "%s", outcome.message);
    if (!souk_wire_decode(ask->gives, outcome.value, gives, call->pool, &flaws))
        return souk_fail(call, &souk_internal, "%s answered with another shape", ask->operation);
    return true;
}
