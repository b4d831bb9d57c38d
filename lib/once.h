/* Idempotency: what a handler does under a key is done once, and answered as the first time for as
   long as the key is kept (IETF draft-ietf-httpapi-idempotency-key-header). */
#ifndef SOUK_ONCE_H
#define SOUK_ONCE_H

#include "actor.h"

enum {
    SOUK_ONCE_KEPT_S = 48 * 3600,
};

/* Runs the operation's handler inside the open transaction. Where the caller gives a key, the
   answer is kept in that transaction, by caller and operation, sealed (seal.h); the same request
   under it is answered from there, another one with key_reused, and one that comes while the first
   is under way with running. A call that failed leaves its key free. Callers who are nobody in
   particular share their keys where these must be random UUIDs (souk_operation_uuid_key); elsewhere
   each request of theirs has keys of its own. */
must_check bool souk_once_run(souk_call_t *call);

/* What it and sagas (souk_batch_recall, souk_batch_keep) run. NULL-terminated. */
extern const souk_query_t *const souk_once_queries[];

#endif
