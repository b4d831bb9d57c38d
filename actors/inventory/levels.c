/* How much lies where, and what runs low: for staff. */
#include "levels.h"

#include <string.h>

#include "errors.h"
#include "queries/inventory.h"

enum {
    PAGE_MAX = 100,
    CURSOR_MAX = LOCATION_MAX + 1 + SKU_MAX,
};

struct stock_key {
    const char *sku;
};
const souk_record_t inventory_stock_key = {
    .name = "stock_key",
    .size = sizeof(struct stock_key),
    .fields = {
        FIELD(stock_key, sku, .min = 1, .max = SKU_MAX),
    },
};

static const souk_record_t level_there = {
    .name = "level_there",
    .size = sizeof(struct level),
    .fields = {
        FIELD(level, location),
        FIELD(level, on_hand),
        FIELD(level, reserved),
        FIELD(level, available),
        FIELD(level, threshold, .doc = "if fewer are available it runs low there"),
    },
};

struct report {
    const char *sku;
    int64_t on_hand;
    int64_t reserved;
    int64_t available;
    souk_list_t locations;
};
const souk_record_t inventory_stock_report = {
    .name = "stock_report",
    .size = sizeof(struct report),
    .fields = {
        FIELD(report, sku),
        FIELD(report, on_hand, .doc = "what is there, at all locations together"),
        FIELD(report, reserved, .doc = "what of it is held for orders"),
        FIELD(report, available, .doc = "what of it is not"),
        FIELD(report, locations, .of = &level_there),
    },
};

struct threshold {
    const char *sku;
    const char *location;
    int threshold;
};
const souk_record_t inventory_threshold = {
    .name = "stock_threshold",
    .size = sizeof(struct threshold),
    .fields = {
        FIELD(threshold, sku, .min = 1, .max = SKU_MAX),
        FIELD(threshold, location, .min = 1, .max = LOCATION_MAX, .fallback = "main"),
        FIELD(threshold, threshold, .max = DELIVERED_MAX,
            .doc = "if fewer are available it runs low; 0: it never does"),
    },
};

struct low_query {
    const char *after;
    const char *sku;
    const char *location;
    int limit;
};
const souk_record_t inventory_low_query = {
    .name = "low_stock_query",
    .size = sizeof(struct low_query),
    .fields = {
        FIELD(low_query, limit, .min = 1, .max = PAGE_MAX, .fallback = "20"),
        FIELD(low_query, after, .max = CURSOR_MAX, .optional = true,
            .doc = "`next` of the page before"),
    },
};
static const souk_record_t low_row_query = {
    .name = "low_row_query",
    .size = sizeof(struct low_query),
    .fields = {
        FIELD(low_query, sku),
        FIELD(low_query, location),
        FIELD(low_query, limit),
    },
};

struct low {
    const char *sku;
    const char *location;
    int on_hand;
    int reserved;
    int available;
    int threshold;
    souk_time_t since;
};
static const souk_record_t low = {
    .name = "low_stock",
    .size = sizeof(struct low),
    .fields = {
        FIELD(low, sku),
        FIELD(low, location),
        FIELD(low, on_hand),
        FIELD(low, reserved),
        FIELD(low, available, .doc = "fewer than the threshold"),
        FIELD(low, threshold),
        FIELD(low, since),
    },
};

struct low_page {
    souk_list_t items;
    const char *next;
};
const souk_record_t inventory_low_page = {
    .name = "low_stock_page",
    .size = sizeof(struct low_page),
    .fields = {
        FIELD(low_page, items, .of = &low, .doc = "by SKU"),
        FIELD(low_page, next, .optional = true, .doc = "absent: this is the last page"),
    },
};

const souk_query_t inventory_find_levels = {
    .sql = &sql_find_levels,
    .takes = &inventory_stock_key,
    .gives = &level_there,
};
const souk_query_t inventory_set_threshold = {
    .sql = &sql_set_threshold,
    .takes = &inventory_threshold,
    .gives = &level,
    .missing = &no_such_stock,
};
const souk_query_t inventory_list_low_stock = {
    .sql = &sql_list_low_stock,
    .takes = &low_row_query,
    .gives = &low,
};

bool inventory_get(souk_call_t *call, const void *request, void *reply)
{
    const struct stock_key *key = request;
    struct report *report = reply;

    report->sku = key->sku;
    if (!souk_db_all(call, &inventory_find_levels, key, &report->locations))
        return false;
    const struct level *at = report->locations.items;
    for (const struct level *end = at + report->locations.count; at < end; at++) {
        report->on_hand += at->on_hand;
        report->reserved += at->reserved;
        report->available += at->available;
    }
    return report->locations.count ||
        souk_fail(call, &no_such_stock, "%s has never been in stock", key->sku);
}

bool inventory_put_threshold(souk_call_t *call, const void *request, void *reply)
{
    return souk_db_one(call, &inventory_set_threshold, request, reply);
}

/* A cursor is LOCATION:SKU, since no location has a colon in its code. */
static bool read_cursor(souk_call_t *call, struct low_query *query)
{
    const char *colon = query->after ? strchr(query->after, ':') : NULL;

    query->sku = colon ? colon + 1 : "";
    query->location = colon
        ? souk_pool_text(souk_call_pool(call), query->after, (size_t)(colon - query->after))
        : "";
    return !query->after || colon || souk_fail_field(call, "/after", "is not the `next` of a page");
}

bool inventory_tell_low(souk_call_t *call, const void *request, void *reply)
{
    struct low_query query = *(const struct low_query *)request;
    struct low_page *page = reply;

    if (!read_cursor(call, &query) ||
        !souk_db_all(call, &inventory_list_low_stock, &query, &page->items))
        return false;
    if (!souk_list_cut(&page->items, (size_t)query.limit))
        return true;
    const struct low *last = &((const struct low *)page->items.items)[query.limit - 1];
    page->next = souk_pool_format(souk_call_pool(call), "%s:%s", last->location, last->sku);
    return true;
}
