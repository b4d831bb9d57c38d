/* Memory that belongs to one piece of work and goes away with it. Not shared between threads. */
#ifndef SOUK_POOL_H
#define SOUK_POOL_H

#include "base.h"

typedef struct souk_pool souk_pool_t;

/* Never NULL: running out of memory ends the process, and the supervisor starts another. */
souk_pool_t *souk_pool_new(void);

/* Leaves *pool NULL and frees all that was taken from it. Takes NULL. */
void souk_pool_destroy(souk_pool_t **pool);
OWNED(souk_pool)

/* Zeroed, aligned for any type, freed with the pool. */
void *souk_pool_alloc(souk_pool_t *pool, size_t size);

/* More or less room for what souk_pool_alloc gave: in place where it was the last that was taken,
   else somewhere else, with the same content. New bytes are zero. */
void *souk_pool_resize(souk_pool_t *pool, void *data, size_t size, size_t new_size);

/* A copy of size bytes with a NUL behind them. */
char *souk_pool_text(souk_pool_t *pool, const char *text, size_t size);
char *souk_pool_format(souk_pool_t *pool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Items of one type, one behind the other. Whose memory they are in, the owner of the list says. */
typedef struct {
    void *items;
    size_t count;
} souk_list_t;

/* A list of count zeroed items, to be filled, and to grow if need be. */
souk_list_t souk_list_new(souk_pool_t *pool, size_t count, size_t item_size);

/* Makes room for one more item of item_size and returns it, zeroed. Earlier pointers into the list
   may be stale afterwards. The list began empty or was made by souk_list_new or a decoder: an array
   that somebody else made cannot grow. */
void *souk_list_add(souk_list_t *list, souk_pool_t *pool, size_t item_size);
/* Keeps the first most items, such as those of a page of which one more was read; true: there were
   more. */
bool souk_list_cut(souk_list_t *list, size_t most);
/* To a list of texts; the text is borrowed. */
void souk_list_add_text(souk_list_t *list, souk_pool_t *pool, const char *text);
bool souk_list_has_text(const souk_list_t *list, const char *text);

#endif
