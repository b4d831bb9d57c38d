/* Files that commands read as a whole. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "buffer.h"
#include "commands.h"

static bool refuse(const char *path, const char *why)
{
    fprintf(stderr, "souk: %s: %s\n", path, why);
    return false;
}

static bool read_all(FILE *stream, const char *path, souk_bytes_t *bytes, souk_pool_t *pool)
{
    souk_buffer_t text = { .pool = pool };
    char piece[64 << 10];
    size_t size;
    while ((size = fread(piece, 1, sizeof piece, stream)) > 0) {
        souk_buffer_add(&text, piece, size);
        if (text.size > SOUK_FILE_MAX)
            return refuse(path, "is larger than 16 MiB");
    }
    *bytes = souk_buffer_done(&text);
    return !ferror(stream) || refuse(path, strerror(errno));
}

bool souk_command_read_file(const char *path, souk_bytes_t *bytes, souk_pool_t *pool)
{
    if (strcmp(path, "-") == 0)
        return read_all(stdin, path, bytes, pool);
    FILE *stream = fopen(path, "rb");
    bool done = stream ? read_all(stream, path, bytes, pool) : refuse(path, strerror(errno));
    if (stream)
        fclose(stream);
    return done;
}
