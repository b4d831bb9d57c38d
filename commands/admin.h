/* What the commands for the database as a whole need to know: migrate, check, repair. */
#ifndef SOUK_ADMIN_H
#define SOUK_ADMIN_H

#include <libpq-fe.h>

#include "../lib/record.h"

struct souk_admin_settings {
    const char *dsn; /* of a role that may do everything in the database */
    const char *migrations; /* the folder */
};
extern const souk_record_t souk_admin_settings_record;

/* Connects as the administrator, does the work and disconnects. The exit code; what is wrong was
   told on stderr. */
int souk_admin_run(const char *word, bool (*work)(PGconn *conn));

#endif
