/* The binary heap: the children of place p are at 2p and 2p + 1, none of them before it. */
#include "heap.h"

#include <assert.h>

#include "../lib/memory.h"

static souk_heap_item_t *at(const souk_heap_t *heap, size_t place)
{
    return heap->items[place - 1];
}

static void put(souk_heap_t *heap, size_t place, souk_heap_item_t *item)
{
    heap->items[place - 1] = item;
    item->place = place;
}

static void rise(souk_heap_t *heap, souk_heap_item_t *item)
{
    size_t place = item->place;
    while (place > 1 && heap->before(item, at(heap, place / 2))) {
        put(heap, place, at(heap, place / 2));
        place /= 2;
    }
    put(heap, place, item);
}

static void sink(souk_heap_t *heap, souk_heap_item_t *item)
{
    size_t place = item->place;
    while (place * 2 <= heap->count) {
        size_t child = place * 2;
        if (child < heap->count && heap->before(at(heap, child + 1), at(heap, child)))
            child++;
        if (!heap->before(at(heap, child), item))
            break;
        put(heap, place, at(heap, child));
        place = child;
    }
    put(heap, place, item);
}

souk_heap_item_t *souk_heap_first(const souk_heap_t *heap)
{
    return heap->count ? heap->items[0] : NULL;
}

void souk_heap_moved(souk_heap_t *heap, souk_heap_item_t *item)
{
    rise(heap, item);
    sink(heap, item);
}

void souk_heap_add(souk_heap_t *heap, souk_heap_item_t *item)
{
    assert(!item->place);
    if (heap->count == heap->capacity) {
        heap->capacity = heap->capacity ? heap->capacity * 2 : 16;
        size_t size = heap->capacity * sizeof(*heap->items);
        heap->items = souk_sure(realloc(heap->items, size));
    }
    put(heap, ++heap->count, item);
    rise(heap, item);
}

void souk_heap_remove(souk_heap_t *heap, souk_heap_item_t *item)
{
    assert(item->place && at(heap, item->place) == item);
    souk_heap_item_t *last = at(heap, heap->count--);
    if (last != item) {
        put(heap, item->place, last);
        souk_heap_moved(heap, last);
    }
    item->place = 0;
}

void souk_heap_clear(souk_heap_t *heap)
{
    free(heap->items);
    heap->items = NULL;
    heap->count = heap->capacity = 0;
}
