/* What customers have stored to pay with, as they see it. */
#include "methods.h"

#include "queries/payment_methods.h"

const souk_error_t payment_no_such_method = {
    .code = "no_such_payment_method",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The caller has stored no such payment method.",
};

static const souk_record_t choice = {
    .name = "choice",
    .size = sizeof(struct choice),
    .fields = {
        FIELD(choice, user_id),
        FIELD(choice, id),
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

bool payment_lock_methods_of(souk_call_t *call, const souk_list_t *user_ids)
{
    souk_list_t held = { 0 };
    return souk_db_all(call, &payment_lock_methods, &(struct owners){ *user_ids }, &held);
}

static bool lock_own_methods(souk_call_t *call)
{
    souk_list_t caller = { 0 };

    souk_list_add_text(&caller, souk_call_pool(call), souk_caller(call)->user);
    return payment_lock_methods_of(call, &caller);
}

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
