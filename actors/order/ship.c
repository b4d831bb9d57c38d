/* How an order leaves the house. */
#include "ship.h"

#include <string.h>

#include "../../lib/index.h"
#include "lookup.h"
#include "queries/order.h"
#include "recall.h"

const souk_error_t order_not_shippable = {
    .code = "not_shippable",
    .kind = SOUK_CONFLICT,
    .meaning = "Only an order that is confirmed can be shipped.",
};

static const souk_record_t departing_row = {
    .name = "departing_row",
    .size = sizeof(struct departing),
    .fields = {
        FIELD(departing, id),
        FIELD(departing, who),
    },
};

struct arrival {
    const char *id;
    const char *status;
    const char *why;
};
static const souk_record_t arrival = {
    .name = "arrival",
    .size = sizeof(struct arrival),
    .fields = {
        FIELD(arrival, id),
        FIELD(arrival, status),
        FIELD(arrival, why),
    },
};

const souk_query_t order_ship_rows = {
    .sql = &sql_ship_orders,
    .takes = &departing_row,
    .many = true,
};
const souk_query_t order_find_departing = {
    .sql = &sql_find_moves,
    .takes = &departing_row,
    .gives = &departing,
    .many = true,
};
const souk_query_t order_follow_rows = {
    .sql = &sql_follow_shipments,
    .takes = &arrival,
    .many = true,
};

static bool is_leaving(const char *status)
{
    static const char *const leaving[] = { "shipping", "shipped", "delivered", "returned" };

    for (size_t i = 0; i < sizeof leaving / sizeof *leaving; i++)
        if (strcmp(status, leaving[i]) == 0)
            return true;
    return false;
}

static void answer_departure(souk_batch_t *batch, size_t i, const struct departing *row)
{
    if (!row)
        souk_batch_refuse(batch, i, &order_missing);
    else if (is_leaving(row->status))
        *(struct departing *)souk_batch_reply(batch, i) = *row;
    else if (strcmp(row->status, "placing") == 0)
        souk_batch_fail(batch, i, &order_running, "order %s is placing", row->id);
    else
        souk_batch_fail(batch, i, &order_not_shippable, "order %s is %s", row->id, row->status);
}

/* Of whoever cancels an order and whoever ships it, one is first. */
bool order_ship(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_run(batch->all, &order_ship_rows, &wanted) ||
        !souk_db_all(batch->all, &order_find_departing, &wanted, &rows))
        return false;
    const souk_index_t *found = souk_index_of(&rows, &departing, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct departing *asked = souk_batch_request(batch, i);
        answer_departure(batch, i, souk_index_find(found, asked->id));
    }
    return true;
}

/* Only the last of an order's shipments says something about the order. */
static bool follow(souk_batch_t *batch, const char *status, const char *why)
{
    souk_list_t rows = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct shipment_told *told = souk_batch_request(batch, i);
        if (told->complete)
            *(struct arrival *)souk_list_add(&rows, souk_call_pool(batch->all),
                sizeof(struct arrival)) = (struct arrival){ told->order_id, status, why };
    }
    return souk_db_run(batch->all, &order_follow_rows, &rows);
}

bool order_follow_shipped(souk_batch_t *batch)
{
    return follow(batch, "shipped", "all of it is on its way");
}

bool order_follow_delivered(souk_batch_t *batch)
{
    return follow(batch, "delivered", "all that could be delivered has arrived");
}

bool order_follow_returned(souk_batch_t *batch)
{
    return follow(batch, "returned", "all of it has come back");
}
