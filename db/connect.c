/* Connecting to PostgreSQL without ever blocking for long, and hanging up. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/log.h"
#include "../lib/memory.h"
#include "session.h"

enum {
    CONNECT_MS = 10000
};
/* Of several hosts, one that does not answer must leave time for the next. */
static const char host_ms[] = "3000";

souk_db_t *souk_db_new(const char *dsn, const souk_query_t *const *queries, souk_db_idle_fn *idle,
    void *argument)
{
    souk_db_t *db = souk_sure(calloc(1, sizeof *db));
    db->dsn = souk_sure(strdup(dsn));
    db->queries = queries;
    db->idle = idle;
    db->argument = argument;
    db->idle_ms = souk_clock_ms();
    return db;
}

void souk_db_destroy(souk_db_t **self)
{
    souk_db_t *db = *self;
    if (!db)
        return;
    souk_db_close(db);
    souk_pool_destroy(&db->pool);
    free(db->sent);
    free(db->buffer.data);
    free(db->dsn);
    free(db);
    *self = NULL;
}

void souk_db_close(souk_db_t *db)
{
    PQfinish(db->conn);
    db->conn = NULL;
    db->sent_count = 0;
    if (db->transaction != SOUK_OPEN)
        return;
    db->transaction = SOUK_BROKEN;
    db->broken_by = &souk_unavailable;
}

bool souk_db_connected(const souk_db_t *db)
{
    return db->conn && PQstatus(db->conn) == CONNECTION_OK;
}

bool souk_db_alive(souk_db_t *db)
{
    struct pollfd socket = { .fd = db->conn ? PQsocket(db->conn) : -1, .events = POLLIN };
    while (db->conn && poll(&socket, 1, 0) > 0) {
        if (!PQconsumeInput(db->conn))
            souk_db_close(db);
    }
    return db->conn;
}

void souk_db_log_refusal(const char *name, souk_db_state_t state, const char *why)
{
    char quoted[400];
    bool wrong = state == SOUK_DB_WRONG;
    souk_log(wrong ? SOUK_LOG_ERROR : SOUK_LOG_WARNING, name, "database=%s why=%s",
        wrong ? "wrong" : "away", souk_log_value(why, quoted, sizeof quoted));
}

/* Several lines of libpq's as one. */
static void tell(char *why, size_t size, const char *message)
{
    size_t used = 0;
    for (const char *p = message; *p && used + 1 < size; p++) {
        bool blank = *p == '\n' || *p == '\t' || *p == ' ';
        if (blank && (used == 0 || why[used - 1] == ' '))
            continue;
        why[used++] = blank ? ' ' : *p;
    }
    while (used > 0 && why[used - 1] == ' ')
        used--;
    if (size > 0)
        why[used] = '\0';
}

const char *souk_db_check_dsn(const char *dsn, souk_pool_t *pool)
{
    char *complaint = NULL, why[300] = "it cannot be read";
    PQconninfoOption *options = PQconninfoParse(dsn, &complaint);
    bool good = options;
    if (complaint)
        tell(why, sizeof why, complaint);
    PQconninfoFree(options);
    PQfreemem(complaint);
    return good ? NULL : souk_pool_text(pool, why, strlen(why));
}

/* Before the DSN is what it may say otherwise, behind it what it may not. */
static PGconn *start(const souk_db_t *db)
{
    static const char *const keys[] = { "tcp_user_timeout", "keepalives_idle",
        "fallback_application_name", "dbname", "client_encoding", NULL };
    const char *const values[] = { host_ms, "30", "souk", db->dsn, "UTF8", NULL };
    return PQconnectStartParams(keys, values, 1);
}

static bool reach(souk_db_t *db)
{
    int64_t deadline = souk_clock_ms() + CONNECT_MS;
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    if (PQstatus(db->conn) == CONNECTION_BAD)
        return false;
    while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
        short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        if (!souk_pipeline_wait(db, events, deadline))
            return false;
        state = PQconnectPoll(db->conn);
    }
    return state == PGRES_POLLING_OK;
}

static void ignore_notice(void *argument, const PGresult *notice)
{
    (void)argument;
    (void)notice;
}

static bool open_connection(souk_db_t *db, char *why, size_t size)
{
    db->conn = souk_sure(start(db));
    PQsetNoticeReceiver(db->conn, ignore_notice, NULL);
    if (reach(db) && PQsetnonblocking(db->conn, 1) == 0 && PQenterPipelineMode(db->conn))
        return true;
    const char *message = PQerrorMessage(db->conn);
    tell(why, size, *message ? message : "the database server does not answer");
    return false;
}

souk_db_state_t souk_db_connect(souk_db_t *db, char *why, size_t size)
{
    if (souk_db_alive(db))
        return SOUK_DB_READY;
    owned(souk_pool) pool = souk_pool_new();
    const char *complaint = souk_db_check_dsn(db->dsn, pool);
    if (complaint) {
        tell(why, size, complaint);
        return SOUK_DB_WRONG;
    }
    souk_db_state_t state = SOUK_DB_AWAY;
    if (open_connection(db, why, size))
        state = souk_db_prepare(db, why, size);
    if (state != SOUK_DB_READY)
        souk_db_close(db);
    return state;
}
