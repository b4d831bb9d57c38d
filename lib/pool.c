/* Memory pools: blocks that are filled from the front and freed together. */
#include "pool.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "memory.h"

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif

enum {
    FIRST_BLOCK_SIZE = 4096,
    BLOCK_SIZE_MAX = 256 << 10,
    ALIGNMENT = alignof(max_align_t),
    LIST_CAPACITY_MIN = 4,
};

/* Where AddressSanitizer watches, everything gets a block of its own, so that it sees what is
   written beside. */
#ifdef WATCHED
static const bool one_each = true;
#else
static const bool one_each = false;
#endif

typedef struct block {
    struct block *older;
    alignas(max_align_t) char data[];
} block_t;

/* Lives at the start of its first block. */
struct souk_pool {
    block_t *blocks; /* all others */
    char *free; /* of the block that is being filled */
    char *end;
    size_t next_size;
    alignas(max_align_t) char data[];
};

souk_pool_t *souk_pool_new(void)
{
    souk_pool_t *pool = souk_sure(malloc(FIRST_BLOCK_SIZE));

    pool->blocks = NULL;
    pool->free = pool->data;
    pool->end = (char *)pool + FIRST_BLOCK_SIZE;
    pool->next_size = (size_t)2 * FIRST_BLOCK_SIZE;
    return pool;
}

void souk_pool_destroy(souk_pool_t **pool)
{
    if (!*pool)
        return;
    for (block_t *block = (*pool)->blocks, *older; block; block = older) {
        older = block->older;
        free(block);
    }
    free(*pool);
    *pool = NULL;
}

static size_t round_up(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static block_t *add_block(souk_pool_t *pool, size_t size)
{
    block_t *block = souk_sure(malloc(sizeof *block + size));

    block->older = pool->blocks;
    pool->blocks = block;
    return block;
}

/* What is large gets a block of its own; the one being filled goes on being filled. */
static void *add_memory(souk_pool_t *pool, size_t size)
{
    block_t *block;

    if (one_each || size > pool->next_size / 4)
        return add_block(pool, size)->data;
    block = add_block(pool, pool->next_size);
    pool->free = block->data + round_up(size);
    pool->end = block->data + pool->next_size;
    if (pool->next_size < BLOCK_SIZE_MAX)
        pool->next_size *= 2;
    return block->data;
}

static void *take(souk_pool_t *pool, size_t size)
{
    char *memory = pool->free;

    /* No honest size is near this; a length gone negative is. */
    if (size > SIZE_MAX / 4)
        abort();
    if (one_each || round_up(size) > (size_t)(pool->end - pool->free))
        return add_memory(pool, size);
    pool->free += round_up(size);
    return memory;
}

void *souk_pool_alloc(souk_pool_t *pool, size_t size)
{
    return memset(take(pool, size), 0, size);
}

void *souk_pool_resize(souk_pool_t *pool, void *data, size_t size, size_t new_size)
{
    char *start = data;
    bool last = !one_each && data && start + round_up(size) == pool->free;

    if (last && round_up(new_size) <= (size_t)(pool->end - start))
        pool->free = start + round_up(new_size);
    else if (new_size > size)
        start = size ? memcpy(take(pool, new_size), data, size) : take(pool, new_size);
    if (new_size > size)
        memset(start + size, 0, new_size - size);
    return start;
}

char *souk_pool_text(souk_pool_t *pool, const char *text, size_t size)
{
    char *copy = take(pool, size + 1);

    if (size)
        memcpy(copy, text, size);
    copy[size] = '\0';
    return copy;
}

char *souk_pool_format(souk_pool_t *pool, const char *format, ...)
{
    va_list arguments;
    char *text;
    int size;

    va_start(arguments, format);
    size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0)
        abort();

    text = take(pool, (size_t)size + 1);
    va_start(arguments, format);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
    return text;
}

/* A list does not say how much room it has: it follows from how many there are. */
static size_t list_capacity(size_t count)
{
    size_t capacity = LIST_CAPACITY_MIN;

    while (capacity < count)
        capacity *= 2;
    return count ? capacity : 0;
}

souk_list_t souk_list_new(souk_pool_t *pool, size_t count, size_t item_size)
{
    if (!count)
        return (souk_list_t){ 0 };
    if (item_size > SIZE_MAX / 4 / list_capacity(count))
        abort();
    return (souk_list_t){ souk_pool_alloc(pool, list_capacity(count) * item_size), count };
}

void *souk_list_add(souk_list_t *list, souk_pool_t *pool, size_t item_size)
{
    size_t capacity = list_capacity(list->count), wanted = list_capacity(list->count + 1);

    if (wanted > capacity)
        list->items = souk_pool_resize(pool, list->items, capacity * item_size, wanted * item_size);
    return (char *)list->items + list->count++ * item_size;
}

bool souk_list_cut(souk_list_t *list, size_t most)
{
    bool longer = list->count > most;

    list->count = longer ? most : list->count;
    return longer;
}

void souk_list_add_text(souk_list_t *list, souk_pool_t *pool, const char *text)
{
    *(const char **)souk_list_add(list, pool, sizeof text) = text;
}

bool souk_list_has_text(const souk_list_t *list, const char *text)
{
    const char *const *items = list->items;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(items[i], text) == 0)
            return true;
    return false;
}
