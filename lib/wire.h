/* Records as MessagePack maps, field name to value. Absent optional values are nil; nil and a
   missing key are the same; keys that the record does not have are ignored. */
#ifndef SOUK_WIRE_H
#define SOUK_WIRE_H

#include "record.h"

enum {
    SOUK_WIRE_MAX = 4 << 20, /* bytes of one frame */
};

/* Into pool. */
souk_bytes_t souk_wire_encode(const souk_record_t *record, const void *value, souk_pool_t *pool);

/* Reads one map from bytes (all of them) into value, record->size bytes. Everything is bounded
   before it is decoded: claimed counts, depth, sizes. False where there are flaws; value is then
   half written. Texts and lists are copied into pool. */
must_check bool souk_wire_decode(const souk_record_t *record, souk_bytes_t bytes, void *value,
    souk_pool_t *pool, souk_flaws_t *flaws);

/* A reply's frame: the array [code, value]. */
souk_bytes_t souk_wire_encode_reply(const char *code, const souk_record_t *record,
    const void *value, souk_pool_t *pool);

/* Splits [code, value] into the code (copied into pool) and the bytes of the value (borrowed from
   frame). False where frame is not such an array. */
must_check bool souk_wire_split_reply(souk_bytes_t frame, souk_pool_t *pool, const char **code,
    souk_bytes_t *value);

/* Whether bytes are exactly one well-formed value, no deeper than the library goes and claiming no
   more items than there are bytes. Holds for everything that is decoded here. */
must_check bool souk_wire_sound(souk_bytes_t bytes);

#endif
