/* What has come back is looked at: some of it is put in stock again, the rest is not. */
#ifndef FULFILMENT_INSPECT_H
#define FULFILMENT_INSPECT_H

#include "returns.h"

static const souk_record_t inspected_line = {
    .name = "inspected_line",
    .size = sizeof(struct return_line),
    .fields = {
        FIELD(return_line, sku, .min = 1, .max = SKU_MAX),
        FIELD(return_line, restocked, .max = QUANTITY_MAX, .doc = "are put in stock again"),
        FIELD(return_line, written_off, .max = QUANTITY_MAX, .doc = "are not"),
    },
};
static const souk_record_t inspection = {
    .name = "inspection",
    .size = sizeof(struct order_return),
    .fields = {
        FIELD(order_return, id, .format = SOUK_UUID),
        FIELD(order_return, lines, .of = &inspected_line, .max = LINES_MAX,
            .doc = "what is not among them has not come back"),
        FIELD(order_return, version, .optional = true),
    },
};
static const souk_record_t return_state = {
    .name = "return_state",
    .size = sizeof(struct order_return),
    .fields = {
        FIELD(order_return, id),
        FIELD(order_return, status),
    },
};

extern const souk_error_t fulfilment_not_in_return;
extern const souk_ask_t fulfilment_restock;
extern const souk_query_t fulfilment_begin_inspection, fulfilment_save_inspection,
    fulfilment_lock_jobs_of_returns, fulfilment_find_restocked, fulfilment_end_inspections,
    fulfilment_tell_returns, fulfilment_claim_inspections;
extern const souk_saga_t fulfilment_inspect;

#endif
