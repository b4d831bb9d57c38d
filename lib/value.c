/* Maps of any form: MessagePack to JSON and back. */
#include "value.h"

#include <math.h>

#include "memory.h"
#include "pack.h"
#include "wire.h"

static void pack(msgpack_packer *packer, const json_t *json);

static void pack_object(msgpack_packer *packer, const json_t *object)
{
    msgpack_pack_map(packer, json_object_size(object));
    for (void *at = json_object_iter((json_t *)object); at;
         at = json_object_iter_next((json_t *)object, at)) {
        const char *key = json_object_iter_key(at);
        souk_pack_text(packer, key, strlen(key));
        pack(packer, json_object_iter_value(at));
    }
}

static void pack_array(msgpack_packer *packer, const json_t *array)
{
    msgpack_pack_array(packer, json_array_size(array));
    for (size_t i = 0; i < json_array_size(array); i++)
        pack(packer, json_array_get(array, i));
}

static void pack(msgpack_packer *packer, const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        pack_object(packer, json);
        break;
    case JSON_ARRAY:
        pack_array(packer, json);
        break;
    case JSON_STRING:
        souk_pack_text(packer, json_string_value(json), json_string_length(json));
        break;
    case JSON_INTEGER:
        msgpack_pack_int64(packer, json_integer_value(json));
        break;
    case JSON_REAL:
        msgpack_pack_double(packer, json_real_value(json));
        break;
    case JSON_TRUE:
        msgpack_pack_true(packer);
        break;
    case JSON_FALSE:
        msgpack_pack_false(packer);
        break;
    case JSON_NULL:
        msgpack_pack_nil(packer);
        break;
    }
}

souk_bytes_t souk_value_from(const json_t *json, souk_pool_t *pool)
{
    souk_buffer_t buffer = { .pool = pool };
    msgpack_packer packer = souk_pack_into(&buffer);

    pack(&packer, json);
    return souk_buffer_done(&buffer);
}

static json_t *unpack(const msgpack_object *object);

/* A key that is no text has no place in JSON. */
static json_t *unpack_map(const msgpack_object_map *map)
{
    json_t *object = json_object();

    for (const msgpack_object_kv *pair = map->ptr; pair < map->ptr + map->size; pair++) {
        json_t *key = unpack(&pair->key);
        if (json_is_string(key))
            json_object_set_new(object, json_string_value(key), unpack(&pair->val));
        json_decref(key);
    }
    return object;
}

static json_t *unpack_array(const msgpack_object_array *items)
{
    json_t *array = json_array();

    for (size_t i = 0; i < items->size; i++)
        json_array_append_new(array, unpack(&items->ptr[i]));
    return array;
}

/* NULL where JSON has no word for it. */
static json_t *unpack_known(const msgpack_object *object)
{
    switch (object->type) {
    case MSGPACK_OBJECT_MAP:
        return unpack_map(&object->via.map);
    case MSGPACK_OBJECT_ARRAY:
        return unpack_array(&object->via.array);
    case MSGPACK_OBJECT_STR:
        return json_stringn(object->via.str.ptr, object->via.str.size);
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
        return object->via.u64 <= INT64_MAX ? json_integer(object->via.i64) : NULL;
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        return json_integer(object->via.i64);
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        return isfinite(object->via.f64) ? json_real(object->via.f64) : NULL;
    case MSGPACK_OBJECT_BOOLEAN:
        return json_boolean(object->via.boolean);
    default:
        return NULL;
    }
}

static json_t *unpack(const msgpack_object *object)
{
    json_t *json = unpack_known(object);

    return json ? json : json_null();
}

json_t *souk_value_json(souk_bytes_t value)
{
    msgpack_unpacked unpacked;
    json_t *json = NULL;

    msgpack_unpacked_init(&unpacked);
    if (souk_wire_sound(value) &&
        msgpack_unpack_next(&unpacked, value.data, value.size, NULL) == MSGPACK_UNPACK_SUCCESS)
        json = unpack(&unpacked.data);
    msgpack_unpacked_destroy(&unpacked);
    return json;
}

const char *souk_value_print(souk_bytes_t value, souk_pool_t *pool)
{
    json_t *json = souk_value_json(value);
    char *text = json ? souk_sure(json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY)) : NULL;
    const char *kept = text ? souk_pool_text(pool, text, strlen(text)) : "null";

    free(text);
    json_decref(json);
    return kept;
}
