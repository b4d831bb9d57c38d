/* How much there is, for whoever wants to know. */
#include "stock.h"

#include <limits.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "queries/inventory.h"

const souk_query_t inventory_find_stock = {
    .sql = &sql_find_stock,
    .takes = &skus,
    .gives = &stock_item,
};

/* What all locations have of a product, in the row of the first. */
static souk_index_t *add_up(souk_list_t *rows, souk_pool_t *pool)
{
    struct stock_item *row = rows->items;
    souk_index_t *known = souk_index_of(rows, &stock_item, "sku", pool);

    for (struct stock_item *end = row + rows->count; row < end; row++) {
        struct stock_item *first = souk_index_find(known, row->sku);
        if (first != row &&
            __builtin_add_overflow(first->available, row->available, &first->available))
            first->available = INT_MAX;
    }
    return known;
}

static void add_known(souk_batch_t *batch, size_t i, const souk_index_t *known, int most)
{
    const struct stock_query *query = souk_batch_request(batch, i);
    struct stock_items *reply = souk_batch_reply(batch, i);
    const char *const *sku = query->sku.items;

    for (size_t k = 0; k < query->sku.count; k++) {
        const struct stock_item *item = souk_index_find(known, sku[k]);
        if (item)
            *(struct stock_item *)souk_list_add(&reply->items, souk_call_pool(batch->all),
                sizeof *item) =
                (struct stock_item){ item->sku, item->available < most ? item->available : most };
    }
}

static bool tell(souk_batch_t *batch, int most)
{
    struct skus wanted = { 0 };
    souk_list_t found;
    souk_pool_t *pool = souk_call_pool(batch->all);

    for (size_t i = 0; i < batch->count; i++) {
        const struct stock_query *query = souk_batch_request(batch, i);
        for (size_t k = 0; k < query->sku.count; k++)
            souk_list_add_text(&wanted.skus, pool, ((const char *const *)query->sku.items)[k]);
    }
    if (!souk_db_all(batch->all, &inventory_find_stock, &wanted, &found))
        return false;

    const souk_index_t *known = add_up(&found, pool);
    for (size_t i = 0; i < batch->count; i++)
        add_known(batch, i, known, most);
    return true;
}

/* Only looked at, not held: what is there now may be gone when it is ordered. */
bool inventory_check(souk_batch_t *batch)
{
    return tell(batch, INT_MAX);
}

/* How much lies in the shop is not everybody's business. */
bool inventory_show(souk_batch_t *batch)
{
    return tell(batch, souk_settings.stock_shown_max);
}
