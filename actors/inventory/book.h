/* What comes, goes and is moved: every change of what is there stands in the ledger. */
#ifndef INVENTORY_BOOK_H
#define INVENTORY_BOOK_H

#include "../../lib/souk.h"
#include "records.h"

extern const souk_record_t inventory_delivery, inventory_adjustment, inventory_transfer,
    inventory_levels;

extern const souk_error_t inventory_too_few, inventory_too_many;
extern const souk_query_t inventory_save_delivery, inventory_find_place, inventory_make_stock,
    inventory_lock_stock, inventory_book;

bool inventory_receive(souk_call_t *call, const void *request, void *reply);
bool inventory_adjust(souk_call_t *call, const void *request, void *reply);
bool inventory_move(souk_call_t *call, const void *request, void *reply);

#endif
