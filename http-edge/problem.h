/* Errors as HTTP clients see them: problem details (RFC 9457). */
#ifndef SOUK_PROBLEM_H
#define SOUK_PROBLEM_H

#include "../lib/error.h"
#include "../lib/record.h"

typedef struct {
    int status;
    const char *code;
    const char *title;
} souk_problem_t;

/* Those that only HTTP has. */
extern const souk_problem_t souk_problem_malformed, souk_problem_no_such_route,
    souk_problem_wrong_method, souk_problem_wrong_type, souk_problem_too_large,
    souk_problem_version_missing, souk_problem_bad_reply, souk_problem_not_ready;

souk_problem_t souk_problem_of(const souk_error_t *error);

/* What is wrong with one part of the request. */
struct souk_problem_flaw {
    const char *pointer; /* RFC 6901 */
    const char *detail;
};

/* What the document looks like. */
extern const souk_record_t souk_problem_record;

/* The document, in pool. detail may be NULL; flaws are struct souk_problem_flaw; instance names
   this one request. */
souk_bytes_t souk_problem_text(const souk_problem_t *problem, const char *detail,
    const souk_list_t *flaws, const char *instance, souk_pool_t *pool);

#endif
