/* A call: one operation asked for once, with the memory, the caller and the deadline it has. What a
   handler may do is here and in db/database.h. */
#ifndef SOUK_CALL_H
#define SOUK_CALL_H

#include "error.h"
#include "record.h"

typedef struct souk_call souk_call_t;

/* Zeroed memory that lives as long as the call. */
void *souk_alloc(souk_call_t *call, size_t size);
souk_pool_t *souk_call_pool(souk_call_t *call);
/* A new id (UUIDv7), in the call's memory. */
const char *souk_call_new_id(souk_call_t *call);

/* Tells the reason, once, where it is known. Always false, so that a handler can leave with it. The
   error must be the library's or in the operation's row. A second reason is ignored. */
bool souk_fail(souk_call_t *call, const souk_error_t *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, where the error's meaning says it all. */
bool souk_refuse(souk_call_t *call, const souk_error_t *error);

/* The same, of an error that passes: it is worth asking again after so many seconds. */
bool souk_fail_later(souk_call_t *call, const souk_error_t *error, int seconds, const char *format,
    ...) __attribute__((format(printf, 4, 5)));

/* Fails with souk_invalid, and names what is wrong in the request by its RFC 6901 pointer, which is
   borrowed: for what no record can say, such as two fields that do not go together. */
bool souk_fail_field(souk_call_t *call, const char *pointer, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

enum {
    SOUK_KEY_MAX = 200, /* characters of an idempotency key */
    SOUK_SCOPES_MAX = 64, /* operations of an API key */
};

/* Who calls, as the edge or another service vouches for it. Texts are NULL where nobody does. It
   travels as the meta frame of a request, under the same names. */
typedef struct souk_caller {
    const char *user;
    const char *session;
    const char *key; /* idempotency */
    const char *traceparent; /* W3C Trace Context, carried along */
    const char *address; /* from which network address, as the edge saw it */
    souk_list_t roles; /* const char * */
    souk_list_t scopes; /* const char *: the operations that an API key is for; none: no such */
    souk_time_t deadline; /* work that has not begun by then is not begun; 0: none */
} souk_caller_t;
extern const souk_record_t souk_caller_record;
const souk_caller_t *souk_caller(const souk_call_t *call);
/* Whether this role is among the caller's. */
bool souk_caller_has(const souk_call_t *call, const char *role);

/* What a caller lacks who may not call an operation of this name that asks for role (NULL: none): a
   sentence in pool. NULL: nothing. An API key may do what it was made for, and nothing else. */
const char *souk_caller_lacks(const souk_caller_t *caller, const char *operation, const char *role,
    souk_pool_t *pool);

/* What the call is about, for the audit trail (event.h), where neither route nor reply say it.
   Borrowed. */
void souk_about(souk_call_t *call, const char *id);

/* SHA-256 over operation and request, in hex: whether two calls with one key ask for the same. */
const char *souk_fingerprint(souk_call_t *call);

/* A question to another actor. The operation is named SERVICE.OPERATION. */
typedef struct {
    const char *operation;
    const souk_record_t *takes;
    const souk_record_t *gives;
    const int *timeout_ms; /* a setting; NULL: SOUK_ASK_TIMEOUT_MS */
} souk_ask_t;

/* Asks and waits; what is asked stands in the operation's .asks. The answer's memory is the call's.
   False: the call failed, with the error that the other service gave (it must be in this
   operation's row too) or one of the library's. Handlers of one call only; never while a
   transaction is open, which is asserted. */
must_check bool souk_ask(souk_call_t *call, const souk_ask_t *ask, const void *takes, void *gives);

/* Several calls of one operation, served together. What concerns all of them (statements, memory)
   is done on batch->all, a call of its own: if it fails, the batch is tried again call by call. */
typedef struct souk_batch {
    souk_call_t *all;
    size_t count;
    souk_call_t **calls; /* in arrival order */
} souk_batch_t;

const void *souk_batch_request(const souk_batch_t *batch, size_t i);
/* To be filled, unless the call fails; records in it are zero before. */
void *souk_batch_reply(const souk_batch_t *batch, size_t i);
/* What a saga keeps for call i; its record is the saga's .state. */
void *souk_batch_state(const souk_batch_t *batch, size_t i);
/* Whether call i has failed already, so that it needs nothing more. */
bool souk_batch_failed(const souk_batch_t *batch, size_t i);
/* Whether it is finished, or has failed. */
bool souk_batch_done(const souk_batch_t *batch, size_t i);
/* Fails call i and leaves the others alone. */
void souk_batch_fail(souk_batch_t *batch, size_t i, const souk_error_t *error, const char *format,
    ...) __attribute__((format(printf, 4, 5)));
/* The same, where the error's meaning says it all. */
void souk_batch_refuse(souk_batch_t *batch, size_t i, const souk_error_t *error);
/* Shallow copies of the states (the requests, outside a saga) of the calls that have neither failed
   nor been finished, one behind the other, as statements with .many take them. */
souk_list_t souk_batch_gather(const souk_batch_t *batch);

#endif
