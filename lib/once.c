/* Idempotency: what a handler does under a key is done once. */
#include "once.h"

#include <string.h>

#include "call_internal.h"
#include "json.h"
#include "queries/once.h"
#include "seal.h"

struct use {
    const char *principal;
    const char *operation;
    const char *key;
    const char *fingerprint;
    const char *answer;
    bool mine;
    int kept_s;
};
static const souk_record_t claim = {
    .name = "key_claim",
    .size = sizeof(struct use),
    .fields = {
        FIELD(use, principal),
        FIELD(use, operation),
        FIELD(use, key),
    },
};
static const souk_record_t search = {
    .name = "key_search",
    .size = sizeof(struct use),
    .fields = {
        FIELD(use, principal),
        FIELD(use, operation),
        FIELD(use, key),
        FIELD(use, kept_s),
    },
};
static const souk_record_t claimed = {
    .name = "key_claimed",
    .size = sizeof(struct use),
    .fields = {
        FIELD(use, mine),
    },
};
static const souk_record_t answered = {
    .name = "key_answered",
    .size = sizeof(struct use),
    .fields = {
        FIELD(use, fingerprint),
        FIELD(use, answer),
    },
};
static const souk_record_t use = {
    .name = "key_use",
    .size = sizeof(struct use),
    .fields = {
        FIELD(use, principal),
        FIELD(use, operation),
        FIELD(use, key),
        FIELD(use, fingerprint),
        FIELD(use, answer),
        FIELD(use, kept_s),
    },
};
static const souk_record_t kept = {
    .name = "key_kept",
    .size = sizeof(struct use),
    .fields = {
        FIELD(use, fingerprint),
    },
};

static const souk_query_t claim_key = {
    .sql = &sql_claim_key,
    .takes = &claim,
    .gives = &claimed,
};
static const souk_query_t find_answer = {
    .sql = &sql_find_answer,
    .takes = &search,
    .gives = &answered,
};
static const souk_query_t keep_answer = {
    .sql = &sql_keep_answer,
    .takes = &use,
    .gives = &kept,
    .missing = &souk_running,
};

const souk_query_t *const souk_once_queries[] = { &claim_key, &find_answer, &keep_answer, NULL };

/* Nobody in particular is whoever asks for the very same, where strangers may meet under one key.
 */
static struct use use_of(souk_call_t *call, const souk_seal_t *seal)
{
    const char *nobody = souk_operation_uuid_key(call->operation) ? "" : seal->fingerprint;
    return (struct use){
        .principal = call->caller.user ? call->caller.user : nobody,
        .operation = call->operation->name,
        .key = seal->key,
        .fingerprint = seal->fingerprint,
        .kept_s = SOUK_ONCE_KEPT_S,
    };
}

static bool keep(souk_call_t *all, souk_call_t *call, const void *reply)
{
    const souk_seal_t *seal = souk_seal_of(call);
    struct use it = use_of(call, seal), done;
    souk_bytes_t answer = souk_json_encode(call->operation->reply, reply, call->pool);
    it.answer = souk_seal_close(seal, answer, call->pool);
    return souk_db_one(all, &keep_answer, &it, &done);
}

/* What was kept fitted its record when it was; a record that has changed since is our mistake. */
static bool read_answer(souk_call_t *call, const souk_seal_t *seal, const char *text, void *reply)
{
    souk_bytes_t answer;
    souk_flaws_t flaws = { 0 };
    if (!souk_seal_open(seal, text, &answer, call->pool))
        return souk_fail(call, &souk_internal, "the answer that was kept does not open");
    json_t *json = souk_json_parse(answer, call->pool, &flaws);
    call->replayed =
        json && souk_json_decode(call->operation->reply, json, reply, call->pool, &flaws);
    json_decref(json);
    return call->replayed ||
        souk_fail(call, &souk_internal, "the answer that was kept does not fit: %s %s",
            flaws.items[0].pointer, flaws.items[0].message);
}

/* What was answered under the key before: the call was replayed, has failed, or is to be done.
   Statements are run on all, so that what is wrong with the database concerns all. */
static bool recall(souk_call_t *all, souk_call_t *call, void *reply)
{
    const souk_seal_t *seal = souk_seal_of(call);
    struct use it = use_of(call, seal);
    souk_list_t rows = { 0 };
    if (!souk_db_all(all, &find_answer, &it, &rows))
        return false;
    if (rows.count == 0)
        return true;
    const struct use *first = rows.items;
    if (strcmp(first->fingerprint, it.fingerprint) != 0)
        souk_refuse(call, &souk_key_reused);
    else
        read_answer(call, seal, first->answer, reply);
    return true;
}

/* The call was replayed, or nobody else is at it. */
static bool begin(souk_call_t *call)
{
    struct use it = use_of(call, souk_seal_of(call)), first;
    if (!souk_db_one(call, &claim_key, &it, &first) || !recall(call, call, call->reply) ||
        call->error)
        return false;
    return call->replayed || first.mine || souk_refuse(call, &souk_running);
}

bool souk_once_run(souk_call_t *call)
{
    const souk_operation_t *operation = call->operation;
    if (!souk_operation_once(operation) || !call->caller.key)
        return operation->handler(call, call->request, call->reply);
    if (!begin(call))
        return false;
    return call->replayed ||
        (operation->handler(call, call->request, call->reply) && keep(call, call, call->reply));
}

bool souk_batch_recall(souk_batch_t *batch, size_t i, void *reply)
{
    souk_call_t *call = batch->calls[i];
    if (!call->caller.key)
        return true;
    bool asked = recall(batch->all, call, reply);
    call->finished = call->replayed;
    return asked;
}

bool souk_batch_keep(souk_batch_t *batch, size_t i, const void *reply)
{
    souk_call_t *call = batch->calls[i];
    return !call->caller.key || keep(batch->all, call, reply);
}
