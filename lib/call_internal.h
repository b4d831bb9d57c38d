/* What the runtime knows of a call; handlers see call.h. */
#ifndef SOUK_CALL_INTERNAL_H
#define SOUK_CALL_INTERNAL_H

#include "../db/connection.h"
#include "actor.h"
#include "client.h"
#include "link.h"
#include "log.h"

/* What one thread of an actor works with. */
typedef struct souk_desk {
    const souk_actor_t *actor;
    souk_db_t *db; /* NULL: the actor has no statements */
    souk_client_t *client; /* of its own; NULL where nothing is asked in a blocking way */
    souk_log_pace_t pace; /* of lines about calls */
    int64_t connect_ms; /* not before then is it tried again */
} souk_desk_t;

/* Connects to the database where that is away, not oftener than it makes sense. False: it is away;
   the log says why. */
bool souk_desk_connect(souk_desk_t *desk);

/* Memory that several calls look into, such as the rows of a batch: freed with the last of them. */
typedef struct souk_shared {
    souk_pool_t *pool;
    size_t holders;
} souk_shared_t;

/* A message as it came, until all of its calls are answered. */
typedef struct souk_parcel {
    souk_link_t *link;
    souk_return_t to;
    souk_pool_t *pool;
    size_t count, open;
    souk_bytes_t *answers; /* one for each call, in pool */
} souk_parcel_t;

struct souk_call {
    souk_pool_t *pool;
    souk_desk_t *desk;
    const souk_operation_t *operation; /* NULL: a batch's own call, a timer, a sweep */
    souk_caller_t caller;
    souk_parcel_t *parcel; /* NULL: nobody waits for an answer */
    size_t index; /* in the parcel */
    void *request, *reply; /* of the operation's records */
    void *state; /* of the saga's record */
    const souk_follow_t *follow; /* it is an event that is followed; NULL: it is none */
    const souk_told_t *event;
    const char *parked_for; /* why it goes among the dead letters */
    int64_t started_ms;
    const char *about; /* souk_about */
    bool noted; /* in the audit trail */

    const souk_error_t *error; /* NULL: it has not failed */
    const char *reason;
    int retry_after_s; /* souk_fail_later; 0: nothing was said */
    bool replayed; /* answered as it was before, under the same key */
    const souk_error_t *saga_error; /* why a saga's call goes backwards, and what it was told */
    const char *saga_reason;
    int saga_retry_after_s;
    souk_flaws_t *saga_flaws;
    souk_flaws_t *flaws; /* of the request; NULL: none */
    bool finished; /* souk_batch_finish */
    int wait_ms; /* souk_batch_wait; 0: none */

    souk_shared_t **holds; /* in pool */
    size_t hold_count;
    struct souk_call *next; /* in the loop's queue of its operation */
    struct souk_call *prev;
};

/* A call of nobody's, for what concerns several calls or none. */
souk_call_t *souk_call_new(souk_desk_t *desk);
void souk_call_destroy(souk_call_t **call);
OWNED(souk_call)

/* What is asked for, whole: operation and request. In the call's memory. */
souk_bytes_t souk_call_asks(souk_call_t *call);

/* Forgets what an attempt left in the call, before the next one. */
void souk_call_reset(souk_call_t *call);

/* Fails the call as other has failed: with all that it says, in the memory of other. */
void souk_call_fail_as(souk_call_t *call, const souk_call_t *other);

/* Fails the call where its deadline has passed; true: it has. To be asked before work begins. */
bool souk_call_expire(souk_call_t *call);

/* The call keeps what is in pool alive; the first holder brings it in. */
souk_shared_t *souk_shared_new(souk_pool_t *pool);
void souk_call_hold(souk_call_t *call, souk_shared_t *shared);
void souk_shared_release(souk_shared_t *shared);

/* The frame [code, value] that answers the call as it stands, in pool. code is "ok", "accepted" or,
   where the call failed, ignored. */
souk_bytes_t souk_call_answer(const souk_call_t *call, const char *code, souk_pool_t *pool);

/* One line about a call that has ended. */
void souk_call_log(const souk_call_t *call, const char *code);

/* A batch handler or a batch step. */
typedef bool souk_work_fn(souk_batch_t *batch);

/* Runs work for all calls together, in one transaction where writes; again where the database says
   that it may help; and where it fails as a whole, for each alone. Calls that could not be served
   have failed afterwards. */
void souk_batch_serve(souk_desk_t *desk, souk_work_fn *work, bool writes, souk_call_t **calls,
    size_t count);

#endif
