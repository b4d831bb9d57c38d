/* What the files of db/ share about a connection. The runtime sees connection.h. */
#ifndef SOUK_SESSION_H
#define SOUK_SESSION_H

#include <libpq-fe.h>

#include "connection.h"
#include "names.h"
#include "types.h"

/* So that results can be owned. */
typedef PGresult souk_result_t;
static inline void souk_result_destroy(souk_result_t **result)
{
    PQclear(*result);
    *result = NULL;
}
OWNED(souk_result)

/* A parameter or column, tied to the field of its name. */
typedef struct {
    const char *name; /* total_amount, where amount is a field of the record total */
    const souk_field_t *field;
    size_t offset; /* of the value, from the start of the outermost record */
    const souk_record_t *within; /* the innermost optional record around the field; NULL: none */
    size_t within_offset;
    bool optional; /* the field, or a record around it, may be absent */
    souk_sql_kind_t kind;
    unsigned item_oid; /* arrays: the type of the items */
} souk_bound_t;

typedef struct {
    const souk_query_t *query;
    const char *name; /* as PostgreSQL knows the prepared statement */
    souk_bound_t *parameters;
    size_t parameter_count;
    souk_bound_t *columns;
    size_t column_count;
    bool writes; /* it may: it does not begin with SELECT */
    bool secret; /* it takes what must reach no log */
} souk_statement_t;

/* What travels besides the prepared statements. */
extern const souk_statement_t souk_sent_setup, souk_sent_begin, souk_sent_commit,
    souk_sent_rollback, souk_sent_sync;

/* Bytes that grow; kept from one statement to the next. */
typedef struct {
    char *data;
    size_t size, capacity;
} souk_parameters_t;

typedef enum {
    SOUK_NO_TRANSACTION,
    SOUK_BEGUN, /* but nothing was sent */
    SOUK_OPEN,
    SOUK_COMMITTED, /* by a statement that .commits */
    SOUK_BROKEN, /* rolled back, or the connection is gone */
} souk_transaction_t;

struct souk_db {
    char *dsn;
    const souk_query_t *const *queries;
    souk_db_idle_fn *idle;
    void *argument;

    PGconn *conn; /* NULL: not connected */
    souk_pool_t *pool; /* holds what was prepared, until that is done anew */
    souk_statement_t *statements;
    size_t count;
    unsigned citext, citext_array; /* an extension's type has another oid in every database */

    const souk_statement_t **sent; /* what answers are still to come for, a ring */
    size_t sent_first, sent_count, sent_capacity;
    /* The answer that says whether work was committed, once that was asked for. */
    const souk_statement_t *deciding;

    souk_transaction_t transaction;
    int64_t commits; /* transactions that were committed */
    const souk_error_t *broken_by;
    bool may_retry;

    souk_parameters_t buffer; /* encoded parameters */
    int64_t idle_ms; /* when idle was last called */
};

/* connect.c */
void souk_db_close(souk_db_t *db);
/* False where the server has hung up since; then the connection is closed. */
must_check bool souk_db_alive(souk_db_t *db);

/* pipeline.c: statements are sent one behind the other and answered in that order. What sends only
   puts into libpq's buffer, and does nothing where there is no connection. */
void souk_pipeline_command(souk_db_t *db, const souk_statement_t *what);
void souk_pipeline_sync(souk_db_t *db);
/* To be told after what was sent by other means; sent false: it could not be. */
void souk_pipeline_sent(souk_db_t *db, const souk_statement_t *what, bool sent);
/* Sends all, waits for the next answer and says to what. NULL: the connection is lost, and closed.
   The result is the caller's to clear. */
must_check PGresult *souk_pipeline_next(souk_db_t *db, const souk_statement_t **what);
/* Takes all answers and returns that of the last statement, to be cleared; NULL: one of them is an
   error, and the call has failed. */
must_check PGresult *souk_pipeline_collect(souk_db_t *db, souk_call_t *call);
/* The same, with COMMIT behind what was sent. The answer to COMMIT itself only where it is alone.
 */
must_check PGresult *souk_pipeline_commit(souk_db_t *db, souk_call_t *call);
/* Waits for the socket, idling; false where nothing came before deadline_ms (0: never). */
must_check bool souk_pipeline_wait(souk_db_t *db, short events, int64_t deadline_ms);
/* After an error: takes what is still to come and rolls back what is open. */
void souk_pipeline_recover(souk_db_t *db);

/* prepare.c: all queries, on a fresh connection. */
souk_db_state_t souk_db_prepare(souk_db_t *db, char *why, size_t size);

/* bind.c: ties name to a field of record; false where there is none such. */
must_check bool souk_bind_name(const souk_record_t *record, const char *name, souk_bound_t *bound);
/* False where values of the SQL type do not go into the field; many: arrays of them. */
must_check bool souk_bind_type(const souk_db_t *db, souk_bound_t *bound, unsigned oid, bool many);
/* A field that none of the columns is for, by its column's name in pool; NULL: there is none. */
const char *souk_bind_missing(const souk_record_t *record, const char *prefix,
    const souk_bound_t *columns, size_t count, souk_pool_t *pool);
/* Whether there is a secret field in it. */
bool souk_bind_secret(const souk_record_t *record);
/* "bigint[]", for messages. */
const char *souk_bind_type_name(const souk_db_t *db, unsigned oid, souk_pool_t *pool);

/* encode.c: the parameters, in db->buffer until the next. False: the call has failed. */
typedef struct {
    const char *data[SOUK_PARAMETERS_MAX]; /* NULL for NULL */
    int sizes[SOUK_PARAMETERS_MAX];
} souk_encoded_t;
must_check bool souk_encode(souk_db_t *db, souk_call_t *call, const souk_statement_t *statement,
    const void *takes, souk_encoded_t *encoded);

/* decode.c: one row into a record. False: the call has failed. */
must_check bool souk_decode_row(souk_call_t *call, const souk_statement_t *statement,
    const PGresult *result, int row, void *gives);

/* failure.c: fails the call, since result (NULL: the connection is lost) is no success of what.
   Always false. Leaves the connection usable or closed, and the transaction broken. */
bool souk_db_failed(souk_db_t *db, souk_call_t *call, const souk_statement_t *what,
    const PGresult *result);

#endif
