/* Ties parameters and columns to fields, by name and by type. */
#include <string.h>

#include "session.h"

/* Goes on in the record that field is, with what is left of the name. */
static bool bind_within(const souk_field_t *field, const char *rest, souk_bound_t *bound)
{
    souk_bound_t inner = *bound;
    inner.offset += field->offset;
    if (field->optional) {
        inner.optional = true;
        inner.within = field->of;
        inner.within_offset = inner.offset;
    }
    if (!souk_bind_name(field->of, rest, &inner))
        return false;
    *bound = inner;
    return true;
}

bool souk_bind_name(const souk_record_t *record, const char *name, souk_bound_t *bound)
{
    for (size_t i = 0; i < SOUK_FIELDS_MAX && record->fields[i].name; i++) {
        const souk_field_t *field = &record->fields[i];
        size_t size = strlen(field->name);
        if (strncmp(name, field->name, size) != 0)
            continue;
        if (field->type == SOUK_RECORD) {
            if (name[size] == '_' && bind_within(field, name + size + 1, bound))
                return true;
        } else if (name[size] == '\0') {
            bound->field = field;
            bound->offset += field->offset;
            bound->optional |= field->optional;
            return true;
        }
    }
    return false;
}

static const souk_sql_type_t *find_type(const souk_db_t *db, unsigned oid, bool *is_array)
{
    if (oid && oid == db->citext)
        oid = SOUK_OID_TEXT;
    else if (oid && oid == db->citext_array)
        oid = SOUK_OID_TEXT_ARRAY;
    return souk_sql_type(oid, is_array);
}

bool souk_bind_type(const souk_db_t *db, souk_bound_t *bound, unsigned oid, bool many)
{
    bool is_array = false;
    bool is_list = bound->field->type == SOUK_LIST;
    const souk_sql_type_t *type = find_type(db, oid, &is_array);
    if (!type || is_array != (is_list || many) || (is_list && (many || bound->field->of)))
        return false;
    bound->kind = type->kind;
    bound->item_oid = oid == db->citext_array ? db->citext : type->oid;
    return souk_sql_fits(is_list ? SOUK_TEXT : bound->field->type, type->kind);
}

const char *souk_bind_type_name(const souk_db_t *db, unsigned oid, souk_pool_t *pool)
{
    bool is_array = false;
    const souk_sql_type_t *type = find_type(db, oid, &is_array);
    if (!type)
        return souk_pool_format(pool, "type %u", oid);
    return souk_pool_format(pool, "%s%s", type->name, is_array ? "[]" : "");
}

static bool is_among(const char *name, const souk_bound_t *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(columns[i].name, name) == 0)
            return true;
    }
    return false;
}

const char *souk_bind_missing(const souk_record_t *record, const char *prefix,
    const souk_bound_t *columns, size_t count, souk_pool_t *pool)
{
    for (size_t i = 0; i < SOUK_FIELDS_MAX && record->fields[i].name; i++) {
        const souk_field_t *field = &record->fields[i];
        const char *name = souk_pool_format(pool, "%s%s", prefix, field->name);
        if (field->type == SOUK_RECORD) {
            const char *deeper = souk_pool_format(pool, "%s_", name);
            name = souk_bind_missing(field->of, deeper, columns, count, pool);
            if (name)
                return name;
        } else if (!is_among(name, columns, count)) {
            return name;
        }
    }
    return NULL;
}

bool souk_bind_secret(const souk_record_t *record)
{
    for (size_t i = 0; i < SOUK_FIELDS_MAX && record->fields[i].name; i++) {
        const souk_field_t *field = &record->fields[i];
        if (field->secret || (field->type == SOUK_RECORD && souk_bind_secret(field->of)))
            return true;
    }
    return false;
}
