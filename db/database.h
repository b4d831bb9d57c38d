/* PostgreSQL, as handlers see it: statements are constants, prepared and checked when the actor
   starts, and run inside the call's own transaction where the operation .writes. */
#ifndef SOUK_DATABASE_H
#define SOUK_DATABASE_H

#include "../lib/call.h"

/* Made by the build from db/queries/NAME.sql: one for each "-- name: what it does" there, and all
   of them in sql_all[]. Parameters are written :field; in a record within, :record_field. An absent
   text or moment, and all of an absent record, is NULL; an absent number is 0. */
typedef struct {
    const char *name;
    const char *doc;
    const char *text;
} souk_sql_t;

typedef struct {
    const souk_sql_t *sql;
    const souk_record_t *takes; /* its fields are the parameters; NULL: there are none */
    const souk_record_t *gives; /* its fields are the columns, all of them, in any order; NULL:
                                   no rows are wanted */
    /* The last of its transaction, which gives rows: COMMIT travels with it. Once they are here the
       work is done, so the handler must not fail any more; and there is no note in the audit trail
       (event.h), so what begins a saga for callers from outside commits by itself. */
    bool commits;
    bool many; /* takes a souk_list_t of .takes: every parameter is an array */
    const souk_error_t *missing; /* what souk_db_one fails with where there is no row */
    const souk_error_t *duplicate; /* what a unique violation (23505) means */
} souk_query_t;

/* The first row into gives. No row: fails with .missing. Texts live in the call's memory. */
must_check bool souk_db_one(souk_call_t *call, const souk_query_t *query, const void *takes,
    void *gives);

/* All rows, in order, as a list of .gives in the call's memory. */
must_check bool souk_db_all(souk_call_t *call, const souk_query_t *query, const void *takes,
    souk_list_t *gives);

/* No rows wanted. Inside a transaction it is sent along with what follows, without waiting: a
   failure may show only at the next statement that gives rows, or at the commit, and fails the call
   then. A list of no items with .many does nothing. */
must_check bool souk_db_run(souk_call_t *call, const souk_query_t *query, const void *takes);

#endif
