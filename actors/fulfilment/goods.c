/* What leaves leaves the stock, and is on its way then. */
#include "depart.h"

#include <string.h>

#include "../../lib/index.h"
#include "jobs.h"
#include "queries/fulfilment.h"

static const souk_record_t stranded_departure = {
    .name = "stranded_departure",
    .size = sizeof(struct leaving),
    .fields = {
        FIELD(leaving, departure_id),
        FIELD(leaving, order_id),
        FIELD(leaving, key),
        FIELD(leaving, outcome),
        FIELD(leaving, who),
        FIELD(leaving, attempt),
    },
};

struct departures {
    souk_list_t order_ids;
    souk_list_t departure_ids;
};
static const souk_record_t departures = {
    .name = "departures",
    .size = sizeof(struct departures),
    .fields = {
        FIELD(departures, order_ids),
        FIELD(departures, departure_ids),
    },
};

static const souk_record_t leaving_row = {
    .name = "leaving_row",
    .size = sizeof(struct line),
    .fields = {
        FIELD(line, id),
        FIELD(line, location),
        FIELD(line, sku),
        FIELD(line, quantity),
    },
};
static const souk_record_t goods_line = {
    .name = "goods_line",
    .size = sizeof(struct line),
    .fields = {
        FIELD(line, sku),
        FIELD(line, location),
        FIELD(line, quantity),
    },
};

struct goods {
    const char *order_id;
    const char *key;
    souk_list_t lines;
};
static const souk_record_t goods = {
    .name = "goods",
    .size = sizeof(struct goods),
    .fields = {
        FIELD(goods, order_id),
        FIELD(goods, key, .optional = true),
        FIELD(goods, lines, .of = &goods_line, .max = ALLOCATED_MAX),
    },
};

const souk_ask_t fulfilment_commit_stock = {
    .operation = "inventory.commit",
    .takes = &goods,
    .gives = &souk_nothing,
};

const souk_query_t fulfilment_find_leaving = {
    .sql = &sql_find_leaving,
    .takes = &departures,
    .gives = &leaving_row,
};
const souk_query_t fulfilment_end_departures = {
    .sql = &sql_end_departures,
    .takes = &fulfilment_leaving,
    .gives = &fulfilment_departed,
    .many = true,
};
const souk_query_t fulfilment_claim_departures = {
    .sql = &sql_claim_departures,
    .takes = &souk_stranded,
    .gives = &stranded_departure,
};

bool fulfilment_list_goods(souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    struct departures wanted = { 0 };
    souk_list_t rows = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct leaving *it = souk_batch_state(batch, i);
        souk_list_add_text(&wanted.order_ids, pool, it->order_id);
        souk_list_add_text(&wanted.departure_ids, pool, it->departure_id);
    }
    if (!souk_db_all(batch->all, &fulfilment_find_leaving, &wanted, &rows))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        struct leaving *it = souk_batch_state(batch, i);
        it->lines = souk_rows_of(&rows, &leaving_row, "id", it->departure_id);
    }
    return true;
}

bool fulfilment_ask_commit(souk_call_t *call, const void *state, void *question)
{
    const struct leaving *it = state;
    *(struct goods *)question =
        (struct goods){ it->order_id, *it->key ? it->key : NULL, it->lines };
    return true;
}

static bool leaves_with(const struct leaving *it, const struct shipment *row)
{
    return row->departure_id && strcmp(row->departure_id, it->departure_id) == 0;
}

/* To its outcome by way of "shipped", however little time a parcel took. */
static void add_moves(souk_call_t *call, const struct leaving *it, const char *shipment_id,
    souk_list_t *shipped, souk_list_t *further)
{
    struct move move = { .id = shipment_id, .status = "shipped", .who = it->who };

    *(struct move *)souk_list_add(shipped, souk_call_pool(call), sizeof move) = move;
    move.status = it->outcome;
    if (strcmp(it->outcome, "shipped") != 0)
        *(struct move *)souk_list_add(further, souk_call_pool(call), sizeof move) = move;
}

static bool move_all(souk_batch_t *batch, const souk_list_t *shipments)
{
    const struct shipment *rows = shipments->items;
    souk_list_t shipped = { 0 }, further = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        struct leaving *it = souk_batch_state(batch, i);
        it->status = it->outcome;
        for (size_t k = 0; k < shipments->count && !souk_batch_done(batch, i); k++)
            if (leaves_with(it, &rows[k]))
                add_moves(batch->all, it, rows[k].id, &shipped, &further);
    }
    return fulfilment_move(batch->all, &shipped) && fulfilment_move(batch->all, &further);
}

bool fulfilment_arrive(souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    souk_list_t calls = souk_batch_gather(batch), jobs = { 0 }, ended = { 0 }, shipments = { 0 };
    struct ids orders = { 0 };

    for (size_t i = 0; i < calls.count; i++)
        souk_list_add_text(&orders.ids, pool, ((const struct leaving *)calls.items)[i].order_id);
    if (!souk_db_all(batch->all, &fulfilment_lock_jobs, &orders, &jobs) ||
        !souk_db_all(batch->all, &fulfilment_end_departures, &calls, &ended) ||
        !fulfilment_find_of_orders(batch->all, &orders.ids, &shipments))
        return false;
    const souk_index_t *mine = souk_index_of(&ended, &fulfilment_departed, "departure_id", pool);
    for (size_t i = 0; i < batch->count; i++) {
        const struct leaving *it = souk_batch_state(batch, i);
        if (!souk_index_find(mine, it->departure_id))
            souk_batch_fail(batch, i, &souk_worker_lost, "another has taken it up");
    }
    return move_all(batch, &shipments);
}

bool fulfilment_answer(souk_call_t *call, const void *state, void *reply)
{
    const struct leaving *it = state;
    const char *id = it->shipment_id ? it->shipment_id : it->order_id;

    *(struct shipment_state *)reply =
        (struct shipment_state){ id, it->status ? it->status : "shipping" };
    return true;
}
