/* A connection to PostgreSQL: what the runtime, `souk migrate` and `souk check` use. Handlers use
   database.h. One thread at a time. */
#ifndef SOUK_CONNECTION_H
#define SOUK_CONNECTION_H

#include "database.h"

typedef struct souk_db souk_db_t;

/* The connection that a call works on; the runtime's. Asserts that its actor has one. */
souk_db_t *souk_call_db(souk_call_t *call);

/* Called every SOUK_DB_IDLE_MS while a statement is waited for, so that heartbeats go on. */
typedef void souk_db_idle_fn(void *argument);
enum {
    SOUK_DB_IDLE_MS = 100
};

/* Does not connect yet. The DSN is libpq's (several hosts allowed) and is copied. idle may be NULL.
   queries is a NULL-terminated array that outlives the connection, or NULL. */
souk_db_t *souk_db_new(const char *dsn, const souk_query_t *const *queries, souk_db_idle_fn *idle,
    void *argument);
void souk_db_destroy(souk_db_t **db);
OWNED(souk_db)

/* Connects where it is not connected, or the server has hung up since; prepares all queries and
   holds each against the records it takes and gives. False: why has one line. SOUK_DB_WRONG says
   that the statements do not fit, which no waiting mends; SOUK_DB_AWAY that the server is not there
   (yet). */
typedef enum {
    SOUK_DB_READY,
    SOUK_DB_AWAY,
    SOUK_DB_WRONG
} souk_db_state_t;
souk_db_state_t souk_db_connect(souk_db_t *db, char *why, size_t size);
enum {
    SOUK_RECONNECT_MS = 500 /* how long to wait before the next try */
};
/* The line for the log where it is not SOUK_DB_READY; name is the actor's. */
void souk_db_log_refusal(const char *name, souk_db_state_t state, const char *why);

/* NULL where dsn can be read; else what is wrong with it, in pool. */
const char *souk_db_check_dsn(const char *dsn, souk_pool_t *pool);

bool souk_db_connected(const souk_db_t *db);

/* A transaction around the statements that follow. BEGIN travels with the first of them. */
void souk_db_begin(souk_db_t *db);
/* False: it was rolled back, and the call has failed with the reason; souk_worker_lost where the
   connection went away during COMMIT, so that nobody knows. With no statement since begin: true. */
must_check bool souk_db_commit(souk_db_t *db, souk_call_t *call);
void souk_db_rollback(souk_db_t *db);
/* How many were committed since souk_db_new: whether there may be news in the outbox.
 */
int64_t souk_db_commits(const souk_db_t *db);
bool souk_db_in_transaction(const souk_db_t *db);
/* Whether a statement was run in it, so that others may be waiting for what it holds. */
bool souk_db_holds(const souk_db_t *db);

/* Whether the last failure was one where trying the same again may help (40001, 40P01). Said once,
   so that it is not taken for the reason why the next call fails. */
bool souk_db_may_retry(souk_db_t *db);

#endif
