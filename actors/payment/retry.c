/* Charges that failed softly, tried again: by the shop itself when they are due, and for whoever
   asks for it. One try at a time: the status is changed under the row's lock. */
#include "retry.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "charge.h"
#include "queries/payment_retry.h"
#include "settle.h"

enum {
    ASKED_MAX = 20, /* tries of one charge, whoever asks for them */
};

const souk_error_t payment_not_payable = {
    .code = "not_payable",
    .kind = SOUK_CONFLICT,
    .meaning = "The order does not wait for a payment.",
};
const souk_error_t payment_too_many_tries = {
    .code = "too_many_tries",
    .kind = SOUK_CONFLICT,
    .meaning = "The order was tried to be paid too often; nobody can pay it any more.",
};

static const souk_record_t due_payment = {
    .name = "due_payment",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
        FIELD(payment, order_id),
        FIELD(payment, amount),
        FIELD(payment, method),
        FIELD(payment, customer, .optional = true),
        FIELD(payment, manual),
        FIELD(payment, status),
        FIELD(payment, tries),
        FIELD(payment, refused),
    },
};
static const souk_record_t known_try = {
    .name = "known_try",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, order_id),
        FIELD(payment, key),
        FIELD(payment, wish),
        FIELD(payment, status),
    },
};
static const souk_record_t judged_try = {
    .name = "judged_try",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, id),
        FIELD(payment, method, .optional = true),
        FIELD(payment, customer, .optional = true),
        FIELD(payment, tries),
        FIELD(payment, verdict),
    },
};

const souk_query_t payment_claim_due = {
    .sql = &sql_claim_due,
    .takes = &souk_stranded,
    .gives = &due_payment,
};
const souk_query_t payment_find_tries = {
    .sql = &sql_find_tries,
    .takes = &payment,
    .gives = &known_try,
    .many = true,
};
const souk_query_t payment_open_tries = {
    .sql = &sql_open_tries,
    .takes = &payment,
    .gives = &judged_try,
    .many = true,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct another_try *asked = request;
    *(struct payment *)state = (struct payment){
        .id = "",
        .order_id = asked->order_id,
        .status = "",
        .key = asked->key,
        .wish = asked->method,
    };
    return payment_read_method(call, asked->method, state);
}

/* One that is under way is gone on with, and one that has ended is answered as it ended. */
static void join(souk_batch_t *batch, size_t i, const struct payment *known, struct payment *row)
{
    struct payment *it = souk_batch_state(batch, i);

    if (strcmp(known->wish, it->wish) != 0) {
        souk_batch_refuse(batch, i, &souk_key_reused);
        return;
    }
    *it = *row;
    it->status = known->status;
    if (strcmp(known->status, "opened") != 0)
        souk_batch_finish(batch, i);
}

static bool is_paid(const struct payment *row)
{
    return strcmp(row->status, "captured") == 0 || strcmp(row->status, "refunded") == 0 ||
        strcmp(row->status, "partially_refunded") == 0;
}

/* Whether call i may try. Of two in one batch the second sees what the first has made of the row.
 */
static bool begins(souk_batch_t *batch, size_t i, struct payment *row)
{
    struct payment *it = souk_batch_state(batch, i);

    if (!row) {
        souk_batch_refuse(batch, i, &payment_missing);
    } else if (strncmp(row->status, "void", 4) == 0) {
        souk_batch_fail(batch, i, &payment_was_voided, "order %s", it->order_id);
    } else if (strcmp(row->status, "opened") == 0) {
        souk_batch_fail(batch, i, &souk_running, "the order is just being paid");
    } else if (is_paid(row)) {
        *it = *row;
        souk_batch_finish(batch, i);
    } else if (strcmp(row->status, "insufficient") != 0 || row->manual) {
        souk_batch_fail(batch, i, &payment_not_payable, "the payment is %s", row->status);
    } else if (row->tries >= ASKED_MAX) {
        souk_batch_fail(batch, i, &payment_too_many_tries, "%d times", row->tries);
    } else {
        row->status = "opened";
        return true;
    }
    return false;
}

static const struct payment *find_known(const souk_list_t *rows, const struct payment *it)
{
    const struct payment *known = rows->items;

    for (size_t i = 0; i < rows->count; i++)
        if (strcmp(known[i].order_id, it->order_id) == 0 && strcmp(known[i].key, it->key) == 0)
            return &known[i];
    return NULL;
}

/* The state becomes the payment, but for what it is to be paid with, and for what the provider
   calls the try before. */
static void become(struct payment *it, const struct payment *row)
{
    const struct payment wish = *it;

    *it = *row;
    it->key = wish.key;
    it->wish = wish.wish;
    it->reference = NULL;
    it->method = wish.method;
    it->method_id = wish.method_id;
}

static souk_list_t choose(souk_batch_t *batch, const souk_list_t *locked, const souk_list_t *known)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    const souk_index_t *payments = souk_index_of(locked, &locked_payment, "order_id", pool);
    souk_list_t begun = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        struct payment *row = souk_index_find(payments, it->order_id);
        const struct payment *before = find_known(known, it);
        if (before) {
            join(batch, i, before, row);
        } else if (begins(batch, i, row)) {
            become(it, row);
            *(struct payment *)souk_list_add(&begun, pool, sizeof *it) = *it;
        }
    }
    return begun;
}

static bool save(souk_batch_t *batch, const souk_list_t *begun)
{
    souk_list_t rows = { 0 };

    if (!begun->count)
        return true;
    if (!souk_db_all(batch->all, &payment_open_tries, begun, &rows))
        return false;
    const souk_index_t *judged =
        souk_index_of(&rows, &judged_try, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        const struct payment *row = it->key ? souk_index_find(judged, it->id) : NULL;
        if (!row || souk_batch_done(batch, i))
            continue;
        it->method = row->method;
        it->customer = row->customer;
        it->tries = row->tries;
        it->verdict = row->verdict;
        if (strcmp(row->verdict, "opened") != 0)
            payment_refuse(batch, i, it);
    }
    return true;
}

static bool begin(souk_batch_t *batch)
{
    souk_list_t orders = payment_orders_of(batch), wanted = souk_batch_gather(batch);
    souk_list_t locked = { 0 }, known = { 0 };

    if (!payment_lock(batch, &orders, &locked) ||
        !souk_db_all(batch->all, &payment_find_tries, &wanted, &known))
        return false;
    souk_list_t begun = choose(batch, &locked, &known);
    return save(batch, &begun);
}

/* What is due has begun when it is claimed. From there on it is a charge like any other, and so is
   what a crash leaves of it. */
const souk_saga_t payment_charge_again = {
    .state = &payment,
    .open = open,
    .steps = {
        { .name = "begin", .batch = begin, .no_return = true },
        { .name = "provider", .outside = payment_charge_outside },
        { .name = "settle", .batch = payment_settle_charge },
    },
    .answer = payment_answer_charge,
    .stranded = &payment_claim_due,
    .sweep_ms = &souk_settings.due_ms,
    .key = "id",
    .passed = souk_saga_always,
    .patience_ms = &souk_settings.charge_timeout_ms,
};
