/* Payments: each order is charged once at the most, and never after it was voided. */
#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "queries/payment.h"
#include "records.h"
#include "simulator.h"

static const struct provider *const provider = &simulator;

static const souk_error_t unknown_payment_method = {
    .code = "unknown_payment_method",
    .kind = SOUK_MISUSED,
    .meaning = "There is no such payment method.",
};
static const souk_error_t payment_voided = {
    .code = "payment_voided",
    .kind = SOUK_CONFLICT,
    .meaning = "The order's payment was voided.",
};

static const souk_query_t open_payments = {
    .sql = &sql_open_payments,
    .takes = &payment,
    .gives = &opened_payment,
    .commits = true,
    .many = true,
};
static const souk_query_t find_payments = {
    .sql = &sql_find_payments,
    .takes = &order_ids,
    .gives = &payment,
    .commits = true,
};
static const souk_query_t settle_payments = {
    .sql = &sql_settle_payments,
    .takes = &payment,
    .many = true,
};
static const souk_query_t claim_opened = {
    .sql = &sql_claim_opened,
    .takes = &souk_stranded,
    .gives = &payment,
};
static const souk_query_t bury_payments = {
    .sql = &sql_bury_payments,
    .takes = &payment,
    .many = true,
};
static const souk_query_t void_payments = {
    .sql = &sql_void_payments,
    .takes = &order_ids,
    .gives = &voided_payment,
};
static const souk_query_t settle_voids = {
    .sql = &sql_settle_voids,
    .takes = &payment,
    .many = true,
};
static const souk_query_t claim_voiding = {
    .sql = &sql_claim_voiding,
    .takes = &souk_stranded,
    .gives = &voided_payment,
};

static const char *new_id(souk_call_t *call)
{
    char *id = souk_alloc(call, SOUK_ID_SIZE);
    souk_id_new(id);
    return id;
}

static bool open_charge(souk_call_t *call, const void *request, void *state)
{
    const struct bill *asked = request;

    if (!provider->takes(asked->method))
        return souk_fail(call, &unknown_payment_method, "there is no payment method %s",
            asked->method);
    *(struct payment *)state = (struct payment){
        .id = new_id(call),
        .order_id = asked->order_id,
        .amount = asked->amount,
        .method = asked->method,
        .status = "opened",
    };
    return true;
}

static souk_list_t order_ids_of(souk_batch_t *batch)
{
    souk_list_t ids = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct payment *it = souk_batch_state(batch, i);
        souk_list_add_text(&ids, souk_call_pool(batch->all), it->order_id);
    }
    return ids;
}

static bool open(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_all(batch->all, &open_payments, &wanted, &rows))
        return false;
    const souk_index_t *opened =
        souk_index_of(&rows, &opened_payment, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        it->joins = !souk_index_find(opened, it->id);
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
    return ids.order_ids.count == 0 || souk_db_all(batch->all, &find_payments, &ids, rows);
}

/* Who asks again for a charge that is under way goes on with it: the provider charges once by key,
   and whoever settles first settles for both. */
static bool join(souk_batch_t *batch)
{
    souk_list_t rows = { 0 };

    if (!find_joined(batch, &rows))
        return false;
    const souk_index_t *known =
        souk_index_of(&rows, &payment, "order_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        if (!it->joins)
            continue;
        *it = *(const struct payment *)souk_index_find(known, it->order_id);
        if (strncmp(it->status, "void", 4) == 0)
            souk_batch_fail(batch, i, &payment_voided, "order %s", it->order_id);
        else if (strcmp(it->status, "opened") != 0)
            souk_batch_finish(batch, i);
    }
    return true;
}

/* What became of charges whose answer did not come. Those that never arrived are asked anew. */
static bool look_up(souk_batch_t *batch, souk_list_t *lost)
{
    struct charge **charges = lost->items;

    if (lost->count && !provider->find(batch->all, lost))
        return false;
    for (size_t i = 0; i < lost->count; i++)
        if (!charges[i]->outcome)
            charges[i]->asked_ms = 0;
    return true;
}

static bool is_lost(const struct charge *charge)
{
    return !charge->outcome &&
        souk_clock_ms() - charge->asked_ms >= souk_settings.provider_timeout_ms;
}

static int pause_ms(const struct charge *charge)
{
    int64_t left_ms = charge->asked_ms + souk_settings.provider_timeout_ms - souk_clock_ms();
    int64_t pause = left_ms < charge->wait_ms ? left_ms : charge->wait_ms;
    return pause > 0 ? (int)pause : 1;
}

static bool ask_provider(souk_batch_t *batch)
{
    souk_list_t charges = { 0 }, lost = { 0 };
    souk_pool_t *pool = souk_call_pool(batch->all);

    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        if (!it->charge.key)
            it->charge = (struct charge){ it->order_id, it->amount, it->method };
        *(struct charge **)souk_list_add(&charges, pool, sizeof(struct charge *)) = &it->charge;
    }
    if (!provider->charge(batch->all, &charges))
        return false;
    for (size_t i = 0; i < charges.count; i++) {
        struct charge *charge = ((struct charge **)charges.items)[i];
        if (is_lost(charge))
            *(struct charge **)souk_list_add(&lost, pool, sizeof charge) = charge;
    }
    if (!look_up(batch, &lost))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        if (it->charge.outcome)
            it->status = it->charge.outcome;
        else
            souk_batch_wait(batch, i, pause_ms(&it->charge));
    }
    return true;
}

static bool settle(souk_batch_t *batch)
{
    souk_list_t settled = souk_batch_gather(batch);
    return souk_db_run(batch->all, &settle_payments, &settled);
}

static bool answer_charge(souk_call_t *call, const void *state, void *reply)
{
    const struct payment *it = state;
    *(struct receipt *)reply = (struct receipt){ it->id, it->status };
    return true;
}

/* Once a charge is opened only the provider knows what becomes of it, so there is no way back: also
   what a crash left, or who was given up on the way to .join, is asked for again by the sweeper, by
   its key, until the outcome is known. Who wants the money back says so with payment.void. */
static bool goes_on(const void *state)
{
    return true;
}

/* Who charges is an order, which tells its customer itself that it takes longer. */
static const souk_saga_t charge_saga = {
    .state = &payment,
    .open = open_charge,
    .steps = {
        { .name = "open", .batch = open },
        { .name = "join", .batch = join, .no_return = true },
        { .name = "provider", .outside = ask_provider },
        { .name = "settle", .batch = settle },
    },
    .answer = answer_charge,
    .stranded = &claim_opened,
    .key = "id",
    .passed = goes_on,
    .patience_ms = &souk_settings.charge_timeout_ms,
};

static bool open_void(souk_call_t *call, const void *request, void *state)
{
    const struct order_key *key = request;
    *(struct payment *)state = (struct payment){
        .id = new_id(call),
        .order_id = key->order_id,
        .status = "voided",
    };
    return true;
}

static bool close(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };
    struct order_ids ids = { order_ids_of(batch) };

    if (!souk_db_run(batch->all, &bury_payments, &wanted) ||
        !souk_db_all(batch->all, &void_payments, &ids, &rows))
        return false;
    const souk_index_t *known =
        souk_index_of(&rows, &voided_payment, "order_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        *it = *(const struct payment *)souk_index_find(known, it->order_id);
        if (strcmp(it->status, "opened") == 0)
            souk_batch_fail(batch, i, &souk_running,
                "what became of the charge of order %s is not known yet", it->order_id);
        else if (strcmp(it->status, "voiding") != 0)
            souk_batch_finish(batch, i);
    }
    return true;
}

static bool refund(souk_batch_t *batch)
{
    souk_list_t keys = order_ids_of(batch);
    return provider->refund(batch->all, &keys);
}

static bool settle_void(souk_batch_t *batch)
{
    souk_list_t settled = souk_batch_gather(batch);
    return souk_db_run(batch->all, &settle_voids, &settled);
}

static bool answer_void(souk_call_t *call, const void *state, void *reply)
{
    return true;
}

static const souk_saga_t void_saga = {
    .state = &payment,
    .open = open_void,
    .steps = {
        { .name = "close", .batch = close, .no_return = true },
        { .name = "refund", .outside = refund },
        { .name = "settle", .batch = settle_void },
    },
    .answer = answer_void,
    .stranded = &claim_voiding,
    .key = "id",
    .passed = goes_on,
    .patience_ms = &souk_settings.charge_timeout_ms,
};

const souk_actor_t payment_actor = {
    .name = "payment",
    .summary = "Charges orders, and gives the money back.",
    .queries = {
        &open_payments,
        &find_payments,
        &settle_payments,
        &claim_opened,
        &bury_payments,
        &void_payments,
        &settle_voids,
        &claim_voiding,
        &simulator_charge,
        &simulator_find,
        &simulator_refund,
    },
    .operations = {
        {
            .name = "payment.charge",
            .summary = "Take the money for an order; a refusal is an answer, too.",
            .request = &bill,
            .reply = &receipt,
            .errors = { &unknown_payment_method, &payment_voided },
            .saga = &charge_saga,
            .writes = true,
            .repeatable = true,
        },
        {
            .name = "payment.void",
            .summary = "Give back what an order was charged, also if it is only charged later.",
            .request = &order_key,
            .reply = &souk_nothing,
            .saga = &void_saga,
            .writes = true,
            .repeatable = true,
        },
    },
};
