/* souk check: holds the rows of all services against the invariants in db/queries/check.sql. */
#include <stdio.h>

#include "admin.h"
#include "commands.h"
#include "queries/check.h"

enum {
    SHOWN_MAX = 10, /* rows that break one invariant; there may be many more */
};

static bool tell_broken(const souk_sql_t *sql, const PGresult *result)
{
    int count = PQntuples(result);
    printf("BAD %s: %s\n", sql->name, sql->doc);
    for (int i = 0; i < count && i < SHOWN_MAX; i++)
        printf("    %s\n", PQgetvalue(result, i, 0));
    if (count > SHOWN_MAX)
        printf("    ... and %d more\n", count - SHOWN_MAX);
    return false;
}

static bool check_one(PGconn *conn, const souk_sql_t *sql)
{
    PGresult *result = PQexec(conn, sql->text);
    bool holds = false;
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fprintf(stderr, "souk check: %s: %s", sql->name, PQerrorMessage(conn));
    else if (PQntuples(result) > 0)
        holds = tell_broken(sql, result);
    else
        holds = printf("ok  %s: %s\n", sql->name, sql->doc) > 0;
    PQclear(result);
    return holds;
}

/* All statements see one snapshot, so that what happens meanwhile breaks nothing. */
static bool check_all(PGconn *conn)
{
    bool holds = true;
    PQclear(PQexec(conn, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"));
    for (size_t i = 0; sql_all[i]; i++)
        holds = check_one(conn, sql_all[i]) && holds;
    PQclear(PQexec(conn, "COMMIT"));
    return holds;
}

int souk_command_check(int argc, char **argv)
{
    (void)argc;
    return souk_admin_run(argv[0], check_all);
}
