/* What each kind of error means, and the errors that the library itself answers with. */
#include "error.h"

#include <assert.h>
#include <string.h>

static const souk_kind_row_t kinds[SOUK_KINDS] = {
    [SOUK_INVALID] = { "invalid", 400, false },
    [SOUK_UNAUTHORIZED] = { "unauthorized", 401, false },
    [SOUK_DECLINED] = { "declined", 402, false },
    [SOUK_FORBIDDEN] = { "forbidden", 403, false },
    [SOUK_NOT_FOUND] = { "not_found", 404, false },
    [SOUK_CONFLICT] = { "conflict", 409, false },
    [SOUK_RUNNING] = { "running", 409, false },
    [SOUK_STALE] = { "stale", 412, false },
    [SOUK_MISUSED] = { "misused", 422, false },
    [SOUK_LIMITED] = { "limited", 429, false },
    [SOUK_INTERNAL] = { "internal", 500, false },
    [SOUK_BUSY] = { "busy", 503, true },
    [SOUK_UNAVAILABLE] = { "unavailable", 503, true },
    [SOUK_EXPIRED] = { "expired", 504, true },
    [SOUK_UNKNOWN] = { "unknown", 504, false },
};

const souk_kind_row_t *souk_kind(souk_kind_t kind)
{
    assert(kind < SOUK_KINDS);
    return &kinds[kind];
}

bool souk_kind_named(const char *name, souk_kind_t *kind)
{
    for (unsigned i = 0; i < SOUK_KINDS; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            *kind = (souk_kind_t)i;
            return true;
        }
    }
    return false;
}

const souk_error_t souk_invalid = {
    .code = "invalid",
    .kind = SOUK_INVALID,
    .meaning = "What was sent does not fit what the operation takes.",
};
const souk_error_t souk_unauthorized = {
    .code = "unauthorized",
    .kind = SOUK_UNAUTHORIZED,
    .meaning = "Nobody vouches for the caller: log in first.",
};
const souk_error_t souk_forbidden = {
    .code = "forbidden",
    .kind = SOUK_FORBIDDEN,
    .meaning = "The caller lacks the role that this needs.",
};
const souk_error_t souk_not_found = {
    .code = "not_found",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is no such thing, or it is not the caller's.",
};
const souk_error_t souk_no_such_operation = {
    .code = "no_such_operation",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The service has no operation of this name.",
};
const souk_error_t souk_key_missing = {
    .code = "key_missing",
    .kind = SOUK_INVALID,
    .meaning = "This needs an idempotency key, so that asking twice does it once.",
};
const souk_error_t souk_internal = {
    .code = "internal",
    .kind = SOUK_INTERNAL,
    .meaning = "Something is wrong with the service, not with what was asked.",
};
const souk_error_t souk_busy = {
    .code = "busy",
    .kind = SOUK_BUSY,
    .meaning = "Too many calls wait already. Nothing was done; ask again a little later.",
};
const souk_error_t souk_unavailable = {
    .code = "unavailable",
    .kind = SOUK_UNAVAILABLE,
    .meaning = "Nobody serves this at the moment. Nothing was done; ask again later.",
};
const souk_error_t souk_expired = {
    .code = "expired",
    .kind = SOUK_EXPIRED,
    .meaning = "The deadline passed before work on it began. Nothing was done.",
};
const souk_error_t souk_worker_lost = {
    .code = "worker_lost",
    .kind = SOUK_UNKNOWN,
    .meaning = "Who worked on it went away; whether it was done is not known.",
};
const souk_error_t souk_timeout = {
    .code = "timeout",
    .kind = SOUK_UNKNOWN,
    .meaning = "No answer came in time; whether it was done is not known.",
};

const souk_error_t souk_running = {
    .code = "running",
    .kind = SOUK_RUNNING,
    .meaning = "The same is being worked on already. Ask again a little later.",
};
const souk_error_t souk_interrupted = {
    .code = "interrupted",
    .kind = SOUK_CONFLICT,
    .meaning = "It was interrupted, and everything was given back. Start it anew, with a new key.",
};
const souk_error_t souk_key_reused = {
    .code = "key_reused",
    .kind = SOUK_MISUSED,
    .meaning = "The idempotency key was used before, for something else: take another one.",
};
const souk_error_t souk_stale = {
    .code = "stale",
    .kind = SOUK_STALE,
    .meaning = "It was changed meanwhile. Look at it anew, then change it.",
};

bool souk_code_succeeds(const char *code)
{
    static const char *const codes[] = { "ok", "accepted", "replayed" };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(codes[i], code) == 0)
            return true;
    return false;
}

const souk_error_t *souk_error_common(const char *code)
{
    static const souk_error_t *const common[] = {
        &souk_invalid,
        &souk_unauthorized,
        &souk_forbidden,
        &souk_not_found,
        &souk_no_such_operation,
        &souk_key_missing,
        &souk_internal,
        &souk_busy,
        &souk_unavailable,
        &souk_expired,
        &souk_worker_lost,
        &souk_timeout,
        &souk_running,
        &souk_interrupted,
        &souk_key_reused,
        &souk_stale,
    };

    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (strcmp(common[i]->code, code) == 0)
            return common[i];
    return NULL;
}
