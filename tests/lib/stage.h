/* An actor made for a test, run by the runtime, between a real broker, a real database and a
   neighbour that answers as the test says. */
#ifndef SOUK_TESTS_STAGE_H
#define SOUK_TESTS_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "neighbour.h"

#include "../../broker/broker.h"
#include "../../lib/describe.h"
#include "../../lib/log.h"
#include "../../lib/runtime.h"
#include "../../lib/souk.h"
#include "../support/test_database.h"

enum {
    BOUND_MS = 20000, /* nothing that is waited for takes so long */
    CALLS_MAX = 16,
};

typedef struct {
    souk_pool_t *pool;
    souk_test_database_t database;
    const souk_actor_t *actor;
    zactor_t *broker;
    int broker_count; /* so far: an endpoint is not free at once */
    neighbour_t *neighbour;
    souk_runtime_t *runtime, *second; /* a second of the same actor; NULL: there is none */
    souk_client_t *client;

    souk_outcome_t outcomes[CALLS_MAX]; /* of the last question */
    size_t count;
} stage_t;

#define STATEMENT(words)                                                                           \
    .sql = &(const souk_sql_t)                                                                     \
    {                                                                                              \
        .name = "statement", .doc = "", .text = words                                              \
    }
#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static inline const char *tell(stage_t *it, const char *sql)
{
    return souk_test_database_tell(&it->database, sql, it->pool);
}

/* For the set-up of a group: the database, with these tables. */
static inline int stage_make(void **state, const souk_actor_t *actor, const char *tables)
{
    stage_t *it = *state = calloc(1, sizeof *it);
    assert_non_null(it);
    zsys_handler_set(NULL);
    it->pool = souk_pool_new();
    it->actor = actor;
    souk_test_database_make(&it->database, actor->name, it->pool);
    tell(it, tables);
    return 0;
}

static inline int stage_drop(void **state)
{
    stage_t *it = *state;
    souk_test_database_drop(&it->database);
    souk_pool_destroy(&it->pool);
    free(it);
    return 0;
}

/* Before anything runs. The actor works on the database as one who may do everything. */
static inline void stage_settings(stage_t *it)
{
    const char *why = "";
    if (!souk_settings_read(&souk_settings_record, &souk_settings, it->pool, &why))
        fail_msg("%s", why);
    souk_settings.brokers = souk_pool_format(it->pool, "inproc://stage-%d", ++it->broker_count);
    souk_settings.events_to = souk_pool_format(it->pool, "%s-in", souk_settings.brokers);
    souk_settings.events_from = souk_pool_format(it->pool, "%s-out", souk_settings.brokers);
    souk_settings.dsn =
        souk_pool_format(it->pool, "%s dbname=%s", getenv("SOUK_ADMIN_DSN"), it->database.name);
    souk_settings.heartbeat_ms = 200;
    souk_settings.ask_timeout_ms = 300;
    assert_true(souk_log_set("error"));
}

/* A connection takes its time. */
static inline void send_soon(stage_t *it, const souk_question_t *question)
{
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    while (!souk_client_send(it->client, question)) {
        assert_true(souk_clock_ms() < until_ms);
        zmq_poll(NULL, 0, 1);
    }
}

/* Sends one message of as many calls as there are words. */
static inline void send_words(stage_t *it, const char *operation, const char *const *words)
{
    souk_bytes_t calls[CALLS_MAX];
    size_t count = 0;
    for (; words[count]; count++)
        calls[count] = souk_wire_encode(&word, &(struct word){ words[count] }, it->pool);
    souk_question_t question = {
        .operation = operation,
        .calls = calls,
        .count = count,
        .timeout_ms = BOUND_MS,
    };
    send_soon(it, &question);
}

/* The answer to the oldest question that was sent and is answered. */
static inline void take_answer(stage_t *it)
{
    souk_answer_t answer;
    zmq_pollitem_t item;
    while (!souk_client_next(it->client, &answer)) {
        souk_client_poll(it->client, &item, 1);
        zmq_poll(&item, 1, souk_client_wait_ms(it->client));
    }
    if (answer.error)
        fail_msg("%s", answer.error->meaning);
    it->count = answer.count;
    for (size_t i = 0; i < answer.count; i++) {
        it->outcomes[i] = souk_outcome_read(&answer, &answer.frames[i], NULL, it->pool);
        it->outcomes[i].value.data =
            souk_pool_text(it->pool, it->outcomes[i].value.data, it->outcomes[i].value.size);
    }
}

static inline void ask_words(stage_t *it, const char *operation, const char *const *words)
{
    send_words(it, operation, words);
    take_answer(it);
}

#define ask(it, operation, ...) ask_words(it, operation, TEXTS(__VA_ARGS__))
static inline void given_codes(stage_t *it, const char *operation, const char *const *codes)
{
    neighbour_answers(it->neighbour, operation, codes);
}

#define given(it, operation, ...) given_codes(it, operation, TEXTS(__VA_ARGS__))

static inline void expect_code(stage_t *it, size_t i, const char *code)
{
    assert_true(i < it->count);
    if (strcmp(it->outcomes[i].code, code) != 0)
        fail_msg("answered %s, %s", it->outcomes[i].code, it->outcomes[i].message);
}

static inline void expect_error(stage_t *it, const char *code, const char *part)
{
    expect_code(it, 0, code);
    if (!strstr(it->outcomes[0].message, part))
        fail_msg("\"%s\" does not say \"%s\"", it->outcomes[0].message, part);
}

static inline void *value_of(stage_t *it, size_t i, const souk_record_t *record)
{
    souk_flaws_t flaws = { 0 };
    void *value = souk_pool_alloc(it->pool, record->size);
    assert_true(souk_wire_decode(record, it->outcomes[i].value, value, it->pool, &flaws));
    return value;
}

static inline struct souk_health *health_of(stage_t *it)
{
    char operation[80];
    snprintf(operation, sizeof operation, "%s.health", it->actor->name);
    ask(it, operation, "");
    expect_code(it, 0, "ok");
    return value_of(it, 0, &souk_health);
}

/* Asked again until it is served. */
static inline void await_service(stage_t *it, const char *operation)
{
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    do {
        assert_true(souk_clock_ms() < until_ms);
        ask(it, operation, "");
    } while (it->outcomes[0].error);
}

static inline void stage_start_actor(stage_t *it)
{
    const char *why = "";
    char operation[80];
    snprintf(operation, sizeof operation, "%s.health", it->actor->name);
    it->runtime = souk_runtime_start(it->actor, it->pool, &why);
    if (!it->runtime)
        fail_msg("%s", why);
    await_service(it, operation);
}

/* All but the actor. */
static inline void stage_open_around(stage_t *it)
{
    struct souk_broker_settings broker = {
        .bind = souk_settings.brokers,
        .events_in = souk_settings.events_to,
        .events_out = souk_settings.events_from,
        .heartbeat_ms = souk_settings.heartbeat_ms,
    };
    it->broker = zactor_new(souk_broker_actor, &broker);
    it->neighbour = neighbour_new();
    it->client = souk_client_new(souk_settings.brokers);
    await_service(it, "other.ready");
    neighbour_forget(it->neighbour);
}

static inline void stage_open(stage_t *it)
{
    stage_open_around(it);
    stage_start_actor(it);
}

static inline int stage_close(void **state)
{
    stage_t *it = *state;
    souk_client_destroy(&it->client);
    souk_runtime_stop(&it->runtime);
    neighbour_destroy(&it->neighbour);
    zactor_destroy(&it->broker);
    return 0;
}

static inline void expect_row(stage_t *it, const char *sql, const char *value)
{
    const char *found = tell(it, sql);
    if (strcmp(found, value) != 0)
        fail_msg("%s: expected %s, found %s", sql, value, found);
}

/* The same, within a bound: for what happens behind the answer. */
static inline void expect_row_soon(stage_t *it, const char *sql, const char *value)
{
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    while (souk_clock_ms() < until_ms && strcmp(tell(it, sql), value) != 0)
        zmq_poll(NULL, 0, LOOK_MS);
    expect_row(it, sql, value);
}

/* All that the neighbour was asked so far. */
static inline void expect_log(stage_t *it, const char *log)
{
    char found[sizeof it->neighbour->log];
    neighbour_log(it->neighbour, found, sizeof found);
    assert_string_equal(found, log);
}

static inline void await_asked(stage_t *it, const char *operation, int calls)
{
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    while (neighbour_asked(it->neighbour, operation).calls < calls) {
        assert_true(souk_clock_ms() < until_ms);
        zmq_poll(NULL, 0, LOOK_MS);
    }
}

#endif
