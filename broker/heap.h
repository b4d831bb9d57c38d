/* A binary heap of things that carry their own place in it, so that any of them can be taken out or
   moved when it changes. */
#ifndef SOUK_HEAP_H
#define SOUK_HEAP_H

#include "../lib/base.h"

/* The first member of whatever is kept in a heap. */
typedef struct {
    size_t place; /* counted from 1; 0: in no heap */
} souk_heap_item_t;

typedef struct {
    bool (*before)(const souk_heap_item_t *a, const souk_heap_item_t *b);
    souk_heap_item_t **items;
    size_t count, capacity;
} souk_heap_t;

/* The one that comes before all others; NULL: the heap is empty. */
souk_heap_item_t *souk_heap_first(const souk_heap_t *heap);
void souk_heap_add(souk_heap_t *heap, souk_heap_item_t *item);
void souk_heap_remove(souk_heap_t *heap, souk_heap_item_t *item);
/* What .before looks at has changed in item. */
void souk_heap_moved(souk_heap_t *heap, souk_heap_item_t *item);
/* Frees the heap's own memory, not the items. */
void souk_heap_clear(souk_heap_t *heap);

#endif
