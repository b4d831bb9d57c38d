/* What is held for orders, and where it lies. */
#include "allocation.h"

#include "../../lib/index.h"
#include "queries/inventory.h"

struct order_ids {
    souk_list_t order_ids;
};
static const souk_record_t order_ids = {
    .name = "order_ids",
    .size = sizeof(struct order_ids),
    .fields = {
        FIELD(order_ids, order_ids),
    },
};

static const souk_record_t allocated_row = {
    .name = "allocated_row",
    .size = sizeof(struct allocated_line),
    .fields = {
        FIELD(allocated_line, order_id),
        FIELD(allocated_line, status),
        FIELD(allocated_line, sku),
        FIELD(allocated_line, location),
        FIELD(allocated_line, quantity),
        FIELD(allocated_line, shipped),
    },
};

const souk_query_t inventory_find_allocations = {
    .sql = &sql_find_allocations,
    .takes = &order_ids,
    .gives = &allocated_row,
};

bool inventory_tell_allocation(souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    struct order_ids wanted = { 0 };
    souk_list_t rows = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct order_key *key = souk_batch_request(batch, i);
        souk_list_add_text(&wanted.order_ids, pool, key->order_id);
    }
    if (!souk_db_all(batch->all, &inventory_find_allocations, &wanted, &rows))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        const struct order_key *key = souk_batch_request(batch, i);
        struct allocation *told = souk_batch_reply(batch, i);
        told->lines = souk_rows_of(&rows, &allocated_row, "order_id", key->order_id);
        if (told->lines.count)
            told->status = ((const struct allocated_line *)told->lines.items)->status;
    }
    return true;
}
