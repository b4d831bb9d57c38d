/* Rows in PostgreSQL's binary format as records; texts and lists are copied into the call's memory.
 */
#include <endian.h>
#include <limits.h>
#include <string.h>

#include "session.h"

static int32_t read_int32(const char *from)
{
    uint32_t big;
    memcpy(&big, from, sizeof big);
    return (int32_t)be32toh(big);
}

/* Of 1, 2, 4 or 8 bytes, with its sign. */
static int64_t read_number(const char *from, size_t size)
{
    uint64_t big = 0;
    memcpy(&big, from, size);
    return (int64_t)be64toh(big) >> (64 - 8 * size);
}

/* All of these read one value of the length that its type has. NULL, or what is wrong with it. */
typedef const char *get_fn(souk_pool_t *pool, const char *from, size_t size, souk_type_t type,
    void *value);

static const char *get_bool(souk_pool_t *pool, const char *from, size_t size, souk_type_t type,
    void *value)
{
    (void)pool, (void)size, (void)type;
    *(bool *)value = *from != 0;
    return NULL;
}

static const char *get_integer(souk_pool_t *pool, const char *from, size_t size, souk_type_t type,
    void *value)
{
    (void)pool;
    int64_t number = read_number(from, size);
    if (type == SOUK_LONG) {
        *(int64_t *)value = number;
        return NULL;
    }
    if (number > INT_MAX || number < INT_MIN)
        return "is too large for its field";
    *(int *)value = (int)number;
    return NULL;
}

static const char *get_float8(souk_pool_t *pool, const char *from, size_t size, souk_type_t type,
    void *value)
{
    (void)pool, (void)type;
    int64_t bits = read_number(from, size);
    memcpy(value, &bits, sizeof bits);
    return NULL;
}

static const char *get_text(souk_pool_t *pool, const char *from, size_t size, souk_type_t type,
    void *value)
{
    (void)type;
    *(const char **)value = souk_pool_text(pool, from, size);
    return NULL;
}

/* Without its version. */
static const char *get_jsonb(souk_pool_t *pool, const char *from, size_t size, souk_type_t type,
    void *value)
{
    return get_text(pool, from + 1, size - 1, type, value);
}

static const char *get_uuid(souk_pool_t *pool, const char *from, size_t size, souk_type_t type,
    void *value)
{
    (void)size, (void)type;
    char text[SOUK_ID_SIZE];
    souk_uuid_print((const uint8_t *)from, text);
    *(const char **)value = souk_pool_text(pool, text, SOUK_ID_SIZE - 1);
    return NULL;
}

static const char *get_time(souk_pool_t *pool, const char *from, size_t size, souk_type_t type,
    void *value)
{
    (void)pool, (void)type;
    int64_t micros = read_number(from, size);
    if (micros == INT64_MAX || micros == INT64_MIN)
        return "is infinity, which is no moment";
    int64_t ms = micros / 1000 - (micros % 1000 < 0);
    ((souk_time_t *)value)->ms = ms + SOUK_SQL_EPOCH_MS;
    return NULL;
}

static get_fn *const gets_kind[SOUK_SQL_KINDS] = {
    [SOUK_SQL_BOOL] = get_bool,
    [SOUK_SQL_INT2] = get_integer,
    [SOUK_SQL_INT4] = get_integer,
    [SOUK_SQL_INT8] = get_integer,
    [SOUK_SQL_FLOAT8] = get_float8,
    [SOUK_SQL_TEXT] = get_text,
    [SOUK_SQL_UUID] = get_uuid,
    [SOUK_SQL_JSONB] = get_jsonb,
    [SOUK_SQL_TIME] = get_time,
};

/* The head is: dimensions, whether there are NULLs, type of the items; then for each dimension how
   many and from which number on. */
static const char *get_list(souk_pool_t *pool, const souk_bound_t *bound, const char *from,
    souk_list_t *list)
{
    int32_t dimensions = read_int32(from), count = dimensions ? read_int32(from + 12) : 0;
    if (dimensions > 1)
        return "has more than one dimension";
    *list = souk_list_new(pool, (size_t)count, sizeof(const char *));
    from += 20;
    for (int32_t i = 0; i < count; i++) {
        int32_t size = read_int32(from);
        if (size < 0)
            return "has a NULL in it";
        const char **item = (const char **)list->items + i;
        gets_kind[bound->kind](pool, from + 4, (size_t)size, SOUK_TEXT, item);
        from += 4 + size;
    }
    return NULL;
}

static const char *get_column(souk_pool_t *pool, const souk_bound_t *bound, const PGresult *result,
    int row, int column, char *record)
{
    const souk_field_t *field = bound->field;
    void *value = record + bound->offset;
    if (PQgetisnull(result, row, column)) {
        memset(value, 0, souk_field_size(field));
        return bound->optional ? NULL : "is NULL";
    }
    const char *from = PQgetvalue(result, row, column);
    if (field->type == SOUK_LIST)
        return get_list(pool, bound, from, value);
    size_t size = (size_t)PQgetlength(result, row, column);
    return gets_kind[bound->kind](pool, from, size, field->type, value);
}

bool souk_decode_row(souk_call_t *call, const souk_statement_t *statement, const PGresult *result,
    int row, void *gives)
{
    souk_pool_t *pool = souk_call_pool(call);
    for (size_t i = 0; i < statement->column_count; i++) {
        const souk_bound_t *bound = &statement->columns[i];
        const char *wrong = get_column(pool, bound, result, row, (int)i, gives);
        if (wrong)
            return souk_fail(call, &souk_internal, "statement %s: column %s %s",
                statement->query->sql->name, bound->name, wrong);
    }
    return true;
}
