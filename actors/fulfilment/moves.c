/* Moves shipments. Which ways there are is a table. */
#include "moves.h"

#include <string.h>

#include "../../lib/settings.h"
#include "errors.h"
#include "jobs.h"
#include "queries/fulfilment.h"

static const souk_record_t move_row = {
    .name = "move_row",
    .size = sizeof(struct move),
    .fields = {
        FIELD(move, id),
        FIELD(move, status),
        FIELD(move, carrier, .optional = true),
        FIELD(move, tracking_number, .optional = true),
        FIELD(move, who),
        FIELD(move, why),
        FIELD(move, demo_ms),
    },
};
static const souk_record_t move_key = {
    .name = "move_key",
    .size = sizeof(struct move),
    .fields = {
        FIELD(move, id),
        FIELD(move, return_id),
    },
};

const souk_query_t fulfilment_move_shipments = {
    .sql = &sql_move_shipments,
    .takes = &move_row,
    .gives = &moved,
    .many = true,
    .duplicate = &tracking_number_taken,
};
const souk_query_t fulfilment_take_back = {
    .sql = &sql_take_back,
    .takes = &move_key,
    .many = true,
};
const souk_query_t fulfilment_tell_moves = {
    .sql = &sql_tell_moves,
    .takes = &move_key,
    .many = true,
};

typedef struct {
    const char *status;
    const char *from[3];
    const char *why;
} way_t;
static const way_t ways[] = {
    { "picking", { "pending" }, "being picked" },
    { "packed", { "pending", "picking" }, "packed" },
    { "shipped", { "pending", "picking", "packed" }, "on its way" },
    { "delivered", { "shipped" }, "delivered" },
    { "returned", { "shipped" }, "could not be delivered" },
};

static const way_t *way_to(const char *status)
{
    const way_t *way = ways;

    while (strcmp(way->status, status) != 0)
        way++;
    return way;
}

static bool leads_from(const way_t *way, const char *status)
{
    for (size_t i = 0; i < sizeof way->from / sizeof *way->from && way->from[i]; i++)
        if (strcmp(way->from[i], status) == 0)
            return true;
    return false;
}

bool fulfilment_move(souk_call_t *call, const souk_list_t *moves)
{
    struct move *move = moves->items;
    souk_list_t rows = { 0 };

    for (size_t i = 0; i < moves->count; i++) {
        move[i].why = way_to(move[i].status)->why;
        move[i].demo_ms = souk_settings.carrier_demo_ms;
        move[i].return_id = souk_call_new_id(call);
    }
    return souk_db_all(call, &fulfilment_move_shipments, moves, &rows) &&
        souk_db_run(call, &fulfilment_take_back, moves) &&
        souk_db_run(call, &fulfilment_tell_moves, moves);
}

/* What is asked for twice is done once. */
static bool go(souk_call_t *call, const struct move *wish, const char *status, struct move *done)
{
    struct move move = *wish;
    struct shipment before;
    struct job order;

    if (!souk_db_one(call, &fulfilment_lock_job_of, &(struct by_id){ wish->id }, &order) ||
        !fulfilment_find_one(call, wish->id, &before))
        return false;
    *done = (struct move){ .id = before.id, .status = status, .version = before.version };
    if (strcmp(before.status, status) == 0)
        return true;
    if (wish->version && wish->version != before.version)
        return souk_fail(call, &souk_stale, "it is of version %d", before.version);
    if (!leads_from(way_to(status), before.status))
        return souk_fail(call, &wrong_status, "it is %s", before.status);
    if (fulfilment_is_open(&before) && before.departure_id)
        return souk_refuse(call, &leaving_already);
    move.status = status;
    move.who = fulfilment_who(call);
    done->version++;
    return fulfilment_move(call, &(souk_list_t){ &move, 1 });
}

bool fulfilment_pick(souk_call_t *call, const void *request, void *reply)
{
    return go(call, request, "picking", reply);
}

bool fulfilment_pack(souk_call_t *call, const void *request, void *reply)
{
    return go(call, request, "packed", reply);
}

bool fulfilment_deliver(souk_call_t *call, const void *request, void *reply)
{
    return go(call, request, "delivered", reply);
}

bool fulfilment_bring_back(souk_call_t *call, const void *request, void *reply)
{
    return go(call, request, "returned", reply);
}
