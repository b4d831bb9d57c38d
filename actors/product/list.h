/* The catalogue page by page: product.list. */
#ifndef PRODUCT_LIST_H
#define PRODUCT_LIST_H

#include "records.h"

extern const souk_query_t product_walk_shelf;
extern const souk_record_t product_page_query, product_page;

bool product_list(souk_call_t *call, const void *request, void *reply);

#endif
