/* What the commands for the database as a whole need to know. */
#include "admin.h"

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
