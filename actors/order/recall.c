/* What an order is answered with whose idempotency key is known, or whose cart. */
#include "recall.h"

#include <string.h>

#include "../../lib/index.h"
#include "errors.h"
#include "lookup.h"
#include "queries/order.h"

const souk_error_t order_running = {
    .code = "order_running",
    .kind = SOUK_RUNNING,
    .meaning = "The order under this idempotency key is just being placed.",
};

const souk_query_t order_find_known = {
    .sql = &sql_find_known,
    .takes = &placing,
    .gives = &known_order,
    .many = true,
};
const souk_query_t order_find_cart_orders = {
    .sql = &sql_find_cart_orders,
    .takes = &placing,
    .gives = &cart_order,
    .many = true,
};

const souk_error_t *order_lasting_error(const char *code)
{
    const souk_error_t *const *error = order_actor.operations[ORDER_PLACE].errors;

    while (*error && strcmp((*error)->code, code) != 0)
        error++;
    return *error;
}

/* Answers as the first time; what it is answered with is put into the state. */
static void answer_known(souk_batch_t *batch, size_t i, const struct known_order *known)
{
    struct placing *state = souk_batch_state(batch, i);
    const souk_error_t *error = known->reason ? order_lasting_error(known->reason) : NULL;

    if (strcmp(known->fingerprint, state->fingerprint) != 0) {
        souk_batch_refuse(batch, i, &souk_key_reused);
    } else if (strcmp(known->status, "placing") == 0) {
        souk_batch_fail(batch, i, &order_running, "order %s is just being placed", known->id);
    } else if (error) {
        souk_batch_refuse(batch, i, error);
    } else {
        state->id = known->id;
        state->status = known->status;
        state->discount = known->discount;
        state->shipping = known->shipping;
        state->tax = known->tax;
        state->tax_included = known->tax_included;
        state->total = known->total;
        state->placed_at = known->placed_at;
        souk_batch_finish(batch, i);
    }
}

static bool is_recalled(const souk_batch_t *batch, size_t i)
{
    const struct placing *state = souk_batch_state(batch, i);
    return !souk_batch_failed(batch, i) && strcmp(state->status, "placing") != 0;
}

/* Lines, and what is said beyond them, of those that are answered from the store. */
static bool recall_contents(souk_batch_t *batch)
{
    souk_list_t ids = { 0 }, lines = { 0 }, details = { 0 };

    for (size_t i = 0; i < batch->count; i++)
        if (is_recalled(batch, i))
            souk_list_add_text(&ids, souk_call_pool(batch->all),
                ((struct placing *)souk_batch_state(batch, i))->id);
    if (!order_find_lines(batch->all, &ids, &lines) ||
        !order_find_details(batch->all, &ids, &details))
        return false;
    const souk_index_t *said =
        souk_index_of(&details, &detail_row, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct placing *state = souk_batch_state(batch, i);
        if (!is_recalled(batch, i))
            continue;
        const struct detail_row *row = souk_index_find(said, state->id);
        state->lines = order_lines_of(&lines, state->id);
        state->detail = row ? row->detail : NULL;
    }
    return true;
}

static bool recall_keys(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_all(batch->all, &order_find_known, &wanted, &rows))
        return false;
    if (rows.count == 0)
        return true;
    const souk_index_t *known =
        souk_index_of(&rows, &known_order, "asked_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct placing *state = souk_batch_state(batch, i);
        const struct known_order *row = souk_index_find(known, state->id);
        if (row && strcmp(row->id, state->id) != 0)
            answer_known(batch, i, row);
    }
    return recall_contents(batch);
}

/* The carts of those that are left. Most orders that fail have none, or have not seen it. */
static bool recall_carts(souk_batch_t *batch)
{
    souk_list_t left = souk_batch_gather(batch), wanted = { 0 }, rows = { 0 };
    const struct placing *all = left.items;

    for (size_t i = 0; i < left.count; i++)
        if (all[i].cart_round)
            *(struct placing *)souk_list_add(&wanted, souk_call_pool(batch->all), sizeof *all) =
                all[i];
    if (!wanted.count)
        return true;
    if (!souk_db_all(batch->all, &order_find_cart_orders, &wanted, &rows))
        return false;
    const souk_index_t *found =
        souk_index_of(&rows, &cart_order, "asked_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct placing *state = souk_batch_state(batch, i);
        const struct cart_order *row = souk_index_find(found, state->id);
        if (row)
            souk_batch_fail(batch, i, &order_cart_ordered, "order %s has what was in the cart",
                row->id);
    }
    return true;
}

bool order_recall(souk_batch_t *batch)
{
    return recall_keys(batch) && recall_carts(batch);
}
