/* Operations that actors have without naming them in their tables: SERVICE.describe and the like.
 */
#ifndef SOUK_BUILTIN_H
#define SOUK_BUILTIN_H

#include "actor.h"
#include "client.h"

/* `describe` and `health`, which the loop answers itself. */
extern const souk_operation_t souk_describe_operation, souk_health_operation;

/* Of who tells of something: what was told behind a number. events_since.c */
extern const souk_operation_t souk_events_since_operation;
struct souk_since {
    int64_t after;
    bool or_oldest;
    int limit;
};
struct souk_told_since {
    souk_list_t items; /* souk_told_t, in the order of their numbers */
    int64_t head, oldest; /* of the last event of all, and of the first that is kept */
};
/* The two ends, as they are in the database. */
extern const souk_query_t souk_event_ends_query;
/* Asks source over the bus and waits. NULL: told is filled, in pool; else why it is not. */
must_check const char *souk_events_since(souk_client_t *client, const char *source,
    const struct souk_since *since, struct souk_told_since *told, souk_pool_t *pool);

/* Of who follows somebody: what could not be dealt with, and to deal with it once more.
   dead_letters.c */
extern const souk_operation_t souk_dead_letters_operation, souk_retry_operation;

/* What these run. NULL-terminated. */
extern const souk_query_t *const souk_since_queries[], *const souk_letter_queries[];

/* The i-th of those that this actor has; NULL: it has no more. Their names are without the
   service's. */
const souk_operation_t *souk_builtin(const souk_actor_t *actor, size_t i);

/* All statements that connections for handlers of actor prepare: its own, and those of once.c and
   of the operations above where it needs them. NULL-terminated, in pool; NULL: there are none. */
const souk_query_t *const *souk_handler_queries(const souk_actor_t *actor, souk_pool_t *pool);
/* The same of the connection for batches and sagas. */
const souk_query_t *const *souk_loop_queries(const souk_actor_t *actor, souk_pool_t *pool);

#endif
