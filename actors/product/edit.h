/* What staff and other systems do to the catalogue. */
#ifndef PRODUCT_EDIT_H
#define PRODUCT_EDIT_H

#include "records.h"

extern const souk_record_t product_delivery;

bool product_create(souk_call_t *call, const void *request, void *reply);
bool product_revise(souk_call_t *call, const void *request, void *reply);
bool product_amend(souk_call_t *call, const void *request, void *reply);
bool product_publish(souk_call_t *call, const void *request, void *reply);
bool product_archive(souk_call_t *call, const void *request, void *reply);
bool product_put(souk_call_t *call, const void *request, void *reply);

#endif
