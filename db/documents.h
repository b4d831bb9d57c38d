/* Documents: records kept whole, found by their key. Two back ends are foreseen behind this; the
   one that is there keeps JSONB rows in PostgreSQL, in the schema that the connection's role owns.
 */
#ifndef SOUK_DOCUMENTS_H
#define SOUK_DOCUMENTS_H

#include "database.h"

/* Kept in the table document (collection, key, body) of the actor's schema. */
typedef struct {
    const char *name;
    const souk_record_t *record; /* with a text field that is the key */
    const char *key; /* the name of that field */
} souk_collection_t;

/* The statements behind it, to be listed among an actor's .queries. */
extern const souk_query_t souk_documents_find_query, souk_documents_page_query,
    souk_documents_put_query;

/* The documents with these keys (const char *), in no order; unknown keys are left out. */
must_check bool souk_documents_find(souk_call_t *call, const souk_collection_t *collection,
    const souk_list_t *keys, souk_list_t *documents);

/* Up to limit documents with keys behind after (NULL: from the start), by key. */
must_check bool souk_documents_page(souk_call_t *call, const souk_collection_t *collection,
    const char *after, int limit, souk_list_t *documents);

/* Puts each document in the place of the one with its key. */
must_check bool souk_documents_put(souk_call_t *call, const souk_collection_t *collection,
    const souk_list_t *documents);

#endif
