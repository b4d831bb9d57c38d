/* Looks at MessagePack without decoding it: msgpack-c reserves memory for as many items as a header
   claims, so nothing reaches it before the claims were held against the bytes that are there. */
#include <string.h>

#include "wire.h"

enum {
    /* Of lists and maps: each record may be in a list, and both in a reply's array. */
    NESTING_MAX = 2 * SOUK_DEPTH_MAX + 2,
    /* An item takes msgpack-c 24 times the memory that it may take here. */
    ITEMS_MAX = 1 << 18,
};

typedef enum {
    BYTES,
    ITEMS,
    PAIRS
} content_t;

/* What a first byte says: length_size bytes follow with how much content there is; where there are
   none, it is fixed. extra bytes are in front of the content. */
typedef struct {
    content_t content;
    uint8_t length_size;
    uint8_t fixed;
    uint8_t extra;
} shape_t;

/* From 0xc0 to 0xdf; 0xc1 is none. */
static const shape_t shapes[32] = {
    /* bin 8, 16, 32 */
    [0x04] = { BYTES, .length_size = 1 },
    [0x05] = { BYTES, .length_size = 2 },
    [0x06] = { BYTES, .length_size = 4 },
    /* ext 8, 16, 32 */
    [0x07] = { BYTES, .length_size = 1, .extra = 1 },
    [0x08] = { BYTES, .length_size = 2, .extra = 1 },
    [0x09] = { BYTES, .length_size = 4, .extra = 1 },
    /* float 32, 64 */
    [0x0a] = { BYTES, .fixed = 4 },
    [0x0b] = { BYTES, .fixed = 8 },
    /* uint 8, 16, 32, 64 */
    [0x0c] = { BYTES, .fixed = 1 },
    [0x0d] = { BYTES, .fixed = 2 },
    [0x0e] = { BYTES, .fixed = 4 },
    [0x0f] = { BYTES, .fixed = 8 },
    /* int 8, 16, 32, 64 */
    [0x10] = { BYTES, .fixed = 1 },
    [0x11] = { BYTES, .fixed = 2 },
    [0x12] = { BYTES, .fixed = 4 },
    [0x13] = { BYTES, .fixed = 8 },
    /* fixext 1, 2, 4, 8, 16 */
    [0x14] = { BYTES, .fixed = 1, .extra = 1 },
    [0x15] = { BYTES, .fixed = 2, .extra = 1 },
    [0x16] = { BYTES, .fixed = 4, .extra = 1 },
    [0x17] = { BYTES, .fixed = 8, .extra = 1 },
    [0x18] = { BYTES, .fixed = 16, .extra = 1 },
    /* str 8, 16, 32 */
    [0x19] = { BYTES, .length_size = 1 },
    [0x1a] = { BYTES, .length_size = 2 },
    [0x1b] = { BYTES, .length_size = 4 },
    /* array 16, 32 */
    [0x1c] = { ITEMS, .length_size = 2 },
    [0x1d] = { ITEMS, .length_size = 4 },
    /* map 16, 32 */
    [0x1e] = { PAIRS, .length_size = 2 },
    [0x1f] = { PAIRS, .length_size = 4 },
};

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
    size_t items_left;
} scan_t;

static scan_t scan_of(souk_bytes_t bytes)
{
    return (scan_t){ bytes.data, (const uint8_t *)bytes.data + bytes.size, ITEMS_MAX };
}

static size_t bytes_left(const scan_t *scan)
{
    return (size_t)(scan->end - scan->at);
}

static shape_t shape_of(uint8_t first)
{
    if (first >= 0xc0 && first <= 0xdf)
        return shapes[first - 0xc0];
    if (first >= 0xa0 && first <= 0xbf)
        return (shape_t){ BYTES, .fixed = first & 0x1f };
    if (first >= 0x90 && first <= 0x9f)
        return (shape_t){ ITEMS, .fixed = first & 0x0f };
    if (first >= 0x80 && first <= 0x8f)
        return (shape_t){ PAIRS, .fixed = first & 0x0f };
    return (shape_t){ BYTES, .fixed = 0 };
}

/* Reads a header up to its content, of which size bytes or items must be there. */
static bool read_header(scan_t *scan, content_t *content, size_t *size)
{
    shape_t shape;

    if (!bytes_left(scan) || *scan->at == 0xc1)
        return false;
    shape = shape_of(*scan->at++);
    if (bytes_left(scan) < shape.length_size)
        return false;
    *size = shape.fixed;
    for (int i = 0; i < shape.length_size; i++)
        *size = *size << 8 | *scan->at++;
    *size += shape.extra;
    *content = shape.content;
    return *size <= bytes_left(scan);
}

static bool skip_value(scan_t *scan, int nesting)
{
    content_t content;
    size_t size;

    if (!scan->items_left-- || !read_header(scan, &content, &size))
        return false;
    if (content == BYTES) {
        scan->at += size;
        return true;
    }
    if (nesting == NESTING_MAX)
        return false;
    for (size *= content == PAIRS ? 2 : 1; size; size--)
        if (!skip_value(scan, nesting + 1))
            return false;
    return true;
}

bool souk_wire_sound(souk_bytes_t bytes)
{
    scan_t scan;

    if (!bytes.size || bytes.size > SOUK_WIRE_MAX)
        return false;
    scan = scan_of(bytes);
    return skip_value(&scan, 0) && !bytes_left(&scan);
}

static bool is_string(uint8_t first)
{
    return (first >= 0xa0 && first <= 0xbf) || (first >= 0xd9 && first <= 0xdb);
}

bool souk_wire_split_reply(souk_bytes_t frame, souk_pool_t *pool, const char **code,
    souk_bytes_t *value)
{
    content_t content;
    scan_t scan;
    size_t size;

    if (!souk_wire_sound(frame))
        return false;
    scan = scan_of(frame);
    if (!read_header(&scan, &content, &size))
        return false;
    if (content != ITEMS || size != 2 || !is_string(*scan.at))
        return false;
    if (!read_header(&scan, &content, &size) || memchr(scan.at, '\0', size))
        return false;
    *code = souk_pool_text(pool, (const char *)scan.at, size);
    scan.at += size;
    *value = (souk_bytes_t){ scan.at, bytes_left(&scan) };
    return true;
}
