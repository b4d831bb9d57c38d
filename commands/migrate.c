/* souk migrate: brings a database to the state that db/migrations/ describes, one file after the
   other, each in a transaction of its own. A file that was applied is never edited. */
#include <dirent.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "commands.h"

/* So that two who migrate at once do so one after the other. */
#define LOCK "SELECT pg_advisory_lock(7021936225113)"

static const char make_journal[] =
    "CREATE TABLE IF NOT EXISTS public.souk_migration ("
    "name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())";

static bool run(PGconn *conn, const char *sql)
{
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* What the journal has for a migration: its checksum into text, or "" where it is not there. */
static bool find_applied(PGconn *conn, const char *name, char text[SOUK_HASH_SIZE])
{
    const char *values[] = { name };
    PGresult *result =
        PQexecParams(conn, "SELECT checksum FROM public.souk_migration WHERE name = $1", 1, NULL,
            values, NULL, NULL, 0);
    bool done = PQresultStatus(result) == PGRES_TUPLES_OK;
    snprintf(text, SOUK_HASH_SIZE, "%s", done && PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    return done;
}

/* One that is older than what is there was merged too late: its place is at the end. */
static bool is_last(PGconn *conn, const char *name)
{
    const char *values[] = { name };
    PGresult *result = PQexecParams(conn, "SELECT 1 FROM public.souk_migration WHERE name > $1", 1,
        NULL, values, NULL, NULL, 0);
    bool last = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 0;
    PQclear(result);
    return last;
}

static bool note(PGconn *conn, const char *name, const char *checksum)
{
    const char *values[] = { name, checksum };
    PGresult *result =
        PQexecParams(conn, "INSERT INTO public.souk_migration (name, checksum) VALUES ($1, $2)", 2,
            NULL, values, NULL, NULL, 0);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return done;
}

static bool refuse(const char *name, const char *why)
{
    fprintf(stderr, "souk migrate: %s: %s\n", name, why);
    return false;
}

static bool apply(PGconn *conn, const char *name, const char *text, const char *checksum)
{
    if (!is_last(conn, name))
        return refuse(name, "a later migration is there already; give it the next number");
    if (run(conn, "BEGIN") && run(conn, text) && note(conn, name, checksum) &&
        run(conn, "COMMIT")) {
        printf("applied %s\n", name);
        return true;
    }
    refuse(name, PQerrorMessage(conn));
    run(conn, "ROLLBACK");
    return false;
}

static bool migrate_one(PGconn *conn, const char *folder, const char *name)
{
    char path[4096], checksum[SOUK_HASH_SIZE], applied[SOUK_HASH_SIZE];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    owned(souk_pool) pool = souk_pool_new();
    souk_bytes_t text;
    if (!souk_command_read_file(path, &text, pool))
        return false;
    souk_hash(text, checksum);

    bool done = find_applied(conn, name, applied);
    if (!done)
        refuse(name, PQerrorMessage(conn));
    else if (!*applied)
        done = apply(conn, name, text.data, checksum);
    else if (strcmp(applied, checksum) != 0)
        done = refuse(name, "was edited after it was applied; undo that, and write another one");
    return done;
}

/* A database that a later version has been at is not for this one to work on. */
static bool is_known_to(PGconn *conn, const char *last)
{
    const char *values[] = { last };
    PGresult *result =
        PQexecParams(conn, "SELECT min(name) FROM public.souk_migration WHERE name > $1", 1, NULL,
            values, NULL, NULL, 0);
    bool asked = PQresultStatus(result) == PGRES_TUPLES_OK;
    bool known = asked && PQgetisnull(result, 0, 0);
    if (!known)
        refuse(asked ? PQgetvalue(result, 0, 0) : last,
            asked ? "was applied by a later version of Souk; use that one" : PQerrorMessage(conn));
    PQclear(result);
    return known;
}

static int is_migration(const struct dirent *entry)
{
    const char *end = strrchr(entry->d_name, '.');
    return strspn(entry->d_name, "0123456789") == 4 && end && strcmp(end, ".sql") == 0;
}

static bool migrate_all(PGconn *conn, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_migration, alphasort);
    bool done = count > 0;
    if (!done)
        refuse(folder, "there are no migrations");
    for (int i = 0; i < count; i++)
        done = done && migrate_one(conn, folder, entries[i]->d_name);
    done = done && is_known_to(conn, entries[count - 1]->d_name);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    if (count >= 0)
        free(entries);
    return done;
}

static void ignore_notice(void *argument, const char *message)
{
    (void)argument;
    (void)message;
}

int souk_command_migrate(int argc, char **argv)
{
    struct souk_admin_settings settings;
    owned(souk_pool) pool = souk_pool_new();
    (void)argc, (void)argv;
    if (!souk_command_settings_read(&souk_admin_settings_record, &settings, pool))
        return SOUK_MISUSED_COMMAND;
    PGconn *conn = PQconnectdb(settings.dsn);
    PQsetNoticeProcessor(conn, ignore_notice, NULL);
    bool done = PQstatus(conn) == CONNECTION_OK && run(conn, LOCK) && run(conn, make_journal);
    if (!done)
        refuse("SOUK_ADMIN_DSN", PQerrorMessage(conn));
    done = done && migrate_all(conn, settings.migrations);
    PQfinish(conn);
    return done ? SOUK_DONE : SOUK_FAILED;
}
