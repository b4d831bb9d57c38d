/* Records from MessagePack. */
#include "pack.h"
#include "wire.h"

typedef struct {
    souk_pool_t *pool;
    souk_flaws_t *flaws;
    int depth; /* of records, the whole being the first */
} decoder_t;

static void read_record(decoder_t *decoder, const souk_record_t *record,
    const msgpack_object *object, char *value, const souk_place_t *place);

static void refuse_type(decoder_t *decoder, const souk_field_t *field, const souk_place_t *place)
{
    souk_flaw(decoder->flaws, decoder->pool, place, "%s", souk_type_demand(field->type));
}

static void read_number(decoder_t *decoder, const souk_field_t *field, const msgpack_object *object,
    void *value, const souk_place_t *place)
{
    bool positive = object->type == MSGPACK_OBJECT_POSITIVE_INTEGER;

    if (!positive && object->type != MSGPACK_OBJECT_NEGATIVE_INTEGER)
        refuse_type(decoder, field, place);
    else if (positive && object->via.u64 > INT64_MAX)
        souk_flaw(decoder->flaws, decoder->pool, place, "is too large");
    else
        souk_field_number(field, object->via.i64, value, decoder->flaws, decoder->pool, place);
}

static void read_double(decoder_t *decoder, const souk_field_t *field, const msgpack_object *object,
    double *value, const souk_place_t *place)
{
    if (object->type == MSGPACK_OBJECT_POSITIVE_INTEGER)
        *value = (double)object->via.u64;
    else if (object->type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
        *value = (double)object->via.i64;
    else if (object->type == MSGPACK_OBJECT_FLOAT64 || object->type == MSGPACK_OBJECT_FLOAT32)
        *value = object->via.f64;
    else {
        refuse_type(decoder, field, place);
        return;
    }
    souk_field_check(field, value, decoder->flaws, decoder->pool, place);
}

static void read_bool(decoder_t *decoder, const souk_field_t *field, const msgpack_object *object,
    bool *value, const souk_place_t *place)
{
    if (object->type == MSGPACK_OBJECT_BOOLEAN)
        *value = object->via.boolean;
    else
        refuse_type(decoder, field, place);
}

/* For a text field, and for an item of a list of texts. */
static void read_text(decoder_t *decoder, const souk_field_t *field, const msgpack_object *object,
    const char **value, const souk_place_t *place)
{
    souk_bytes_t bytes = { object->via.str.ptr, object->via.str.size };

    if (object->type == MSGPACK_OBJECT_STR)
        *value = souk_field_text(field, bytes, decoder->flaws, decoder->pool, place);
    else
        souk_flaw(decoder->flaws, decoder->pool, place, "%s", souk_type_demand(SOUK_TEXT));
}

static void read_items(decoder_t *decoder, const souk_field_t *field,
    const msgpack_object_array *array, souk_list_t *list, const souk_place_t *place)
{
    size_t item_size = souk_item_size(field);
    char *item;

    *list = souk_list_new(decoder->pool, array->size, item_size);
    item = list->items;
    for (size_t i = 0; i < array->size; i++, item += item_size) {
        souk_place_t item_place = { .parent = place, .index = i };

        if (field->of)
            read_record(decoder, field->of, &array->ptr[i], item, &item_place);
        else
            read_text(decoder, field, &array->ptr[i], (const char **)(void *)item, &item_place);
        if (decoder->flaws->count == SOUK_FLAWS_MAX)
            return;
    }
}

/* A list that is too long is not read at all. */
static void read_list(decoder_t *decoder, const souk_field_t *field, const msgpack_object *object,
    souk_list_t *list, const souk_place_t *place)
{
    souk_list_t claimed = { .count = object->via.array.size };
    size_t flaws = decoder->flaws->count;

    if (object->type != MSGPACK_OBJECT_ARRAY) {
        refuse_type(decoder, field, place);
        return;
    }
    souk_field_check(field, &claimed, decoder->flaws, decoder->pool, place);
    if (decoder->flaws->count == flaws)
        read_items(decoder, field, &object->via.array, list, place);
}

static void read_value(decoder_t *decoder, const souk_field_t *field, const msgpack_object *object,
    souk_bytes_t *value, const souk_place_t *place)
{
    souk_buffer_t buffer = { .pool = decoder->pool };
    msgpack_packer packer = souk_pack_into(&buffer);

    if (object->type != MSGPACK_OBJECT_MAP) {
        refuse_type(decoder, field, place);
        return;
    }
    msgpack_pack_object(&packer, *object);
    *value = souk_buffer_done(&buffer);
}

static void read_field(decoder_t *decoder, const souk_field_t *field, const msgpack_object *object,
    void *value, const souk_place_t *place)
{
    switch (field->type) {
    case SOUK_BOOL:
        read_bool(decoder, field, object, value, place);
        break;
    case SOUK_INT:
    case SOUK_LONG:
    case SOUK_TIME:
        read_number(decoder, field, object, value, place);
        break;
    case SOUK_DOUBLE:
        read_double(decoder, field, object, value, place);
        break;
    case SOUK_TEXT:
        read_text(decoder, field, object, value, place);
        break;
    case SOUK_VALUE:
        read_value(decoder, field, object, value, place);
        break;
    case SOUK_LIST:
        read_list(decoder, field, object, value, place);
        break;
    case SOUK_RECORD:
        read_record(decoder, field->of, object, value, place);
        break;
    }
}

static bool is_key(const msgpack_object *key, const char *name)
{
    size_t size = strlen(name);

    return key->via.str.size == size && memcmp(key->via.str.ptr, name, size) == 0;
}

/* Senders mostly keep the order of the fields, so the one behind the last is tried first. Returns
   count where there is none. */
static size_t find_field(const souk_record_t *record, size_t count, const msgpack_object *key,
    size_t expected)
{
    if (key->type != MSGPACK_OBJECT_STR)
        return count;
    for (size_t tried = 0; tried < count; tried++) {
        size_t i = (expected + tried) % count;

        if (is_key(key, record->fields[i].name))
            return i;
    }
    return count;
}

/* Returns which fields were there, one bit each. */
static uint32_t read_known(decoder_t *decoder, const souk_record_t *record, size_t count,
    const msgpack_object_map *map, char *value, const souk_place_t *place)
{
    uint32_t seen = 0;
    size_t expected = 0;

    for (const msgpack_object_kv *pair = map->ptr; pair < map->ptr + map->size; pair++) {
        size_t i = find_field(record, count, &pair->key, expected);
        const souk_field_t *field = &record->fields[i];
        souk_place_t field_place = { .parent = place, .name = i < count ? field->name : NULL };

        if (i == count || pair->val.type == MSGPACK_OBJECT_NIL)
            continue;
        if (seen & 1u << i)
            souk_flaw(decoder->flaws, decoder->pool, &field_place, "is there twice");
        else
            read_field(decoder, field, &pair->val, value + field->offset, &field_place);
        seen |= 1u << i;
        expected = i + 1;
    }
    return seen;
}

static void read_fields(decoder_t *decoder, const souk_record_t *record,
    const msgpack_object_map *map, char *value, const souk_place_t *place)
{
    size_t count = souk_record_count(record);
    uint32_t seen = read_known(decoder, record, count, map, value, place);

    for (size_t i = 0; i < count; i++) {
        const souk_field_t *field = &record->fields[i];
        souk_place_t field_place = { .parent = place, .name = field->name };

        if (!(seen & 1u << i))
            souk_field_absent(field, value + field->offset, decoder->flaws, decoder->pool,
                &field_place);
    }
}

static void read_record(decoder_t *decoder, const souk_record_t *record,
    const msgpack_object *object, char *value, const souk_place_t *place)
{
    if (object->type != MSGPACK_OBJECT_MAP) {
        souk_flaw(decoder->flaws, decoder->pool, place, "%s", souk_type_demand(SOUK_RECORD));
        return;
    }
    if (decoder->depth == SOUK_DEPTH_MAX) {
        souk_flaw(decoder->flaws, decoder->pool, place, "is too deep");
        return;
    }
    decoder->depth++;
    read_fields(decoder, record, &object->via.map, value, place);
    decoder->depth--;
}

bool souk_wire_decode(const souk_record_t *record, souk_bytes_t bytes, void *value,
    souk_pool_t *pool, souk_flaws_t *flaws)
{
    decoder_t decoder = { .pool = pool, .flaws = flaws };
    size_t flaws_before = flaws->count;
    msgpack_unpacked unpacked;

    memset(value, 0, record->size);
    msgpack_unpacked_init(&unpacked);
    if (souk_wire_sound(bytes) &&
        msgpack_unpack_next(&unpacked, bytes.data, bytes.size, NULL) == MSGPACK_UNPACK_SUCCESS)
        read_record(&decoder, record, &unpacked.data, value, NULL);
    else
        souk_flaw(flaws, pool, NULL, "is not one well-formed MessagePack value within the limits");
    msgpack_unpacked_destroy(&unpacked);
    return flaws->count == flaws_before && flaws->count < SOUK_FLAWS_MAX;
}
