/* Statements travel in libpq's pipeline mode: many are sent before the first is answered. */
#include <assert.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/memory.h"
#include "../lib/settings.h"
#include "session.h"

enum {
    /* How much longer than a statement may take the server may be silent before it is taken for
       gone. */
    GRACE_MS = 5000,
    SENT_CAPACITY_MIN = 16,
};

#define SENT(title)                                                                                \
    {                                                                                              \
        .query =                                                                                   \
            &(const souk_query_t){                                                                 \
                .sql = &(const souk_sql_t){ .name = title, .text = title },                        \
            },                                                                                     \
        .name = title,                                                                             \
    }

const souk_statement_t souk_sent_setup = SENT("setup"), souk_sent_begin = SENT("BEGIN"),
                       souk_sent_commit = SENT("COMMIT"), souk_sent_rollback = SENT("ROLLBACK"),
                       souk_sent_sync = SENT("sync");

static void make_room(souk_db_t *db)
{
    if (db->sent_count < db->sent_capacity)
        return;
    size_t capacity = db->sent_capacity ? 2 * db->sent_capacity : SENT_CAPACITY_MIN;
    const souk_statement_t **sent = souk_sure(malloc(capacity * sizeof *sent));
    for (size_t i = 0; i < db->sent_count; i++)
        sent[i] = db->sent[(db->sent_first + i) % db->sent_capacity];
    free(db->sent);
    db->sent = sent;
    db->sent_first = 0;
    db->sent_capacity = capacity;
}

void souk_pipeline_sent(souk_db_t *db, const souk_statement_t *what, bool sent)
{
    if (!sent) {
        souk_db_close(db);
        return;
    }
    make_room(db);
    db->sent[(db->sent_first + db->sent_count++) % db->sent_capacity] = what;
}

void souk_pipeline_command(souk_db_t *db, const souk_statement_t *what)
{
    if (db->conn)
        souk_pipeline_sent(db, what,
            PQsendQueryPrepared(db->conn, what->name, 0, NULL, NULL, NULL, 1));
}

void souk_pipeline_sync(souk_db_t *db)
{
    if (db->conn)
        souk_pipeline_sent(db, &souk_sent_sync, PQpipelineSync(db->conn));
}

/* How long poll may wait; calls idle where it is time. */
static int idle_now(souk_db_t *db, int64_t now)
{
    if (now - db->idle_ms >= SOUK_DB_IDLE_MS) {
        db->idle_ms = now;
        if (db->idle)
            db->idle(db->argument);
    }
    return (int)(db->idle_ms + SOUK_DB_IDLE_MS - now);
}

bool souk_pipeline_wait(souk_db_t *db, short events, int64_t deadline_ms)
{
    struct pollfd socket = { .fd = PQsocket(db->conn), .events = events };
    while (socket.fd >= 0) {
        int64_t now = souk_clock_ms();
        int ready = poll(&socket, 1, idle_now(db, now));
        if (ready > 0)
            return true;
        if (deadline_ms && now >= deadline_ms)
            return false;
    }
    return true;
}

/* False: the connection is lost, and closed. */
static bool await_answer(souk_db_t *db)
{
    int64_t deadline = 0;
    if (souk_settings.statement_timeout_ms > 0)
        deadline = souk_clock_ms() + souk_settings.statement_timeout_ms + GRACE_MS;
    while (PQisBusy(db->conn)) {
        short events = PQflush(db->conn) > 0 ? POLLIN | POLLOUT : POLLIN;
        if (!souk_pipeline_wait(db, events, deadline)) {
            souk_db_close(db);
            return false;
        }
        /* Where this fails, the next result says why. */
        if (!PQconsumeInput(db->conn))
            break;
    }
    return true;
}

/* Every answer but that to a sync is followed by NULL. */
static void take_end(souk_db_t *db)
{
    PGresult *more;
    while (db->conn && await_answer(db) && (more = PQgetResult(db->conn)))
        PQclear(more);
}

PGresult *souk_pipeline_next(souk_db_t *db, const souk_statement_t **what)
{
    assert(!db->conn || db->sent_count > 0);
    if (!db->conn)
        return NULL;
    *what = db->sent[db->sent_first];
    if (!await_answer(db))
        return NULL;
    PGresult *result = PQgetResult(db->conn);
    if (!result) {
        souk_db_close(db);
        return NULL;
    }
    bool is_sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
    if (!is_sync)
        take_end(db);
    /* An error that a sync brings (a deferred constraint) comes before its own answer. */
    if (db->sent_count > 0 && is_sync == (*what == &souk_sent_sync)) {
        db->sent_first = (db->sent_first + 1) % db->sent_capacity;
        db->sent_count--;
    }
    return result;
}

static bool is_success(const souk_statement_t *what, const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    if (what == &souk_sent_sync)
        return status == PGRES_PIPELINE_SYNC;
    /* A transaction that had failed answers COMMIT with ROLLBACK. */
    if (what == &souk_sent_commit)
        return status == PGRES_COMMAND_OK && strcmp(PQcmdStatus((PGresult *)result), "COMMIT") == 0;
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

PGresult *souk_pipeline_collect(souk_db_t *db, souk_call_t *call)
{
    PGresult *last = NULL;
    bool good, decided = false;
    do {
        const souk_statement_t *what = &souk_sent_sync;
        PGresult *result = souk_pipeline_next(db, &what);
        good = result && is_success(what, result);
        if (!good && !decided)
            souk_db_failed(db, call, what, result);
        decided |= good && what == db->deciding;
        bool is_end = what == &souk_sent_sync || (what == &souk_sent_commit && last);
        if (good && !is_end) {
            PQclear(last);
            last = result;
        } else {
            PQclear(result);
        }
    } while (good && db->sent_count > 0);

    /* What happens to the connection behind the COMMIT changes nothing. */
    if (!good && decided)
        souk_db_close(db);
    db->deciding = NULL;
    if (good || decided)
        return last;
    PQclear(last);
    return NULL;
}

PGresult *souk_pipeline_commit(souk_db_t *db, souk_call_t *call)
{
    souk_pipeline_command(db, &souk_sent_commit);
    souk_pipeline_sync(db);
    db->deciding = db->conn ? &souk_sent_commit : NULL;
    return souk_pipeline_collect(db, call);
}

static void drain(souk_db_t *db)
{
    const souk_statement_t *what;
    while (db->conn && db->sent_count > 0)
        PQclear(souk_pipeline_next(db, &what));
}

void souk_pipeline_recover(souk_db_t *db)
{
    bool synced = db->sent_count > 0 &&
        db->sent[(db->sent_first + db->sent_count - 1) % db->sent_capacity] == &souk_sent_sync;
    db->deciding = NULL;
    if (!synced)
        souk_pipeline_sync(db);
    drain(db);
    if (db->conn && PQtransactionStatus(db->conn) != PQTRANS_IDLE) {
        souk_pipeline_command(db, &souk_sent_rollback);
        souk_pipeline_sync(db);
        drain(db);
    }
    if (db->conn && PQtransactionStatus(db->conn) != PQTRANS_IDLE)
        souk_db_close(db);
}
