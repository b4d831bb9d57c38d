/* Records as JSON objects (RFC 8259), by way of jansson. Unlike on the bus, a key that the record
   does not have is a flaw: people mistype, services evolve. */
#ifndef SOUK_JSON_H
#define SOUK_JSON_H

#include <jansson.h>

#include "record.h"

/* The text of value, compact, NUL-terminated (not counted), in pool. Absent values are null. */
souk_bytes_t souk_json_encode(const souk_record_t *record, const void *value, souk_pool_t *pool);

/* Parses text (all of it). NULL where it is not JSON, is deeper than jansson goes, or repeats a
   key: then flaws has one with pointer "" and a message with line and column. Caller owns. */
must_check json_t *souk_json_parse(souk_bytes_t text, souk_pool_t *pool, souk_flaws_t *flaws);

/* Reads an object into value. Texts and lists are copied into pool. */
must_check bool souk_json_decode(const souk_record_t *record, const json_t *object, void *value,
    souk_pool_t *pool, souk_flaws_t *flaws);

/* The same of an object that is somebody else's, who may put more into it than the record has. */
must_check bool souk_json_decode_some(const souk_record_t *record, const json_t *object,
    void *value, souk_pool_t *pool, souk_flaws_t *flaws);

/* A path or query parameter as the JSON value that its field wants; where the text does not fit,
   the text itself, so that the decoder tells what is wrong. For a list, of one item. Caller owns.
 */
must_check json_t *souk_json_from_text(const souk_field_t *field, const char *text);

#endif
