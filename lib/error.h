/* Errors are constants: a code for programs, a kind that decides everything else, a meaning for
   people. The library has those that any operation may meet; an actor declares its own. */
#ifndef SOUK_ERROR_H
#define SOUK_ERROR_H

#include "base.h"

/* What went wrong, for those who do not know the code. error.c has one row for each: name, HTTP
   status, and whether it is certain that nothing was done, so that asking again is safe. */
typedef enum {
    SOUK_INVALID, /* 400 */
    SOUK_UNAUTHORIZED, /* 401 */
    SOUK_DECLINED, /* 402 */
    SOUK_FORBIDDEN, /* 403 */
    SOUK_NOT_FOUND, /* 404 */
    SOUK_CONFLICT, /* 409 */
    SOUK_RUNNING, /* 409 with Retry-After: the same is already under way */
    SOUK_STALE, /* 412: it is no longer what the caller saw */
    SOUK_MISUSED, /* 422 */
    SOUK_LIMITED, /* 429: too often; nothing was done */
    SOUK_INTERNAL, /* 500 */
    SOUK_BUSY, /* 503, nothing was done */
    SOUK_UNAVAILABLE, /* 503, nothing was done */
    SOUK_EXPIRED, /* 504, nothing was done: the deadline passed before work began */
    SOUK_UNKNOWN, /* 504, whether it was done is not known */
    SOUK_KINDS,
} souk_kind_t;

typedef struct {
    const char *code;
    souk_kind_t kind;
    const char *meaning;
} souk_error_t;

typedef struct {
    const char *name; /* as `describe` has it */
    int http_status;
    bool ask_again; /* nothing was done: safe whatever the operation */
} souk_kind_row_t;

const souk_kind_row_t *souk_kind(souk_kind_t kind);
must_check bool souk_kind_named(const char *name, souk_kind_t *kind);

/* What any operation may answer without declaring it. */
extern const souk_error_t souk_invalid, souk_unauthorized, souk_forbidden, souk_not_found,
    souk_no_such_operation, souk_key_missing, souk_internal, souk_busy, souk_unavailable,
    souk_expired, souk_worker_lost, souk_timeout, souk_running, souk_interrupted, souk_key_reused,
    souk_stale;

/* Codes that are no errors: "ok", "accepted" (the work goes on), and "replayed" (as it was answered
   before, under the same idempotency key). */
must_check bool souk_code_succeeds(const char *code);

/* One of the library's own by its code; NULL where it has none such. */
const souk_error_t *souk_error_common(const char *code);

#endif
