/* What comes, goes and is moved: every change of what is there stands in the ledger. */
#include "book.h"

#include <string.h>

#include "errors.h"
#include "queries/inventory.h"

enum {
    ON_HAND_MAX = 1000000000,
};

static const char *const reasons[] = {
    "received",
    "damaged",
    "lost",
    "found",
    "counted",
    "returned",
    "other",
    NULL,
};

const souk_error_t inventory_too_few = {
    .code = "too_few",
    .kind = SOUK_CONFLICT,
    .meaning = "Less of a product would be there than is held for orders.",
};
const souk_error_t inventory_too_many = {
    .code = "too_many",
    .kind = SOUK_CONFLICT,
    .meaning = "More of a product would be at one location than 1,000,000,000.",
};

static const char *const arrivals[] = { "received", "returned", NULL };

struct delivery {
    const char *key;
    const char *location;
    const char *reason;
    souk_list_t lines;
};
const souk_record_t inventory_delivery = {
    .name = "delivery",
    .size = sizeof(struct delivery),
    .fields = {
        FIELD(delivery, key, .min = 1, .max = 100, .doc = "a delivery is booked once by its key"),
        FIELD(delivery, location, .min = 1, .max = LOCATION_MAX, .fallback = "main"),
        FIELD(delivery, reason, .one_of = arrivals, .fallback = "received"),
        FIELD(delivery, lines, .of = &delivered, .min = 1, .max = DELIVERY_LINES_MAX),
    },
};

static const souk_record_t adjusted = {
    .name = "adjusted",
    .size = sizeof(struct demand),
    .fields = {
        FIELD(demand, sku, .min = 1, .max = SKU_MAX),
        FIELD(demand, quantity, .min = -DELIVERED_MAX, .max = DELIVERED_MAX,
            .doc = "more than 0: that came; less: that went"),
    },
};

struct adjustment {
    const char *location;
    const char *reason;
    const char *note;
    souk_list_t lines;
};
const souk_record_t inventory_adjustment = {
    .name = "adjustment",
    .size = sizeof(struct adjustment),
    .fields = {
        FIELD(adjustment, location, .min = 1, .max = LOCATION_MAX, .fallback = "main"),
        FIELD(adjustment, reason, .one_of = reasons),
        FIELD(adjustment, note, .min = 1, .max = NOTE_MAX, .optional = true),
        FIELD(adjustment, lines, .of = &adjusted, .min = 1, .max = LINES_MAX),
    },
};

struct transfer {
    const char *from;
    const char *to;
    const char *note;
    souk_list_t lines;
};
const souk_record_t inventory_transfer = {
    .name = "transfer",
    .size = sizeof(struct transfer),
    .fields = {
        FIELD(transfer, from, .min = 1, .max = LOCATION_MAX, .doc = "a location's code"),
        FIELD(transfer, to, .min = 1, .max = LOCATION_MAX, .doc = "another's"),
        FIELD(transfer, note, .min = 1, .max = NOTE_MAX, .optional = true),
        FIELD(transfer, lines, .of = &delivered, .min = 1, .max = LINES_MAX),
    },
};

struct levels {
    souk_list_t items;
};
const souk_record_t inventory_levels = {
    .name = "levels",
    .size = sizeof(struct levels),
    .fields = {
        FIELD(levels, items, .of = &level, .doc = "what is there now of what was changed"),
    },
};

struct delivery_line {
    const char *key;
    const char *location;
    const char *reason;
    const char *sku;
    int quantity;
};
static const souk_record_t delivery_line = {
    .name = "delivery_line",
    .size = sizeof(struct delivery_line),
    .fields = {
        FIELD(delivery_line, key),
        FIELD(delivery_line, location),
        FIELD(delivery_line, reason),
        FIELD(delivery_line, sku),
        FIELD(delivery_line, quantity),
    },
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

struct change {
    const char *sku;
    const char *location;
    int quantity;
    const char *reason;
    const char *who;
    const char *note;
};
static const souk_record_t change = {
    .name = "change",
    .size = sizeof(struct change),
    .fields = {
        FIELD(change, sku),
        FIELD(change, location),
        FIELD(change, quantity),
        FIELD(change, reason),
        FIELD(change, who, .optional = true),
        FIELD(change, note, .optional = true),
    },
};

struct changed {
    const char *sku;
    const char *location;
    int on_hand;
    int reserved;
    int64_t change;
};
static const souk_record_t changed = {
    .name = "changed",
    .size = sizeof(struct changed),
    .fields = {
        FIELD(changed, sku),
        FIELD(changed, location),
        FIELD(changed, on_hand),
        FIELD(changed, reserved),
        FIELD(changed, change),
    },
};

const souk_query_t inventory_save_delivery = {
    .sql = &sql_save_delivery,
    .takes = &delivery_line,
    .gives = &place,
    .many = true,
    .missing = &unknown_location,
};
const souk_query_t inventory_find_place = {
    .sql = &sql_find_place,
    .takes = &place,
    .gives = &place,
    .missing = &unknown_location,
};
const souk_query_t inventory_make_stock = {
    .sql = &sql_make_stock,
    .takes = &change,
    .many = true,
};
const souk_query_t inventory_lock_stock = {
    .sql = &sql_lock_stock,
    .takes = &change,
    .gives = &changed,
    .many = true,
};
const souk_query_t inventory_book = {
    .sql = &sql_book,
    .takes = &change,
    .gives = &level,
    .many = true,
};

bool inventory_receive(souk_call_t *call, const void *request, void *reply)
{
    const struct delivery *arrived = request;
    const struct demand *lines = arrived->lines.items;
    souk_list_t booked = { 0 };
    struct place there;

    for (size_t i = 0; i < arrived->lines.count; i++)
        *(struct delivery_line *)souk_list_add(&booked, souk_call_pool(call),
            sizeof(struct delivery_line)) = (struct delivery_line){ arrived->key, arrived->location,
            arrived->reason, lines[i].sku, lines[i].quantity };
    return souk_db_one(call, &inventory_save_delivery, &booked, &there);
}

static bool check_place(souk_call_t *call, const char *code)
{
    struct place found;
    return souk_db_one(call, &inventory_find_place, &(struct place){ code }, &found);
}

static bool check_change(souk_call_t *call, const struct changed *row)
{
    if (row->on_hand + row->change < row->reserved)
        return souk_fail(call, &inventory_too_few, "%s: at %s there are %d, of which %d are held",
            row->sku, row->location, row->on_hand, row->reserved);
    if (row->on_hand + row->change > ON_HAND_MAX)
        return souk_fail(call, &inventory_too_many, "%s: at %s there are %d", row->sku,
            row->location, row->on_hand);
    return true;
}

/* All of it or nothing. */
static bool book(souk_call_t *call, const souk_list_t *changes, souk_list_t *levels)
{
    souk_list_t rows;

    if (!souk_db_run(call, &inventory_make_stock, changes) ||
        !souk_db_all(call, &inventory_lock_stock, changes, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        if (!check_change(call, &((const struct changed *)rows.items)[i]))
            return false;
    return souk_db_all(call, &inventory_book, changes, levels);
}

static void add_change(souk_call_t *call, souk_list_t *changes, struct change row)
{
    row.who = souk_caller(call)->user;
    *(struct change *)souk_list_add(changes, souk_call_pool(call), sizeof row) = row;
}

bool inventory_adjust(souk_call_t *call, const void *request, void *reply)
{
    const struct adjustment *wanted = request;
    const struct demand *lines = wanted->lines.items;
    struct levels *levels = reply;
    souk_list_t changes = { 0 };

    if (!check_place(call, wanted->location))
        return false;
    for (size_t i = 0; i < wanted->lines.count; i++) {
        if (lines[i].quantity == 0)
            return souk_fail_field(call,
                souk_pool_format(souk_call_pool(call), "/lines/%zu/quantity", i), "must not be 0");
        add_change(call, &changes,
            (struct change){ lines[i].sku, wanted->location, lines[i].quantity, wanted->reason,
                .note = wanted->note });
    }
    return book(call, &changes, &levels->items);
}

bool inventory_move(souk_call_t *call, const void *request, void *reply)
{
    static const char reason[] = "transferred";
    const struct transfer *wanted = request;
    const struct demand *line = wanted->lines.items;
    struct levels *levels = reply;
    souk_list_t changes = { 0 };

    if (strcmp(wanted->from, wanted->to) == 0)
        return souk_fail_field(call, "/to", "must be another location than /from");
    if (!check_place(call, wanted->from) || !check_place(call, wanted->to))
        return false;
    for (const struct demand *end = line + wanted->lines.count; line < end; line++) {
        add_change(call, &changes,
            (struct change){ line->sku, wanted->from, -line->quantity, reason,
                .note = wanted->note });
        add_change(call, &changes,
            (struct change){ line->sku, wanted->to, line->quantity, reason, .note = wanted->note });
    }
    return book(call, &changes, &levels->items);
}
