/* The simulated carrier. */
#include "demo.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "errors.h"
#include "queries/fulfilment.h"

static const souk_record_t due_shipment = {
    .name = "due_shipment",
    .size = sizeof(struct leaving),
    .fields = {
        FIELD(leaving, shipment_id),
    },
};

const souk_query_t fulfilment_claim_demo = {
    .sql = &sql_claim_demo,
    .takes = &souk_stranded,
    .gives = &due_shipment,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct by_id *shipment = request;
    *(struct leaving *)state = (struct leaving){ .shipment_id = shipment->id };
    return true;
}

/* What comes next without anybody being asked; NULL: it leaves, or nothing does. */
static const char *next_of(const struct shipment *shipment)
{
    static const char *const next[][2] = { { "pending", "picking" }, { "picking", "packed" },
        { "shipped", "delivered" } };

    for (size_t i = 0; i < sizeof next / sizeof *next; i++)
        if (fulfilment_has_status(shipment, next[i][0]))
            return next[i][1];
    return NULL;
}

static struct move step_of(souk_call_t *call, const struct shipment *shipment, const char *status)
{
    struct move move = { .id = shipment->id, .status = status, .who = "demo" };

    if (strcmp(status, "packed") == 0) {
        move.carrier = shipment->carrier ? NULL : "Simulated";
        move.tracking_number = shipment->tracking_number
            ? NULL
            : souk_pool_format(souk_call_pool(call), "SIM-%s", shipment->id);
    }
    return move;
}

/* Only what is packed goes on to the next steps. */
static void carry_one(souk_batch_t *batch, size_t i, const struct shipment *shipment,
    souk_list_t *moves)
{
    struct leaving *it = souk_batch_state(batch, i);
    bool is_demo = souk_settings.carrier_demo_ms > 0;
    const char *next = shipment && is_demo ? next_of(shipment) : NULL;

    if (next)
        *(struct move *)souk_list_add(moves, souk_call_pool(batch->all), sizeof(struct move)) =
            step_of(batch->all, shipment, next);
    if (!shipment || !is_demo || next || !fulfilment_has_status(shipment, "packed")) {
        souk_batch_finish(batch, i);
        return;
    }
    const char *id = souk_call_new_id(batch->all);
    *it = (struct leaving){
        .shipment_id = it->shipment_id,
        .order_id = shipment->order_id,
        .departure_id = id,
        .key = id,
        .outcome = "shipped",
        .who = "demo",
        .attempt = 1,
    };
}

static bool carry(souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    souk_list_t found = { 0 }, moves = { 0 };
    struct ids wanted = { souk_batch_texts(batch, offsetof(struct leaving, shipment_id)) };

    if (!fulfilment_find_locked(batch->all, &fulfilment_find_shipments, &wanted, &found))
        return false;
    const souk_index_t *known = souk_index_of(&found, &shipment_row, "id", pool);
    for (size_t i = 0; i < batch->count; i++) {
        const struct leaving *it = souk_batch_state(batch, i);
        carry_one(batch, i, souk_index_find(known, it->shipment_id), &moves);
    }
    return fulfilment_move(batch->all, &moves);
}

const souk_saga_t fulfilment_carry = {
    .state = &fulfilment_leaving,
    .open = open,
    .steps = {
        { .name = "carry", .batch = carry },
        MAY_LEAVE,
        { .name = "depart", .batch = fulfilment_depart, .no_return = true },
        HAS_LEFT,
    },
    .answer = souk_saga_answer_nothing,
    .stranded = &fulfilment_claim_demo,
    .anew = souk_saga_always,
    .sweep_ms = &souk_settings.fulfilment_ms,
    .key = "shipment_id",
};
