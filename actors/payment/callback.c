/* What a provider tells by itself, and the answer to what it was asked, meet under the lock of the
   payment's row: whichever comes first settles it, and the other changes nothing. */
#include "callback.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "queries/payment_callback.h"
#include "settle.h"

static const char *const providers[] = { "simulator", "stripe", NULL };

const souk_record_t payment_callback_record = {
    .name = "callback",
    .size = sizeof(struct callback),
    .fields = {
        FIELD(callback, provider, .one_of = providers),
        FIELD(callback, body, .max = SOUK_SIGNED_MAX,
            .doc = "an event as Stripe sends it; kinds that are not known are passed over"),
        FIELD(callback, signature, .min = 1, .max = 1024,
            .doc = "t=SECONDS,v1=HEX: HMAC-SHA256 of SECONDS.BODY under the provider's secret"),
    },
};

/* As much of an event as is read. */
struct word_tags {
    const char *order_id;
};
struct word_object {
    const char *id;
    struct word_tags metadata;
};
struct word_data {
    struct word_object object;
};
struct word {
    const char *id;
    const char *type;
    struct word_data data;
};
static const souk_record_t word_tags = {
    .name = "event_metadata",
    .size = sizeof(struct word_tags),
    .fields = {
        FIELD(word_tags, order_id, .max = 500, .optional = true),
    },
};
static const souk_record_t word_object = {
    .name = "event_object",
    .size = sizeof(struct word_object),
    .fields = {
        FIELD(word_object, id, .max = 255, .optional = true),
        FIELD(word_object, metadata, .of = &word_tags, .optional = true),
    },
};
static const souk_record_t word_data = {
    .name = "event_data",
    .size = sizeof(struct word_data),
    .fields = {
        FIELD(word_data, object, .of = &word_object),
    },
};
static const souk_record_t word = {
    .name = "event",
    .size = sizeof(struct word),
    .fields = {
        FIELD(word, id, .min = 1, .max = 255),
        FIELD(word, type, .min = 1, .max = 255),
        FIELD(word, data, .of = &word_data),
    },
};

struct event_keys {
    souk_list_t keys;
};
static const souk_record_t event_keys = {
    .name = "event_keys",
    .size = sizeof(struct event_keys),
    .fields = {
        FIELD(event_keys, keys),
    },
};
static const souk_record_t event_key = {
    .name = "event_key",
    .size = sizeof(struct payment),
    .fields = {
        FIELD(payment, key),
    },
};

const souk_query_t payment_find_heard = {
    .sql = &sql_find_heard,
    .takes = &event_keys,
    .gives = &event_key,
};
const souk_query_t payment_find_named = {
    .sql = &sql_find_named,
    .takes = &order_ids,
    .gives = &known_payment,
};
const souk_query_t payment_keep_heard = {
    .sql = &sql_keep_heard,
    .takes = &payment,
    .many = true,
};
const souk_query_t payment_forget_heard = {
    .sql = &sql_forget_heard,
};
const souk_query_t payment_revive = {
    .sql = &sql_revive_payments,
    .takes = &payment,
    .many = true,
};

static const char *secret_of(const char *provider)
{
    if (strcmp(provider, payment_provider()->name) != 0)
        return NULL;
    return strcmp(provider, "stripe") == 0 ? souk_settings.stripe_secret
                                           : souk_settings.simulator_secret;
}

/* What is about something else is somebody else's business. */
static bool is_about_order(const struct word *told)
{
    const struct word_object *object = &told->data.object;

    return strncmp(told->type, "payment_intent.", strlen("payment_intent.")) == 0 && object->id &&
        object->metadata.order_id &&
        souk_uuid_parse(object->metadata.order_id, (uint8_t[SOUK_UUID_BYTES]){ 0 });
}

static bool open(souk_call_t *call, const void *request, void *state)
{
    const struct callback *it = request;
    const struct souk_signed message = { it->body, it->signature };
    const char *secret = secret_of(it->provider);
    struct word told = { 0 };

    if (!secret)
        return souk_fail(call, &souk_unauthorized, "nothing is heard of %s here", it->provider);
    if (!souk_signed_read(call, &message, secret, &word, &told))
        return false;
    *(struct payment *)state = (struct payment){
        .id = "",
        .order_id = is_about_order(&told) ? told.data.object.metadata.order_id : NULL,
        .status = "",
        .key = told.id,
        .reference = told.data.object.id,
    };
    return true;
}

static bool find_rows(souk_batch_t *batch, souk_list_t *heard, souk_list_t *named)
{
    struct order_ids orders = { 0 };
    struct event_keys keys = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const struct payment *it = souk_batch_state(batch, i);
        souk_list_add_text(&keys.keys, souk_call_pool(batch->all), it->key);
        if (it->order_id)
            souk_list_add_text(&orders.order_ids, souk_call_pool(batch->all), it->order_id);
    }
    return souk_db_all(batch->all, &payment_find_heard, &keys, heard) &&
        (!orders.order_ids.count || souk_db_all(batch->all, &payment_find_named, &orders, named));
}

/* What is about no payment of the shop's own, or one that it calls otherwise, is nobody's business
   here. */
static bool is_ours(const struct payment *it, const struct payment *row)
{
    return row && row->reference && row->amount.currency &&
        strcmp(row->reference, it->reference) == 0;
}

static bool find(souk_batch_t *batch)
{
    souk_list_t heard = { 0 }, named = { 0 };
    souk_pool_t *pool = souk_call_pool(batch->all);

    if (!find_rows(batch, &heard, &named))
        return false;
    const souk_index_t *before = souk_index_of(&heard, &event_key, "key", pool);
    const souk_index_t *payments = souk_index_of(&named, &known_payment, "order_id", pool);
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        const struct payment *row = it->order_id ? souk_index_find(payments, it->order_id) : NULL;
        if (souk_index_find(before, it->key) || !is_ours(it, row)) {
            souk_batch_finish(batch, i);
            continue;
        }
        const char *key = it->key;
        *it = *row;
        it->key = key;
    }
    return true;
}

static struct deed *deed_of(souk_batch_t *batch, size_t i)
{
    struct payment *it = souk_batch_state(batch, i);

    if (!it->deed.key)
        it->deed = (struct deed){
            .key = it->reference,
            .order_id = it->order_id,
            .reference = it->reference,
            .amount = it->amount,
            .method = it->method,
            .manual = it->manual,
            .tries = it->tries,
        };
    return &it->deed;
}

static bool look(souk_batch_t *batch)
{
    return payment_ask(batch, deed_of, payment_provider()->look);
}

static void add(souk_batch_t *batch, souk_list_t *payments, const struct payment *it)
{
    *(struct payment *)souk_list_add(payments, souk_call_pool(batch->all), sizeof *it) = *it;
}

/* What is still under way there is told of once more. Of the rest, what is open here is settled as
   if it had been asked for. */
static bool settle(souk_batch_t *batch)
{
    souk_list_t heard = souk_batch_gather(batch), orders = payment_orders_of(batch), rows = { 0 };
    souk_list_t taken = { 0 }, failed = { 0 }, revived = { 0 };

    if (!payment_lock(batch, &orders, &rows))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        struct payment *it = souk_batch_state(batch, i);
        it->status = it->deed.outcome;
        it->next_in_ms = payment_next_in_ms(it);
        if (strcmp(it->status, "captured") == 0)
            add(batch, &revived, it);
        if (payment_is_taken(it))
            add(batch, &taken, it);
        else if (strcmp(it->status, "pending") != 0)
            add(batch, &failed, it);
    }
    return souk_db_run(batch->all, &payment_revive, &revived) &&
        souk_db_run(batch->all, &payment_settle_rows, &taken) &&
        souk_db_run(batch->all, &payment_fail_rows, &failed) &&
        souk_db_run(batch->all, &payment_keep_heard, &heard);
}

/* Nothing is written before it is done: who got no answer tells it once more. */
const souk_saga_t payment_hear = {
    .state = &payment,
    .open = open,
    .steps = {
        { .name = "find", .batch = find },
        { .name = "look", .outside = look },
        { .name = "settle", .batch = settle, .no_return = true },
    },
    .answer = souk_saga_answer_nothing,
};

bool payment_forget_old_words(souk_call_t *call)
{
    return souk_db_run(call, &payment_forget_heard, NULL);
}
