/* Orders as their customers look them up: each by who placed it, and by nobody else but staff. */
#include "lookup.h"

#include <string.h>

#include "../../lib/index.h"
#include "checkout.h"
#include "queries/order.h"

enum {
    PAGE_LINES_MAX = 3000, /* of all orders of a page: an answer must fit into a message */
};

const souk_error_t order_missing = {
    .code = "no_such_order",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The caller has no order of this id.",
};

const souk_query_t order_find = {
    .sql = &sql_find_order,
    .takes = &order_key,
    .gives = &order_row,
    .missing = &order_missing,
};
const souk_query_t order_find_page = {
    .sql = &sql_list_orders,
    .takes = &order_page_query,
    .gives = &order_row,
};
const souk_query_t order_find_line_rows = {
    .sql = &sql_find_lines,
    .takes = &order_ids,
    .gives = &line_row,
};
const souk_query_t order_find_detail_rows = {
    .sql = &sql_find_details,
    .takes = &order_ids,
    .gives = &detail_row,
};
const souk_query_t order_find_history_rows = {
    .sql = &sql_find_history,
    .takes = &order_key,
    .gives = &history_entry,
};

const char *order_owner(const souk_call_t *call)
{
    return souk_caller_has(call, "staff") ? NULL : souk_caller(call)->user;
}

bool order_find_lines(souk_call_t *call, const souk_list_t *ids, souk_list_t *lines)
{
    return ids->count == 0 ||
        souk_db_all(call, &order_find_line_rows, &(struct order_ids){ *ids }, lines);
}

bool order_find_details(souk_call_t *call, const souk_list_t *ids, souk_list_t *details)
{
    return ids->count == 0 ||
        souk_db_all(call, &order_find_detail_rows, &(struct order_ids){ *ids }, details);
}

souk_list_t order_lines_of(const souk_list_t *lines, const char *id)
{
    return souk_rows_of(lines, &line_row, "order_id", id);
}

static bool find_whole(souk_call_t *call, const struct order_key *key, struct order *found)
{
    const souk_list_t ids = { &found->id, 1 };
    souk_list_t rows = { 0 };

    if (!souk_db_one(call, &order_find, key, found) ||
        !order_find_lines(call, &ids, &found->lines) || !order_find_details(call, &ids, &rows))
        return false;
    const struct detail_row *said = rows.items;
    return order_read_detail(call, rows.count ? said->detail : NULL, found);
}

bool order_get(souk_call_t *call, const void *request, void *reply)
{
    struct order_key key = *(const struct order_key *)request;

    key.user_id = order_owner(call);
    return find_whole(call, &key, reply);
}

/* Only a guest's orders are a guest's. */
bool order_track(souk_call_t *call, const void *request, void *reply)
{
    const struct guest_key *known = request;
    const struct order_key key = { known->id, order_guest(call, known->email) };

    return find_whole(call, &key, reply);
}

/* That it was placed stands in the order itself. */
bool order_tell_history(souk_call_t *call, const void *request, void *reply)
{
    struct order_key key = *(const struct order_key *)request;
    struct order_history *told = reply;
    struct order found;
    souk_list_t rows = { 0 };

    key.user_id = order_owner(call);
    if (!souk_db_one(call, &order_find, &key, &found) ||
        !souk_db_all(call, &order_find_history_rows, &key, &rows))
        return false;
    *(struct history_entry *)souk_list_add(&told->items, souk_call_pool(call),
        sizeof(struct history_entry)) =
        (struct history_entry){ .status = "placing", .why = "placed", .at = found.placed_at };
    for (size_t i = 0; i < rows.count; i++)
        *(struct history_entry *)souk_list_add(&told->items, souk_call_pool(call),
            sizeof(struct history_entry)) = ((struct history_entry *)rows.items)[i];
    return true;
}

/* How many of the orders make a page; the first one always does. */
static size_t orders_that_fit(const struct order_page *page)
{
    const struct order *orders = page->items.items;
    size_t count = 0, lines = 0;

    while (count < page->items.count) {
        lines += orders[count].lines.count;
        if (count && lines > PAGE_LINES_MAX)
            break;
        count++;
    }
    return count;
}

static void cut(struct order_page *page, size_t count)
{
    const struct order *orders = page->items.items;

    if (souk_list_cut(&page->items, count))
        page->next = orders[count - 1].id;
}

static bool give_lines(souk_call_t *call, struct order_page *page)
{
    struct order *orders = page->items.items;
    souk_list_t ids = { 0 }, lines = { 0 };

    for (size_t i = 0; i < page->items.count; i++)
        souk_list_add_text(&ids, souk_call_pool(call), orders[i].id);
    if (!order_find_lines(call, &ids, &lines))
        return false;
    for (size_t i = 0; i < page->items.count; i++)
        orders[i].lines = order_lines_of(&lines, orders[i].id);
    return true;
}

/* One more than is told is read, to know whether there are more. */
bool order_list(souk_call_t *call, const void *request, void *reply)
{
    struct order_page_query query = *(const struct order_page_query *)request;
    struct order_page *page = reply;

    query.user_id = souk_caller(call)->user;
    if (!souk_db_all(call, &order_find_page, &query, &page->items))
        return false;
    cut(page, (size_t)query.limit);
    if (!give_lines(call, page))
        return false;
    cut(page, orders_that_fit(page));
    return true;
}
