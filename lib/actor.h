/* The tables that an actor is, and what runs them. */
#ifndef SOUK_ACTOR_H
#define SOUK_ACTOR_H

#include "event.h"
#include "saga.h"

enum {
    SOUK_OPERATIONS_MAX = 48,
    SOUK_QUERIES_MAX = 64,
    SOUK_ERRORS_MAX = 32,
    SOUK_ASKS_MAX = 8,
    SOUK_TIMERS_MAX = 4,
    SOUK_BATCH_MAX = 256, /* calls served together, unless .batch_max says less */
};

/* Exactly one of .handler, .batch and .saga. */
typedef struct {
    const char *name; /* SERVICE.OPERATION */
    const char *http; /* "POST /v1/things/{id}"; NULL: only on the bus */
    const char *summary;
    const souk_record_t *request;
    const souk_record_t *reply;
    const souk_error_t *errors[SOUK_ERRORS_MAX];

    /* Before the handler, outside its transaction and whatever the key: what takes its time, or has
       to stand though the call fails. What it finds goes into the request's struct, into members
       that are no fields of its record. */
    bool (*prepare)(souk_call_t *call, void *request);
    /* One call, on a thread that may block. */
    bool (*handler)(souk_call_t *call, const void *request, void *reply);
    const souk_ask_t *asks[SOUK_ASKS_MAX]; /* all that the handler asks of others */
    /* All that are waiting, together. */
    bool (*batch)(souk_batch_t *batch);
    const souk_saga_t *saga;
    size_t batch_max;

    bool writes; /* its statements are one transaction */
    bool repeatable; /* asked twice it does no more than asked once */
    bool needs_key; /* the caller must give an idempotency key */
    bool takes_key; /* or may; a handler that does either is run by once.h */
    /* Who may call: "anyone", or the role that the caller must have. NULL: whoever is on the bus;
       what has .http must say. */
    const char *role;
    int http_status; /* of success; 0: 200, or 204 where .reply is souk_nothing */
    const char *etag; /* the number of .reply that is another after every change; NULL: none is */
    const char *if_match; /* the optional number of .request that says which version is meant, of
                             any where it is 0; over HTTP it must be given (If-Match) */
    /* The header in which whoever calls over HTTP has signed the body. The request's texts body and
       signature are then the body as it came and the value of this header, for the handler to hold
       against each other (signature.h); all else of the request stands in the route. */
    const char *signature;
} souk_operation_t;

/* Done by the actor itself, again and again, by one worker at a time at most in each process. */
typedef struct {
    const char *name;
    int every_ms;
    bool (*handler)(souk_call_t *call); /* one transaction; false rolls back and is logged */
} souk_timer_t;

typedef struct {
    const char *name;
    const char *summary;
    const souk_query_t *queries[SOUK_QUERIES_MAX];
    souk_operation_t operations[SOUK_OPERATIONS_MAX];
    souk_timer_t timers[SOUK_TIMERS_MAX];
    souk_event_t events[SOUK_EVENTS_MAX];
    souk_follow_t follows[SOUK_FOLLOWS_MAX];
    int gather_ms; /* how long events of one source may wait for more to share their transaction */
} souk_actor_t;

/* NULL: it does not tell of that. */
const souk_event_t *souk_event_named(const souk_actor_t *actor, const char *topic);

/* The role that a caller must have; NULL: none. */
const char *souk_operation_role(const souk_operation_t *operation);
/* The HTTP status of success. */
int souk_operation_status(const souk_operation_t *operation);
/* Whether it needs or takes an idempotency key. */
bool souk_operation_keyed(const souk_operation_t *operation);
/* Whether its idempotency key is the runtime's to mind. */
bool souk_operation_once(const souk_operation_t *operation);
/* Whether its idempotency key must be a random UUID, since whoever guessed it could come by what is
   not theirs: where something secret is asked or answered, and where all strangers ask alike. */
bool souk_operation_uuid_key(const souk_operation_t *operation);

/* The tables held against each other: NULL, or one line (in pool) that says what does not fit. */
const char *souk_actor_check(const souk_actor_t *actor, souk_pool_t *pool);

/* All actors there are, NULL-terminated; made by the build (cmake/actors.cmake). */
extern const souk_actor_t *const souk_actors[];
const souk_actor_t *souk_actor_named(const char *name);

#endif
