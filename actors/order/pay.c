/* Orders that wait for their payment, paid after all. Whoever pays by hand and what is heard of
   payments end in the same steps: first the stock is held for good, then the order is confirmed,
   unless it was cancelled before. Then the cancellation gives the money back. */
#include "pay.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "asks.h"
#include "errors.h"
#include "lookup.h"
#include "moves.h"
#include "placing.h"
#include "queries/order_pay.h"
#include "recall.h"

struct paying {
    const char *id;
    const char *user_id; /* whose it must be */
    const char *key;
    const char *payment_method;
    const char *status;
    bool held; /* the stock */
};
static const souk_record_t paying = {
    .name = "paying",
    .size = sizeof(struct paying),
    .fields = {
        FIELD(paying, id),
        FIELD(paying, held),
    },
};
static const souk_record_t payable = {
    .name = "payable",
    .size = sizeof(struct paying),
    .fields = {
        FIELD(paying, id),
        FIELD(paying, user_id),
        FIELD(paying, status),
    },
};
static const souk_record_t paid_order = {
    .name = "paid_order",
    .size = sizeof(struct paying),
    .fields = {
        FIELD(paying, id),
        FIELD(paying, status),
    },
};

struct another_try {
    const char *order_id;
    const char *key;
    const char *method;
};
static const souk_record_t another_try = {
    .name = "another_try",
    .size = sizeof(struct another_try),
    .fields = {
        FIELD(another_try, order_id),
        FIELD(another_try, key),
        FIELD(another_try, method),
    },
};
struct keeping {
    bool held;
};
static const souk_record_t keeping = {
    .name = "keeping",
    .size = sizeof(struct keeping),
    .fields = {
        FIELD(keeping, held),
    },
};

const souk_query_t order_find_payable = {
    .sql = &sql_find_payable,
    .takes = &paying,
    .gives = &payable,
    .many = true,
};
const souk_query_t order_note_paid = {
    .sql = &sql_note_paid,
    .takes = &order_ids,
};
const souk_query_t order_give_up_payments = {
    .sql = &sql_give_up_payments,
    .takes = &order_ids,
};
const souk_query_t order_touch_paid = {
    .sql = &sql_touch_paid,
    .takes = &order_ids,
};
const souk_query_t order_claim_paid = {
    .sql = &sql_claim_paid,
    .takes = &souk_stranded,
    .gives = &paid_order,
};
const souk_query_t order_confirm_paid = {
    .sql = &sql_confirm_paid,
    .takes = &paying,
    .gives = &paid_order,
    .many = true,
};

static const souk_ask_t charge_again = {
    .operation = "payment.charge_again",
    .takes = &another_try,
    .gives = &receipt,
    .timeout_ms = &souk_settings.charge_timeout_ms,
};
static const souk_ask_t keep_stock = {
    .operation = "inventory.keep",
    .takes = &order_reference,
    .gives = &keeping,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct payment_wish *wish = request;
    *(struct paying *)state = (struct paying){
        .id = wish->id,
        .user_id = souk_caller(call)->user,
        .key = souk_caller(call)->key,
        .payment_method = wish->payment_method,
        .status = "awaiting_payment",
    };
    return true;
}

static bool is_among(const char *status, const char *const *some)
{
    while (*some && strcmp(status, *some) != 0)
        some++;
    return *some;
}

/* What is paid is paid. */
static void judge(souk_batch_t *batch, size_t i, const struct paying *found)
{
    static const char *const over[] = { "rejected", "cancelling", "cancelled", NULL };
    struct paying *it = souk_batch_state(batch, i);

    if (!found || strcmp(found->user_id, it->user_id) != 0) {
        souk_batch_refuse(batch, i, &order_missing);
    } else if (strcmp(found->status, "placing") == 0) {
        souk_batch_fail(batch, i, &order_running, "order %s is just being placed", it->id);
    } else if (is_among(found->status, over)) {
        souk_batch_fail(batch, i, &order_not_payable, "order %s is %s", it->id, found->status);
    } else if (strcmp(found->status, "awaiting_payment") != 0) {
        it->status = found->status;
        souk_batch_finish(batch, i);
    }
}

static bool find(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_all(batch->all, &order_find_payable, &wanted, &rows))
        return false;
    const souk_index_t *found = souk_index_of(&rows, &payable, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++)
        judge(batch, i, souk_index_find(found, ((struct paying *)souk_batch_state(batch, i))->id));
    return true;
}

static bool ask_payment(souk_call_t *call, const void *state, void *question)
{
    const struct paying *it = state;
    *(struct another_try *)question = (struct another_try){ it->id, it->key, it->payment_method };
    return true;
}

static bool keep_payment(souk_call_t *call, void *state, const void *answer)
{
    static const struct {
        const char *status;
        const souk_error_t *error;
    } refusals[] = {
        { "declined", &order_card_declined },
        { "authentication_required", &order_authentication_required },
        { "insufficient", &order_payment_failed },
    };
    const struct receipt *paid = answer;

    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (strcmp(paid->status, refusals[i].status) == 0)
            return souk_fail(call, refusals[i].error, "%s", refusals[i].error->meaning);
    return true;
}

/* From here on nobody else confirms it, unless this call is lost. */
static bool touch(souk_batch_t *batch)
{
    struct order_ids ids = { souk_batch_texts(batch, offsetof(struct paying, id)) };
    return souk_db_run(batch->all, &order_touch_paid, &ids);
}

static bool name_order(souk_call_t *call, const void *state, void *question)
{
    const struct paying *it = state;
    *(struct order_reference *)question = (struct order_reference){ it->id };
    return true;
}

static bool note_stock(souk_call_t *call, void *state, const void *answer)
{
    struct paying *it = state;
    const struct keeping *kept = answer;
    it->held = kept->held;
    return true;
}

static bool confirm(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_all(batch->all, &order_confirm_paid, &wanted, &rows))
        return false;
    const souk_index_t *found = souk_index_of(&rows, &paid_order, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct paying *it = souk_batch_state(batch, i);
        it->status = ((const struct paying *)souk_index_find(found, it->id))->status;
    }
    return true;
}

static bool answer(souk_call_t *call, const void *state, void *reply)
{
    const struct paying *it = state;
    *(struct order_state *)reply = (struct order_state){ it->id, it->status };
    return true;
}

/* Nothing is undone: money that came is told of by payment, and what is not confirmed with it is
   cancelled. */
const souk_saga_t order_pay = {
    .state = &paying,
    .open = open,
    .steps = {
        { .name = "find", .batch = find },
        {
            .name = "charge",
            .ask = &charge_again,
            .fill = ask_payment,
            .note = keep_payment,
            .alone = true,
        },
        { .name = "touch", .batch = touch, .no_return = true },
        { .name = "keep", .ask = &keep_stock, .fill = name_order, .note = note_stock },
        { .name = "confirm", .batch = confirm },
    },
    .answer = answer,
    .stranded = &order_claim_paid,
    .sweep_ms = &souk_settings.due_ms,
    .passed = souk_saga_always,
    .key = "id",
};

/* Most payments succeed at once, and their orders know it. */
bool order_hear_captured(souk_batch_t *batch)
{
    struct order_ids paid = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct payment_told *told = souk_batch_request(batch, i);
        if (told->late)
            souk_list_add_text(&paid.order_ids, souk_call_pool(batch->all), told->order_id);
    }
    return !paid.order_ids.count || souk_db_run(batch->all, &order_note_paid, &paid);
}

/* An order whose first payment was refused is rejected by whoever placed it. */
bool order_hear_given_up(souk_batch_t *batch)
{
    struct order_ids unpaid = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct payment_told *told = souk_batch_request(batch, i);
        if (told->tries > 1)
            souk_list_add_text(&unpaid.order_ids, souk_call_pool(batch->all), told->order_id);
    }
    return !unpaid.order_ids.count || souk_db_run(batch->all, &order_give_up_payments, &unpaid);
}
