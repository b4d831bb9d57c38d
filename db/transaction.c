/* Transactions: BEGIN goes with the first statement, COMMIT with what is still unsent. */
#include <assert.h>

#include "session.h"

void souk_db_begin(souk_db_t *db)
{
    assert(db->transaction == SOUK_NO_TRANSACTION);
    db->transaction = SOUK_BEGUN;
    db->broken_by = NULL;
    db->may_retry = false;
}

static bool commit_open(souk_db_t *db, souk_call_t *call)
{
    /* A server that hung up before has committed nothing; that is worth knowing for certain. */
    if (!souk_db_alive(db))
        return souk_db_failed(db, call, &souk_sent_commit, NULL);
    owned(souk_result) result = souk_pipeline_commit(db, call);
    return result;
}

bool souk_db_commit(souk_db_t *db, souk_call_t *call)
{
    bool done = db->transaction == SOUK_BEGUN;
    assert(db->transaction != SOUK_NO_TRANSACTION);
    if (db->transaction == SOUK_OPEN)
        done = commit_open(db, call);
    else if (db->transaction == SOUK_COMMITTED)
        done = true;
    else if (db->transaction == SOUK_BROKEN)
        souk_fail(call, db->broken_by, "the transaction had failed");
    db->commits += done && db->transaction != SOUK_BEGUN;
    db->transaction = SOUK_NO_TRANSACTION;
    return done;
}

int64_t souk_db_commits(const souk_db_t *db)
{
    return db->commits;
}

void souk_db_rollback(souk_db_t *db)
{
    bool open = db->transaction == SOUK_OPEN;
    assert(db->transaction != SOUK_COMMITTED);
    db->transaction = SOUK_NO_TRANSACTION;
    if (!open)
        return;
    souk_pipeline_command(db, &souk_sent_rollback);
    souk_pipeline_recover(db);
}

bool souk_db_in_transaction(const souk_db_t *db)
{
    return db->transaction != SOUK_NO_TRANSACTION;
}

bool souk_db_holds(const souk_db_t *db)
{
    return db->transaction == SOUK_OPEN || db->transaction == SOUK_BROKEN;
}

bool souk_db_may_retry(souk_db_t *db)
{
    bool may_retry = db->may_retry;
    db->may_retry = false;
    return may_retry;
}
