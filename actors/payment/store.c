/* Storing a method: the provider makes its user a customer, once, and keeps the method for him, so
   that it pays more than once. The token itself is told to nobody afterwards. */
#include <string.h>

#include "methods.h"
#include "queries/payment_methods.h"

enum {
    METHODS_MAX = 20, /* of one customer */
};

const souk_error_t payment_methods_full = {
    .code = "too_many_payment_methods",
    .kind = SOUK_MISUSED,
    .meaning = "A customer can store 20 payment methods at most.",
};
const souk_error_t payment_card_declined = {
    .code = "card_declined",
    .kind = SOUK_DECLINED,
    .meaning = "The bank refuses this card. Nothing is stored.",
};

static const souk_record_t card = {
    .name = "card",
    .size = sizeof(struct card),
    .fields = {
        FIELD(card, brand),
        FIELD(card, last4),
        FIELD(card, expiry_month),
        FIELD(card, expiry_year),
    },
};

struct storing {
    const char *id;
    const char *user_id;
    const char *token;
    const char *label;
    const char *customer;
    int attempt;
    struct card card;
    struct deed enrolling, attaching;
    struct stored_method stored;
};
static const souk_record_t storing = {
    .name = "storing",
    .size = sizeof(struct storing),
    .fields = {
        FIELD(storing, id),
        FIELD(storing, user_id),
        FIELD(storing, token, .secret = true),
        FIELD(storing, customer),
        FIELD(storing, label, .optional = true),
        FIELD(storing, card, .of = &card),
    },
};
static const souk_record_t stored_token = {
    .name = "stored_token",
    .size = sizeof(struct storing),
    .fields = {
        FIELD(storing, user_id),
        FIELD(storing, token, .secret = true),
    },
};
static const souk_record_t attached_token = {
    .name = "attached_token",
    .size = sizeof(struct storing),
    .fields = {
        FIELD(storing, id),
        FIELD(storing, user_id),
        FIELD(storing, token, .secret = true),
        FIELD(storing, customer),
    },
};
static const souk_record_t enrolled = {
    .name = "enrolled",
    .size = sizeof(struct storing),
    .fields = {
        FIELD(storing, user_id),
        FIELD(storing, customer, .optional = true),
        FIELD(storing, attempt),
    },
};

struct standing {
    const char *customer;
    int attempt;
    bool gone;
    int others;
    bool parting;
};
static const souk_record_t standing = {
    .name = "standing",
    .size = sizeof(struct standing),
    .fields = {
        FIELD(standing, customer, .optional = true),
        FIELD(standing, attempt),
        FIELD(standing, gone, .doc = "whether the account is closed"),
        FIELD(standing, others, .doc = "how many other methods are stored"),
        FIELD(standing, parting, .doc = "whether the provider is just forgetting this one"),
    },
};

const souk_query_t payment_know_customer = {
    .sql = &sql_know_customer,
    .takes = &stored_token,
    .gives = &standing,
};
const souk_query_t payment_save_customer = {
    .sql = &sql_save_customer,
    .takes = &enrolled,
};
const souk_query_t payment_save_method = {
    .sql = &sql_save_method,
    .takes = &storing,
    .gives = &stored_method,
};
const souk_query_t payment_unsave_method = {
    .sql = &sql_unsave_method,
    .takes = &attached_token,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct method_wish *wish = request;

    if (!payment_provider()->takes(wish->token))
        return souk_refuse(call, &payment_unknown_method);
    *(struct storing *)state = (struct storing){
        .id = souk_call_new_id(call),
        .user_id = souk_caller(call)->user,
        .token = wish->token,
        .label = wish->label,
    };
    return true;
}

static const souk_error_t *flaw_of(const struct standing *now)
{
    if (now->gone)
        return &souk_unauthorized;
    if (now->parting)
        return &payment_unknown_method;
    return now->others < METHODS_MAX ? NULL : &payment_methods_full;
}

static void give_up(souk_batch_t *batch, size_t i)
{
    souk_batch_fail(batch, i, &souk_unavailable, "the payment provider does not answer");
}

/* Few are stored at once, if ever, so each is looked at by itself. */
static bool each(souk_batch_t *batch, bool (*work)(souk_batch_t *batch, size_t i))
{
    for (size_t i = 0; i < batch->count; i++)
        if (!work(batch, i))
            return false;
    return true;
}

static struct deed *enrolling(souk_batch_t *batch, size_t i)
{
    return &((struct storing *)souk_batch_state(batch, i))->enrolling;
}

static void begin_enrolling(souk_batch_t *batch, size_t i, const struct standing *now)
{
    struct storing *it = souk_batch_state(batch, i);
    const souk_error_t *flaw = flaw_of(now);

    it->attempt = now->attempt;
    it->enrolling =
        (struct deed){ .key = it->user_id, .user_id = it->user_id, .attempt = now->attempt };
    if (flaw) {
        souk_batch_refuse(batch, i, flaw);
        it->enrolling.outcome = "refused";
    } else if (now->customer) {
        it->customer = souk_pool_format(souk_call_pool(batch->calls[i]), "%s", now->customer);
        it->enrolling.outcome = "enrolled";
    }
}

/* Once: the step is come back to as long as the provider has not answered. */
static bool know_customer(souk_batch_t *batch, size_t i)
{
    struct standing now = { 0 };

    if (enrolling(batch, i)->key)
        return true;
    if (!souk_db_one(batch->all, &payment_know_customer, souk_batch_state(batch, i), &now))
        return false;
    begin_enrolling(batch, i, &now);
    return true;
}

/* What he is called is written down before anything is kept for him, and so is an attempt that went
   wrong in a way that would be answered for ever. */
static bool save_customer(souk_batch_t *batch, size_t i)
{
    struct storing *it = souk_batch_state(batch, i);

    if (!it->enrolling.outcome || it->customer || souk_batch_failed(batch, i))
        return true;
    it->customer = it->enrolling.customer;
    it->attempt = it->enrolling.attempt;
    if (!it->customer)
        give_up(batch, i);
    return souk_db_run(batch->all, &payment_save_customer, it);
}

static bool enroll(souk_batch_t *batch)
{
    return each(batch, know_customer) &&
        payment_ask(batch, enrolling, payment_provider()->enroll) && each(batch, save_customer);
}

static struct deed *attaching(souk_batch_t *batch, size_t i)
{
    struct storing *it = souk_batch_state(batch, i);

    if (!it->attaching.key)
        it->attaching = (struct deed){
            .key = it->id,
            .user_id = it->user_id,
            .customer = it->customer,
            .method = it->token,
            .card = &it->card,
        };
    return &it->attaching;
}

static void judge_attachment(souk_batch_t *batch, size_t i)
{
    const char *outcome = attaching(batch, i)->outcome;

    if (!outcome || strcmp(outcome, "attached") == 0)
        return;
    if (strcmp(outcome, "unknown") == 0)
        souk_batch_refuse(batch, i, &payment_unknown_method);
    else if (strcmp(outcome, "declined") == 0)
        souk_batch_refuse(batch, i, &payment_card_declined);
    else
        give_up(batch, i);
}

static bool attach(souk_batch_t *batch)
{
    if (!payment_ask(batch, attaching, payment_provider()->attach))
        return false;
    for (size_t i = 0; i < batch->count; i++)
        judge_attachment(batch, i);
    return true;
}

static bool lock_all_methods(souk_batch_t *batch)
{
    souk_list_t user_ids = souk_batch_texts(batch, offsetof(struct storing, user_id));
    return payment_lock_methods_of(batch->all, &user_ids);
}

static bool recall_one(souk_batch_t *batch, size_t i)
{
    return souk_batch_recall(batch, i, &((struct storing *)souk_batch_state(batch, i))->stored);
}

static bool recall(souk_batch_t *batch)
{
    return each(batch, recall_one);
}

/* What was attached and is not stored, such as what was dropped since it was stored under the same
   key, the provider lets go. */
static bool save_one(souk_batch_t *batch, size_t i)
{
    struct storing *it = souk_batch_state(batch, i);
    struct standing now = { 0 };

    if (!recall_one(batch, i))
        return false;
    if (souk_batch_done(batch, i))
        return souk_db_run(batch->all, &payment_unsave_method, it);
    if (!souk_db_one(batch->all, &payment_know_customer, it, &now))
        return false;
    const souk_error_t *flaw = flaw_of(&now);
    if (flaw) {
        souk_batch_refuse(batch, i, flaw);
        return souk_db_run(batch->all, &payment_unsave_method, it);
    }
    return souk_db_one(batch->all, &payment_save_method, it, &it->stored) &&
        souk_batch_keep(batch, i, &it->stored);
}

static bool save(souk_batch_t *batch)
{
    return lock_all_methods(batch) && each(batch, save_one);
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
        { .name = "enroll", .outside = enroll },
        { .name = "attach", .outside = attach },
        { .name = "save", .batch = save, .no_return = true },
    },
    .recall = recall,
    .answer = answer,
    .key = "id",
};
