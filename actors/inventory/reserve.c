/* Holding stock for orders, in two round trips for however many: what there is, and what they get.
 */
#include "reserve.h"

#include <string.h>

#include "../../lib/settings.h"
#include "errors.h"
#include "queries/inventory.h"

const souk_error_t inventory_out_of_stock = {
    .code = "out_of_stock",
    .kind = SOUK_CONFLICT,
    .meaning = "There is less left of a product than was asked for.",
};

struct wanted {
    souk_list_t skus;
    souk_list_t order_ids;
};
static const souk_record_t wanted = {
    .name = "wanted",
    .size = sizeof(struct wanted),
    .fields = {
        FIELD(wanted, skus),
        FIELD(wanted, order_ids),
    },
};

/* A row of stock; or, behind all of those, a reservation that was there before. */
struct locked {
    const char *sku;
    const char *location;
    int available;
    const char *order_id;
    const char *status;
};
static const souk_record_t locked = {
    .name = "locked",
    .size = sizeof(struct locked),
    .fields = {
        FIELD(locked, sku, .optional = true),
        FIELD(locked, location, .optional = true),
        FIELD(locked, available, .optional = true),
        FIELD(locked, order_id, .optional = true),
        FIELD(locked, status, .optional = true),
    },
};

static const souk_record_t stock = {
    .name = "stock",
    .size = sizeof(struct stock),
    .fields = {
        FIELD(stock, sku),
        FIELD(stock, location),
        FIELD(stock, taken),
    },
};

struct reserved_line {
    const char *order_id;
    const char *sku;
    const char *location;
    int quantity;
    int ttl_s;
};
static const souk_record_t reserved_line = {
    .name = "reserved_line",
    .size = sizeof(struct reserved_line),
    .fields = {
        FIELD(reserved_line, order_id),
        FIELD(reserved_line, sku),
        FIELD(reserved_line, location),
        FIELD(reserved_line, quantity),
        FIELD(reserved_line, ttl_s),
    },
};

const souk_query_t inventory_lock_wanted = {
    .sql = &sql_lock_wanted,
    .takes = &wanted,
    .gives = &locked,
};
const souk_query_t inventory_save_stock = {
    .sql = &sql_save_stock,
    .takes = &stock,
    .many = true,
};
/* Who reserves for the same order in another process, or gives it back, came first. */
const souk_query_t inventory_save_reservations = {
    .sql = &sql_save_reservations,
    .takes = &reserved_line,
    .gives = &order_key,
    .many = true,
    .commits = true,
    .duplicate = &souk_busy,
};

static bool lock_wanted(souk_batch_t *batch, souk_list_t *rows)
{
    struct wanted all = { 0 };
    souk_pool_t *pool = souk_call_pool(batch->all);

    for (size_t i = 0; i < batch->count; i++) {
        const struct wish *asked = souk_batch_request(batch, i);
        const struct demand *lines = asked->lines.items;
        souk_list_add_text(&all.order_ids, pool, asked->order_id);
        for (size_t k = 0; k < asked->lines.count; k++)
            souk_list_add_text(&all.skus, pool, lines[k].sku);
    }
    return souk_db_all(batch->all, &inventory_lock_wanted, &all, rows);
}

/* The rows of stock among those that were read. */
static souk_list_t stock_among(const souk_list_t *rows, souk_pool_t *pool)
{
    const struct locked *row = rows->items;
    souk_list_t found = { 0 };

    for (; found.count < rows->count && row->sku; row++)
        *(struct stock *)souk_list_add(&found, pool, sizeof(struct stock)) =
            (struct stock){ row->sku, row->location, row->available };
    inventory_link(&found);
    return found;
}

static souk_index_t *known_among(const souk_list_t *rows, size_t stock_count, souk_pool_t *pool)
{
    const souk_list_t known = { (struct locked *)rows->items + stock_count,
        rows->count - stock_count };
    return souk_index_of(&known, &locked, "order_id", pool);
}

static void keep_pieces(const struct wish *asked, const souk_list_t *pieces, souk_list_t *lines,
    souk_pool_t *pool)
{
    const struct piece *piece = pieces->items;
    for (const struct piece *end = piece + pieces->count; piece < end; piece++)
        *(struct reserved_line *)souk_list_add(lines, pool, sizeof(struct reserved_line)) =
            (struct reserved_line){ asked->order_id, piece->from->sku, piece->from->location,
                piece->quantity, asked->ttl_s };
}

/* Whoever asks for more than there is learns no more from it than everybody may know. */
static void refuse(souk_batch_t *batch, size_t i, const char *sku, int left)
{
    if (left > souk_settings.stock_shown_max)
        souk_batch_fail(batch, i, &inventory_out_of_stock, "%s: fewer are left", sku);
    else
        souk_batch_fail(batch, i, &inventory_out_of_stock, "%s: %d left", sku, left);
}

/* Who gets the last unit is decided here, in arrival order, and nowhere else. */
static void share_out(souk_batch_t *batch, const souk_index_t *shelf, const souk_index_t *known,
    souk_list_t *lines)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    const souk_list_t wishes = souk_batch_gather(batch);
    const souk_index_t *first = souk_index_of(&wishes, &wish, "order_id", pool);

    for (size_t i = 0; i < batch->count; i++) {
        const struct wish *asked = &((const struct wish *)wishes.items)[i];
        const struct locked *before = souk_index_find(known, asked->order_id);
        const struct demand *missing;
        souk_list_t pieces = { 0 };
        int left;
        if (before && strcmp(before->status, "live") != 0)
            souk_batch_fail(batch, i, &reservation_gone, "its reservation is %s", before->status);
        else if (before)
            continue;
        else if (souk_index_find(first, asked->order_id) != asked)
            souk_batch_fail(batch, i, &souk_busy, "it is just being reserved");
        else if ((missing = inventory_allocate(shelf, &asked->lines, &pieces, pool, &left)))
            refuse(batch, i, missing->sku, left);
        else
            keep_pieces(asked, &pieces, lines, pool);
    }
}

bool inventory_reserve(souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    souk_list_t rows, made, lines = { 0 };

    if (!lock_wanted(batch, &rows))
        return false;
    souk_list_t found = stock_among(&rows, pool);
    share_out(batch, souk_index_of(&found, &stock, "sku", pool),
        known_among(&rows, found.count, pool), &lines);
    return lines.count == 0 ||
        (souk_db_run(batch->all, &inventory_save_stock, &found) &&
            souk_db_all(batch->all, &inventory_save_reservations, &lines, &made));
}
