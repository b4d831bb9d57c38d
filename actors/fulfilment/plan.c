/* Plans shipments: what lies at one location leaves it together. */
#include "plan.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "errors.h"
#include "queries/fulfilment.h"
#include "shipments.h"

static const souk_record_t held_line = {
    .name = "held_line",
    .size = sizeof(struct held_line),
    .fields = {
        FIELD(held_line, sku),
        FIELD(held_line, location),
        FIELD(held_line, quantity),
        FIELD(held_line, shipped),
    },
};
static const souk_record_t held = {
    .name = "held",
    .size = sizeof(struct held),
    .fields = {
        FIELD(held, status, .optional = true),
        FIELD(held, lines, .of = &held_line, .max = ALLOCATED_MAX),
    },
};

static const souk_record_t plan = {
    .name = "plan",
    .size = sizeof(struct plan),
    .fields = {
        FIELD(plan, order_id),
    },
};

struct planned {
    const char *id;
    const char *order_id;
    const char *location;
    int demo_ms;
};
static const souk_record_t planned = {
    .name = "planned",
    .size = sizeof(struct planned),
    .fields = {
        FIELD(planned, id),
        FIELD(planned, order_id),
        FIELD(planned, location),
        FIELD(planned, demo_ms),
    },
};
static const souk_record_t plan_end = {
    .name = "plan_end",
    .size = sizeof(struct job),
    .fields = {
        FIELD(job, order_id),
        FIELD(job, status),
    },
};

const souk_ask_t fulfilment_ask_allocation = {
    .operation = "inventory.allocation",
    .takes = &by_order,
    .gives = &held,
};

const souk_query_t fulfilment_end_plans = {
    .sql = &sql_end_plans,
    .takes = &plan_end,
    .many = true,
};
const souk_query_t fulfilment_add_shipments = {
    .sql = &sql_add_shipments,
    .takes = &planned,
    .many = true,
};
const souk_query_t fulfilment_add_lines = {
    .sql = &sql_add_lines,
    .takes = &line_row,
    .many = true,
};
const souk_query_t fulfilment_claim_jobs = {
    .sql = &sql_claim_jobs,
    .takes = &souk_stranded,
    .gives = &plan,
};

souk_list_t fulfilment_held_lines(const struct held *told)
{
    bool is_live = told->status && strcmp(told->status, "live") == 0;
    return is_live ? told->lines : (souk_list_t){ 0 };
}

/* Shipments and their lines, before they are written. */
struct drafts {
    souk_call_t *call;
    souk_pool_t *pool;
    souk_list_t shipments; /* struct planned */
    souk_list_t lines; /* struct line */
};

/* Of the order whose shipments begin at first. */
static struct planned *find_place(const struct drafts *drafts, size_t first, const char *location)
{
    struct planned *shipments = drafts->shipments.items;

    for (size_t i = first; i < drafts->shipments.count; i++)
        if (strcmp(shipments[i].location, location) == 0)
            return &shipments[i];
    return NULL;
}

static const char *place_for(struct drafts *drafts, size_t first, const char *order_id,
    const char *location)
{
    struct planned *there = find_place(drafts, first, location);

    if (there)
        return there->id;
    there = souk_list_add(&drafts->shipments, drafts->pool, sizeof *there);
    *there = (struct planned){
        .id = souk_call_new_id(drafts->call),
        .order_id = order_id,
        .location = location,
        .demo_ms = souk_settings.carrier_demo_ms,
    };
    return there->id;
}

/* What has left already, in whatever way, is not to be packed. */
static bool draft(struct drafts *drafts, const struct plan *wanted)
{
    const struct held_line *row = wanted->lines.items;
    size_t first = drafts->shipments.count;

    for (size_t i = 0; i < wanted->lines.count; i++) {
        int left = row[i].quantity - row[i].shipped;
        if (left <= 0)
            continue;
        const char *id = place_for(drafts, first, wanted->order_id, row[i].location);
        *(struct line *)souk_list_add(&drafts->lines, drafts->pool, sizeof(struct line)) =
            (struct line){ .id = id, .sku = row[i].sku, .quantity = left };
    }
    return drafts->shipments.count > first;
}

bool fulfilment_add_one(souk_call_t *call, const char *id, const char *order_id,
    const char *location)
{
    struct planned one = { id, order_id, location, souk_settings.carrier_demo_ms };
    return souk_db_run(call, &fulfilment_add_shipments, &(souk_list_t){ &one, 1 });
}

bool fulfilment_write_plans(souk_call_t *call, const souk_list_t *jobs, const struct plan *plans,
    size_t count)
{
    struct drafts drafts = { .call = call, .pool = souk_call_pool(call) };
    souk_index_t *known = souk_index_of(jobs, &job_row, "order_id", drafts.pool);
    souk_list_t ended = { 0 };

    for (size_t i = 0; i < count; i++) {
        struct job *order = souk_index_find(known, plans[i].order_id);
        if (!order || strcmp(order->status, "new") != 0)
            continue;
        order->status = draft(&drafts, &plans[i]) ? "planned" : "closed";
        *(struct job *)souk_list_add(&ended, drafts.pool, sizeof *order) = *order;
    }
    return souk_db_run(call, &fulfilment_end_plans, &ended) &&
        souk_db_run(call, &fulfilment_add_shipments, &drafts.shipments) &&
        souk_db_run(call, &fulfilment_add_lines, &drafts.lines);
}

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct by_order *asked = request;
    *(struct plan *)state = (struct plan){ asked->order_id };
    return true;
}

static bool ask_allocation(souk_call_t *call, const void *state, void *question)
{
    const struct plan *it = state;
    *(struct by_order *)question = (struct by_order){ it->order_id };
    return true;
}

static bool note_allocation(souk_call_t *call, void *state, const void *answer)
{
    ((struct plan *)state)->lines = fulfilment_held_lines(answer);
    return true;
}

/* Who was cancelled meanwhile is not new any more. */
static bool write(souk_batch_t *batch)
{
    souk_list_t plans = souk_batch_gather(batch), jobs = { 0 };
    const struct plan *first = plans.items;
    struct ids orders = { 0 };

    for (size_t i = 0; i < plans.count; i++)
        souk_list_add_text(&orders.ids, souk_call_pool(batch->all), first[i].order_id);
    return souk_db_all(batch->all, &fulfilment_lock_jobs, &orders, &jobs) &&
        fulfilment_write_plans(batch->all, &jobs, first, plans.count);
}

const souk_saga_t fulfilment_plan = {
    .state = &plan,
    .open = open,
    .steps = {
        { .name = "look", .ask = &fulfilment_ask_allocation, .fill = ask_allocation,
            .note = note_allocation },
        { .name = "write", .batch = write },
    },
    .answer = souk_saga_answer_nothing,
    .stranded = &fulfilment_claim_jobs,
    .anew = souk_saga_always,
    .sweep_ms = &souk_settings.fulfilment_ms,
    .key = "order_id",
};
