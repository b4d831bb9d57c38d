/* What was held for an order leaves. */
#include "ship.h"

#include <string.h>

#include "errors.h"
#include "queries/inventory.h"

const souk_error_t inventory_not_held = {
    .code = "not_held",
    .kind = SOUK_CONFLICT,
    .meaning = "More is to leave for an order than is held for it.",
};

static const souk_record_t shipment_key = {
    .name = "shipment_key",
    .size = sizeof(struct shipment),
    .fields = {
        FIELD(shipment, order_id),
        FIELD(shipment, key, .optional = true),
    },
};

struct held_line {
    const char *order_id;
    const char *status; /* of the reservation */
    int position;
    const char *sku;
    const char *location;
    int held;
    int shipped;
    int leaving; /* now */
};
static const souk_record_t held_line = {
    .name = "held_line",
    .size = sizeof(struct held_line),
    .fields = {
        FIELD(held_line, status),
        FIELD(held_line, position),
        FIELD(held_line, sku),
        FIELD(held_line, location),
        FIELD(held_line, held),
        FIELD(held_line, shipped),
    },
};
static const souk_record_t leaving_line = {
    .name = "leaving_line",
    .size = sizeof(struct held_line),
    .fields = {
        FIELD(held_line, order_id),
        FIELD(held_line, position),
        FIELD(held_line, sku),
        FIELD(held_line, location),
        FIELD(held_line, leaving),
        FIELD(held_line, shipped),
    },
};

struct noted {
    const char *key;
};
static const souk_record_t noted = {
    .name = "noted",
    .size = sizeof(struct noted),
    .fields = {
        FIELD(noted, key),
    },
};

const souk_query_t inventory_lock_reservation = {
    .sql = &sql_lock_reservation,
    .takes = &shipment_key,
    .gives = &held_line,
};
const souk_query_t inventory_note_shipment = {
    .sql = &sql_note_shipment,
    .takes = &shipment_key,
    .gives = &noted,
};
const souk_query_t inventory_ship = {
    .sql = &sql_ship,
    .takes = &leaving_line,
    .many = true,
};

/* As much of one held line as is wanted; how much is wanted then. */
static int let_go(struct held_line *line, int wanted)
{
    int left = line->held - line->shipped;
    int some = left < wanted ? left : wanted;
    line->shipped += some;
    line->leaving += some;
    return wanted - some;
}

static bool fits(const struct held_line *line, const struct leaving *wanted)
{
    return strcmp(line->sku, wanted->sku) == 0 &&
        (!wanted->location || strcmp(line->location, wanted->location) == 0);
}

static bool pick(souk_call_t *call, const struct leaving *wanted, const souk_list_t *lines)
{
    struct held_line *line = lines->items;
    int missing = wanted->quantity;

    for (const struct held_line *end = line + lines->count; line < end; line++)
        if (fits(line, wanted))
            missing = let_go(line, missing);
    return missing == 0 ||
        souk_fail(call, &inventory_not_held, "%s: %d are held", wanted->sku,
            wanted->quantity - missing);
}

static bool pick_all(souk_call_t *call, const struct shipment *asked, const souk_list_t *lines)
{
    struct held_line *held = lines->items;
    const struct leaving *wanted = asked->lines.items;

    for (size_t i = 0; i < lines->count; i++) {
        held[i].order_id = asked->order_id;
        if (asked->lines.count == 0)
            let_go(&held[i], held[i].held);
    }
    for (size_t i = 0; i < asked->lines.count; i++)
        if (!pick(call, &wanted[i], lines))
            return false;
    return true;
}

/* Two shipments of one order wait for each other, and so do a shipment and a release. */
bool inventory_commit(souk_call_t *call, const void *request, void *reply)
{
    const struct shipment *asked = request;
    souk_list_t lines, made;

    if (!souk_db_all(call, &inventory_lock_reservation, asked, &lines))
        return false;
    if (lines.count == 0)
        return souk_fail(call, &reservation_gone, "nothing is held for it");
    if (!souk_db_all(call, &inventory_note_shipment, asked, &made))
        return false;
    if (made.count == 0)
        return true;
    const char *status = ((const struct held_line *)lines.items)->status;
    if (strcmp(status, "live") != 0 && strcmp(status, "shipped") != 0)
        return souk_fail(call, &reservation_gone, "its reservation is %s", status);
    return pick_all(call, asked, &lines) && souk_db_run(call, &inventory_ship, &lines);
}
