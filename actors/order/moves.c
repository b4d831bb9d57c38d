/* An order is cancelled. Who moves it first has it: the status is changed
   under the row's lock, and from then on it only goes forwards. */
#include "moves.h"

#include <string.h>

#include "../../lib/index.h"
#include "asks.h"
#include "lookup.h"
#include "queries/order.h"
#include "recall.h"

const souk_error_t order_not_cancellable = {
    .code = "not_cancellable",
    .kind = SOUK_CONFLICT,
    .meaning = "Only an order that is confirmed or waits for its payment can be cancelled.",
};

struct moving {
    const char *id;
    const char *user_id; /* whose it must be; NULL: anybody's */
    const char *via; /* the status meanwhile */
    const char *status;
    const char *who;
    const char *why;
    int attempt;
};
static const souk_record_t moving = {
    .name = "moving",
    .size = sizeof(struct moving),
    .fields = {
        FIELD(moving, id),
        FIELD(moving, user_id, .optional = true),
        FIELD(moving, via),
        FIELD(moving, status),
        FIELD(moving, who),
        FIELD(moving, why),
        FIELD(moving, attempt),
    },
};
static const souk_record_t stranded_move = {
    .name = "stranded_move",
    .size = sizeof(struct moving),
    .fields = {
        FIELD(moving, id),
        FIELD(moving, attempt),
    },
};
static const souk_record_t moved_order = {
    .name = "moved_order",
    .size = sizeof(struct moving),
    .fields = {
        FIELD(moving, id),
        FIELD(moving, user_id),
    },
};
static const souk_record_t move_state = {
    .name = "move_state",
    .size = sizeof(struct moving),
    .fields = {
        FIELD(moving, id),
        FIELD(moving, user_id),
        FIELD(moving, status),
    },
};

const souk_query_t order_begin_moves = {
    .sql = &sql_begin_moves,
    .takes = &moving,
    .gives = &moved_order,
    .many = true,
};
const souk_query_t order_find_moves = {
    .sql = &sql_find_moves,
    .takes = &moving,
    .gives = &move_state,
    .many = true,
};
const souk_query_t order_end_moves = {
    .sql = &sql_end_moves,
    .takes = &moving,
    .gives = &order_id,
    .many = true,
};
const souk_query_t order_claim_cancelling = {
    .sql = &sql_claim_cancelling,
    .takes = &souk_stranded,
    .gives = &stranded_move,
};
static const char cancelling[] = "cancelling", cancelled[] = "cancelled";

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct move_wish *wish = request;
    const char *user = souk_caller(call)->user;

    *(struct moving *)state = (struct moving){
        .id = wish->id,
        .user_id = order_owner(call),
        .via = cancelling,
        .status = cancelling,
        .who = user ? user : "system",
        .why = wish->reason ? wish->reason : cancelled,
        .attempt = 1,
    };
    return true;
}

/* What was cancelled before is cancelled. */
static void refuse(souk_batch_t *batch, size_t i, const struct moving *found)
{
    struct moving *it = souk_batch_state(batch, i);

    if (!found) {
        souk_batch_refuse(batch, i, &order_missing);
    } else if (strcmp(found->status, cancelled) == 0) {
        it->status = cancelled;
        souk_batch_finish(batch, i);
    } else if (strcmp(found->status, cancelling) == 0 || strcmp(found->status, "placing") == 0) {
        souk_batch_fail(batch, i, &order_running, "order %s is %s", it->id, found->status);
    } else {
        souk_batch_fail(batch, i, &order_not_cancellable, "order %s is %s", it->id, found->status);
    }
}

/* Who asks in the same moment as the owner is not the owner. */
static struct moving *own(const struct moving *it, struct moving *row)
{
    bool is_own = row && (!it->user_id || strcmp(it->user_id, row->user_id) == 0);
    return is_own ? row : NULL;
}

/* Of several calls about one order, one moves it. */
static bool take(struct moving *row)
{
    bool is_first = row && !row->attempt;
    if (row)
        row->attempt = 1;
    return is_first;
}

/* Marks the calls that have moved their order; how many there are. */
static size_t take_all(souk_batch_t *batch, const souk_list_t *rows, bool *taken)
{
    souk_index_t *moved = souk_index_of(rows, &moved_order, "id", souk_call_pool(batch->all));
    size_t count = 0;

    for (size_t i = 0; i < batch->count; i++) {
        const struct moving *it = souk_batch_state(batch, i);
        taken[i] = take(own(it, souk_index_find(moved, it->id)));
        count += taken[i];
    }
    return count;
}

static bool begin(souk_batch_t *batch)
{
    bool *taken = souk_alloc(batch->all, batch->count * sizeof *taken);
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 }, others = { 0 };

    if (!souk_db_all(batch->all, &order_begin_moves, &wanted, &rows))
        return false;
    if (take_all(batch, &rows, taken) == batch->count)
        return true;
    if (!souk_db_all(batch->all, &order_find_moves, &wanted, &others))
        return false;
    const souk_index_t *found =
        souk_index_of(&others, &move_state, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct moving *it = souk_batch_state(batch, i);
        if (!taken[i])
            refuse(batch, i, own(it, souk_index_find(found, it->id)));
    }
    return true;
}

/* A call that was found stranded knows no more than its order. */
static bool end(souk_batch_t *batch)
{
    souk_list_t rows = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        struct moving *it = souk_batch_state(batch, i);
        it->via = cancelling;
        it->status = cancelled;
    }
    souk_list_t wanted = souk_batch_gather(batch);
    if (!souk_db_all(batch->all, &order_end_moves, &wanted, &rows))
        return false;
    const souk_index_t *moved = souk_index_of(&rows, &order_id, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct moving *it = souk_batch_state(batch, i);
        if (!souk_index_find(moved, it->id))
            souk_batch_fail(batch, i, &souk_worker_lost, "another has taken the order up");
    }
    return true;
}

static bool name_order(souk_call_t *call, const void *state, void *question)
{
    const struct moving *it = state;
    *(struct order_reference *)question = (struct order_reference){ it->id };
    return true;
}

static bool answer(souk_call_t *call, const void *state, void *reply)
{
    const struct moving *it = state;
    *(struct order_state *)reply = (struct order_state){ it->id, it->status };
    return true;
}

/* The money first: that is what the customer waits for. */
const souk_saga_t order_cancel = {
    .state = &moving,
    .open = open,
    .steps = {
        { .name = "begin", .batch = begin, .no_return = true },
        { .name = "refund", .ask = &order_void_charge, .fill = name_order },
        { .name = "release", .ask = &order_release_stock, .fill = name_order },
        { .name = "give_back", .ask = &order_give_back_uses, .fill = name_order },
        { .name = "end", .batch = end },
    },
    .answer = answer,
    .stranded = &order_claim_cancelling,
    .passed = souk_saga_always,
    .key = "id",
};
