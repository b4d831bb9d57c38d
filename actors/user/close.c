/* Closing an account: nobody can log in any more, and who it was is forgotten; orders stay. */
#include "accounts.h"

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "queries/user.h"

/* On its way; the password is written down nowhere. */
static const souk_record_t closing = {
    .name = "closing",
    .size = sizeof(struct closure),
    .fields = {
        FIELD(closure, id),
        FIELD(closure, attempt),
    },
};

const souk_query_t user_lock_closing = {
    .sql = &sql_lock_accounts,
    .takes = &closing,
    .many = true,
};
const souk_query_t user_begin_closures = {
    .sql = &sql_begin_closures,
    .takes = &closing,
    .gives = &closing,
    .many = true,
};
const souk_query_t user_settle_closures = {
    .sql = &sql_settle_closures,
    .takes = &closing,
    .gives = &account_key,
    .many = true,
};
const souk_query_t user_claim_closures = {
    .sql = &sql_claim_closures,
    .takes = &souk_stranded,
    .gives = &closing,
};

/* Whoever knows more of a user than the id. */
static const souk_ask_t forget_payments = {
    .operation = "payment.forget",
    .takes = &user_key,
    .gives = &souk_nothing,
};
static const souk_ask_t drop_cart = {
    .operation = "cart.drop_of",
    .takes = &user_key,
    .gives = &souk_nothing,
};
static const souk_ask_t forget_orders = {
    .operation = "order.forget",
    .takes = &user_key,
    .gives = &souk_nothing,
};

static const struct souk_nothing nothing;

static bool open(souk_call_t *call, const void *request, void *state)
{
    struct closure *it = state;

    *it = *(const struct closure *)request;
    it->id = souk_caller(call)->user;
    return true;
}

static bool ask_proof(souk_call_t *call, const void *state, void *question)
{
    const struct closure *it = state;
    *(struct proof *)question = (struct proof){ it->id, it->password, true };
    return true;
}

static bool begin(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_run(batch->all, &user_lock_closing, &wanted) ||
        !souk_db_all(batch->all, &user_begin_closures, &wanted, &rows))
        return false;
    const souk_index_t *begun = souk_index_of(&rows, &closing, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct closure *it = souk_batch_state(batch, i), *row = souk_index_find(begun, it->id);
        if (!row || row->attempt == 0) {
            souk_batch_fail(batch, i, &souk_running, "the account is just being changed");
            continue;
        }
        it->attempt = row->attempt;
        row->attempt = 0; /* it is this call's: another of the same user comes second */
        if (!souk_batch_keep(batch, i, &nothing))
            return false;
    }
    return true;
}

/* Who is gone has no password any more, and is known by the key alone. */
static bool recall(souk_batch_t *batch)
{
    struct souk_nothing reply;

    for (size_t i = 0; i < batch->count; i++)
        if (!souk_batch_recall(batch, i, &reply))
            return false;
    return true;
}

static bool name_user(souk_call_t *call, const void *state, void *question)
{
    const struct closure *it = state;
    *(struct user_key *)question = (struct user_key){ it->id };
    return true;
}

static bool settle(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_all(batch->all, &user_settle_closures, &wanted, &rows))
        return false;
    souk_batch_fail_overtaken(batch, &rows, &account_key);
    return true;
}

/* Once begun it is only finished: a credential that is forgotten cannot be brought back. */
const souk_saga_t user_close = {
    .state = &closing,
    .open = open,
    .steps = {
        { .name = "confirm", .ask = &user_confirm, .fill = ask_proof, .alone = true },
        { .name = "begin", .batch = begin, .no_return = true },
        { .name = "forget", .ask = &user_forget, .fill = name_user },
        { .name = "forget_payments", .ask = &forget_payments, .fill = name_user },
        { .name = "drop_cart", .ask = &drop_cart, .fill = name_user },
        { .name = "forget_orders", .ask = &forget_orders, .fill = name_user },
        { .name = "settle", .batch = settle },
    },
    .recall = recall,
    .answer = souk_saga_answer_nothing,
    .stranded = &user_claim_closures,
    .passed = souk_saga_always,
    .key = "id",
    .most = &souk_settings.registrations_max,
};
