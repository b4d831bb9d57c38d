/* Orders as staff look for them: all customers', by status, customer and time. */
#ifndef ORDER_DESK_H
#define ORDER_DESK_H

#include "records.h"

struct search {
    const char *status;
    const char *user_id;
    const char *email;
    souk_time_t placed_from;
    souk_time_t placed_before;
    const char *after;
    int limit;
    const char *from_id, *before_id; /* what the times and the cursor come to */
    int looked_at;
};
static const char *const order_statuses[] = { "placing", "awaiting_payment", "confirmed",
    "rejected", "cancelling", "cancelled", "shipping", "shipped", "delivered", "returned", NULL };
static const souk_record_t search = {
    .name = "order_search",
    .size = sizeof(struct search),
    .fields = {
        FIELD(search, status, .one_of = order_statuses, .optional = true),
        FIELD(search, user_id, .format = SOUK_UUID, .optional = true),
        FIELD(search, email,
            .format = SOUK_EMAIL,
            .max = EMAIL_MAX,
            .optional = true,
            .doc = "of a guest; customers are found by their user_id"),
        FIELD(search, placed_from, .optional = true),
        FIELD(search, placed_before, .optional = true),
        FIELD(search, after,
            .format = SOUK_UUID,
            .optional = true,
            .doc = "the next of the page before"),
        FIELD(search, limit, .min = 1, .max = PAGE_MAX, .fallback = "20"),
    },
};

/* An order on a page, without its lines. */
struct found_order {
    const char *id;
    const char *user_id;
    const char *status;
    const char *reason;
    souk_money_t total;
    souk_time_t placed_at;
    bool is_end; /* so many were looked at, and no more are for this page */
};
static const souk_record_t found_order = {
    .name = "found_order",
    .size = sizeof(struct found_order),
    .fields = {
        FIELD(found_order, id),
        FIELD(found_order, user_id),
        FIELD(found_order, status),
        FIELD(found_order, reason, .optional = true),
        FIELD(found_order, total),
        FIELD(found_order, placed_at),
    },
};

struct search_page {
    souk_list_t items;
    const char *next;
};
static const souk_record_t search_page = {
    .name = "order_search_page",
    .size = sizeof(struct search_page),
    .fields = {
        FIELD(search_page, items, .of = &found_order,
            .doc = "newest first; fewer than the limit, even none, where few of them fit"),
        FIELD(search_page, next, .optional = true,
            .doc = "to ask with as after, also behind an empty page; null: no more"),
    },
};

extern const souk_query_t order_find_page_of_any, order_find_page_of_one;

bool order_search(souk_call_t *call, const void *request, void *reply);

#endif
