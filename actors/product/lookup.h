/* Products as they are looked up: product.get, and the documents of any. */
#ifndef PRODUCT_LOOKUP_H
#define PRODUCT_LOOKUP_H

#include "../../lib/index.h"
#include "records.h"

struct skus {
    souk_list_t skus; /* const char * */
};
extern const souk_record_t product_skus;

extern const souk_collection_t product_documents;
extern const souk_query_t product_find_owners;

bool product_get(souk_batch_t *batch);

/* Puts what is usual where a document leaves it out, and the other way round. */
void product_complete(struct product *product);
void product_shorten(struct product *product);

/* The documents (struct product) of these products, by their own SKU. */
must_check bool product_find(souk_call_t *call, const souk_list_t *skus, souk_index_t **found);

#endif
