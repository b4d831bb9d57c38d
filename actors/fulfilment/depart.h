/* Shipments leave: whether their order may is decided there, then they go, and then their goods
   leave the stock. */
#ifndef FULFILMENT_DEPART_H
#define FULFILMENT_DEPART_H

#include "moves.h"
#include "plan.h"

struct leaving {
    const char *shipment_id; /* NULL: all of the order that is in the house */
    const char *order_id;
    const char *user_id;
    const char *departure_id;
    const char *key; /* under which the stock knows it */
    const char *outcome; /* what the shipments are in the end */
    const char *status; /* what they are by now */
    const char *who;
    const char *carrier, *tracking_number;
    int version;
    int attempt;
    souk_list_t held; /* struct held_line, of an order that is not planned yet */
    souk_list_t lines; /* struct line: what leaves */
    const char *event_id, *told; /* what a carrier says */
    souk_time_t told_at;
};
extern const souk_record_t fulfilment_leaving, fulfilment_departed;

struct shipment_state {
    const char *id;
    const char *status;
};
static const souk_record_t shipment_state = {
    .name = "shipment_state",
    .size = sizeof(struct shipment_state),
    .fields = {
        FIELD(shipment_state, id),
        FIELD(shipment_state, status),
    },
};
static const souk_record_t order_wish = {
    .name = "order_wish",
    .size = sizeof(struct by_id),
    .fields = {
        FIELD(by_id, id, .format = SOUK_UUID, .doc = "the order's"),
    },
};

extern const souk_ask_t fulfilment_ask_departure, fulfilment_commit_stock;
extern const souk_query_t fulfilment_begin_departure, fulfilment_load, fulfilment_find_leaving,
    fulfilment_end_departures, fulfilment_claim_departures;
extern const souk_saga_t fulfilment_ship, fulfilment_ship_order;

/* The shipments that a query finds, as they stand once their orders are locked. */
must_check bool fulfilment_find_locked(souk_call_t *call, const souk_query_t *find,
    const void *wanted, souk_list_t *found);

/* Call i is to let this shipment leave: it fails, or is finished since it has left. */
void fulfilment_judge(souk_batch_t *batch, size_t i, const struct shipment *found);

/* What all that leaves goes through, behind the step that finds out what leaves. */
bool fulfilment_ask_leave(souk_call_t *call, const void *state, void *question);
bool fulfilment_note_leave(souk_call_t *call, void *state, const void *answer);
bool fulfilment_depart(souk_batch_t *batch); /* from here on it only goes forwards */
bool fulfilment_list_goods(souk_batch_t *batch);
bool fulfilment_ask_commit(souk_call_t *call, const void *state, void *question);
bool fulfilment_arrive(souk_batch_t *batch);
bool fulfilment_answer(souk_call_t *call, const void *state, void *reply);

/* The same as steps of a saga: the order is asked, and what left is taken out of the stock. */
#define MAY_LEAVE                                                                                  \
    {                                                                                              \
        .name = "may", .ask = &fulfilment_ask_departure, .fill = fulfilment_ask_leave,             \
        .note = fulfilment_note_leave                                                              \
    }
#define HAS_LEFT                                                                                   \
    { .name = "list", .batch = fulfilment_list_goods },                                            \
        { .name = "commit", .ask = &fulfilment_commit_stock, .fill = fulfilment_ask_commit },      \
    {                                                                                              \
        .name = "arrive", .batch = fulfilment_arrive                                               \
    }

#endif
