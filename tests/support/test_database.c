/* A database for one test program, made from the migrations and dropped at the end. */
#include "test_database.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void fail_with(const char *what, const char *why)
{
    fail_msg("%s: %s", what, why);
}

static PGresult *run(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_with(sql, PQerrorMessage(conn));
    return result;
}

static void do_sql(PGconn *conn, const char *sql)
{
    PQclear(run(conn, sql));
}

static PGconn *connect_to(const char *dsn)
{
    PGconn *conn = PQconnectdb(dsn);
    if (PQstatus(conn) != CONNECTION_OK)
        fail_with("SOUK_ADMIN_DSN", PQerrorMessage(conn));
    do_sql(conn, "SET client_min_messages = warning");
    return conn;
}

static int is_sql(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".sql") == 0;
}

static void apply(PGconn *conn, const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "r");
    if (!file || getdelim(&text, &size, '\0', file) < 0)
        fail_with(path, "cannot be read");
    fclose(file);
    do_sql(conn, text);
    free(text);
}

static void migrate(PGconn *conn, souk_pool_t *pool)
{
    static const char folder[] = "db/migrations";
    struct dirent **files;
    int count = scandir(folder, &files, is_sql, alphasort);
    if (count <= 0)
        fail_with(folder, "is not below the working directory");
    for (int i = 0; i < count; i++) {
        apply(conn, souk_pool_format(pool, "%s/%s", folder, files[i]->d_name));
        free(files[i]);
    }
    free(files);
}

void souk_test_database_make(souk_test_database_t *database, const char *name, souk_pool_t *pool)
{
    const char *dsn = getenv("SOUK_ADMIN_DSN");
    if (!dsn || !*dsn)
        fail_with("SOUK_ADMIN_DSN", "is not set: these tests need a PostgreSQL server");
    database->name = souk_pool_format(pool, "souk_test_%d_%s", (int)getpid(), name);
    database->server = connect_to(dsn);
    do_sql(database->server, souk_pool_format(pool, "CREATE DATABASE %s", database->name));
    dsn = souk_pool_format(pool, "%s dbname=%s", dsn, database->name);
    database->admin = connect_to(dsn);
    database->dsn = souk_pool_format(pool, "%s user=souk_{service}", dsn);
    migrate(database->admin, pool);
}

void souk_test_database_drop(souk_test_database_t *database)
{
    char sql[200];
    PQfinish(database->admin);
    if (!database->admin)
        return;
    snprintf(sql, sizeof sql, "DROP DATABASE %s WITH (FORCE)", database->name);
    do_sql(database->server, sql);
    PQfinish(database->server);
}

/* Nobody numbers events meanwhile, and they are numbered on from where they were. Whoever sweeps
   may hold what is wanted and want what is held: then once more. */
void souk_test_database_empty(souk_test_database_t *database, const char *schemas)
{
    char sql[1500];
    snprintf(sql, sizeof sql,
        "DO $$ DECLARE wanted text[] := string_to_array('%s', ','); BEGIN "
        "PERFORM pg_advisory_xact_lock(hashtextextended('events of ' || schema, 0))"
        " FROM unnest(wanted) AS all_of (schema);"
        "LOOP BEGIN "
        "EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('%%I.%%I', schemaname, tablename), ', ')"
        " FROM pg_tables WHERE schemaname = ANY(wanted) AND tablename <> 'event_head'); EXIT; "
        "EXCEPTION WHEN deadlock_detected THEN NULL; END; END LOOP; END $$",
        schemas);
    do_sql(database->admin, sql);
}

const char *souk_test_database_tell(souk_test_database_t *database, const char *sql,
    souk_pool_t *pool)
{
    PGresult *result = run(database->admin, sql);
    const char *value = PQntuples(result) && PQnfields(result) ? PQgetvalue(result, 0, 0) : "";
    const char *kept = souk_pool_text(pool, value, strlen(value));
    PQclear(result);
    return kept;
}

void souk_test_database_hold(souk_test_database_t *database, const char *sql)
{
    do_sql(database->admin, "BEGIN");
    do_sql(database->admin, sql);
    if (!PQsendQuery(database->admin, "SELECT pg_sleep(1); COMMIT"))
        fail_with(sql, PQerrorMessage(database->admin));
}
