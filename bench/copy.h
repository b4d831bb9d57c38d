/* Writes rows into a table as PostgreSQL's COPY takes them in binary: no text on either side. */
#ifndef BENCH_COPY_H
#define BENCH_COPY_H

#include <libpq-fe.h>

#include "../lib/base.h"

typedef struct bench_copy bench_copy_t;

/* Tells what is wrong and ends the program, as all of these do: half a table is worth nothing. */
void bench_sql(PGconn *conn, const char *sql);

/* table is its name and its columns. The table was made or emptied in this transaction, so its rows
   are written as vacuum would leave them. */
bench_copy_t *bench_copy_begin(PGconn *conn, const char *table);
void bench_copy_end(bench_copy_t **copy);

/* A row, and then as many values as it has columns. */
void bench_copy_row(bench_copy_t *copy, int columns);
void bench_copy_int(bench_copy_t *copy, int32_t value);
void bench_copy_bigint(bench_copy_t *copy, int64_t value);
void bench_copy_text(bench_copy_t *copy, const char *text);
void bench_copy_jsonb(bench_copy_t *copy, const char *json);
void bench_copy_uuid(bench_copy_t *copy, const uint8_t uuid[SOUK_UUID_BYTES]);
/* us since 1970. */
void bench_copy_time(bench_copy_t *copy, int64_t us);
void bench_copy_texts(bench_copy_t *copy, const char *const *texts, int count);
void bench_copy_ints(bench_copy_t *copy, const int32_t *values, int count);

#endif
