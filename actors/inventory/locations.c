/* Where stock lies: kept by staff. */
#include "locations.h"

#include <string.h>

#include "errors.h"
#include "queries/inventory.h"

enum {
    LOCATIONS_MAX = 100, /* an order looks for its products at all of them */
    NAME_MAX = 200,
    PRIORITY_MAX = 1000000,
};

const souk_error_t inventory_location_taken = {
    .code = "location_taken",
    .kind = SOUK_CONFLICT,
    .meaning = "There is a location of this code already.",
};
const souk_error_t inventory_too_many_locations = {
    .code = "too_many_locations",
    .kind = SOUK_CONFLICT,
    .meaning = "There are 100 locations, and no more are possible.",
};
const souk_error_t inventory_location_in_use = {
    .code = "location_in_use",
    .kind = SOUK_CONFLICT,
    .meaning = "Something is held for an order there.",
};

const souk_record_t inventory_location = {
    .name = "location",
    .size = sizeof(struct location),
    .fields = {
        FIELD(location, code),
        FIELD(location, name),
        FIELD(location, priority, .doc = "the lowest is taken from first"),
        FIELD(location, active, .doc = "orders get nothing from one that is not"),
        FIELD(location, version),
    },
};
const souk_record_t inventory_location_list = {
    .name = "location_list",
    .size = sizeof(struct locations),
    .fields = {
        FIELD(locations, items, .of = &inventory_location,
            .doc = "in the order that they are taken from"),
    },
};
const souk_record_t inventory_location_key = {
    .name = "location_key",
    .size = sizeof(struct location),
    .fields = {
        FIELD(location, code, .min = 1, .max = LOCATION_MAX),
    },
};
const souk_record_t inventory_location_draft = {
    .name = "location_draft",
    .size = sizeof(struct location),
    .fields = {
        FIELD(location, code, .min = 1, .max = LOCATION_MAX,
            .doc = "lower-case letters, digits and hyphens; stays as it is"),
        FIELD(location, name, .min = 1, .max = NAME_MAX),
        FIELD(location, priority, .max = PRIORITY_MAX, .doc = "the lowest is taken from first"),
        FIELD(location, active, .fallback = "true",
            .doc = "orders get nothing from one that is not"),
    },
};
const souk_record_t inventory_location_revision = {
    .name = "location_revision",
    .size = sizeof(struct location),
    .fields = {
        FIELD(location, code, .min = 1, .max = LOCATION_MAX),
        FIELD(location, name, .min = 1, .max = NAME_MAX),
        FIELD(location, priority, .max = PRIORITY_MAX, .doc = "the lowest is taken from first"),
        FIELD(location, active,
            .doc = "orders get nothing from one that is not; nothing may be held there for one"),
        FIELD(location, version, .optional = true),
    },
};

struct added {
    const char *code;
    const char *name;
    int priority;
    bool active;
    int most;
};
static const souk_record_t added = {
    .name = "added",
    .size = sizeof(struct added),
    .fields = {
        FIELD(added, code),
        FIELD(added, name),
        FIELD(added, priority),
        FIELD(added, active),
        FIELD(added, most),
    },
};

struct held {
    const char *sku;
};
static const souk_record_t held = {
    .name = "held",
    .size = sizeof(struct held),
    .fields = {
        FIELD(held, sku),
    },
};

const souk_query_t inventory_list_locations = {
    .sql = &sql_list_locations,
    .gives = &inventory_location,
};
const souk_query_t inventory_find_location = {
    .sql = &sql_find_location,
    .takes = &inventory_location_key,
    .gives = &inventory_location,
    .missing = &no_such_location,
};
const souk_query_t inventory_lock_location = {
    .sql = &sql_lock_location,
    .takes = &inventory_location_key,
    .gives = &inventory_location,
    .missing = &no_such_location,
};
const souk_query_t inventory_add_location = {
    .sql = &sql_add_location,
    .takes = &added,
    .gives = &inventory_location,
    .missing = &inventory_too_many_locations,
    .duplicate = &inventory_location_taken,
};
const souk_query_t inventory_find_reserved_at = {
    .sql = &sql_find_reserved_at,
    .takes = &inventory_location_key,
    .gives = &held,
};
const souk_query_t inventory_change_location = {
    .sql = &sql_change_location,
    .takes = &inventory_location_revision,
    .gives = &inventory_location,
};

bool inventory_tell_locations(souk_call_t *call, const void *request, void *reply)
{
    struct locations *all = reply;
    return souk_db_all(call, &inventory_list_locations, NULL, &all->items);
}

bool inventory_get_location(souk_call_t *call, const void *request, void *reply)
{
    return souk_db_one(call, &inventory_find_location, request, reply);
}

bool inventory_open_location(souk_call_t *call, const void *request, void *reply)
{
    const struct location *wanted = request;
    const struct added row = { wanted->code, wanted->name, wanted->priority, wanted->active,
        LOCATIONS_MAX };

    if (wanted->code[strspn(wanted->code, "abcdefghijklmnopqrstuvwxyz0123456789-")])
        return souk_fail_field(call, "/code", "must be of lower-case letters, digits and hyphens");
    return souk_db_one(call, &inventory_add_location, &row, reply);
}

/* An order that is just being reserved may still get something from a location that is closed at
   that moment, which is as well: it lies there. */
static bool check_empty(souk_call_t *call, const struct location *location)
{
    souk_list_t rows;
    if (!souk_db_all(call, &inventory_find_reserved_at, location, &rows))
        return false;
    if (rows.count == 0)
        return true;
    return souk_fail(call, &inventory_location_in_use, "%s is held for an order at %s",
        ((const struct held *)rows.items)->sku, location->code);
}

bool inventory_revise_location(souk_call_t *call, const void *request, void *reply)
{
    const struct location *wanted = request;
    struct location before;

    if (!souk_db_one(call, &inventory_lock_location, wanted, &before))
        return false;
    if (wanted->version && wanted->version != before.version)
        return souk_fail(call, &souk_stale, "it is of version %d", before.version);
    if (before.active && !wanted->active && !check_empty(call, wanted))
        return false;
    return souk_db_one(call, &inventory_change_location, wanted, reply);
}
