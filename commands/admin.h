/* What the commands for the database as a whole need to know: migrate and check. */
#ifndef SOUK_ADMIN_H
#define SOUK_ADMIN_H

#include "../lib/record.h"

struct souk_admin_settings {
    const char *dsn; /* of a role that may do everything in the database */
    const char *migrations; /* the folder */
};
extern const souk_record_t souk_admin_settings_record;

#endif
