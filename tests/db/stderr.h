/* What is written to stderr meanwhile, for tests of what reaches the log and what does not. */
#ifndef SOUK_TEST_STDERR_H
#define SOUK_TEST_STDERR_H

#include <stdio.h>
#include <unistd.h>

#include "../../lib/pool.h"

typedef struct {
    FILE *file;
    int before; /* where it went until then */
} stderr_t;

static inline stderr_t stderr_keep(void)
{
    stderr_t kept = { tmpfile(), dup(STDERR_FILENO) };
    assert_non_null(kept.file);
    dup2(fileno(kept.file), STDERR_FILENO);
    return kept;
}

/* It goes where it went before; what was kept of it, in pool. */
static inline const char *stderr_kept(stderr_t *kept, souk_pool_t *pool)
{
    char *text = souk_pool_alloc(pool, 10000);
    dup2(kept->before, STDERR_FILENO);
    close(kept->before);
    rewind(kept->file);
    text[fread(text, 1, 9999, kept->file)] = '\0';
    fclose(kept->file);
    return text;
}

#endif
