/* Records as tables: names of types, fields by name, and the records that all services share. */
#include "record.h"

#include <string.h>

#define PRICE_MAX INT64_C(1000000000000)

static const struct {
    const char *name;
    const char *demand;
    size_t size;
} types[] = {
    [SOUK_BOOL] = { "boolean", "must be true or false", sizeof(bool) },
    [SOUK_INT] = { "integer", "must be a whole number", sizeof(int) },
    [SOUK_LONG] = { "long", "must be a whole number", sizeof(int64_t) },
    [SOUK_DOUBLE] = { "number", "must be a number", sizeof(double) },
    [SOUK_TEXT] = { "text", "must be a text", sizeof(const char *) },
    [SOUK_TIME] = { "time", "must be a time", sizeof(souk_time_t) },
    [SOUK_VALUE] = { "value", "must be an object", sizeof(souk_bytes_t) },
    [SOUK_LIST] = { "list", "must be a list", sizeof(souk_list_t) },
    [SOUK_RECORD] = { "record", "must be an object", 0 },
};

static const char *const formats[] = {
    [SOUK_ANY] = "any",
    [SOUK_UUID] = "uuid",
    [SOUK_EMAIL] = "email",
    [SOUK_CURRENCY] = "currency",
    [SOUK_COUNTRY] = "country",
    [SOUK_REGION] = "region",
    [SOUK_URL] = "url",
    [SOUK_PASSWORD] = "password",
    [SOUK_NO_CARD] = "no_card",
};

const souk_record_t souk_money = {
    .name = "money",
    .size = sizeof(souk_money_t),
    .fields = {
        {
            .name = "amount",
            .type = SOUK_LONG,
            .offset = offsetof(souk_money_t, amount),
            .doc = "in minor units, such as cents",
        },
        {
            .name = "currency",
            .type = SOUK_TEXT,
            .offset = offsetof(souk_money_t, currency),
            .format = SOUK_CURRENCY,
            .doc = "its ISO 4217 code",
        },
    },
};

const souk_record_t souk_price = {
    .name = "price",
    .size = sizeof(souk_money_t),
    .fields = {
        {
            .name = "amount",
            .type = SOUK_LONG,
            .offset = offsetof(souk_money_t, amount),
            .max = PRICE_MAX,
            .doc = "in minor units, such as cents",
        },
        {
            .name = "currency",
            .type = SOUK_TEXT,
            .offset = offsetof(souk_money_t, currency),
            .format = SOUK_CURRENCY,
            .doc = "its ISO 4217 code",
        },
    },
};

const souk_record_t souk_nothing = {
    .name = "nothing",
    .size = sizeof(struct souk_nothing),
};

size_t souk_field_size(const souk_field_t *field)
{
    return field->type == SOUK_RECORD ? field->of->size : types[field->type].size;
}

bool souk_field_is_simple(const souk_field_t *field)
{
    return field->type != SOUK_VALUE && field->type != SOUK_LIST && field->type != SOUK_RECORD;
}

size_t souk_item_size(const souk_field_t *list)
{
    return list->of ? list->of->size : sizeof(const char *);
}

const souk_field_t *souk_record_field(const souk_record_t *record, const char *name)
{
    for (size_t i = 0; i < SOUK_FIELDS_MAX && record->fields[i].name; i++)
        if (strcmp(record->fields[i].name, name) == 0)
            return &record->fields[i];
    return NULL;
}

size_t souk_record_count(const souk_record_t *record)
{
    size_t count = 0;

    while (count < SOUK_FIELDS_MAX && record->fields[count].name)
        count++;
    return count;
}

const char *souk_type_name(souk_type_t type)
{
    return types[type].name;
}

const char *souk_type_demand(souk_type_t type)
{
    return types[type].demand;
}

bool souk_type_named(const char *name, souk_type_t *type)
{
    for (unsigned i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, name) == 0) {
            *type = (souk_type_t)i;
            return true;
        }
    }
    return false;
}

const char *souk_format_name(souk_format_t format)
{
    return formats[format];
}

bool souk_format_named(const char *name, souk_format_t *format)
{
    for (unsigned i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (strcmp(formats[i], name) == 0) {
            *format = (souk_format_t)i;
            return true;
        }
    }
    return false;
}

bool souk_record_has_number(const souk_record_t *record, const char *name)
{
    const souk_field_t *field = souk_record_field(record, name);

    return field && (field->type == SOUK_INT || field->type == SOUK_LONG);
}
