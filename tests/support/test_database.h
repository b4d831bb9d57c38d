/* A database for one test program, made from the migrations and dropped at the end. */
#ifndef SOUK_TEST_DATABASE_H
#define SOUK_TEST_DATABASE_H

#include <libpq-fe.h>

#include "../../lib/pool.h"

typedef struct {
    PGconn *server, *admin; /* to where databases are made, and to this one */
    const char *name;
    const char *dsn; /* of the services, with {service} for their name */
} souk_test_database_t;

/* SOUK_ADMIN_DSN says where, in libpq's form of key=value. Without it, or where something fails,
   the test program ends with the reason. */
void souk_test_database_make(souk_test_database_t *database, const char *name, souk_pool_t *pool);
/* Takes one that was never made. */
void souk_test_database_drop(souk_test_database_t *database);

/* Empties all tables of these schemas; names with commas between them. */
void souk_test_database_empty(souk_test_database_t *database, const char *schemas);

/* The first column of the first row, as text; "" where there is no row. In pool. */
const char *souk_test_database_tell(souk_test_database_t *database, const char *sql,
    souk_pool_t *pool);

/* Runs it in a transaction that is committed a second later; the next _tell waits for that. */
void souk_test_database_hold(souk_test_database_t *database, const char *sql);

#endif
