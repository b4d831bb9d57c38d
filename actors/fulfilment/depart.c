/* Shipments leave. Of those of one order one after the other does, so that the stock is told of
   each by itself. */
#include "depart.h"

#include <string.h>

#include "../../lib/index.h"
#include "errors.h"
#include "jobs.h"
#include "queries/fulfilment.h"

const souk_record_t fulfilment_leaving = {
    .name = "leaving",
    .size = sizeof(struct leaving),
    .fields = {
        FIELD(leaving, shipment_id, .optional = true),
        FIELD(leaving, order_id),
        FIELD(leaving, user_id),
        FIELD(leaving, departure_id),
        FIELD(leaving, key),
        FIELD(leaving, outcome),
        FIELD(leaving, who),
        FIELD(leaving, attempt),
    },
};

const souk_record_t fulfilment_departed = {
    .name = "departed",
    .size = sizeof(struct leaving),
    .fields = {
        FIELD(leaving, departure_id),
    },
};

struct load {
    const char *departure_id;
    souk_list_t ids;
    const char *carrier;
    const char *tracking_number;
};
static const souk_record_t load = {
    .name = "load",
    .size = sizeof(struct load),
    .fields = {
        FIELD(load, departure_id),
        FIELD(load, ids),
        FIELD(load, carrier, .optional = true),
        FIELD(load, tracking_number, .optional = true),
    },
};
static const souk_record_t loaded = {
    .name = "loaded",
    .size = sizeof(struct by_id),
    .fields = {
        FIELD(by_id, id),
    },
};

/* What the order is asked. */
struct departure {
    const char *id;
    const char *who;
    const char *user_id;
};
static const souk_record_t departure = {
    .name = "departure",
    .size = sizeof(struct departure),
    .fields = {
        FIELD(departure, id),
        FIELD(departure, who),
    },
};
static const souk_record_t departing = {
    .name = "departing",
    .size = sizeof(struct departure),
    .fields = {
        FIELD(departure, user_id),
    },
};

const souk_ask_t fulfilment_ask_departure = {
    .operation = "order.ship",
    .takes = &departure,
    .gives = &departing,
};

const souk_query_t fulfilment_begin_departure = {
    .sql = &sql_begin_departure,
    .takes = &fulfilment_leaving,
    .gives = &fulfilment_departed,
};
const souk_query_t fulfilment_load = {
    .sql = &sql_load,
    .takes = &load,
    .gives = &loaded,
    .duplicate = &tracking_number_taken,
};

static void begin(souk_call_t *call, struct leaving leaving, void *state)
{
    leaving.departure_id = souk_call_new_id(call);
    leaving.key = leaving.departure_id;
    leaving.outcome = "shipped";
    leaving.who = fulfilment_who(call);
    leaving.attempt = 1;
    *(struct leaving *)state = leaving;
}

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct move *wish = request;

    begin(call,
        (struct leaving){
            .shipment_id = wish->id,
            .carrier = wish->carrier,
            .tracking_number = wish->tracking_number,
            .version = wish->version,
        },
        state);
    return true;
}

static bool open_order(souk_call_t *call, const void *request, void *state)
{
    const struct by_id *order = request;

    begin(call, (struct leaving){ .order_id = order->id }, state);
    return true;
}

static souk_list_t orders_of(souk_call_t *call, const souk_list_t *shipments)
{
    const struct shipment *rows = shipments->items;
    souk_list_t orders = { 0 };

    for (size_t i = 0; i < shipments->count; i++)
        souk_list_add_text(&orders, souk_call_pool(call), rows[i].order_id);
    return orders;
}

bool fulfilment_find_locked(souk_call_t *call, const souk_query_t *find, const void *wanted,
    souk_list_t *found)
{
    souk_list_t seen = { 0 }, jobs = { 0 };

    if (!souk_db_all(call, find, wanted, &seen))
        return false;
    const struct ids orders = { orders_of(call, &seen) };
    return souk_db_all(call, &fulfilment_lock_jobs, &orders, &jobs) &&
        souk_db_all(call, find, wanted, found);
}

void fulfilment_judge(souk_batch_t *batch, size_t i, const struct shipment *found)
{
    struct leaving *it = souk_batch_state(batch, i);

    if (!found) {
        souk_batch_refuse(batch, i, &no_such_shipment);
    } else if (fulfilment_has_status(found, "shipped") ||
        fulfilment_has_status(found, "delivered")) {
        it->status = found->status;
        souk_batch_finish(batch, i);
    } else if (!fulfilment_is_open(found)) {
        souk_batch_fail(batch, i, &wrong_status, "it is %s", found->status);
    } else if (it->version && it->version != found->version) {
        souk_batch_fail(batch, i, &souk_stale, "it is of version %d", found->version);
    } else {
        it->order_id = found->order_id;
    }
}

static bool look(souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    struct ids wanted = { souk_batch_texts(batch, offsetof(struct leaving, shipment_id)) };
    souk_list_t rows = { 0 };

    if (!souk_db_all(batch->all, &fulfilment_find_shipments, &wanted, &rows))
        return false;
    const souk_index_t *known = souk_index_of(&rows, &shipment_row, "id", pool);
    for (size_t i = 0; i < batch->count; i++)
        fulfilment_judge(batch, i,
            souk_index_find(known, ((struct leaving *)souk_batch_state(batch, i))->shipment_id));
    return true;
}

bool fulfilment_ask_leave(souk_call_t *call, const void *state, void *question)
{
    const struct leaving *it = state;
    *(struct departure *)question = (struct departure){ it->order_id, it->who };
    return true;
}

bool fulfilment_note_leave(souk_call_t *call, void *state, const void *answer)
{
    ((struct leaving *)state)->user_id = ((const struct departure *)answer)->user_id;
    return true;
}

static bool ask_allocation(souk_call_t *call, const void *state, void *question)
{
    const struct leaving *it = state;
    *(struct by_order *)question = (struct by_order){ it->order_id };
    return true;
}

static bool note_allocation(souk_call_t *call, void *state, const void *answer)
{
    ((struct leaving *)state)->held = fulfilment_held_lines(answer);
    return true;
}

/* Locks the orders of all calls, and plans those of them that are not planned yet. */
static bool lock_orders(souk_batch_t *batch, struct ids *orders)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    souk_list_t told = { 0 }, plans = { 0 }, jobs = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct leaving *it = souk_batch_state(batch, i);
        souk_list_add_text(&orders->ids, pool, it->order_id);
        *(struct job *)souk_list_add(&told, pool, sizeof(struct job)) =
            (struct job){ it->order_id, it->user_id };
        *(struct plan *)souk_list_add(&plans, pool, sizeof(struct plan)) =
            (struct plan){ it->order_id, it->held };
    }
    return souk_db_run(batch->all, &fulfilment_note_orders, &told) &&
        souk_db_all(batch->all, &fulfilment_lock_jobs, orders, &jobs) &&
        fulfilment_write_plans(batch->all, &jobs, plans.items, plans.count);
}

static bool concerns(const struct leaving *it, const struct shipment *row)
{
    return strcmp(row->order_id, it->order_id) == 0 &&
        (!it->shipment_id || strcmp(row->id, it->shipment_id) == 0);
}

/* The ids of those that call i lets leave; none: the call has failed or is finished. */
static souk_list_t choose(souk_batch_t *batch, size_t i, const souk_list_t *shipments)
{
    struct leaving *it = souk_batch_state(batch, i);
    const struct shipment *rows = shipments->items;
    souk_list_t chosen = { 0 };

    for (size_t k = 0; k < shipments->count; k++) {
        if (!concerns(it, &rows[k]))
            continue;
        if (it->shipment_id)
            fulfilment_judge(batch, i, &rows[k]);
        if (fulfilment_is_open(&rows[k]) && !souk_batch_done(batch, i))
            souk_list_add_text(&chosen, souk_call_pool(batch->all), rows[k].id);
    }
    if (chosen.count == 0 && !souk_batch_done(batch, i)) {
        it->status = "shipped";
        souk_batch_finish(batch, i);
    }
    return chosen;
}

static bool depart_one(souk_batch_t *batch, size_t i, const souk_list_t *shipments)
{
    const struct leaving *it = souk_batch_state(batch, i);
    struct load loading = { it->departure_id, choose(batch, i, shipments), it->carrier,
        it->tracking_number };
    souk_list_t rows = { 0 };

    if (loading.ids.count == 0)
        return true;
    if (!souk_db_all(batch->all, &fulfilment_begin_departure, it, &rows))
        return false;
    if (rows.count == 0) {
        souk_batch_refuse(batch, i, &leaving_already);
        return true;
    }
    return souk_db_all(batch->all, &fulfilment_load, &loading, &rows);
}

bool fulfilment_depart(souk_batch_t *batch)
{
    souk_list_t shipments = { 0 };
    struct ids orders = { 0 };

    if (!lock_orders(batch, &orders) ||
        !fulfilment_find_of_orders(batch->all, &orders.ids, &shipments))
        return false;
    for (size_t i = 0; i < batch->count; i++)
        if (!depart_one(batch, i, &shipments))
            return false;
    return true;
}

const souk_saga_t fulfilment_ship = {
    .state = &fulfilment_leaving,
    .open = open,
    .steps = {
        { .name = "look", .batch = look },
        MAY_LEAVE,
        { .name = "depart", .batch = fulfilment_depart, .no_return = true },
        HAS_LEFT,
    },
    .answer = fulfilment_answer,
    .stranded = &fulfilment_claim_departures,
    .passed = souk_saga_always,
    .key = "departure_id",
};

/* The order decides first, so that what cannot be shipped is refused as it refuses it. */
const souk_saga_t fulfilment_ship_order = {
    .state = &fulfilment_leaving,
    .open = open_order,
    .steps = {
        MAY_LEAVE,
        { .name = "look", .ask = &fulfilment_ask_allocation, .fill = ask_allocation,
            .note = note_allocation },
        { .name = "depart", .batch = fulfilment_depart, .no_return = true },
        HAS_LEFT,
    },
    .answer = fulfilment_answer,
};
