/* What holds for one field whatever it is decoded from: bounds, formats, fallbacks. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "buffer.h"
#include "record.h"

/* Where a field that is checked belongs, so that what is wrong with it can be told. */
typedef struct {
    const souk_field_t *field;
    souk_flaws_t *flaws;
    souk_pool_t *pool;
    const souk_place_t *place;
} subject_t;

static void check_number(const subject_t *it, int64_t number)
{
    int64_t min = it->field->min, max = it->field->max;

    if ((min || max) && number < min)
        souk_flaw(it->flaws, it->pool, it->place, "must be at least %lld", (long long)min);
    if (max && number > max)
        souk_flaw(it->flaws, it->pool, it->place, "must be at most %lld", (long long)max);
}

static void check_double(const subject_t *it, double number)
{
    int64_t min = it->field->min, max = it->field->max;

    if (!isfinite(number))
        souk_flaw(it->flaws, it->pool, it->place, "must be a finite number");
    else if ((min || max) && number < (double)min)
        souk_flaw(it->flaws, it->pool, it->place, "must be at least %lld", (long long)min);
    else if (max && number > (double)max)
        souk_flaw(it->flaws, it->pool, it->place, "must be at most %lld", (long long)max);
}

static void check_size(const subject_t *it, size_t size, int64_t min, int64_t max, const char *unit)
{
    if ((int64_t)size < min)
        souk_flaw(it->flaws, it->pool, it->place, "must have at least %lld %s%s", (long long)min,
            unit, min == 1 ? "" : "s");
    if ((int64_t)size > max)
        souk_flaw(it->flaws, it->pool, it->place, "must have at most %lld %s%s", (long long)max,
            unit, max == 1 ? "" : "s");
}

static void check_count(const subject_t *it, size_t count)
{
    const souk_field_t *field = it->field;

    check_size(it, count, field->min, field->max ? field->max : SOUK_LIST_MAX, "item");
}

static void check_one_of(const subject_t *it, const char *text)
{
    const char *const *allowed = it->field->one_of;
    souk_buffer_t list = { .pool = it->pool };

    for (size_t i = 0; allowed[i]; i++) {
        if (strcmp(allowed[i], text) == 0)
            return;
        souk_buffer_add_text(&list, i ? ", " : "");
        souk_buffer_add_text(&list, allowed[i]);
    }
    souk_flaw(it->flaws, it->pool, it->place, "must be one of: %s",
        (const char *)souk_buffer_done(&list).data);
}

static void check_format(const subject_t *it, const char *text)
{
    static const char *const demands[] = {
        [SOUK_ANY] = "",
        [SOUK_UUID] = "must be a UUID",
        [SOUK_EMAIL] = "must be an email address",
        [SOUK_CURRENCY] = "must be a currency's ISO 4217 code, such as EUR",
        [SOUK_COUNTRY] = "must be a country's ISO 3166-1 code, such as DE",
        [SOUK_REGION] = "must be a region's ISO 3166-2 code without the country, such as CA or BY",
        [SOUK_URL] = "must be a URL of http or https",
        [SOUK_PASSWORD] = "must not be one of the commonest passwords",
        [SOUK_NO_CARD] = "must not hold the number of a payment card",
    };

    if (!souk_format_fits(it->field->format, text))
        souk_flaw(it->flaws, it->pool, it->place, "%s", demands[it->field->format]);
}

/* The bounds of a list are those of its length: the texts in it have the library's. */
static void check_text(const subject_t *it, const char *text, size_t characters)
{
    bool item = it->field->type == SOUK_LIST;
    size_t flaws = it->flaws->count;

    check_size(it, characters, item ? 0 : it->field->min,
        item || !it->field->max ? SOUK_TEXT_MAX : it->field->max, "character");
    if (it->flaws->count > flaws)
        return;
    check_format(it, text);
    if (it->field->one_of)
        check_one_of(it, text);
}

static void measure_and_check_text(const subject_t *it, const char *text)
{
    size_t characters;

    if (!souk_text_measure((souk_bytes_t){ text, strlen(text) }, &characters))
        souk_flaw(it->flaws, it->pool, it->place, "must be UTF-8");
    else
        check_text(it, text, characters);
}

void souk_field_check(const souk_field_t *field, const void *value, souk_flaws_t *flaws,
    souk_pool_t *pool, const souk_place_t *place)
{
    subject_t it = { field, flaws, pool, place };

    switch (field->type) {
    case SOUK_INT:
        check_number(&it, *(const int *)value);
        break;
    case SOUK_LONG:
        check_number(&it, *(const int64_t *)value);
        break;
    case SOUK_DOUBLE:
        check_double(&it, *(const double *)value);
        break;
    case SOUK_TEXT:
        if (*(const char *const *)value)
            measure_and_check_text(&it, *(const char *const *)value);
        break;
    case SOUK_TIME:
        if (!souk_time_tellable(*(const souk_time_t *)value))
            souk_flaw(flaws, pool, place, "must be a time between the years 0 and 9999");
        break;
    case SOUK_LIST:
        check_count(&it, ((const souk_list_t *)value)->count);
        break;
    case SOUK_BOOL:
    case SOUK_VALUE:
    case SOUK_RECORD:
        break;
    }
}

/* Ids are compared as texts and printed in lower case, but taken in either (RFC 9562). */
static char *copy_text(const souk_field_t *field, souk_bytes_t bytes, souk_pool_t *pool)
{
    char *text = souk_pool_text(pool, bytes.data, bytes.size);

    if (field->format == SOUK_UUID)
        for (char *c = text; *c; c++)
            *c = (char)tolower((unsigned char)*c);
    return text;
}

const char *souk_field_text(const souk_field_t *field, souk_bytes_t bytes, souk_flaws_t *flaws,
    souk_pool_t *pool, const souk_place_t *place)
{
    subject_t it = { field, flaws, pool, place };
    size_t characters;
    char *text;

    if (!souk_text_measure(bytes, &characters)) {
        souk_flaw(flaws, pool, place, "must be UTF-8 without NUL");
        return NULL;
    }
    text = copy_text(field, bytes, pool);
    check_text(&it, text, characters);
    return text;
}

void souk_field_number(const souk_field_t *field, int64_t number, void *value, souk_flaws_t *flaws,
    souk_pool_t *pool, const souk_place_t *place)
{
    if (field->type == SOUK_INT && (number < INT32_MIN || number > INT32_MAX)) {
        souk_flaw(flaws, pool, place, "must be from %d to %d", INT32_MIN, INT32_MAX);
        return;
    }
    if (field->type == SOUK_INT)
        *(int *)value = (int)number;
    else if (field->type == SOUK_TIME)
        ((souk_time_t *)value)->ms = number;
    else
        *(int64_t *)value = number;
    souk_field_check(field, value, flaws, pool, place);
}

/* The fallback of a field whose record was checked is of its type. */
void souk_field_absent(const souk_field_t *field, void *value, souk_flaws_t *flaws,
    souk_pool_t *pool, const souk_place_t *place)
{
    const char *fallback = field->fallback;

    memset(value, 0, souk_field_size(field));
    if (fallback && field->type == SOUK_TEXT)
        *(const char **)value = souk_pool_text(pool, fallback, strlen(fallback));
    else if (fallback ? !souk_field_parse(field, fallback, value) : !field->optional)
        souk_flaw(flaws, pool, place, "is required");
}

static bool is_zero(const souk_field_t *field, const void *value);

static bool is_zero_record(const souk_record_t *record, const char *value)
{
    for (size_t i = 0; i < SOUK_FIELDS_MAX && record->fields[i].name; i++)
        if (!is_zero(&record->fields[i], value + record->fields[i].offset))
            return false;
    return true;
}

static bool is_zero(const souk_field_t *field, const void *value)
{
    switch (field->type) {
    case SOUK_BOOL:
        return !*(const bool *)value;
    case SOUK_INT:
        return *(const int *)value == 0;
    case SOUK_LONG:
        return *(const int64_t *)value == 0;
    case SOUK_DOUBLE:
        return *(const double *)value == 0;
    case SOUK_TEXT:
        return !*(const char *const *)value;
    case SOUK_TIME:
        return ((const souk_time_t *)value)->ms == 0;
    case SOUK_VALUE:
        return ((const souk_bytes_t *)value)->size == 0;
    case SOUK_LIST:
        return ((const souk_list_t *)value)->count == 0;
    case SOUK_RECORD:
        return is_zero_record(field->of, value);
    }
    return true;
}

bool souk_field_is_absent(const souk_field_t *field, const void *value)
{
    if (field->type == SOUK_TEXT || field->type == SOUK_TIME || field->type == SOUK_VALUE)
        return is_zero(field, value);
    if (field->type == SOUK_BOOL || !field->optional || field->fallback)
        return false;
    return is_zero(field, value);
}
