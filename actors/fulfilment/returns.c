/* Returns, up to their inspection. */
#include "returns.h"

#include <string.h>

#include "../../lib/index.h"
#include "desk.h"
#include "errors.h"
#include "jobs.h"
#include "queries/fulfilment.h"
#include "shipments.h"

const souk_error_t fulfilment_not_returnable = {
    .code = "not_returnable",
    .kind = SOUK_CONFLICT,
    .meaning = "More is to come back than has arrived and is not on its way back yet.",
};

struct place {
    const char *code;
};
static const souk_record_t place = {
    .name = "place",
    .size = sizeof(struct place),
    .fields = {
        FIELD(place, code),
    },
};

struct returnable {
    const char *sku;
    int quantity; /* that has arrived, less what is on its way back or is back */
};
static const souk_record_t returnable = {
    .name = "returnable",
    .size = sizeof(struct returnable),
    .fields = {
        FIELD(returnable, sku),
        FIELD(returnable, quantity),
    },
};
static const souk_record_t return_line_row = {
    .name = "return_line_row",
    .size = sizeof(struct return_line),
    .fields = {
        FIELD(return_line, id),
        FIELD(return_line, sku),
        FIELD(return_line, quantity),
        FIELD(return_line, restocked),
        FIELD(return_line, written_off),
    },
};
static const souk_record_t new_return = {
    .name = "new_return",
    .size = sizeof(struct order_return),
    .fields = {
        FIELD(order_return, id),
        FIELD(order_return, order_id),
        FIELD(order_return, reason),
    },
};
static const souk_record_t return_change = {
    .name = "return_change",
    .size = sizeof(struct order_return),
    .fields = {
        FIELD(order_return, id),
        FIELD(order_return, status),
        FIELD(order_return, location, .optional = true),
    },
};

/* Where nothing can lie nothing is received: what is inspected has to go somewhere. */
const souk_ask_t fulfilment_ask_location = {
    .operation = "inventory.location",
    .takes = &place,
    .gives = &place,
};

const souk_query_t fulfilment_lock_return = {
    .sql = &sql_lock_return,
    .takes = &owned_key,
    .gives = &job_row,
    .missing = &no_such_return,
};
const souk_query_t fulfilment_find_return = {
    .sql = &sql_find_return,
    .takes = &owned_key,
    .gives = &return_row,
    .missing = &no_such_return,
};
const souk_query_t fulfilment_list_returns = {
    .sql = &sql_list_returns,
    .takes = &return_search,
    .gives = &return_row,
};
const souk_query_t fulfilment_list_order_returns = {
    .sql = &sql_list_order_returns,
    .takes = &by_id,
    .gives = &return_row,
};
const souk_query_t fulfilment_find_return_lines = {
    .sql = &sql_find_return_lines,
    .takes = &ids,
    .gives = &return_line_row,
};
const souk_query_t fulfilment_find_returnable = {
    .sql = &sql_find_returnable,
    .takes = &new_return,
    .gives = &returnable,
};
const souk_query_t fulfilment_add_return = {
    .sql = &sql_add_return,
    .takes = &new_return,
};
const souk_query_t fulfilment_add_return_lines = {
    .sql = &sql_add_return_lines,
    .takes = &line_row,
    .many = true,
};
const souk_query_t fulfilment_change_return = {
    .sql = &sql_change_return,
    .takes = &return_change,
};

const char *fulfilment_owner(const souk_call_t *call)
{
    return souk_caller_has(call, "staff") ? NULL : souk_caller(call)->user;
}

static bool fill_lines(souk_call_t *call, const souk_list_t *returns)
{
    struct order_return *rows = returns->items;
    souk_list_t lines = { 0 };
    struct ids wanted = { 0 };

    for (size_t i = 0; i < returns->count; i++)
        souk_list_add_text(&wanted.ids, souk_call_pool(call), rows[i].id);
    if (returns->count && !souk_db_all(call, &fulfilment_find_return_lines, &wanted, &lines))
        return false;
    for (size_t i = 0; i < returns->count; i++)
        rows[i].lines = souk_rows_of(&lines, &return_line_row, "id", rows[i].id);
    return true;
}

static bool tell_return(souk_call_t *call, const char *id, struct order_return *told)
{
    const struct order_return key = { .id = id, .user_id = fulfilment_owner(call) };

    return souk_db_one(call, &fulfilment_find_return, &key, told) &&
        fill_lines(call, &(souk_list_t){ told, 1 });
}

/* What one line takes is not there for the next. */
static bool take(souk_call_t *call, const struct line *wanted, const souk_list_t *left)
{
    struct returnable *rows = left->items;

    for (size_t i = 0; i < left->count; i++) {
        if (strcmp(rows[i].sku, wanted->sku) != 0)
            continue;
        if (rows[i].quantity < wanted->quantity)
            return souk_fail(call, &fulfilment_not_returnable, "%s: %d can come back", wanted->sku,
                rows[i].quantity);
        rows[i].quantity -= wanted->quantity;
        return true;
    }
    return souk_fail(call, &fulfilment_not_returnable, "%s: none has arrived", wanted->sku);
}

static bool add_return(souk_call_t *call, const struct order_return *row, const souk_list_t *wanted)
{
    struct line *lines = wanted->items;

    for (size_t i = 0; i < wanted->count; i++)
        lines[i].id = row->id;
    return souk_db_run(call, &fulfilment_add_return, row) &&
        souk_db_run(call, &fulfilment_add_return_lines, wanted);
}

bool fulfilment_find_own_order(souk_call_t *call, void *request)
{
    const struct order_return *wish = request;
    struct by_id own;

    return souk_ask(call, &fulfilment_ask_order, &(struct by_id){ wish->id }, &own);
}

static bool check_count(souk_call_t *call, const char *order_id)
{
    souk_list_t all = { 0 };

    if (!souk_db_all(call, &fulfilment_list_order_returns, &(struct by_id){ order_id }, &all))
        return false;
    return all.count < PARTS_MAX || souk_refuse(call, &too_many);
}

/* Of an order that is not known here yet nothing has arrived. */
bool fulfilment_request_return(souk_call_t *call, const void *request, void *reply)
{
    const struct order_return *wish = request;
    const struct ids orders = { { (void *)&wish->id, 1 } };
    const struct line *lines = wish->lines.items;
    struct order_return row = { .id = souk_call_new_id(call),
        .order_id = wish->id,
        .reason = wish->reason };
    souk_list_t locked = { 0 }, left = { 0 };

    if (!souk_db_all(call, &fulfilment_lock_jobs, &orders, &locked) ||
        !check_count(call, wish->id) ||
        !souk_db_all(call, &fulfilment_find_returnable, &row, &left))
        return false;
    for (size_t i = 0; i < wish->lines.count; i++)
        if (!take(call, &lines[i], &left))
            return false;
    return add_return(call, &row, &wish->lines) && tell_return(call, row.id, reply);
}

static bool lock(souk_call_t *call, const struct order_return *key, struct order_return *found)
{
    struct job locked;

    return souk_db_one(call, &fulfilment_lock_return, key, &locked) &&
        souk_db_one(call, &fulfilment_find_return, key, found);
}

bool fulfilment_lock_whole(souk_call_t *call, const char *id, struct order_return *found)
{
    return lock(call, &(struct order_return){ .id = id }, found) &&
        fill_lines(call, &(souk_list_t){ found, 1 });
}

/* What is asked for twice is done once. */
static bool change(souk_call_t *call, const struct order_return *wish, const char *status,
    struct order_return *reply)
{
    const struct order_return key = { .id = wish->id, .user_id = fulfilment_owner(call) };
    struct order_return before, after = *wish;

    if (!lock(call, &key, &before))
        return false;
    if (strcmp(before.status, status) == 0)
        return tell_return(call, wish->id, reply);
    if (wish->version && wish->version != before.version)
        return souk_fail(call, &souk_stale, "it is of version %d", before.version);
    if (strcmp(before.status, "requested") != 0)
        return souk_fail(call, &wrong_status, "it is %s", before.status);
    after.status = status;
    return souk_db_run(call, &fulfilment_change_return, &after) &&
        tell_return(call, wish->id, reply);
}

bool fulfilment_find_place(souk_call_t *call, void *request)
{
    const struct order_return *wish = request;
    struct place found;

    return souk_ask(call, &fulfilment_ask_location, &(struct place){ wish->location }, &found);
}

bool fulfilment_receive_return(souk_call_t *call, const void *request, void *reply)
{
    return change(call, request, "received", reply);
}

bool fulfilment_cancel_return(souk_call_t *call, const void *request, void *reply)
{
    return change(call, request, "cancelled", reply);
}

bool fulfilment_get_return(souk_call_t *call, const void *request, void *reply)
{
    return tell_return(call, ((const struct order_return *)request)->id, reply);
}

bool fulfilment_search_returns(souk_call_t *call, const void *request, void *reply)
{
    const struct return_search *wanted = request;
    struct return_page *page = reply;

    if (!souk_db_all(call, &fulfilment_list_returns, wanted, &page->items))
        return false;
    if (souk_list_cut(&page->items, (size_t)wanted->limit))
        page->next = ((const struct order_return *)page->items.items)[wanted->limit - 1].id;
    return fill_lines(call, &page->items);
}

bool fulfilment_returns_of_order(souk_call_t *call, const void *request, void *reply)
{
    struct own_returns *told = reply;
    struct by_id own;

    return souk_ask(call, &fulfilment_ask_order, request, &own) &&
        souk_db_all(call, &fulfilment_list_order_returns, &own, &told->items) &&
        fill_lines(call, &told->items);
}
