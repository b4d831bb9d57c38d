/* A conversation with one actor over a real database. Other actors are given: what they answer must
   fit their own rows, as what the actor answers must fit its row.

   JSON is written with ' for ", so that it reads well within C. */
#ifndef SOUK_TEST_CONVERSATION_H
#define SOUK_TEST_CONVERSATION_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../lib/actor.h"

/* For the set-up and the end of a group, and before each test: empty tables, nothing given, nobody
   vouched for. */
int conversation_open(void **state, const souk_actor_t *actor);
int conversation_close(void **state);
int conversation_begin(void **state);

/* From now on another actor's operation is answered like this. */
void given(void **state, const char *operation, const char *reply);
void given_error(void **state, const char *operation, const char *code, const char *message);
/* How often it was asked. */
int asked(void **state, const char *operation);

/* For under_key, where an operation wants a random UUID. */
#define RANDOM_KEY "b1cf2a6e-3a30-4d6b-9c4e-0f4fd7c1a2b3"
#define ANOTHER_KEY "0d9c3b4a-52f1-4c0e-8a7d-6e5f4c3b2a19"

#define STAFF "018f0000-0000-7000-8000-0000000000f1"
#define ADMIN "018f0000-0000-7000-8000-0000000000f2"

/* From now on calls are this customer's, or carry this key or session. NULL: none. */
void as_customer(void **state, const char *user_id);
void as_staff(void **state);
void as_admin(void **state);
void under_key(void **state, const char *key);
void in_session(void **state, const char *session_id);
void from_address(void **state, const char *address);

/* Asks and waits for the answer, which the functions below are about. */
void ask(void **state, const char *operation, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same call so many times at once, in one message; all its answers are counted. */
void ask_often(void **state, int times, const char *operation, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The answer is a success with at least these values; lists are compared whole. */
void expect(void **state, const char *json);
/* The answer is an error, whose message has this in it. */
void expect_error(void **state, const char *code, const char *part);
/* How many of the answers had this code: "ok", "accepted", "replayed" or an error's. */
int answers(void **state, const char *code);
/* A text of the answer, by name. */
const char *told(void **state, const char *name);
/* The same of the first of its items. */
const char *told_first(void **state, const char *name);

/* Another service tells of something, and the actor has dealt with it, whatever came of that. */
void hear(void **state, const char *topic, const char *json);

/* What one SELECT finds: its first value, as text. */
void expect_row(void **state, const char *sql, const char *value);
/* That value itself. */
const char *row(void **state, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, within a bound of ten seconds: for what happens behind the answer. */
void expect_row_soon(void **state, const char *sql, const char *value);
/* Any statement, as the administrator. */
void run_sql(void **state, const char *sql);
/* The same, in a transaction that is committed a second later; the next look at a row waits for it.
 */
void meanwhile(void **state, const char *sql);

#endif
