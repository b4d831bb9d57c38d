/* A request's target (RFC 9112 section 3.2) taken apart: path segments and query parameters. */
#ifndef SOUK_TARGET_H
#define SOUK_TARGET_H

#include "../lib/pool.h"

enum {
    SOUK_SEGMENTS_MAX = 16,
    SOUK_QUERY_MAX = 200, /* parameters */
};

typedef struct {
    const char *name;
    const char *value;
} souk_parameter_t;

/* Texts are percent-decoded UTF-8 without NUL. "/" has no segments, "/a/" has "a" and "". */
typedef struct {
    size_t segment_count;
    const char *segments[SOUK_SEGMENTS_MAX];
    souk_list_t query; /* souk_parameter_t, in the order they came */
} souk_target_t;

/* Origin form and absolute form. All memory is in pool; false: *why says what is wrong. */
must_check bool souk_target_parse(const char *text, souk_pool_t *pool, souk_target_t *target,
    const char **why);

#endif
