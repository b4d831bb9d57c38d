/* From an order to its shipments: one from each location where something is held for it. */
#ifndef FULFILMENT_PLAN_H
#define FULFILMENT_PLAN_H

#include "jobs.h"

/* What is held for an order, as the stock tells it. */
struct held_line {
    const char *sku;
    const char *location;
    int quantity;
    int shipped;
};
struct held {
    const char *status;
    souk_list_t lines; /* struct held_line */
};

extern const souk_ask_t fulfilment_ask_allocation;
extern const souk_query_t fulfilment_end_plans, fulfilment_add_shipments, fulfilment_add_lines,
    fulfilment_claim_jobs;
extern const souk_saga_t fulfilment_plan;

/* What of it can still be packed; nothing, where it is not held any more. */
souk_list_t fulfilment_held_lines(const struct held *told);

/* An order and the goods that are held for it. */
struct plan {
    const char *order_id;
    souk_list_t lines; /* struct held_line */
};

/* Another shipment of an order whose job is locked; its lines are added apart. */
must_check bool fulfilment_add_one(souk_call_t *call, const char *id, const char *order_id,
    const char *location);
/* Writes the shipments of those orders whose jobs, which are locked, are new. */
must_check bool fulfilment_write_plans(souk_call_t *call, const souk_list_t *jobs,
    const struct plan *plans, size_t count);

#endif
