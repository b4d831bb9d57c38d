/* Flaws: what is wrong with data from outside, and where. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "record.h"

enum {
    MESSAGE_SIZE_MAX = 512
};

/* RFC 6901: '~' is written ~0 and '/' is written ~1. */
static void add_escaped(souk_buffer_t *pointer, const char *name)
{
    for (; *name; name++) {
        if (*name == '~' || *name == '/')
            souk_buffer_add_text(pointer, *name == '~' ? "~0" : "~1");
        else
            souk_buffer_add_char(pointer, *name);
    }
}

static void add_place(souk_buffer_t *pointer, const souk_place_t *place)
{
    char index[24];

    if (!place)
        return;
    add_place(pointer, place->parent);
    souk_buffer_add_char(pointer, '/');
    snprintf(index, sizeof index, "%zu", place->index);
    add_escaped(pointer, place->name ? place->name : index);
}

void souk_flaw(souk_flaws_t *flaws, souk_pool_t *pool, const souk_place_t *place,
    const char *format, ...)
{
    souk_buffer_t pointer = { .pool = pool };
    char message[MESSAGE_SIZE_MAX];
    va_list arguments;

    if (flaws->count == SOUK_FLAWS_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    add_place(&pointer, place);
    flaws->items[flaws->count++] = (souk_flaw_t){
        .pointer = souk_buffer_done(&pointer).data,
        .message = souk_pool_text(pool, message, strlen(message)),
    };
}
