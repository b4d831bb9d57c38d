/* What the commands for the database as a whole need to know. */
#include "admin.h"

#include <stdio.h>

#include "commands.h"

const souk_record_t souk_admin_settings_record = {
    .name = "admin_settings",
    .size = sizeof(struct souk_admin_settings),
    .fields = {
        FIELD(souk_admin_settings, dsn,
            .env = "SOUK_ADMIN_DSN",
            .fallback = "dbname=souk",
            .secret = true,
            .doc = "the database, as a role that may do everything in it; for migrate, check, repair and admin"),
        FIELD(souk_admin_settings, migrations,
            .env = "SOUK_MIGRATIONS",
            .fallback = "db/migrations",
            .doc = "the folder of what `souk migrate` applies"),
    },
};

int souk_admin_run(const char *word, bool (*work)(PGconn *conn))
{
    struct souk_admin_settings settings;
    owned(souk_pool) pool = souk_pool_new();
    if (!souk_command_settings_read(&souk_admin_settings_record, &settings, pool))
        return SOUK_MISUSED_COMMAND;
    PGconn *conn = PQconnectdb(settings.dsn);
    bool done = PQstatus(conn) == CONNECTION_OK;
    if (!done)
        fprintf(stderr, "souk %s: SOUK_ADMIN_DSN: %s", word, PQerrorMessage(conn));
    done = done && work(conn);
    PQfinish(conn);
    return done ? SOUK_DONE : SOUK_FAILED;
}
