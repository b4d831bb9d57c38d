/* The table of SQL types, and which field types each goes with. */
#include "types.h"

/* Those without a kind are here for their names only. */
static const souk_sql_type_t types[] = {
    { 16, 1000, SOUK_SQL_BOOL, "boolean" },
    { 20, 1016, SOUK_SQL_INT8, "bigint" },
    { 21, 1005, SOUK_SQL_INT2, "smallint" },
    { 23, 1007, SOUK_SQL_INT4, "integer" },
    { SOUK_OID_TEXT, SOUK_OID_TEXT_ARRAY, SOUK_SQL_TEXT, "text" },
    { 701, 1022, SOUK_SQL_FLOAT8, "double precision" },
    { 1042, 1014, SOUK_SQL_TEXT, "character" },
    { 1043, 1015, SOUK_SQL_TEXT, "character varying" },
    { 1184, 1185, SOUK_SQL_TIME, "timestamptz" },
    { 2950, 2951, SOUK_SQL_UUID, "uuid" },
    { 3802, 3807, SOUK_SQL_JSONB, "jsonb" },
    { 17, 1001, SOUK_SQL_OTHER, "bytea" },
    { 19, 1003, SOUK_SQL_OTHER, "name" },
    { 114, 199, SOUK_SQL_OTHER, "json" },
    { 700, 1021, SOUK_SQL_OTHER, "real" },
    { 1082, 1182, SOUK_SQL_OTHER, "date" },
    { 1114, 1115, SOUK_SQL_OTHER, "timestamp without time zone" },
    { 1186, 1187, SOUK_SQL_OTHER, "interval" },
    { 1700, 1231, SOUK_SQL_OTHER, "numeric" },
    { 2278, 0, SOUK_SQL_OTHER, "void" },
};

static const unsigned kinds_of[] = {
    [SOUK_BOOL] = 1 << SOUK_SQL_BOOL,
    [SOUK_INT] = 1 << SOUK_SQL_INT2 | 1 << SOUK_SQL_INT4 | 1 << SOUK_SQL_INT8,
    [SOUK_LONG] = 1 << SOUK_SQL_INT2 | 1 << SOUK_SQL_INT4 | 1 << SOUK_SQL_INT8,
    [SOUK_DOUBLE] = 1 << SOUK_SQL_FLOAT8,
    [SOUK_TEXT] = 1 << SOUK_SQL_TEXT | 1 << SOUK_SQL_UUID | 1 << SOUK_SQL_JSONB,
    [SOUK_TIME] = 1 << SOUK_SQL_TIME,
    [SOUK_VALUE] = 0,
    [SOUK_LIST] = 0,
    [SOUK_RECORD] = 0,
};

const souk_sql_type_t *souk_sql_type(unsigned oid, bool *is_array)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        *is_array = types[i].array == oid;
        if (*is_array || types[i].oid == oid)
            return &types[i];
    }
    return NULL;
}

bool souk_sql_fits(souk_type_t type, souk_sql_kind_t kind)
{
    return kind != SOUK_SQL_OTHER && (kinds_of[type] & 1u << kind);
}
