/* What an error of PostgreSQL means to the call: one table of SQLSTATEs. Its text goes to the log
   and never to the caller. */
#include <string.h>

#include "../lib/log.h"
#include "session.h"

/* What it means, and what becomes of the connection. */
typedef struct {
    const char *state; /* SQLSTATE, or its first characters */
    const souk_error_t *error;
    const char *message;
    bool retry; /* the same may work when it is tried again */
    bool stale; /* the connection is of no more use */
} outcome_t;

static const outcome_t outcomes[] = {
    { "40001", &souk_unavailable, "others changed the same rows; try again", .retry = true },
    { "40P01", &souk_unavailable, "others wanted the same rows; try again", .retry = true },
    { "55P03", &souk_unavailable, "others hold the same rows; try again" },
    { "57014", &souk_unavailable, "the database took too long" },
    { "53", &souk_unavailable, "the database has no room or memory left" },
    { "08", &souk_unavailable, "the database is not there", .stale = true },
    { "57P", &souk_unavailable, "the database is not there", .stale = true },
    /* A server that has become a standby: another host of the DSN is the one to write to. */
    { "25006", &souk_unavailable, "the database only reads", .stale = true },
    /* Somebody changed the tables or forgot the prepared statements: prepare them anew. */
    { "0A000", &souk_unavailable, "the tables were changed; try again", .stale = true },
    { "26000", &souk_unavailable, "the statements were forgotten; try again", .stale = true },
};

static const outcome_t lost = { "", &souk_unavailable, "the database is not there", .stale = true },
                       unknown = { "", &souk_worker_lost,
                           "the connection to the database was lost while the work was committed",
                           .stale = true },
                       unforeseen = { "", &souk_internal, NULL };

static const char *field(const PGresult *result, int code)
{
    const char *text = result ? PQresultErrorField(result, code) : NULL;
    return text ? text : "";
}

/* Answers come in order: an error in front of the deciding one says that it was not reached, but
   where the server says nothing any more it may have been. */
static const outcome_t *when_lost(const souk_db_t *db, const souk_statement_t *what,
    const char *state)
{
    bool open = db->deciding && (!*state || what == db->deciding);
    return open ? &unknown : &lost;
}

static const outcome_t *find_outcome(const souk_db_t *db, const souk_statement_t *what,
    const PGresult *result)
{
    const char *state = field(result, PG_DIAG_SQLSTATE);
    const char *severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (!*state || strcmp(severity, "ERROR") != 0)
        return when_lost(db, what, state);
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        if (strncmp(state, outcomes[i].state, strlen(outcomes[i].state)) == 0)
            return &outcomes[i];
    }
    return &unforeseen;
}

/* Neither the parameters nor the server's detail, which quotes rows; and of statements that take
   secrets not even the message, which may quote a parameter. */
static void log_error(const souk_statement_t *what, const PGresult *result,
    const outcome_t *outcome)
{
    char message[300], constraint[80];
    const char *text = field(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!*text)
        text = result ? PQresultErrorMessage(result) : "the connection was lost";
    souk_log(outcome == &unforeseen ? SOUK_LOG_ERROR : SOUK_LOG_WARNING, "db",
        "statement=%s sqlstate=%s constraint=%s error=%s", what->query->sql->name,
        souk_log_value(field(result, PG_DIAG_SQLSTATE), (char[8]){ 0 }, 8),
        souk_log_value(field(result, PG_DIAG_CONSTRAINT_NAME), constraint, sizeof constraint),
        what->secret ? "-" : souk_log_value(text, message, sizeof message));
}

static bool is_duplicate(const souk_statement_t *what, const PGresult *result)
{
    return what->query->duplicate && strcmp(field(result, PG_DIAG_SQLSTATE), "23505") == 0;
}

static void leave(souk_db_t *db, const souk_error_t *error, bool stale)
{
    if (stale)
        souk_db_close(db);
    else
        souk_pipeline_recover(db);
    db->deciding = NULL;
    if (db->transaction == SOUK_NO_TRANSACTION)
        return;
    db->transaction = SOUK_BROKEN;
    db->broken_by = error;
}

bool souk_db_failed(souk_db_t *db, souk_call_t *call, const souk_statement_t *what,
    const PGresult *result)
{
    const souk_query_t *query = what->query;
    db->may_retry = false;
    if (is_duplicate(what, result)) {
        leave(db, query->duplicate, false);
        return souk_fail(call, query->duplicate, "%s", query->duplicate->meaning);
    }
    const outcome_t *outcome = find_outcome(db, what, result);
    log_error(what, result, outcome);
    db->may_retry = outcome->retry;
    if (outcome->message)
        souk_fail(call, outcome->error, "%s", outcome->message);
    else
        souk_fail(call, outcome->error, "the statement %s failed", query->sql->name);
    leave(db, outcome->error, outcome->stale);
    return false;
}
