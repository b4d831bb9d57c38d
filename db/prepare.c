/* Prepares every statement when the connection is made, and holds each against the records that it
   takes and gives, so that what does not fit stops the start and not a call. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/settings.h"
#include "session.h"

/* Where the reason goes. */
typedef struct {
    char *text;
    size_t size;
} why_t;

static bool wrong(why_t why, const souk_statement_t *statement, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool wrong(why_t why, const souk_statement_t *statement, const char *format, ...)
{
    char reason[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    snprintf(why.text, why.size, "statement %s: %s", statement->query->sql->name, reason);
    return false;
}

/* Half of a statement's time for a lock, so that it is told from a slow statement; twice of it for
   a transaction that nobody goes on with, such as that of a stopped process. Days begin when UTC's
   do, wherever the server is. */
static void send_setup(souk_db_t *db)
{
    static const char text[] =
        "SELECT coalesce(to_regtype('citext')::oid, 0), coalesce(to_regtype('citext[]')::oid, 0),"
        " set_config('TimeZone', 'UTC', false),"
        " CASE WHEN $1 <> '0' THEN set_config('statement_timeout', $1, false)"
        " || set_config('lock_timeout', $2, false)"
        " || set_config('idle_in_transaction_session_timeout', $3, false) END";
    int timeout = souk_settings.statement_timeout_ms;
    char statement[24], lock[24], idle[24];
    snprintf(statement, sizeof statement, "%d", timeout);
    snprintf(lock, sizeof lock, "%d", timeout / 2);
    snprintf(idle, sizeof idle, "%lld", 2LL * timeout);
    const char *const values[] = { statement, lock, idle };
    souk_pipeline_sent(db, &souk_sent_setup,
        PQsendQueryParams(db->conn, text, 3, NULL, values, NULL, NULL, 0));
}

/* WITH may write, so only what begins with SELECT is known to be repeatable. */
static bool may_write(const char *text)
{
    while (isspace((unsigned char)*text) || *text == '(')
        text++;
    return strncasecmp(text, "select", 6) != 0;
}

static void describe_sql(souk_db_t *db, souk_statement_t *statement, size_t number)
{
    const souk_query_t *query = db->queries[number];
    statement->query = query;
    statement->name = souk_pool_format(db->pool, "%zu_%s", number, query->sql->name);
    statement->writes = may_write(query->sql->text);
    statement->secret = query->takes && souk_bind_secret(query->takes);
}

static bool send_statement(souk_db_t *db, souk_statement_t *statement, why_t why)
{
    souk_named_t named;
    if (!souk_names_number(statement->query->sql->text, db->pool, &named))
        return wrong(why, statement, "more than %d parameters", SOUK_PARAMETERS_MAX);
    statement->parameter_count = named.count;
    statement->parameters = souk_pool_alloc(db->pool, named.count * sizeof *statement->parameters);
    for (size_t i = 0; i < named.count; i++)
        statement->parameters[i].name = named.names[i];
    if (db->conn)
        souk_pipeline_sent(db, statement,
            PQsendPrepare(db->conn, statement->name, named.text, 0, NULL));
    if (db->conn)
        souk_pipeline_sent(db, statement, PQsendDescribePrepared(db->conn, statement->name));
    return true;
}

/* As often as these are sent, PostgreSQL need not read them each time. */
static void send_command(souk_db_t *db, const souk_statement_t *command)
{
    const char *text = command->query->sql->text;
    if (db->conn)
        souk_pipeline_sent(db, command, PQsendPrepare(db->conn, command->name, text, 0, NULL));
}

static bool send_all(souk_db_t *db, why_t why)
{
    send_setup(db);
    send_command(db, &souk_sent_begin);
    send_command(db, &souk_sent_commit);
    send_command(db, &souk_sent_rollback);
    souk_pool_destroy(&db->pool);
    db->pool = souk_pool_new();
    for (db->count = 0; db->queries && db->queries[db->count];)
        db->count++;
    db->statements = souk_pool_alloc(db->pool, db->count * sizeof *db->statements);
    for (size_t i = 0; i < db->count; i++) {
        describe_sql(db, &db->statements[i], i);
        if (!send_statement(db, &db->statements[i], why))
            return false;
    }
    souk_pipeline_sync(db);
    return true;
}

static bool fit_parameters(souk_db_t *db, souk_statement_t *statement, PGresult *result, why_t why)
{
    const souk_query_t *query = statement->query;
    const char *takes = query->takes ? query->takes->name : "what it takes (nothing)";
    for (size_t i = 0; i < statement->parameter_count; i++) {
        souk_bound_t *bound = &statement->parameters[i];
        unsigned oid = PQparamtype(result, (int)i);
        if (!query->takes || !souk_bind_name(query->takes, bound->name, bound))
            return wrong(why, statement, "parameter :%s is no field of %s", bound->name, takes);
        if (!souk_bind_type(db, bound, oid, query->many))
            return wrong(why, statement,
                "parameter :%s is %s, which does not go with %s field %s%s", bound->name,
                souk_bind_type_name(db, oid, db->pool), souk_type_name(bound->field->type),
                bound->field->name, query->many ? " of many: it has to be an array" : "");
    }
    return true;
}

static bool fit_columns(souk_db_t *db, souk_statement_t *statement, PGresult *result, why_t why)
{
    const souk_record_t *gives = statement->query->gives;
    if (!gives)
        return true;
    statement->column_count = (size_t)PQnfields(result);
    statement->columns =
        souk_pool_alloc(db->pool, statement->column_count * sizeof *statement->columns);
    for (size_t i = 0; i < statement->column_count; i++) {
        souk_bound_t *bound = &statement->columns[i];
        const char *name = PQfname(result, (int)i);
        unsigned oid = PQftype(result, (int)i);
        bound->name = souk_pool_text(db->pool, name, strlen(name));
        if (!souk_bind_name(gives, name, bound))
            return wrong(why, statement, "column %s is no field of %s", name, gives->name);
        if (!souk_bind_type(db, bound, oid, false))
            return wrong(why, statement, "column %s is %s, which does not go with %s field %s",
                name, souk_bind_type_name(db, oid, db->pool), souk_type_name(bound->field->type),
                bound->field->name);
    }
    const char *missing =
        souk_bind_missing(gives, "", statement->columns, statement->column_count, db->pool);
    return !missing || wrong(why, statement, "no column for %s of %s", missing, gives->name);
}

/* What the server says of itself, or of others who hold a table (a migration, say), will pass. */
static bool will_pass(const char *state)
{
    static const char *const passing[] = { "08", "40", "53", "55P03", "57" };
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++) {
        if (strncmp(state, passing[i], strlen(passing[i])) == 0)
            return true;
    }
    return false;
}

/* Only what the server says about a statement is wrong. */
static souk_db_state_t judge(const souk_statement_t *what, const PGresult *result, why_t why)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    if (!state) {
        snprintf(why.text, why.size,
            "the database server went away while statements were prepared");
        return SOUK_DB_AWAY;
    }
    wrong(why, what, "%s", PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
    return will_pass(state) ? SOUK_DB_AWAY : SOUK_DB_WRONG;
}

static bool note_setup(souk_db_t *db, const PGresult *result)
{
    db->citext = (unsigned)strtoul(PQgetvalue(result, 0, 0), NULL, 10);
    db->citext_array = (unsigned)strtoul(PQgetvalue(result, 0, 1), NULL, 10);
    return true;
}

/* A statement is answered twice: prepared, and described. */
static bool note(souk_db_t *db, const souk_statement_t *what, PGresult *result, bool twice,
    why_t why)
{
    if (what == &souk_sent_setup)
        return note_setup(db, result);
    if (!twice)
        return true;
    souk_statement_t *statement = &db->statements[what - db->statements];
    return fit_parameters(db, statement, result, why) && fit_columns(db, statement, result, why);
}

souk_db_state_t souk_db_prepare(souk_db_t *db, char *text, size_t size)
{
    why_t why = { text, size };
    const souk_statement_t *what = NULL, *before = NULL;
    if (!send_all(db, why))
        return SOUK_DB_WRONG;
    do {
        owned(souk_result) result = souk_pipeline_next(db, &what);
        ExecStatusType status = PQresultStatus(result);
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
            status != PGRES_PIPELINE_SYNC)
            return judge(what, result, why);
        if (!note(db, what, result, what == before, why))
            return SOUK_DB_WRONG;
        before = what;
    } while (db->sent_count > 0);
    return SOUK_DB_READY;
}
