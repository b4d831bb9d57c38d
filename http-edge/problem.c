/* Problem details: the table of those that HTTP itself has, and the document. */
#include "problem.h"

#include <string.h>

#include "../lib/json.h"

const souk_problem_t souk_problem_malformed = {
    .status = 400,
    .code = "malformed",
    .title = "The request is not as HTTP has it: put right what the detail names.",
};
const souk_problem_t souk_problem_no_such_route = {
    .status = 404,
    .code = "no_such_route",
    .title = "Nothing is offered at this address: /openapi.json says what there is.",
};
const souk_problem_t souk_problem_wrong_method = {
    .status = 405,
    .code = "wrong_method",
    .title = "What is at this address does not take this method: use one that Allow names.",
};
const souk_problem_t souk_problem_too_large = {
    .status = 413,
    .code = "too_large",
    .title = "The body is larger than what is taken: send less at once.",
};
const souk_problem_t souk_problem_wrong_type = {
    .status = 415,
    .code = "wrong_type",
    .title = "The body must be JSON, and say so: Content-Type: application/json.",
};
const souk_problem_t souk_problem_version_missing = {
    .status = 428,
    .code = "version_missing",
    .title = "Say which version is to be changed, so that nobody's change is overwritten unseen.",
};
const souk_problem_t souk_problem_bad_reply = {
    .status = 502,
    .code = "bad_reply",
    .title = "The service answered what it had not announced.",
};
const souk_problem_t souk_problem_not_ready = {
    .status = 503,
    .code = "not_ready",
    .title = "Services are missing, or not well: ask again a little later.",
};

static const souk_record_t flaw_record = {
    .name = "problem_flaw",
    .size = sizeof(struct souk_problem_flaw),
    .fields = {
        FIELD(souk_problem_flaw, pointer, .doc = "RFC 6901"),
        FIELD(souk_problem_flaw, detail),
    },
};

struct problem {
    const char *type;
    const char *title;
    int status;
    const char *code;
    const char *detail;
    const char *instance;
    souk_list_t errors;
};
const souk_record_t souk_problem_record = {
    .name = "problem",
    .size = sizeof(struct problem),
    .fields = {
        FIELD(problem, type),
        FIELD(problem, title),
        FIELD(problem, status),
        FIELD(problem, code),
        FIELD(problem, detail),
        FIELD(problem, instance),
        FIELD(problem, errors, .of = &flaw_record, .max = SOUK_FLAWS_MAX),
    },
};

souk_problem_t souk_problem_of(const souk_error_t *error)
{
    return (souk_problem_t){
        .status = souk_kind(error->kind)->http_status,
        .code = error->code,
        .title = error->meaning,
    };
}

/* "is required" alone would leave whoever reads only this wondering what. */
static const char *with_its_place(const char *detail, const souk_list_t *flaws, souk_pool_t *pool)
{
    const struct souk_problem_flaw *first = flaws && flaws->count ? flaws->items : NULL;

    if (!first || !first->pointer || !first->pointer[0] || strcmp(first->detail, detail) != 0)
        return detail;
    return souk_pool_format(pool, "%s: %s", first->pointer, detail);
}

souk_bytes_t souk_problem_text(const souk_problem_t *problem, const char *detail,
    const souk_list_t *flaws, const char *instance, souk_pool_t *pool)
{
    struct problem document = {
        .type = souk_pool_format(pool, "urn:souk:error:%s", problem->code),
        .title = problem->title,
        .status = problem->status,
        .code = problem->code,
        .detail = detail ? with_its_place(detail, flaws, pool) : problem->title,
        .instance = instance,
        .errors = flaws ? *flaws : (souk_list_t){ 0 },
    };

    return souk_json_encode(&souk_problem_record, &document, pool);
}
