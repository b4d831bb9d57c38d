/* Why there is as much as there is. */
#ifndef INVENTORY_LEDGER_H
#define INVENTORY_LEDGER_H

#include "../../lib/souk.h"

extern const souk_record_t inventory_movements_query, inventory_movement_page;
extern const souk_query_t inventory_list_movements;

bool inventory_tell_movements(souk_call_t *call, const void *request, void *reply);

#endif
