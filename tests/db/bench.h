/* For the tests of db/: a connection to a database of their own, and calls that work on it. */
#ifndef SOUK_TEST_BENCH_H
#define SOUK_TEST_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "../../lib/call_internal.h"
#include "../../lib/settings.h"
#include "../support/test_database.h"

/* One for each test program; each test is given it as its state. */
typedef struct bench {
    souk_pool_t *pool;
    souk_test_database_t database;
    const char *dsn; /* to the database, as one who may do everything */
    const souk_query_t *const *queries;
    souk_db_t *db;
    souk_desk_t desk;
    souk_call_t *call;
    /* What to do while a statement is waited for, and how often that was. */
    void (*meanwhile)(struct bench *bench);
    int idled;
} bench_t;

static inline void bench_idle(void *argument)
{
    bench_t *bench = argument;
    bench->idled++;
    if (bench->meanwhile)
        bench->meanwhile(bench);
}

static inline souk_db_state_t bench_connect(bench_t *bench, const souk_query_t *const *queries,
    char *why, size_t size)
{
    souk_db_destroy(&bench->db);
    bench->db = souk_db_new(bench->dsn, queries, bench_idle, bench);
    bench->desk.db = bench->db;
    return souk_db_connect(bench->db, why, size);
}

/* Makes the database with the tables that the statements of tables make. */
static inline bench_t *bench_new(const char *name, const char *tables,
    const souk_query_t *const *queries)
{
    bench_t *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    bench->pool = souk_pool_new();
    bench->queries = queries;
    souk_test_database_make(&bench->database, name, bench->pool);
    bench->dsn = souk_pool_format(bench->pool, "%s dbname=%s", getenv("SOUK_ADMIN_DSN"),
        bench->database.name);
    souk_test_database_tell(&bench->database, tables, bench->pool);
    return bench;
}

static inline int bench_close(void **state)
{
    bench_t *bench = *state;
    souk_test_database_drop(&bench->database);
    souk_pool_destroy(&bench->pool);
    free(bench);
    return 0;
}

/* Before each test: a fresh connection and a fresh call. */
static inline int bench_begin(void **state)
{
    bench_t *bench = *state;
    char why[300] = "";
    bench->meanwhile = NULL;
    if (bench_connect(bench, bench->queries, why, sizeof why) != SOUK_DB_READY)
        fail_msg("%s", why);
    bench->call = souk_call_new(&bench->desk);
    bench->idled = 0;
    return 0;
}

static inline int bench_end(void **state)
{
    bench_t *bench = *state;
    souk_call_destroy(&bench->call);
    souk_db_destroy(&bench->db);
    return 0;
}

/* From now on it is another call. */
static inline void bench_next_call(bench_t *bench)
{
    souk_call_destroy(&bench->call);
    bench->call = souk_call_new(&bench->desk);
}

static inline const char *bench_tell(bench_t *bench, const char *sql)
{
    return souk_test_database_tell(&bench->database, sql, bench->pool);
}

/* Asks until the answer is the wanted one, for ten seconds at the most. */
static inline void bench_await(bench_t *bench, const char *sql, const char *wanted)
{
    int64_t until_ms = souk_clock_ms() + 10000;
    while (strcmp(bench_tell(bench, sql), wanted) != 0) {
        if (souk_clock_ms() > until_ms)
            fail_msg("%s: it never became %s", sql, wanted);
        poll(NULL, 0, 5);
    }
}

/* The call failed, with this error and these words in the reason; the next one has not. */
static inline void bench_expect(bench_t *bench, const souk_error_t *error, const char *words)
{
    assert_non_null(bench->call->error);
    assert_string_equal(bench->call->error->code, error->code);
    if (!strstr(bench->call->reason, words))
        fail_msg("\"%s\" does not say \"%s\"", bench->call->reason, words);
    bench_next_call(bench);
}

/* The connection works, and is in no transaction. */
static inline void bench_expect_usable(bench_t *bench, const souk_query_t *count)
{
    int64_t rows = -1;
    assert_false(souk_db_in_transaction(bench->db));
    assert_true(souk_db_one(bench->call, count, NULL, &rows));
    assert_true(rows >= 0);
}

#define STATEMENT(words)                                                                           \
    .sql = &(const souk_sql_t)                                                                     \
    {                                                                                              \
        .name = "statement", .doc = "", .text = words                                              \
    }

#endif
