/* Inspects returns. What was found is written down first, so that it is put in stock once and as it
   was found, whatever happens meanwhile. */
#include "inspect.h"

#include <string.h>

#include "../../lib/index.h"
#include "errors.h"
#include "jobs.h"
#include "queries/fulfilment.h"
#include "shipments.h"

const souk_error_t fulfilment_not_in_return = {
    .code = "not_in_return",
    .kind = SOUK_CONFLICT,
    .meaning = "More was found of a product than was to come back.",
};

static const souk_record_t inspecting = {
    .name = "inspecting",
    .size = sizeof(struct order_return),
    .fields = {
        FIELD(order_return, id),
        FIELD(order_return, location),
        FIELD(order_return, attempt),
    },
};
static const souk_record_t saved_line = {
    .name = "saved_line",
    .size = sizeof(struct return_line),
    .fields = {
        FIELD(return_line, id),
        FIELD(return_line, sku),
        FIELD(return_line, restocked),
        FIELD(return_line, written_off),
    },
};
static const souk_record_t inspected = {
    .name = "inspected",
    .size = sizeof(struct order_return),
    .fields = {
        FIELD(order_return, id),
    },
};

struct delivery {
    const char *key;
    const char *location;
    const char *reason;
    souk_list_t lines; /* struct line */
};
static const souk_record_t delivery = {
    .name = "delivery",
    .size = sizeof(struct delivery),
    .fields = {
        FIELD(delivery, key),
        FIELD(delivery, location),
        FIELD(delivery, reason),
        FIELD(delivery, lines, .of = &line, .max = LINES_MAX),
    },
};

const souk_ask_t fulfilment_restock = {
    .operation = "inventory.receive",
    .takes = &delivery,
    .gives = &souk_nothing,
};

const souk_query_t fulfilment_begin_inspection = {
    .sql = &sql_begin_inspection,
    .takes = &return_key,
};
const souk_query_t fulfilment_save_inspection = {
    .sql = &sql_save_inspection,
    .takes = &saved_line,
    .many = true,
};
const souk_query_t fulfilment_lock_jobs_of_returns = {
    .sql = &sql_lock_jobs_of_returns,
    .takes = &ids,
    .gives = &job_row,
};
const souk_query_t fulfilment_find_restocked = {
    .sql = &sql_find_restocked,
    .takes = &ids,
    .gives = &line_row,
};
const souk_query_t fulfilment_end_inspections = {
    .sql = &sql_end_inspections,
    .takes = &inspecting,
    .gives = &inspected,
    .many = true,
};
const souk_query_t fulfilment_tell_returns = {
    .sql = &sql_tell_returns,
    .takes = &ids,
};
const souk_query_t fulfilment_claim_inspections = {
    .sql = &sql_claim_inspections,
    .takes = &souk_stranded,
    .gives = &inspecting,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    struct order_return *it = state;

    *it = *(const struct order_return *)request;
    it->attempt = 1;
    return true;
}

static struct return_line *find_line(const souk_list_t *lines, const char *sku)
{
    struct return_line *rows = lines->items;

    for (size_t i = 0; i < lines->count; i++)
        if (strcmp(rows[i].sku, sku) == 0)
            return &rows[i];
    return NULL;
}

/* Puts what was found into the lines that were to come back. */
static bool take(souk_batch_t *batch, size_t i, const souk_list_t *found, souk_list_t *lines)
{
    const struct return_line *want = found->items;

    for (size_t k = 0; k < found->count; k++) {
        struct return_line *there = find_line(lines, want[k].sku);
        if (there) {
            there->restocked += want[k].restocked;
            there->written_off += want[k].written_off;
        }
        if (!there || there->restocked + there->written_off > there->quantity) {
            souk_batch_fail(batch, i, &fulfilment_not_in_return, "%s: %d were to come back",
                want[k].sku, there ? there->quantity : 0);
            return false;
        }
    }
    return true;
}

static bool judge(souk_batch_t *batch, size_t i, const struct order_return *row)
{
    struct order_return *it = souk_batch_state(batch, i);

    if (strcmp(row->status, "inspected") == 0) {
        it->status = row->status;
        souk_batch_finish(batch, i);
    } else if (strcmp(row->status, "inspecting") == 0) {
        souk_batch_fail(batch, i, &souk_running, "it is just being put in stock");
    } else if (strcmp(row->status, "received") != 0) {
        souk_batch_fail(batch, i, &wrong_status, "it is %s", row->status);
    } else if (it->version && it->version != row->version) {
        souk_batch_fail(batch, i, &souk_stale, "it is of version %d", row->version);
    }
    it->location = row->location;
    return !souk_batch_done(batch, i);
}

static bool begin_one(souk_batch_t *batch, size_t i)
{
    struct order_return *it = souk_batch_state(batch, i), row = { 0 };

    if (!fulfilment_lock_whole(batch->all, it->id, &row))
        return false;
    if (!judge(batch, i, &row) || !take(batch, i, &it->lines, &row.lines))
        return true;
    it->status = "inspecting";
    return souk_db_run(batch->all, &fulfilment_begin_inspection, it) &&
        souk_db_run(batch->all, &fulfilment_save_inspection, &row.lines);
}

static bool begin(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        if (!begin_one(batch, i))
            return false;
    return true;
}

static souk_list_t ids_of(souk_batch_t *batch)
{
    souk_list_t list = { 0 };

    for (size_t i = 0; i < batch->count; i++)
        if (!souk_batch_done(batch, i))
            souk_list_add_text(&list, souk_call_pool(batch->all),
                ((const struct order_return *)souk_batch_state(batch, i))->id);
    return list;
}

/* What is put in stock again, as it was written down. */
static bool list_goods(souk_batch_t *batch)
{
    const struct ids wanted = { ids_of(batch) };
    souk_list_t rows = { 0 };

    if (!souk_db_all(batch->all, &fulfilment_find_restocked, &wanted, &rows))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        struct order_return *it = souk_batch_state(batch, i);
        it->lines = souk_rows_of(&rows, &line_row, "id", it->id);
    }
    return true;
}

static bool ask_restock(souk_call_t *call, const void *state, void *question)
{
    const struct order_return *it = state;

    *(struct delivery *)question = (struct delivery){ it->id, it->location, "returned", it->lines };
    return it->lines.count > 0;
}

/* Of two returns of one order that end at once, the second knows that it is the last. */
static bool end(souk_batch_t *batch)
{
    const struct ids wanted = { ids_of(batch) };
    souk_list_t calls = souk_batch_gather(batch), jobs = { 0 }, rows = { 0 };

    if (!souk_db_all(batch->all, &fulfilment_lock_jobs_of_returns, &wanted, &jobs) ||
        !souk_db_all(batch->all, &fulfilment_end_inspections, &calls, &rows))
        return false;
    souk_batch_fail_overtaken(batch, &rows, &inspected);
    for (size_t i = 0; i < batch->count; i++)
        ((struct order_return *)souk_batch_state(batch, i))->status = "inspected";
    const struct ids ended = { ids_of(batch) };
    return souk_db_run(batch->all, &fulfilment_tell_returns, &ended);
}

static bool answer(souk_call_t *call, const void *state, void *reply)
{
    const struct order_return *it = state;
    *(struct order_return *)reply = (struct order_return){ .id = it->id, .status = it->status };
    return true;
}

const souk_saga_t fulfilment_inspect = {
    .state = &inspecting,
    .open = open,
    .steps = {
        { .name = "begin", .batch = begin, .no_return = true },
        { .name = "list", .batch = list_goods },
        { .name = "restock", .ask = &fulfilment_restock, .fill = ask_restock },
        { .name = "end", .batch = end },
    },
    .answer = answer,
    .stranded = &fulfilment_claim_inspections,
    .passed = souk_saga_always,
    .key = "id",
};
