/* The money of an order, taken at once or set aside: once at the most, and never after it was
   voided. */
#include "charge.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "queries/payment.h"
#include "settle.h"

const souk_error_t payment_was_voided = {
    .code = "payment_voided",
    .kind = SOUK_CONFLICT,
    .meaning = "The order's payment was voided.",
};
const souk_error_t payment_not_eligible = {
    .code = "not_eligible",
    .kind = SOUK_FORBIDDEN,
    .meaning = "The shop takes no payment from this customer, or none in this currency.",
};
const souk_error_t payment_limit_exceeded = {
    .code = "limit_exceeded",
    .kind = SOUK_CONFLICT,
    .meaning = "This is more than the customer may pay at once, or in one day.",
};

const souk_query_t payment_open_rows = {
    .sql = &sql_open_payments,
    .takes = &payment,
    .gives = &opened_payment,
    .commits = true,
    .many = true,
};
const souk_query_t payment_judge_rows = {
    .sql = &sql_judge_payments,
    .takes = &payment,
    .gives = &judged_payment,
    .many = true,
};
const souk_query_t payment_find_rows = {
    .sql = &sql_find_payments,
    .takes = &order_ids,
    .gives = &known_payment,
    .commits = true,
};
const souk_query_t payment_claim_opened = {
    .sql = &sql_claim_opened,
    .takes = &souk_stranded,
    .gives = &known_payment,
};

bool payment_read_method(souk_call_t *call, const char *method, struct payment *into)
{
    bool stored = souk_uuid_parse(method, (uint8_t[SOUK_UUID_BYTES]){ 0 });

    into->method = stored ? NULL : method;
    into->method_id = stored ? method : NULL;
    return stored || payment_provider()->takes(method) ||
        souk_fail(call, &payment_unknown_method, "there is no payment method %s", method);
}

static bool open_payment(souk_call_t *call, const struct bill *asked, bool manual, void *state)
{
    *(struct payment *)state = (struct payment){
        .id = souk_call_new_id(call),
        .order_id = asked->order_id,
        .user_id = asked->user_id ? asked->user_id : souk_caller(call)->user,
        .amount = asked->amount,
        .manual = manual,
        .status = "opened",
        .tries = 1,
    };
    return payment_read_method(call, asked->method, state);
}

static bool open_charge(souk_call_t *call, const void *request, void *state)
{
    return open_payment(call, request, false, state);
}

static bool open_authorization(souk_call_t *call, const void *request, void *state)
{
    return open_payment(call, request, true, state);
}

static bool open(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_all(batch->all, &payment_open_rows, &wanted, &rows))
        return false;
    const souk_index_t *opened =
        souk_index_of(&rows, &opened_payment, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        it->joins = !souk_index_find(opened, it->id);
    }
    return true;
}

static souk_list_t unopened(souk_batch_t *batch)
{
    souk_list_t payments = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct payment *it = souk_batch_state(batch, i);
        if (it->joins)
            *(struct payment *)souk_list_add(&payments, souk_call_pool(batch->all), sizeof *it) =
                *it;
    }
    return payments;
}

static bool judge(souk_batch_t *batch)
{
    souk_list_t wanted = unopened(batch), rows = { 0 };

    if (wanted.count == 0)
        return true;
    if (!souk_db_all(batch->all, &payment_judge_rows, &wanted, &rows))
        return false;
    const souk_index_t *judged =
        souk_index_of(&rows, &judged_payment, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        const struct payment *row = it->joins ? souk_index_find(judged, it->id) : NULL;
        if (!row)
            continue;
        it->verdict = row->verdict;
        it->method = row->method;
        it->customer = row->customer;
        it->joins = strcmp(row->verdict, "opened") != 0;
    }
    return true;
}

static bool find_joined(souk_batch_t *batch, souk_list_t *rows)
{
    struct order_ids ids = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct payment *it = souk_batch_state(batch, i);
        if (it->joins)
            souk_list_add_text(&ids.order_ids, souk_call_pool(batch->all), it->order_id);
    }
    return ids.order_ids.count == 0 || souk_db_all(batch->all, &payment_find_rows, &ids, rows);
}

void payment_refuse(souk_batch_t *batch, size_t i, const struct payment *it)
{
    if (!it->verdict)
        souk_batch_refuse(batch, i, &souk_internal);
    else if (strcmp(it->verdict, "unknown_method") == 0)
        souk_batch_fail(batch, i, &payment_unknown_method, "there is no payment method %s",
            it->method_id);
    else if (strcmp(it->verdict, "not_eligible") == 0)
        souk_batch_refuse(batch, i, &payment_not_eligible);
    else
        souk_batch_refuse(batch, i, &payment_limit_exceeded);
}

/* Who pays with something stored or has terms is judged first. Who asks again for a charge that is
   under way goes on with it: the provider charges once by key, and whoever settles first settles
   for both. Also who may not pay any more is told of what was paid before. */
static bool join(souk_batch_t *batch)
{
    souk_list_t rows = { 0 };

    if (!judge(batch) || !find_joined(batch, &rows))
        return false;
    const souk_index_t *known =
        souk_index_of(&rows, &known_payment, "order_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        const struct payment *row = it->joins ? souk_index_find(known, it->order_id) : NULL;
        if (row)
            *it = *row;
        if (!row && it->joins)
            payment_refuse(batch, i, it);
        else if (strncmp(it->status, "void", 4) == 0)
            souk_batch_fail(batch, i, &payment_was_voided, "order %s", it->order_id);
        else if (strcmp(it->status, "opened") != 0)
            souk_batch_finish(batch, i);
    }
    return true;
}

/* Once a charge is opened only the provider knows what becomes of it, so there is no way back: also
   what a crash left, or who was given up on the way to .join, is asked for again by the sweeper, by
   its key, until the outcome is known. Who wants the money back says so with payment.void. Who
   charges is an order, which tells its customer itself that it takes longer. */
#define STEPS                                                                                      \
    {                                                                                              \
        { .name = "open", .batch = open }, { .name = "join", .batch = join, .no_return = true },   \
            { .name = "provider", .outside = payment_charge_outside },                             \
            { .name = "settle", .batch = payment_settle_charge },                                  \
    }

const souk_saga_t payment_charge = {
    .state = &payment,
    .open = open_charge,
    .steps = STEPS,
    .answer = payment_answer_charge,
    .stranded = &payment_claim_opened,
    .key = "id",
    .passed = souk_saga_always,
    .patience_ms = &souk_settings.charge_timeout_ms,
};

/* What a crash left of these is taken up by payment.charge. */
const souk_saga_t payment_authorize = {
    .state = &payment,
    .open = open_authorization,
    .steps = STEPS,
    .answer = payment_answer_charge,
    .key = "id",
    .patience_ms = &souk_settings.charge_timeout_ms,
};
