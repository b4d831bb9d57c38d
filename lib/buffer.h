/* Bytes that grow at their end, in a pool: what encoders write into. */
#ifndef SOUK_BUFFER_H
#define SOUK_BUFFER_H

#include <string.h>

#include "pool.h"

enum {
    SOUK_BUFFER_START = 512
};

typedef struct {
    souk_pool_t *pool;
    char *data;
    size_t size;
    size_t capacity;
} souk_buffer_t;

/* Makes room for so many more bytes, takes them as written, and returns where they go. */
static inline char *souk_buffer_room(souk_buffer_t *buffer, size_t more)
{
    size_t wanted = buffer->size + more, capacity = buffer->capacity;

    if (wanted > capacity) {
        capacity = capacity < SOUK_BUFFER_START ? SOUK_BUFFER_START : capacity * 2;
        capacity = capacity < wanted ? wanted : capacity;
        buffer->data = souk_pool_resize(buffer->pool, buffer->data, buffer->capacity, capacity);
        buffer->capacity = capacity;
    }
    buffer->size = wanted;
    return buffer->data + wanted - more;
}

static inline void souk_buffer_add(souk_buffer_t *buffer, const void *data, size_t size)
{
    if (size)
        memcpy(souk_buffer_room(buffer, size), data, size);
}

static inline void souk_buffer_add_char(souk_buffer_t *buffer, char c)
{
    *souk_buffer_room(buffer, 1) = c;
}

static inline void souk_buffer_add_text(souk_buffer_t *buffer, const char *text)
{
    souk_buffer_add(buffer, text, strlen(text));
}

/* Puts a NUL behind, which is not counted, and gives back to the pool what was not needed. */
static inline souk_bytes_t souk_buffer_done(souk_buffer_t *buffer)
{
    souk_buffer_add_char(buffer, '\0');
    buffer->data = souk_pool_resize(buffer->pool, buffer->data, buffer->capacity, buffer->size);
    return (souk_bytes_t){ buffer->data, buffer->size - 1 };
}

#endif
