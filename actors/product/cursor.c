/* A cursor is the key that the list is sorted by and the SKU, each in base64url. */
#include "cursor.h"

#include <sodium.h>
#include <string.h>

#include "records.h"

static const char id_first[] = "00000000-0000-0000-0000-000000000000",
                  id_last[] = "ffffffff-ffff-ffff-ffff-ffffffffffff",
                  sku_last[] = "\xf4\x8f\xbf\xbf";

static bool falls(const char *sort)
{
    return strcmp(sort, "newest") == 0 || strcmp(sort, "-price") == 0;
}

struct place product_place_start(const char *sort, int64_t price_min, int64_t price_max)
{
    if (falls(sort))
        return (struct place){ .amount = price_max, .id = id_last, .sku = sku_last };
    return (struct place){ .amount = price_min, .id = id_first, .sku = "" };
}

static const char *key_of(const struct place *place, const char *sort, souk_pool_t *pool)
{
    if (strcmp(sort, "name") == 0)
        return place->name;
    if (strcmp(sort, "newest") == 0)
        return place->id;
    return souk_pool_format(pool, "%lld", (long long)place->amount);
}

static char *wrap(const char *text, souk_pool_t *pool)
{
    size_t size = strlen(text);
    size_t room = sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return sodium_bin2base64(souk_pool_alloc(pool, room), room, (const unsigned char *)text, size,
        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* NULL: it is not base64url of a text. */
static const char *unwrap(const char *wrapped, size_t size, souk_pool_t *pool)
{
    char *text = souk_pool_alloc(pool, size + 1);
    size_t found, characters;
    if (sodium_base642bin((unsigned char *)text, size, wrapped, size, NULL, &found, NULL,
            sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return NULL;
    return souk_text_measure((souk_bytes_t){ text, found }, &characters) ? text : NULL;
}

const char *product_place_cursor(const struct place *place, const char *sort, souk_pool_t *pool)
{
    if (strcmp(sort, "sku") == 0)
        return place->sku;
    return souk_pool_format(pool, "%s.%s", wrap(key_of(place, sort, pool), pool),
        wrap(place->sku, pool));
}

static bool read_key(struct place *place, const char *key, const char *sort)
{
    uint8_t uuid[SOUK_UUID_BYTES];
    static const souk_field_t number = { .type = SOUK_LONG };
    if (strcmp(sort, "name") == 0)
        place->name = key;
    else if (strcmp(sort, "newest") == 0)
        place->id = key;
    else
        return souk_field_parse(&number, key, &place->amount);
    return place->name || souk_uuid_parse(key, uuid);
}

bool product_place_read(struct place *place, const char *cursor, const char *sort,
    souk_pool_t *pool)
{
    const char *dot = strchr(cursor, '.');
    size_t characters;

    if (strcmp(sort, "sku") == 0) {
        place->sku = cursor;
        return souk_text_measure((souk_bytes_t){ cursor, strlen(cursor) }, &characters) &&
            characters <= SKU_MAX;
    }
    if (!dot)
        return false;
    const char *key = unwrap(cursor, (size_t)(dot - cursor), pool);
    place->sku = unwrap(dot + 1, strlen(dot + 1), pool);
    return key && place->sku && read_key(place, key, sort);
}
