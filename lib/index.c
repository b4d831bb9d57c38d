/* Rows found again by a text of theirs: by a table with open addressing, at most half full, or,
   where they are in order, by halves. */
#include "index.h"

#include <assert.h>
#include <string.h>

struct souk_index {
    size_t key_offset;
    size_t mask;
    void **slots; /* rows */
};

/* FNV-1a (draft-eastlake-fnv). The rows are our own, so nobody outside chooses texts that collide.
 */
static size_t hash(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    return (size_t)(hash ^ hash >> 32);
}

static const char *key_of(const souk_index_t *index, const void *row)
{
    return *(const char *const *)((const char *)row + index->key_offset);
}

/* Where text is, or would be. */
static void **slot_of(const souk_index_t *index, const char *text)
{
    size_t i = hash(text) & index->mask;
    while (index->slots[i] && strcmp(key_of(index, index->slots[i]), text) != 0)
        i = (i + 1) & index->mask;
    return &index->slots[i];
}

souk_index_t *souk_index_of(const souk_list_t *rows, const souk_record_t *record, const char *key,
    souk_pool_t *pool)
{
    souk_index_t *index = souk_pool_alloc(pool, sizeof *index);
    const souk_field_t *field = souk_record_field(record, key);
    size_t slots = 4;
    assert(field && field->type == SOUK_TEXT);

    while (slots < 2 * rows->count)
        slots *= 2;
    index->key_offset = field->offset;
    index->mask = slots - 1;
    index->slots = souk_pool_alloc(pool, slots * sizeof *index->slots);
    for (size_t i = 0; i < rows->count; i++) {
        void *row = (char *)rows->items + i * record->size;
        void **slot = slot_of(index, key_of(index, row));
        if (!*slot)
            *slot = row;
    }
    return index;
}

void *souk_index_find(const souk_index_t *index, const char *text)
{
    return *slot_of(index, text);
}

/* The first row whose text is not before this one, or not before and not the same. */
static size_t first_from(const souk_list_t *rows, size_t row_size, size_t key_offset,
    const char *text, bool behind)
{
    size_t low = 0, high = rows->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *row = (const char *)rows->items + middle * row_size;
        int order = strcmp(*(const char *const *)(row + key_offset), text);
        if (order < 0 || (behind && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

souk_list_t souk_rows_of(const souk_list_t *rows, const souk_record_t *record, const char *key,
    const char *text)
{
    const souk_field_t *field = souk_record_field(record, key);
    assert(field && field->type == SOUK_TEXT);
    size_t first = first_from(rows, record->size, field->offset, text, false);
    size_t end = first_from(rows, record->size, field->offset, text, true);

    if (first == end)
        return (souk_list_t){ 0 };
    return (souk_list_t){ (char *)rows->items + first * record->size, end - first };
}
