/* MessagePack into a buffer: what the encoders share. */
#ifndef SOUK_PACK_H
#define SOUK_PACK_H

#include <msgpack.h>
#include <string.h>

#include "buffer.h"

static inline int souk_pack_append(void *buffer, const char *bytes, size_t size)
{
    souk_buffer_add(buffer, bytes, size);
    return 0;
}

/* Whatever is packed goes behind what is in the buffer. */
static inline msgpack_packer souk_pack_into(souk_buffer_t *buffer)
{
    msgpack_packer packer;

    msgpack_packer_init(&packer, buffer, souk_pack_append);
    return packer;
}

static inline void souk_pack_text(msgpack_packer *packer, const char *text, size_t size)
{
    msgpack_pack_str(packer, size);
    msgpack_pack_str_body(packer, text, size);
}

#endif
