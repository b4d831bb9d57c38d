/* Runs statements for handlers: alone, or within the transaction that is open. */
#include <assert.h>

#include "../lib/call_internal.h"
#include "session.h"

static const souk_statement_t *find_statement(const souk_db_t *db, const souk_query_t *query)
{
    for (size_t i = 0; i < db->count; i++) {
        if (db->statements[i].query == query)
            return &db->statements[i];
    }
    return NULL;
}

/* What arrives while nothing was asked is the server hanging up. */
static bool is_usable(souk_db_t *db, souk_call_t *call)
{
    assert(db->transaction != SOUK_COMMITTED);
    if (db->transaction == SOUK_BROKEN)
        return souk_fail(call, db->broken_by, "the transaction had failed");
    if (db->sent_count > 0 || souk_db_alive(db))
        return true;
    return souk_db_failed(db, call, &souk_sent_begin, NULL);
}

static bool send_prepared(souk_db_t *db, const souk_statement_t *statement, souk_encoded_t *encoded)
{
    static const int binary[SOUK_PARAMETERS_MAX] = { [0 ... SOUK_PARAMETERS_MAX - 1] = 1 };
    return PQsendQueryPrepared(db->conn, statement->name, (int)statement->parameter_count,
        encoded->data, encoded->sizes, binary, 1);
}

/* Puts the statement behind what was sent before. NULL: the call has failed. */
static const souk_statement_t *send_query(souk_db_t *db, souk_call_t *call,
    const souk_query_t *query, const void *takes)
{
    souk_encoded_t encoded;
    if (!is_usable(db, call))
        return NULL;
    const souk_statement_t *statement = find_statement(db, query);
    if (!statement) {
        souk_fail(call, &souk_internal, "%s is not among the actor's queries", query->sql->name);
        return NULL;
    }
    if (!souk_encode(db, call, statement, takes, &encoded))
        return NULL;
    if (db->transaction == SOUK_BEGUN) {
        souk_pipeline_command(db, &souk_sent_begin);
        db->transaction = SOUK_OPEN;
    }
    if (db->conn)
        souk_pipeline_sent(db, statement, send_prepared(db, statement, &encoded));
    return statement;
}

/* Outside a transaction every statement is one of its own, and a sync commits it. Within one the
   sync tells the server that it waits for us, which it does for a bounded time only. */
static PGresult *wait_for(souk_db_t *db, souk_call_t *call, const souk_statement_t *statement)
{
    bool alone = db->transaction == SOUK_NO_TRANSACTION;
    souk_pipeline_sync(db);
    if (alone) {
        db->may_retry = false;
        db->deciding = db->conn && statement->writes ? &souk_sent_sync : NULL;
    }
    return souk_pipeline_collect(db, call);
}

static PGresult *wait_for_commit(souk_db_t *db, souk_call_t *call)
{
    PGresult *result = souk_pipeline_commit(db, call);
    if (result)
        db->transaction = SOUK_COMMITTED;
    return result;
}

static bool is_nothing(const souk_query_t *query, const void *takes)
{
    return query->many && ((const souk_list_t *)takes)->count == 0;
}

/* NULL: the call has failed. *statement is what the rows are of. */
static PGresult *get_rows(souk_call_t *call, const souk_query_t *query, const void *takes,
    const souk_statement_t **statement)
{
    souk_db_t *db = souk_call_db(call);
    assert(query->gives);
    *statement = send_query(db, call, query, takes);
    if (!*statement)
        return NULL;
    bool commits = query->commits && db->transaction == SOUK_OPEN;
    return commits ? wait_for_commit(db, call) : wait_for(db, call, *statement);
}

static bool fail_missing(souk_call_t *call, const souk_query_t *query)
{
    const souk_error_t *error = query->missing ? query->missing : &souk_not_found;
    return souk_fail(call, error, "%s", error->meaning);
}

/* Rows of work that is committed: that they cannot be read does not undo it, so it must not be
   tried again as if nothing had been done. */
static bool read_row(souk_call_t *call, const souk_statement_t *statement, const PGresult *result,
    int row, void *gives)
{
    souk_db_t *db = souk_call_db(call);
    if (souk_decode_row(call, statement, result, row, gives))
        return true;
    if (db->transaction == SOUK_COMMITTED) {
        db->transaction = SOUK_BROKEN;
        db->broken_by = &souk_worker_lost;
        souk_call_reset(call);
        souk_fail(call, &souk_worker_lost, "it was done, but what came of it cannot be read");
    }
    return false;
}

bool souk_db_run(souk_call_t *call, const souk_query_t *query, const void *takes)
{
    souk_db_t *db = souk_call_db(call);
    if (is_nothing(query, takes))
        return true;
    const souk_statement_t *statement = send_query(db, call, query, takes);
    if (!statement || db->transaction != SOUK_NO_TRANSACTION)
        return statement;
    owned(souk_result) result = wait_for(db, call, statement);
    return result;
}

bool souk_db_one(souk_call_t *call, const souk_query_t *query, const void *takes, void *gives)
{
    const souk_statement_t *statement;
    if (is_nothing(query, takes))
        return fail_missing(call, query);
    owned(souk_result) result = get_rows(call, query, takes, &statement);
    if (!result)
        return false;
    if (PQntuples(result) == 0)
        return fail_missing(call, query);
    return read_row(call, statement, result, 0, gives);
}

bool souk_db_all(souk_call_t *call, const souk_query_t *query, const void *takes,
    souk_list_t *gives)
{
    const souk_statement_t *statement;
    *gives = (souk_list_t){ 0 };
    if (is_nothing(query, takes))
        return true;
    owned(souk_result) result = get_rows(call, query, takes, &statement);
    if (!result)
        return false;
    size_t count = (size_t)PQntuples(result), size = query->gives->size;
    *gives = souk_list_new(souk_call_pool(call), count, size);
    for (size_t i = 0; i < count; i++) {
        if (!read_row(call, statement, result, (int)i, (char *)gives->items + i * size))
            return false;
    }
    return true;
}
