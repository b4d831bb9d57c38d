/* The inventory: what is there, what of it is promised, and to which order. */
#include <string.h>

#include "../../lib/souk.h"
#include "allocate.h"
#include "queries/inventory.h"
#include "records.h"

static const souk_error_t out_of_stock = {
    .code = "out_of_stock",
    .kind = SOUK_CONFLICT,
    .meaning = "There is less left of a product than was asked for.",
};
static const souk_error_t reservation_gone = {
    .code = "reservation_gone",
    .kind = SOUK_CONFLICT,
    .meaning = "The order's reservation was given back, or has run out.",
};

static const souk_query_t find_stock = {
    .sql = &sql_find_stock,
    .takes = &skus,
    .gives = &stock_item,
};
static const souk_query_t save_reservations = {
    .sql = &sql_save_reservations,
    .takes = &reserved_line,
    .gives = &order_key,
    .many = true,
};
static const souk_query_t lock_stock = {
    .sql = &sql_lock_stock,
    .takes = &skus,
    .gives = &stock,
};
static const souk_query_t save_stock = {
    .sql = &sql_save_stock,
    .takes = &stock,
    .many = true,
};
static const souk_query_t drop_reservations = {
    .sql = &sql_drop_reservations,
    .takes = &orders,
};
static const souk_query_t find_reservations = {
    .sql = &sql_find_reservations,
    .takes = &orders,
    .gives = &reservation,
};
static const souk_query_t bury_reservations = {
    .sql = &sql_bury_reservations,
    .takes = &orders,
};
static const souk_query_t find_expired = {
    .sql = &sql_find_expired,
    .gives = &order_key,
};
static const souk_query_t close_reservations = {
    .sql = &sql_close_reservations,
    .takes = &orders,
};
static const souk_query_t set_expiry = {
    .sql = &sql_set_expiry,
    .takes = &expiry,
    .gives = &order_key,
    .many = true,
};
static const souk_query_t save_movements = {
    .sql = &sql_save_movements,
    .takes = &movement,
    .many = true,
};

static void add_known(souk_batch_t *batch, size_t i, const souk_index_t *known)
{
    const struct stock_query *query = souk_batch_request(batch, i);
    struct stock_items *reply = souk_batch_reply(batch, i);
    const char *const *sku = query->sku.items;

    for (size_t k = 0; k < query->sku.count; k++) {
        const struct stock_item *item = souk_index_find(known, sku[k]);
        if (item)
            *(struct stock_item *)souk_list_add(&reply->items, souk_call_pool(batch->all),
                sizeof *item) = *item;
    }
}

/* Only looked at, not held: what is there now may be gone when it is ordered. */
static bool check(souk_batch_t *batch)
{
    struct skus wanted = { 0 };
    souk_list_t found = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct stock_query *query = souk_batch_request(batch, i);
        for (size_t k = 0; k < query->sku.count; k++)
            souk_list_add_text(&wanted.skus, souk_call_pool(batch->all),
                ((const char *const *)query->sku.items)[k]);
    }
    if (!souk_db_all(batch->all, &find_stock, &wanted, &found))
        return false;

    const souk_index_t *known =
        souk_index_of(&found, &stock_item, "sku", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++)
        add_known(batch, i, known);
    return true;
}

/* The orders of a batch that have no reservation yet get one, still without stock. Of two calls for
   one order the first gets it. */
static bool make_reservations(souk_batch_t *batch, souk_index_t **made)
{
    souk_list_t lines = { 0 }, rows = { 0 };
    souk_pool_t *pool = souk_call_pool(batch->all);

    for (size_t i = 0; i < batch->count; i++) {
        const struct wish *asked = souk_batch_request(batch, i);
        const struct demand *demands = asked->lines.items;
        for (size_t k = 0; k < asked->lines.count; k++)
            *(struct reserved_line *)souk_list_add(&lines, pool, sizeof(struct reserved_line)) =
                (struct reserved_line){ asked->order_id, (int)i, demands[k].sku,
                    demands[k].quantity, asked->ttl_s };
    }
    if (!souk_db_all(batch->all, &save_reservations, &lines, &rows))
        return false;
    *made = souk_index_of(&rows, &order_key, "order_id", pool);
    return true;
}

static bool lock_wanted(souk_batch_t *batch, souk_list_t *rows)
{
    struct skus wanted = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct wish *asked = souk_batch_request(batch, i);
        const struct demand *demands = asked->lines.items;
        for (size_t k = 0; k < asked->lines.count; k++)
            souk_list_add_text(&wanted.skus, souk_call_pool(batch->all), demands[k].sku);
    }
    return souk_db_all(batch->all, &lock_stock, &wanted, rows);
}

/* Who gets the last unit is decided here, in arrival order, and nowhere else. */
static void share_out(souk_batch_t *batch, const souk_index_t *made, const souk_index_t *shelf,
    struct orders *refused)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct wish *asked = souk_batch_request(batch, i);
        struct order_key *key = souk_index_find(made, asked->order_id);
        const struct demand *missing;
        int left;
        if (!key)
            continue;
        if (key->taken) {
            souk_batch_fail(batch, i, &souk_busy, "it is just being reserved");
        } else if ((missing = inventory_allocate(shelf, &asked->lines, &left))) {
            souk_batch_fail(batch, i, &out_of_stock, "%s: %d left", missing->sku, left);
            souk_list_add_text(&refused->order_ids, souk_call_pool(batch->all), asked->order_id);
        }
        key->taken = true;
    }
}

/* Those that had asked before are told how it stands with them. */
static bool answer_known(souk_batch_t *batch, const souk_index_t *made)
{
    struct orders known = { 0 };
    souk_list_t rows = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct wish *asked = souk_batch_request(batch, i);
        if (!souk_index_find(made, asked->order_id))
            souk_list_add_text(&known.order_ids, souk_call_pool(batch->all), asked->order_id);
    }
    if (known.order_ids.count == 0)
        return true;
    if (!souk_db_all(batch->all, &find_reservations, &known, &rows))
        return false;

    const souk_index_t *found =
        souk_index_of(&rows, &reservation, "order_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct wish *asked = souk_batch_request(batch, i);
        const struct reservation *row = souk_index_find(found, asked->order_id);
        if (row && strcmp(row->status, "live") != 0)
            souk_batch_fail(batch, i, &reservation_gone, "its reservation is %s", row->status);
    }
    return true;
}

static bool reserve(souk_batch_t *batch)
{
    souk_index_t *made;
    struct orders refused = { 0 };
    souk_list_t rows = { 0 };

    if (!make_reservations(batch, &made) || !lock_wanted(batch, &rows))
        return false;
    share_out(batch, made, souk_index_of(&rows, &stock, "sku", souk_call_pool(batch->all)),
        &refused);
    if (!souk_db_run(batch->all, &save_stock, &rows))
        return false;
    if (refused.order_ids.count && !souk_db_run(batch->all, &drop_reservations, &refused))
        return false;
    return answer_known(batch, made);
}

static bool release(souk_batch_t *batch)
{
    struct orders given = { .status = "released" };

    for (size_t i = 0; i < batch->count; i++) {
        const struct order_key *key = souk_batch_request(batch, i);
        souk_list_add_text(&given.order_ids, souk_call_pool(batch->all), key->order_id);
    }
    return souk_db_run(batch->all, &bury_reservations, &given) &&
        souk_db_run(batch->all, &close_reservations, &given);
}

static bool expire(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_all(batch->all, &set_expiry, &wanted, &rows))
        return false;
    const souk_index_t *live =
        souk_index_of(&rows, &order_key, "order_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct expiry *asked = souk_batch_request(batch, i);
        if (!souk_index_find(live, asked->order_id))
            souk_batch_fail(batch, i, &reservation_gone, "there is nothing that could run out");
    }
    return true;
}

static bool release_expired(souk_call_t *call)
{
    struct orders expired = { .status = "expired" };
    souk_list_t rows = { 0 };

    if (!souk_db_all(call, &find_expired, NULL, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        souk_list_add_text(&expired.order_ids, souk_call_pool(call),
            ((const struct order_key *)rows.items)[i].order_id);
    return rows.count == 0 || souk_db_run(call, &close_reservations, &expired);
}

static bool receive(souk_call_t *call, const void *request, void *reply)
{
    const struct delivery *arrived = request;
    const struct demand *lines = arrived->lines.items;
    souk_list_t movements = { 0 };

    for (size_t i = 0; i < arrived->lines.count; i++)
        *(struct movement *)souk_list_add(&movements, souk_call_pool(call),
            sizeof(struct movement)) =
            (struct movement){ arrived->key, lines[i].sku, lines[i].quantity };
    return souk_db_run(call, &save_movements, &movements);
}

const souk_actor_t inventory_actor = {
    .name = "inventory",
    .summary = "What is in stock, and what of it is promised to whom.",
    .queries = {
        &find_stock,
        &save_reservations,
        &lock_stock,
        &save_stock,
        &drop_reservations,
        &find_reservations,
        &bury_reservations,
        &find_expired,
        &close_reservations,
        &set_expiry,
        &save_movements,
    },
    .operations = {
        {
            .name = "inventory.check",
            .http = "GET /v1/stock",
            .summary = "How many of each product can be ordered.",
            .request = &stock_query,
            .reply = &stock_items,
            .batch = check,
            .repeatable = true,
            .role = "anyone",
        },
        {
            .name = "inventory.reserve",
            .summary = "Hold all that an order wants, or nothing of it.",
            .request = &wish,
            .reply = &souk_nothing,
            .errors = { &out_of_stock, &reservation_gone },
            .batch = reserve,
            .writes = true,
            .repeatable = true,
        },
        {
            .name = "inventory.release",
            .summary = "Give back what is held for an order, also if it is only held later.",
            .request = &order_key,
            .reply = &souk_nothing,
            .batch = release,
            .writes = true,
            .repeatable = true,
        },
        {
            .name = "inventory.expire",
            .summary = "Let an order's reservation run out, unless it is released before.",
            .request = &expiry,
            .reply = &souk_nothing,
            .errors = { &reservation_gone },
            .batch = expire,
            .writes = true,
            .repeatable = true,
        },
        {
            .name = "inventory.receive",
            .summary = "Book what was delivered.",
            .request = &delivery,
            .reply = &souk_nothing,
            .handler = receive,
            .writes = true,
            .repeatable = true,
        },
    },
    .timers = {
        {
            .name = "release_expired",
            .every_ms = 1000,
            .handler = release_expired,
        },
    },
};
