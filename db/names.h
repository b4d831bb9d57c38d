/* Parameters by name: statements are written with :name, PostgreSQL wants $1. */
#ifndef SOUK_NAMES_H
#define SOUK_NAMES_H

#include "../lib/pool.h"

enum {
    SOUK_PARAMETERS_MAX = 64
};

/* A statement as PostgreSQL wants it, and what $1, $2, ... were called. */
typedef struct {
    const char *text;
    const char *names[SOUK_PARAMETERS_MAX];
    size_t count;
} souk_named_t;

/* Leaves texts, quoted names, comments, casts and array slices alone. False: more than
   SOUK_PARAMETERS_MAX names. Memory: pool. */
must_check bool souk_names_number(const char *sql, souk_pool_t *pool, souk_named_t *named);

#endif
