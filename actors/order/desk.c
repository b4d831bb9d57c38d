/* Orders as staff look for them. Millions are never looked through for one page: ids hold the time
   they were made, so a span of time is a span of the index, and what no index helps with (status)
   is held against a bounded number of rows. */
#include "desk.h"

#include <string.h>

#include "checkout.h"
#include "queries/order.h"

enum {
    LOOKED_AT_MAX = 2000, /* orders, for one page */
};

static const souk_record_t search_row = {
    .name = "order_search_row",
    .size = sizeof(struct search),
    .fields = {
        FIELD(search, status, .optional = true),
        FIELD(search, user_id, .optional = true),
        FIELD(search, from_id),
        FIELD(search, before_id),
        FIELD(search, looked_at),
        FIELD(search, limit),
    },
};
static const souk_record_t found_row = {
    .name = "found_order_row",
    .size = sizeof(struct found_order),
    .fields = {
        FIELD(found_order, id),
        FIELD(found_order, user_id),
        FIELD(found_order, status),
        FIELD(found_order, reason, .optional = true),
        FIELD(found_order, total),
        FIELD(found_order, placed_at),
        FIELD(found_order, is_end),
    },
};

const souk_query_t order_find_page_of_any = {
    .sql = &sql_list_any_orders,
    .takes = &search_row,
    .gives = &found_row,
};
const souk_query_t order_find_page_of_one = {
    .sql = &sql_list_any_orders_of,
    .takes = &search_row,
    .gives = &found_row,
};

/* The smallest id that could have been made at this moment, or since 1970. */
static const char *first_id_of(souk_call_t *call, souk_time_t time)
{
    uint8_t bytes[SOUK_UUID_BYTES] = { 0 };
    char *id = souk_alloc(call, SOUK_ID_SIZE);

    for (int i = 0; i < 6 && time.ms > 0; i++)
        bytes[i] = (uint8_t)(time.ms >> (40 - 8 * i));
    souk_uuid_print(bytes, id);
    return id;
}

static void set_bounds(souk_call_t *call, struct search *query)
{
    query->looked_at = LOOKED_AT_MAX;
    query->from_id = first_id_of(call, query->placed_from);
    query->before_id = query->placed_before.ms ? first_id_of(call, query->placed_before)
                                               : "ffffffff-ffff-ffff-ffff-ffffffffffff";
    if (query->after && strcmp(query->after, query->before_id) < 0)
        query->before_id = query->after;
}

/* The last row may only be there to say how far was looked. */
static void take_end(struct search_page *page, const struct search *query)
{
    const struct found_order *rows = page->items.items;
    const struct found_order *last = page->items.count ? &rows[page->items.count - 1] : NULL;

    if (!last || !last->is_end)
        return;
    page->next = last->id;
    if (query->status && strcmp(last->status, query->status) != 0)
        page->items.count--;
}

bool order_search(souk_call_t *call, const void *request, void *reply)
{
    struct search query = *(const struct search *)request;
    struct search_page *page = reply;

    if (query.user_id && query.email)
        return souk_fail_field(call, "/email", "is for guests, who have no user_id");
    if (query.email)
        query.user_id = order_guest(call, query.email);
    set_bounds(call, &query);
    if (!souk_db_all(call, query.user_id ? &order_find_page_of_one : &order_find_page_of_any,
            &query, &page->items))
        return false;
    take_end(page, &query);
    if (souk_list_cut(&page->items, (size_t)query.limit))
        page->next = ((const struct found_order *)page->items.items)[query.limit - 1].id;
    return true;
}
