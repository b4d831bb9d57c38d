/* What customers have stored to pay with. The provider is asked about a token before anything is
   written; the token itself is told to nobody afterwards. */
#include "methods.h"

#include <string.h>

#include "queries/payment.h"

enum {
    METHODS_MAX = 20, /* of one customer */
};

const souk_error_t payment_no_such_method = {
    .code = "no_such_payment_method",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The caller has stored no such payment method.",
};
const souk_error_t payment_methods_full = {
    .code = "too_many_payment_methods",
    .kind = SOUK_MISUSED,
    .meaning = "A customer can store 20 payment methods at most.",
};

struct storing {
    const char *id;
    const char *user_id;
    const char *token;
    const char *label;
    const char *brand;
    const char *last4;
    int expiry_month;
    int expiry_year;
    int most;
    struct card card;
    struct stored_method stored;
};
static const souk_record_t storing = {
    .name = "storing",
    .size = sizeof(struct storing),
    .fields = {
        FIELD(storing, id),
        FIELD(storing, user_id),
        FIELD(storing, token, .secret = true),
        FIELD(storing, label, .optional = true),
        FIELD(storing, brand),
        FIELD(storing, last4),
        FIELD(storing, expiry_month),
        FIELD(storing, expiry_year),
        FIELD(storing, most),
    },
};

/* A stored method that somebody names, who must be its owner. */
struct choice {
    const char *user_id;
    const char *id;
};
static const souk_record_t choice = {
    .name = "choice",
    .size = sizeof(struct choice),
    .fields = {
        FIELD(choice, user_id),
        FIELD(choice, id),
    },
};
static const souk_record_t owner = {
    .name = "owner",
    .size = sizeof(struct choice),
    .fields = {
        FIELD(choice, user_id),
    },
};

struct owners {
    souk_list_t user_ids;
};
static const souk_record_t owners = {
    .name = "owners",
    .size = sizeof(struct owners),
    .fields = {
        FIELD(owners, user_ids),
    },
};

struct lock {
    bool locked;
};
static const souk_record_t lock = {
    .name = "lock",
    .size = sizeof(struct lock),
    .fields = {
        FIELD(lock, locked),
    },
};

const souk_query_t payment_lock_methods = {
    .sql = &sql_lock_methods,
    .takes = &owners,
    .gives = &lock,
};
const souk_query_t payment_save_method = {
    .sql = &sql_save_method,
    .takes = &storing,
    .gives = &stored_method,
};
const souk_query_t payment_list_methods = {
    .sql = &sql_list_methods,
    .takes = &owner,
    .gives = &stored_method,
};
const souk_query_t payment_choose_method = {
    .sql = &sql_choose_method,
    .takes = &choice,
};
const souk_query_t payment_set_default = {
    .sql = &sql_set_default,
    .takes = &choice,
    .gives = &stored_method,
    .missing = &payment_no_such_method,
};
const souk_query_t payment_drop_method = {
    .sql = &sql_drop_method,
    .takes = &choice,
    .gives = &stored_method,
    .missing = &payment_no_such_method,
};
const souk_query_t payment_promote_method = {
    .sql = &sql_promote_method,
    .takes = &owner,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct method_wish *wish = request;

    if (!payment_provider()->takes(wish->token))
        return souk_fail(call, &payment_unknown_method, "%s", payment_unknown_method.meaning);
    *(struct storing *)state = (struct storing){
        .id = payment_new_id(call),
        .user_id = souk_caller(call)->user,
        .token = wish->token,
        .label = wish->label,
        .most = METHODS_MAX,
        .card = { .token = wish->token },
    };
    return true;
}

static void take_card(souk_batch_t *batch, size_t i)
{
    struct storing *it = souk_batch_state(batch, i);
    const struct card *card = &it->card;

    if (!card->outcome) {
        souk_batch_wait(batch, i, card->wait_ms > 0 ? card->wait_ms : 1);
    } else if (strcmp(card->outcome, "known") == 0) {
        it->brand = card->brand;
        it->last4 = card->last4;
        it->expiry_month = card->expiry_month;
        it->expiry_year = card->expiry_year;
    } else if (strcmp(card->outcome, "unknown") == 0) {
        souk_batch_fail(batch, i, &payment_unknown_method, "%s", payment_unknown_method.meaning);
    } else {
        souk_batch_fail(batch, i, &souk_unavailable, "the payment provider does not answer");
    }
}

static bool inspect(souk_batch_t *batch)
{
    souk_list_t cards = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        struct storing *it = souk_batch_state(batch, i);
        it->card.pool = souk_call_pool(batch->calls[i]);
        *(struct card **)souk_list_add(&cards, souk_call_pool(batch->all), sizeof(struct card *)) =
            &it->card;
    }
    if (!payment_provider()->inspect(batch->all, &cards))
        return false;
    for (size_t i = 0; i < batch->count; i++)
        take_card(batch, i);
    return true;
}

static bool lock_methods(souk_call_t *call, const struct owners *of)
{
    souk_list_t held = { 0 };
    return souk_db_all(call, &payment_lock_methods, of, &held);
}

static bool lock_own_methods(souk_call_t *call)
{
    struct owners caller = { 0 };

    souk_list_add_text(&caller.user_ids, souk_call_pool(call), souk_caller(call)->user);
    return lock_methods(call, &caller);
}

static bool lock_all_methods(souk_batch_t *batch)
{
    struct owners all = { 0 };

    for (size_t i = 0; i < batch->count; i++)
        souk_list_add_text(&all.user_ids, souk_call_pool(batch->all),
            ((struct storing *)souk_batch_state(batch, i))->user_id);
    return lock_methods(batch->all, &all);
}

static bool recall_one(souk_batch_t *batch, size_t i)
{
    return souk_batch_recall(batch, i, &((struct storing *)souk_batch_state(batch, i))->stored);
}

static bool save_one(souk_batch_t *batch, size_t i)
{
    struct storing *it = souk_batch_state(batch, i);
    souk_list_t rows = { 0 };

    if (!souk_db_all(batch->all, &payment_save_method, it, &rows))
        return false;
    if (rows.count == 0) {
        souk_batch_fail(batch, i, &payment_methods_full, "%s", payment_methods_full.meaning);
        return true;
    }
    it->stored = *(struct stored_method *)rows.items;
    return souk_batch_keep(batch, i, &it->stored);
}

/* Few are stored at once, if ever: but for the locks there is nothing to be shared. */
static bool save(souk_batch_t *batch)
{
    if (!lock_all_methods(batch))
        return false;
    for (size_t i = 0; i < batch->count; i++)
        if (!recall_one(batch, i) || (!souk_batch_done(batch, i) && !save_one(batch, i)))
            return false;
    return true;
}

static bool recall(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        if (!recall_one(batch, i))
            return false;
    return true;
}

static bool answer(souk_call_t *call, const void *state, void *reply)
{
    *(struct stored_method *)reply = ((const struct storing *)state)->stored;
    return true;
}

const souk_saga_t payment_store_method = {
    .state = &storing,
    .open = open,
    .steps = {
        { .name = "inspect", .outside = inspect },
        { .name = "save", .batch = save, .no_return = true },
    },
    .recall = recall,
    .answer = answer,
    .key = "id",
};

bool payment_tell_methods(souk_call_t *call, const void *request, void *reply)
{
    struct stored_methods *it = reply;
    return souk_db_all(call, &payment_list_methods,
        &(struct choice){ souk_caller(call)->user, NULL }, &it->items);
}

bool payment_choose(souk_call_t *call, const void *request, void *reply)
{
    struct choice wanted = { souk_caller(call)->user, ((const struct method_id *)request)->id };

    return lock_own_methods(call) && souk_db_run(call, &payment_choose_method, &wanted) &&
        souk_db_one(call, &payment_set_default, &wanted, reply);
}

/* What is under way is paid with it all the same: a payment has its token by itself. */
bool payment_drop(souk_call_t *call, const void *request, void *reply)
{
    struct choice wanted = { souk_caller(call)->user, ((const struct method_id *)request)->id };
    struct stored_method dropped = { 0 };

    return lock_own_methods(call) && souk_db_one(call, &payment_drop_method, &wanted, &dropped) &&
        souk_db_run(call, &payment_promote_method, &wanted);
}
