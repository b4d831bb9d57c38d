/* Fields as parameters in PostgreSQL's binary format, all in one buffer: a batch of calls is one
   array a parameter, made without memory of its own for any of them. */
#include <endian.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

enum {
    BUFFER_MIN = 4096,
    JSONB_VERSION = 1,
};

/* Room for size more bytes, which count as used from now on. */
static char *take(souk_parameters_t *buffer, size_t size)
{
    if (buffer->capacity - buffer->size < size) {
        size_t capacity = buffer->capacity ? buffer->capacity : BUFFER_MIN;
        while (capacity - buffer->size < size)
            capacity *= 2;
        buffer->data = realloc(buffer->data, capacity);
        if (!buffer->data)
            abort();
        buffer->capacity = capacity;
    }
    buffer->size += size;
    return buffer->data + buffer->size - size;
}

static void put_int32(char *to, int32_t number)
{
    uint32_t big = htobe32((uint32_t)number);
    memcpy(to, &big, sizeof big);
}

/* A length, and the number in so many bytes. */
static void put_number(souk_parameters_t *buffer, uint64_t number, int32_t size)
{
    char *to = take(buffer, sizeof size + (size_t)size);
    uint64_t big = htobe64(number);
    put_int32(to, size);
    memcpy(to + sizeof size, (const char *)&big + sizeof big - size, (size_t)size);
}

/* All of these put one value behind its length. NULL, or what is wrong with the value. */
typedef const char *put_fn(souk_parameters_t *buffer, const void *value, souk_type_t type);

static const char *put_bool(souk_parameters_t *buffer, const void *value, souk_type_t type)
{
    (void)type;
    put_number(buffer, *(const bool *)value, 1);
    return NULL;
}

static const char *put_integer(souk_parameters_t *buffer, const void *value, souk_type_t type,
    int32_t size)
{
    int64_t number = type == SOUK_INT ? *(const int *)value : *(const int64_t *)value;
    int64_t max = INT64_MAX >> (64 - 8 * size);
    if (number > max || number < -max - 1)
        return "the number is too large";
    put_number(buffer, (uint64_t)number, size);
    return NULL;
}

static const char *put_int2(souk_parameters_t *buffer, const void *value, souk_type_t type)
{
    return put_integer(buffer, value, type, 2);
}

static const char *put_int4(souk_parameters_t *buffer, const void *value, souk_type_t type)
{
    return put_integer(buffer, value, type, 4);
}

static const char *put_int8(souk_parameters_t *buffer, const void *value, souk_type_t type)
{
    return put_integer(buffer, value, type, 8);
}

static const char *put_float8(souk_parameters_t *buffer, const void *value, souk_type_t type)
{
    (void)type;
    uint64_t bits;
    memcpy(&bits, value, sizeof bits);
    put_number(buffer, bits, 8);
    return NULL;
}

/* jsonb is a version and a text. */
static const char *put_bytes(souk_parameters_t *buffer, const char *text, const char *front)
{
    size_t ahead = strlen(front), size = strlen(text);
    if (size > INT_MAX - 8)
        return "the text is too long";
    char *to = take(buffer, sizeof(int32_t) + ahead + size);
    put_int32(to, (int32_t)(ahead + size));
    memcpy(to + sizeof(int32_t), front, ahead);
    memcpy(to + sizeof(int32_t) + ahead, text, size);
    return NULL;
}

static const char *put_text(souk_parameters_t *buffer, const void *value, souk_type_t type)
{
    (void)type;
    return put_bytes(buffer, *(const char *const *)value, "");
}

static const char *put_jsonb(souk_parameters_t *buffer, const void *value, souk_type_t type)
{
    (void)type;
    return put_bytes(buffer, *(const char *const *)value, (const char[]){ JSONB_VERSION, 0 });
}

static const char *put_uuid(souk_parameters_t *buffer, const void *value, souk_type_t type)
{
    (void)type;
    char *to = take(buffer, sizeof(int32_t) + SOUK_UUID_BYTES);
    put_int32(to, SOUK_UUID_BYTES);
    if (!souk_uuid_parse(*(const char *const *)value, (uint8_t *)to + sizeof(int32_t)))
        return "not a UUID";
    return NULL;
}

static const char *put_time(souk_parameters_t *buffer, const void *value, souk_type_t type)
{
    (void)type;
    int64_t micros, since = ((const souk_time_t *)value)->ms;
    if (__builtin_sub_overflow(since, SOUK_SQL_EPOCH_MS, &since) ||
        __builtin_mul_overflow(since, INT64_C(1000), &micros))
        return "the moment is too far away";
    put_number(buffer, (uint64_t)micros, 8);
    return NULL;
}

static put_fn *const puts_kind[SOUK_SQL_KINDS] = {
    [SOUK_SQL_BOOL] = put_bool,
    [SOUK_SQL_INT2] = put_int2,
    [SOUK_SQL_INT4] = put_int4,
    [SOUK_SQL_INT8] = put_int8,
    [SOUK_SQL_FLOAT8] = put_float8,
    [SOUK_SQL_TEXT] = put_text,
    [SOUK_SQL_UUID] = put_uuid,
    [SOUK_SQL_JSONB] = put_jsonb,
    [SOUK_SQL_TIME] = put_time,
};

/* A number or truth alone never is: 0 and false are values. */
static bool is_unset(const void *value, souk_type_t type)
{
    if (type == SOUK_TEXT)
        return !*(const char *const *)value;
    return type == SOUK_TIME && ((const souk_time_t *)value)->ms == 0;
}

static bool is_zero(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i])
            return false;
    }
    return true;
}

static bool is_absent(const souk_record_t *record, const char *value)
{
    for (size_t i = 0; i < SOUK_FIELDS_MAX && record->fields[i].name; i++) {
        const souk_field_t *field = &record->fields[i];
        const char *at = value + field->offset;
        bool absent = field->type == SOUK_RECORD ? is_absent(field->of, at)
                                                 : is_zero(at, souk_field_size(field));
        if (!absent)
            return false;
    }
    return true;
}

static const char *put_value(souk_parameters_t *buffer, const souk_bound_t *bound, souk_type_t type,
    const char *record)
{
    const char *value = record + bound->offset;
    if (is_unset(value, type) ||
        (bound->within && is_absent(bound->within, record + bound->within_offset))) {
        put_int32(take(buffer, sizeof(int32_t)), -1);
        return NULL;
    }
    return puts_kind[bound->kind](buffer, value, type);
}

/* count values, each in a record of its own, stride bytes from the one before. */
static const char *put_array(souk_parameters_t *buffer, const souk_bound_t *bound, souk_type_t type,
    const char *records, size_t stride, size_t count)
{
    const char *wrong = NULL;
    size_t start = buffer->size;
    int32_t head[] = { 0, count > 0, 0, (int32_t)bound->item_oid, (int32_t)count, 1 };
    size_t words = count > 0 ? 6 : 4;
    char *to = take(buffer, words * sizeof *head);
    for (size_t i = 0; i < words; i++)
        put_int32(to + i * sizeof *head, head[i]);
    for (size_t i = 0; i < count && !wrong; i++)
        wrong = put_value(buffer, bound, type, records + i * stride);
    if (buffer->size - start > INT_MAX)
        return "the list is too long";
    put_int32(buffer->data + start, (int32_t)(buffer->size - start - sizeof(int32_t)));
    return wrong;
}

static const char *put_parameter(souk_parameters_t *buffer, const souk_bound_t *bound,
    const souk_query_t *query, const void *takes)
{
    souk_type_t type = bound->field->type;
    if (query->many) {
        const souk_list_t *all = takes;
        return put_array(buffer, bound, type, all->items, query->takes->size, all->count);
    }
    if (type != SOUK_LIST)
        return put_value(buffer, bound, type, takes);
    const souk_list_t *list = (const void *)((const char *)takes + bound->offset);
    souk_bound_t item = { .kind = bound->kind, .item_oid = bound->item_oid };
    return put_array(buffer, &item, SOUK_TEXT, list->items, sizeof(const char *), list->count);
}

/* The buffer moves as it grows, so the parameters are found in it afterwards. */
static void point_into(const souk_parameters_t *buffer, size_t count, souk_encoded_t *encoded)
{
    const char *at = buffer->data;
    for (size_t i = 0; i < count; i++) {
        uint32_t big;
        memcpy(&big, at, sizeof big);
        int32_t size = (int32_t)be32toh(big);
        at += sizeof big;
        encoded->data[i] = size < 0 ? NULL : at;
        encoded->sizes[i] = size < 0 ? 0 : size;
        at += encoded->sizes[i];
    }
}

bool souk_encode(souk_db_t *db, souk_call_t *call, const souk_statement_t *statement,
    const void *takes, souk_encoded_t *encoded)
{
    db->buffer.size = 0;
    for (size_t i = 0; i < statement->parameter_count; i++) {
        const souk_bound_t *bound = &statement->parameters[i];
        const char *wrong = put_parameter(&db->buffer, bound, statement->query, takes);
        if (wrong)
            return souk_fail(call, &souk_invalid, "%s: %s", bound->name, wrong);
    }
    point_into(&db->buffer, statement->parameter_count, encoded);
    return true;
}
