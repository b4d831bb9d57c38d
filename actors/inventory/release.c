/* What is held for an order is free again: because it was given back, or because its time is over.
 */
#include "release.h"

#include "errors.h"
#include "queries/inventory.h"

struct orders {
    souk_list_t order_ids;
    const char *status;
};
static const souk_record_t order_list = {
    .name = "order_list",
    .size = sizeof(struct orders),
    .fields = {
        FIELD(orders, order_ids),
    },
};
static const souk_record_t orders = {
    .name = "orders",
    .size = sizeof(struct orders),
    .fields = {
        FIELD(orders, order_ids),
        FIELD(orders, status),
    },
};

const souk_query_t inventory_bury_reservations = {
    .sql = &sql_bury_reservations,
    .takes = &orders,
};
const souk_query_t inventory_find_expired = {
    .sql = &sql_find_expired,
    .gives = &order_key,
};
const souk_query_t inventory_close_reservations = {
    .sql = &sql_close_reservations,
    .takes = &orders,
};
const souk_query_t inventory_set_expiry = {
    .sql = &sql_set_expiry,
    .takes = &expiry,
    .gives = &order_key,
    .many = true,
};

const souk_query_t inventory_keep_reservations = {
    .sql = &sql_keep_reservations,
    .takes = &order_list,
    .gives = &order_key,
};

static souk_list_t orders_of(const souk_batch_t *batch)
{
    souk_list_t ids = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct order_key *key = souk_batch_request(batch, i);
        souk_list_add_text(&ids, souk_call_pool(batch->all), key->order_id);
    }
    return ids;
}

bool inventory_release(souk_batch_t *batch)
{
    struct orders given = { orders_of(batch), "released" };

    return souk_db_run(batch->all, &inventory_bury_reservations, &given) &&
        souk_db_run(batch->all, &inventory_close_reservations, &given);
}

bool inventory_expire(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows;

    if (!souk_db_all(batch->all, &inventory_set_expiry, &wanted, &rows))
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

bool inventory_keep(souk_batch_t *batch)
{
    struct orders wanted = { .order_ids = orders_of(batch) };
    souk_list_t rows;

    if (!souk_db_all(batch->all, &inventory_keep_reservations, &wanted, &rows))
        return false;
    const souk_index_t *live =
        souk_index_of(&rows, &order_key, "order_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct order_key *key = souk_batch_request(batch, i);
        struct keeping *kept = souk_batch_reply(batch, i);
        kept->held = souk_index_find(live, key->order_id);
    }
    return true;
}

bool inventory_release_expired(souk_call_t *call)
{
    struct orders expired = { .status = "expired" };
    souk_list_t rows;

    if (!souk_db_all(call, &inventory_find_expired, NULL, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        souk_list_add_text(&expired.order_ids, souk_call_pool(call),
            ((const struct order_key *)rows.items)[i].order_id);
    return rows.count == 0 || souk_db_run(call, &inventory_close_reservations, &expired);
}
