/* Who gets what is left: a pure function over stock rows that are locked. */
#include "allocate.h"

static int left_of(const struct stock *row)
{
    return row ? row->available - row->taken : 0;
}

static void give_back(const souk_index_t *stock, const struct demand *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct stock *row = souk_index_find(stock, lines[i].sku);
        row->taken -= lines[i].quantity;
    }
}

const struct demand *inventory_allocate(const souk_index_t *stock, const souk_list_t *list,
    int *left)
{
    const struct demand *lines = list->items;
    for (size_t i = 0; i < list->count; i++) {
        struct stock *row = souk_index_find(stock, lines[i].sku);
        if (left_of(row) < lines[i].quantity) {
            give_back(stock, lines, i);
            *left = left_of(row);
            return &lines[i];
        }
        row->taken += lines[i].quantity;
    }
    return NULL;
}
