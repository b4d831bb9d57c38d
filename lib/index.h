/* Rows found again by a text of theirs, so that each call of a batch finds its own. */
#ifndef SOUK_INDEX_H
#define SOUK_INDEX_H

#include "record.h"

typedef struct souk_index souk_index_t;

/* The rows, which are of record, by their text field named key. Rows and texts are borrowed; where
   two have the same text, the first is found. */
souk_index_t *souk_index_of(const souk_list_t *rows, const souk_record_t *record, const char *key,
    souk_pool_t *pool);

/* NULL: there is none. */
void *souk_index_find(const souk_index_t *index, const char *text);

/* Of rows in the order of a text field of theirs, named key, those that have this text, together
   and not copied. */
souk_list_t souk_rows_of(const souk_list_t *rows, const souk_record_t *record, const char *key,
    const char *text);

#endif
