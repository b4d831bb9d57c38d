/* Why there is as much as there is. */
#include "ledger.h"

#include <inttypes.h>

#include "queries/inventory.h"
#include "records.h"

enum {
    PAGE_MAX = 100,
    CURSOR_MAX = 20,
};

struct movements_query {
    const char *sku;
    const char *after;
    int64_t before;
    int limit;
};
const souk_record_t inventory_movements_query = {
    .name = "movements_query",
    .size = sizeof(struct movements_query),
    .fields = {
        FIELD(movements_query, sku, .min = 1, .max = SKU_MAX),
        FIELD(movements_query, limit, .min = 1, .max = PAGE_MAX, .fallback = "20"),
        FIELD(movements_query, after, .max = CURSOR_MAX, .optional = true,
            .doc = "`next` of the page before"),
    },
};
static const souk_record_t movements_before = {
    .name = "movements_before",
    .size = sizeof(struct movements_query),
    .fields = {
        FIELD(movements_query, sku),
        FIELD(movements_query, before),
        FIELD(movements_query, limit),
    },
};

struct movement {
    int64_t id;
    const char *location;
    int quantity;
    const char *reason;
    const char *who;
    const char *reference;
    const char *note;
    souk_time_t at;
};
static const souk_record_t movement = {
    .name = "movement",
    .size = sizeof(struct movement),
    .fields = {
        FIELD(movement, id),
        FIELD(movement, location),
        FIELD(movement, quantity, .doc = "that came; less than 0: that went"),
        FIELD(movement, reason),
        FIELD(movement, who, .optional = true, .doc = "the user's id; absent: a service"),
        FIELD(movement, reference, .optional = true,
            .doc = "the order that it went for, or the key of the delivery that it came with"),
        FIELD(movement, note, .optional = true),
        FIELD(movement, at),
    },
};

struct movement_page {
    souk_list_t items;
    const char *next;
};
const souk_record_t inventory_movement_page = {
    .name = "movement_page",
    .size = sizeof(struct movement_page),
    .fields = {
        FIELD(movement_page, items, .of = &movement, .doc = "newest first"),
        FIELD(movement_page, next, .optional = true, .doc = "absent: this is the last page"),
    },
};

const souk_query_t inventory_list_movements = {
    .sql = &sql_list_movements,
    .takes = &movements_before,
    .gives = &movement,
};

/* A cursor is the id of the last movement that was told. */
static bool read_cursor(souk_call_t *call, struct movements_query *query)
{
    static const souk_field_t number = { .type = SOUK_LONG };

    query->before = INT64_MAX;
    return !query->after || souk_field_parse(&number, query->after, &query->before) ||
        souk_fail_field(call, "/after", "is not the `next` of a page");
}

bool inventory_tell_movements(souk_call_t *call, const void *request, void *reply)
{
    struct movements_query query = *(const struct movements_query *)request;
    struct movement_page *page = reply;

    if (!read_cursor(call, &query) ||
        !souk_db_all(call, &inventory_list_movements, &query, &page->items))
        return false;
    if (souk_list_cut(&page->items, (size_t)query.limit))
        page->next = souk_pool_format(souk_call_pool(call), "%" PRId64,
            ((const struct movement *)page->items.items)[query.limit - 1].id);
    return true;
}
