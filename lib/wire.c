/* Records to MessagePack. */
#include "wire.h"

#include "pack.h"

static void pack_text(msgpack_packer *packer, const char *text)
{
    souk_pack_text(packer, text, strlen(text));
}

static void pack_record(msgpack_packer *packer, const souk_record_t *record, const char *value);

static void pack_list(msgpack_packer *packer, const souk_field_t *field, const souk_list_t *list)
{
    const char *item = list->items;
    size_t item_size = souk_item_size(field);

    msgpack_pack_array(packer, list->count);
    for (size_t i = 0; i < list->count; i++, item += item_size) {
        if (field->of)
            pack_record(packer, field->of, item);
        else
            pack_text(packer, *(const char *const *)item);
    }
}

static void pack_field(msgpack_packer *packer, const souk_field_t *field, const void *value)
{
    switch (field->type) {
    case SOUK_BOOL:
        *(const bool *)value ? msgpack_pack_true(packer) : msgpack_pack_false(packer);
        break;
    case SOUK_INT:
        msgpack_pack_int(packer, *(const int *)value);
        break;
    case SOUK_LONG:
        msgpack_pack_int64(packer, *(const int64_t *)value);
        break;
    case SOUK_DOUBLE:
        msgpack_pack_double(packer, *(const double *)value);
        break;
    case SOUK_TEXT:
        pack_text(packer, *(const char *const *)value);
        break;
    case SOUK_TIME:
        msgpack_pack_int64(packer, ((const souk_time_t *)value)->ms);
        break;
    case SOUK_VALUE:
        souk_buffer_add(packer->data, ((const souk_bytes_t *)value)->data,
            ((const souk_bytes_t *)value)->size);
        break;
    case SOUK_LIST:
        pack_list(packer, field, value);
        break;
    case SOUK_RECORD:
        pack_record(packer, field->of, value);
        break;
    }
}

static void pack_record(msgpack_packer *packer, const souk_record_t *record, const char *value)
{
    size_t count = souk_record_count(record);

    msgpack_pack_map(packer, count);
    for (const souk_field_t *field = record->fields; field < record->fields + count; field++) {
        pack_text(packer, field->name);
        if (souk_field_is_absent(field, value + field->offset))
            msgpack_pack_nil(packer);
        else
            pack_field(packer, field, value + field->offset);
    }
}

souk_bytes_t souk_wire_encode(const souk_record_t *record, const void *value, souk_pool_t *pool)
{
    souk_buffer_t buffer = { .pool = pool };
    msgpack_packer packer = souk_pack_into(&buffer);

    pack_record(&packer, record, value);
    return souk_buffer_done(&buffer);
}

souk_bytes_t souk_wire_encode_reply(const char *code, const souk_record_t *record,
    const void *value, souk_pool_t *pool)
{
    souk_buffer_t buffer = { .pool = pool };
    msgpack_packer packer = souk_pack_into(&buffer);

    msgpack_pack_array(&packer, 2);
    pack_text(&packer, code);
    pack_record(&packer, record, value);
    return souk_buffer_done(&buffer);
}
