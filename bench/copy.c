/* PostgreSQL's binary COPY (its manual, COPY, "Binary Format"). */
#include "copy.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/memory.h"
#include "load.h"

enum {
    BUFFER_SIZE = 256 << 10,
    VALUE_MAX = 4096, /* of all values together that are put without looking for room */
    JSONB_VERSION = 1,
    TEXT_OID = 25, /* pg_type: these never change */
    INT_OID = 23,
    EPOCH_S = 946684800, /* 2000-01-01, from which PostgreSQL counts */
};

struct bench_copy {
    PGconn *conn;
    size_t size;
    char buffer[BUFFER_SIZE];
};

void bench_sql(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN)
        bench_fail("%s: %s", sql, PQerrorMessage(conn));
    PQclear(result);
}

static void flush(bench_copy_t *copy)
{
    if (PQputCopyData(copy->conn, copy->buffer, (int)copy->size) != 1)
        bench_fail("cannot copy: %s", PQerrorMessage(copy->conn));
    copy->size = 0;
}

static void put(bench_copy_t *copy, const void *bytes, size_t size)
{
    if (size > VALUE_MAX)
        bench_fail("a value has %zu bytes", size);
    memcpy(copy->buffer + copy->size, bytes, size);
    copy->size += size;
}

static void put_16(bench_copy_t *copy, int value)
{
    uint16_t big = htobe16((uint16_t)value);
    put(copy, &big, sizeof big);
}

static void put_32(bench_copy_t *copy, int32_t value)
{
    uint32_t big = htobe32((uint32_t)value);
    put(copy, &big, sizeof big);
}

static void put_64(bench_copy_t *copy, int64_t value)
{
    uint64_t big = htobe64((uint64_t)value);
    put(copy, &big, sizeof big);
}

bench_copy_t *bench_copy_begin(PGconn *conn, const char *table)
{
    static const char signature[] = "PGCOPY\n\377\r\n"; /* its NUL belongs to it */
    char sql[512];
    bench_copy_t *copy = souk_sure(calloc(1, sizeof *copy));

    copy->conn = conn;
    snprintf(sql, sizeof sql, "COPY %s FROM STDIN (FORMAT binary, FREEZE)", table);
    bench_sql(conn, sql);
    put(copy, signature, sizeof signature);
    put_32(copy, 0); /* no flags */
    put_32(copy, 0); /* nor anything else */
    return copy;
}

void bench_copy_end(bench_copy_t **self)
{
    bench_copy_t *copy = *self;
    PGresult *result;

    put_16(copy, -1);
    flush(copy);
    if (PQputCopyEnd(copy->conn, NULL) != 1)
        bench_fail("cannot copy: %s", PQerrorMessage(copy->conn));
    while ((result = PQgetResult(copy->conn))) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK)
            bench_fail("cannot copy: %s", PQerrorMessage(copy->conn));
        PQclear(result);
    }
    free(copy);
    *self = NULL;
}

void bench_copy_row(bench_copy_t *copy, int columns)
{
    if (copy->size > BUFFER_SIZE - 4 * VALUE_MAX)
        flush(copy);
    put_16(copy, columns);
}

static void put_value(bench_copy_t *copy, const void *bytes, size_t size)
{
    put_32(copy, (int32_t)size);
    put(copy, bytes, size);
}

void bench_copy_int(bench_copy_t *copy, int32_t value)
{
    put_32(copy, sizeof value);
    put_32(copy, value);
}

void bench_copy_bigint(bench_copy_t *copy, int64_t value)
{
    put_32(copy, sizeof value);
    put_64(copy, value);
}

void bench_copy_text(bench_copy_t *copy, const char *text)
{
    put_value(copy, text, strlen(text));
}

void bench_copy_jsonb(bench_copy_t *copy, const char *json)
{
    char version = JSONB_VERSION;
    size_t size = strlen(json);

    put_32(copy, (int32_t)(size + 1));
    put(copy, &version, 1);
    put(copy, json, size);
}

void bench_copy_uuid(bench_copy_t *copy, const uint8_t uuid[SOUK_UUID_BYTES])
{
    put_value(copy, uuid, SOUK_UUID_BYTES);
}

void bench_copy_time(bench_copy_t *copy, int64_t us)
{
    bench_copy_bigint(copy, us - (int64_t)EPOCH_S * 1000000);
}

/* One dimension, from 1 on, without NULLs. */
static void put_array(bench_copy_t *copy, size_t size, int32_t type, int count)
{
    put_32(copy, (int32_t)(size + (5 + (size_t)count) * sizeof(int32_t)));
    put_32(copy, 1);
    put_32(copy, 0);
    put_32(copy, type);
    put_32(copy, count);
    put_32(copy, 1);
}

void bench_copy_texts(bench_copy_t *copy, const char *const *texts, int count)
{
    size_t size = 0;
    for (int i = 0; i < count; i++)
        size += strlen(texts[i]);
    put_array(copy, size, TEXT_OID, count);
    for (int i = 0; i < count; i++)
        bench_copy_text(copy, texts[i]);
}

void bench_copy_ints(bench_copy_t *copy, const int32_t *values, int count)
{
    put_array(copy, (size_t)count * sizeof *values, INT_OID, count);
    for (int i = 0; i < count; i++)
        bench_copy_int(copy, values[i]);
}
