/* The SQL types that fields go with, as PostgreSQL numbers them. */
#ifndef SOUK_TYPES_H
#define SOUK_TYPES_H

#include "../lib/record.h"

/* How values of a type travel in PostgreSQL's binary format. */
typedef enum {
    SOUK_SQL_BOOL,
    SOUK_SQL_INT2,
    SOUK_SQL_INT4,
    SOUK_SQL_INT8,
    SOUK_SQL_FLOAT8,
    SOUK_SQL_TEXT,
    SOUK_SQL_UUID,
    SOUK_SQL_JSONB,
    SOUK_SQL_TIME,
    SOUK_SQL_KINDS,
    SOUK_SQL_OTHER = SOUK_SQL_KINDS, /* no field goes with it */
} souk_sql_kind_t;

typedef struct {
    unsigned oid;
    unsigned array; /* the oid of arrays of it; 0: none that matter here */
    souk_sql_kind_t kind;
    const char *name;
} souk_sql_type_t;

enum {
    SOUK_OID_TEXT = 25,
    SOUK_OID_TEXT_ARRAY = 1009
};

/* PostgreSQL counts microseconds from the year 2000. */
#define SOUK_SQL_EPOCH_MS INT64_C(946684800000)

/* NULL where the type is not known here. */
const souk_sql_type_t *souk_sql_type(unsigned oid, bool *is_array);

/* Whether fields of type may hold what travels as kind. */
bool souk_sql_fits(souk_type_t type, souk_sql_kind_t kind);

#endif
