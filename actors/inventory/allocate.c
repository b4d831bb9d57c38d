/* Who gets what is left, and where from: a pure function over stock rows that are locked. */
#include "allocate.h"

#include <limits.h>
#include <string.h>

void inventory_link(souk_list_t *stock)
{
    struct stock *rows = stock->items;

    for (size_t i = 1; i < stock->count; i++)
        if (strcmp(rows[i - 1].sku, rows[i].sku) == 0)
            rows[i - 1].next = &rows[i];
}

static int left_at(const struct stock *row)
{
    return row->available - row->taken;
}

static int left_of(const struct stock *row)
{
    int left = 0;
    for (; row; row = row->next)
        if (__builtin_add_overflow(left, left_at(row), &left))
            return INT_MAX;
    return left;
}

static void take(struct stock *row, int quantity, souk_list_t *pieces, souk_pool_t *pool)
{
    if (quantity == 0)
        return;
    row->taken += quantity;
    *(struct piece *)souk_list_add(pieces, pool, sizeof(struct piece)) =
        (struct piece){ row, quantity };
}

static bool take_whole(struct stock *row, int quantity, souk_list_t *pieces, souk_pool_t *pool)
{
    while (row && left_at(row) < quantity)
        row = row->next;
    if (row)
        take(row, quantity, pieces, pool);
    return row;
}

static bool take_split(struct stock *row, int quantity, souk_list_t *pieces, souk_pool_t *pool)
{
    if (left_of(row) < quantity)
        return false;
    for (; quantity; row = row->next) {
        int some = left_at(row) < quantity ? left_at(row) : quantity;
        take(row, some, pieces, pool);
        quantity -= some;
    }
    return true;
}

static void give_back(souk_list_t *pieces, size_t kept)
{
    for (; pieces->count > kept; pieces->count--) {
        const struct piece *piece = &((struct piece *)pieces->items)[pieces->count - 1];
        piece->from->taken -= piece->quantity;
    }
}

const struct demand *inventory_allocate(const souk_index_t *stock, const souk_list_t *lines,
    souk_list_t *pieces, souk_pool_t *pool, int *left)
{
    const struct demand *line = lines->items;
    size_t before = pieces->count;

    for (const struct demand *end = line + lines->count; line < end; line++) {
        struct stock *row = souk_index_find(stock, line->sku);
        if (take_whole(row, line->quantity, pieces, pool) ||
            take_split(row, line->quantity, pieces, pool))
            continue;
        give_back(pieces, before);
        *left = left_of(row);
        return line;
    }
    return NULL;
}
