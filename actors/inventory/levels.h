/* How much lies where, and what runs low: for staff. */
#ifndef INVENTORY_LEVELS_H
#define INVENTORY_LEVELS_H

#include "../../lib/souk.h"
#include "records.h"

extern const souk_record_t inventory_stock_key, inventory_stock_report, inventory_threshold,
    inventory_low_query, inventory_low_page;

extern const souk_query_t inventory_find_levels, inventory_set_threshold, inventory_list_low_stock;

bool inventory_get(souk_call_t *call, const void *request, void *reply);
bool inventory_put_threshold(souk_call_t *call, const void *request, void *reply);
bool inventory_tell_low(souk_call_t *call, const void *request, void *reply);

#endif
