/* souk repair: writes anew what follows from other rows, as db/queries/repair.sql says. What only
   somebody can know who was there, such as where money or goods are, it leaves alone. */
#include <stdio.h>

#include "admin.h"
#include "commands.h"
#include "queries/repair.h"

/* What is counted must not change meanwhile; whoever wants to change it waits for us. */
static const char lock[] = "LOCK TABLE inventory.reservation, inventory.stock, inventory.low_stock,"
                           " pricing.promotion, pricing.redemption IN SHARE ROW EXCLUSIVE MODE";

static bool run(PGconn *conn, const char *text)
{
    PGresult *result = PQexec(conn, text);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!done)
        fprintf(stderr, "souk repair: %s", PQerrorMessage(conn));
    PQclear(result);
    return done;
}

static bool repair_one(PGconn *conn, const souk_sql_t *sql)
{
    PGresult *result = PQexec(conn, sql->text);
    bool done = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!done)
        fprintf(stderr, "souk repair: %s: %s", sql->name, PQerrorMessage(conn));
    for (int i = 0; done && i < PQntuples(result); i++)
        printf("mended %s: %s\n", sql->name, PQgetvalue(result, i, 0));
    PQclear(result);
    return done;
}

/* All of it or nothing. */
static bool repair_all(PGconn *conn)
{
    bool done = run(conn, "BEGIN") && run(conn, lock);
    for (size_t i = 0; done && sql_all[i]; i++)
        done = repair_one(conn, sql_all[i]);
    return done && run(conn, "COMMIT");
}

int souk_command_repair(int argc, char **argv)
{
    (void)argc;
    return souk_admin_run(argv[0], repair_all);
}
