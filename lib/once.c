/* Idempotency: what a handler does under a key is done once. */
#include "once.h"

#include <string.h>

#include "call_internal.h"
#include "json.h"
#include "queries/once.h"

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
        FIELD(use, kept_s),
    },
};
static const souk_record_t before = {
    .name = "key_before",
    .size = sizeof(struct use),
    .fields = {
        FIELD(use, mine),
        FIELD(use, fingerprint, .optional = true),
        FIELD(use, answer, .optional = true),
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
    .gives = &before,
};
static const souk_query_t keep_answer = {
    .sql = &sql_keep_answer,
    .takes = &use,
    .gives = &kept,
    .missing = &souk_running,
};

const souk_query_t *const souk_once_queries[] = { &claim_key, &keep_answer, NULL };

static bool keep(souk_call_t *call, struct use *it)
{
    struct use done;
    it->answer = souk_json_encode(call->operation->reply, call->reply, call->pool).data;
    return souk_db_one(call, &keep_answer, it, &done);
}

/* What was kept fitted its record when it was; a record that has changed since is our mistake. */
static bool replay(souk_call_t *call, const struct use *it, const struct use *first)
{
    souk_flaws_t flaws = { 0 };
    if (strcmp(first->fingerprint, it->fingerprint) != 0)
        return souk_fail(call, &souk_key_reused, "%s", souk_key_reused.meaning);
    json_t *json =
        souk_json_parse((souk_bytes_t){ first->answer, strlen(first->answer) }, call->pool, &flaws);
    call->replayed =
        json && souk_json_decode(call->operation->reply, json, call->reply, call->pool, &flaws);
    json_decref(json);
    return call->replayed ||
        souk_fail(call, &souk_internal, "the answer that was kept does not fit: %s %s",
            flaws.items[0].pointer, flaws.items[0].message);
}

/* Nobody in particular is whoever asks for the very same: strangers must not meet under one key. */
bool souk_once_run(souk_call_t *call)
{
    const souk_caller_t *caller = &call->caller;
    const souk_operation_t *operation = call->operation;
    struct use first = { 0 };

    if (!souk_operation_once(operation) || !caller->key)
        return operation->handler(call, call->request, call->reply);
    const char *fingerprint = souk_fingerprint(call);
    struct use it = {
        .principal = caller->user ? caller->user : fingerprint,
        .operation = operation->name,
        .key = caller->key,
        .fingerprint = fingerprint,
        .kept_s = SOUK_ONCE_KEPT_S,
    };
    if (!souk_db_one(call, &claim_key, &it, &first))
        return false;
    if (first.fingerprint)
        return replay(call, &it, &first);
    if (!first.mine)
        return souk_fail(call, &souk_running, "%s", souk_running.meaning);
    return operation->handler(call, call->request, call->reply) && keep(call, &it);
}
