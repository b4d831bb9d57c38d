/* What carriers say of parcels. */
#include "carrier.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "../../lib/signature.h"
#include "errors.h"
#include "queries/fulfilment.h"

enum {
    EVENT_ID_MAX = 100,
};

const souk_error_t fulfilment_no_carrier = {
    .code = "no_carrier",
    .kind = SOUK_NOT_FOUND,
    .meaning = "No carrier may tell this shop anything: SOUK_CARRIER_SECRET is not set.",
};

static const char *const said[] = { "picked_up", "delivered", "returned", NULL };

/* What is signed. */
struct carrier_event {
    const char *id;
    const char *tracking_number;
    const char *status;
    souk_time_t at;
};
static const souk_record_t carrier_event = {
    .name = "carrier_event",
    .size = sizeof(struct carrier_event),
    .fields = {
        FIELD(carrier_event, id, .min = 1, .max = EVENT_ID_MAX),
        FIELD(carrier_event, tracking_number, .min = 1, .max = TRACKING_MAX),
        FIELD(carrier_event, status, .one_of = said),
        FIELD(carrier_event, at),
    },
};

static const souk_record_t known_event = {
    .name = "known_event",
    .size = sizeof(struct leaving),
    .fields = {
        FIELD(leaving, event_id),
        FIELD(leaving, shipment_id),
        FIELD(leaving, outcome),
    },
};
static const souk_record_t heard_event = {
    .name = "heard_event",
    .size = sizeof(struct leaving),
    .fields = {
        FIELD(leaving, event_id),
        FIELD(leaving, tracking_number),
        FIELD(leaving, told),
        FIELD(leaving, told_at),
        FIELD(leaving, shipment_id),
        FIELD(leaving, outcome),
    },
};

const souk_query_t fulfilment_find_tracked = {
    .sql = &sql_find_tracked,
    .takes = &ids,
    .gives = &shipment_row,
};
const souk_query_t fulfilment_find_events = {
    .sql = &sql_find_events,
    .takes = &ids,
    .gives = &known_event,
};
const souk_query_t fulfilment_keep_events = {
    .sql = &sql_keep_events,
    .takes = &heard_event,
    .many = true,
};
const souk_query_t fulfilment_forget_events = {
    .sql = &sql_forget_events,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    const char *secret = souk_settings.carrier_secret;
    struct carrier_event event;

    if (!secret)
        return souk_refuse(call, &fulfilment_no_carrier);
    if (!souk_signed_read(call, request, secret, &carrier_event, &event))
        return false;
    *(struct leaving *)state = (struct leaving){
        .event_id = event.id,
        .tracking_number = event.tracking_number,
        .told = event.status,
        .told_at = event.at,
        .outcome = strcmp(event.status, "picked_up") == 0 ? "shipped" : event.status,
        .departure_id = souk_call_new_id(call),
        .who = "carrier",
        .attempt = 1,
    };
    ((struct leaving *)state)->key = ((struct leaving *)state)->departure_id;
    return true;
}

static bool leads_on(const struct leaving *it, const struct shipment *found)
{
    return fulfilment_has_status(found, "shipped") && strcmp(it->outcome, "shipped") != 0;
}

/* A parcel that is still in the house, as far as is known here, leaves now whatever is said of it.
   One that has come further than that stays where it is. */
static void understand(souk_batch_t *batch, size_t i, const struct shipment *found,
    souk_list_t *moves)
{
    struct leaving *it = souk_batch_state(batch, i);

    if (!found) {
        souk_batch_refuse(batch, i, &no_such_shipment);
        return;
    }
    it->shipment_id = found->id;
    it->order_id = found->order_id;
    if (fulfilment_is_open(found) && found->departure_id) {
        souk_batch_refuse(batch, i, &leaving_already);
    } else if (leads_on(it, found)) {
        *(struct move *)souk_list_add(moves, souk_call_pool(batch->all), sizeof(struct move)) =
            (struct move){ .id = found->id, .status = it->outcome, .who = it->who };
        it->status = it->outcome;
    } else if (!fulfilment_is_open(found)) {
        it->outcome = it->status = found->status;
    }
}

/* What was heard before is answered as it was then. */
static bool recall(souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    souk_list_t rows = { 0 };
    struct ids events = { souk_batch_texts(batch, offsetof(struct leaving, event_id)) };

    if (!souk_db_all(batch->all, &fulfilment_find_events, &events, &rows))
        return false;
    const souk_index_t *known = souk_index_of(&rows, &known_event, "event_id", pool);
    for (size_t i = 0; i < batch->count; i++) {
        struct leaving *it = souk_batch_state(batch, i);
        const struct leaving *before = souk_index_find(known, it->event_id);
        if (!before)
            continue;
        it->shipment_id = before->shipment_id;
        it->status = before->outcome;
        souk_batch_finish(batch, i);
    }
    return true;
}

/* What says all that is to be said is written down, and finished. */
static bool keep(souk_batch_t *batch)
{
    souk_list_t heard = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct leaving *it = souk_batch_state(batch, i);
        if (souk_batch_done(batch, i) || !it->status)
            continue;
        *(struct leaving *)souk_list_add(&heard, souk_call_pool(batch->all), sizeof *it) = *it;
        souk_batch_finish(batch, i);
    }
    return souk_db_run(batch->all, &fulfilment_keep_events, &heard);
}

static bool hear(souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    souk_list_t found = { 0 }, moves = { 0 };
    struct ids numbers = { souk_batch_texts(batch, offsetof(struct leaving, tracking_number)) };

    if (!recall(batch) ||
        !fulfilment_find_locked(batch->all, &fulfilment_find_tracked, &numbers, &found))
        return false;
    const souk_index_t *known = souk_index_of(&found, &shipment_row, "tracking_number", pool);
    for (size_t i = 0; i < batch->count; i++) {
        const struct leaving *it = souk_batch_state(batch, i);
        if (!souk_batch_done(batch, i))
            understand(batch, i, souk_index_find(known, it->tracking_number), &moves);
    }
    return fulfilment_move(batch->all, &moves) && keep(batch);
}

/* What was said is written down with what it leads to. */
static bool depart_as_said(souk_batch_t *batch)
{
    if (!fulfilment_depart(batch))
        return false;
    souk_list_t heard = souk_batch_gather(batch);
    return souk_db_run(batch->all, &fulfilment_keep_events, &heard);
}

const souk_saga_t fulfilment_hear = {
    .state = &fulfilment_leaving,
    .open = open,
    .steps = {
        { .name = "hear", .batch = hear },
        MAY_LEAVE,
        { .name = "depart", .batch = depart_as_said, .no_return = true },
        HAS_LEFT,
    },
    .answer = fulfilment_answer,
};

bool fulfilment_forget_old_events(souk_call_t *call)
{
    return souk_db_run(call, &fulfilment_forget_events, NULL);
}
