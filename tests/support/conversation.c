/* A conversation with one actor over a real database. */
#include <stdio.h>
#include <string.h>

#include "../../broker/broker.h"
#include "../../lib/json.h"
#include "../../lib/log.h"
#include "../../lib/runtime.h"
#include "../../lib/settings.h"
#include "../../lib/told.h"
#include "../../lib/wire.h"
#include "conversation_internal.h"

enum {
    ANSWER_MS = 20000, /* nothing that is waited for takes so long */
    POLL_MAX = 8,
    STRANDED_MS = 1000, /* so that a test can wait for the sweeper */
    PROVIDER_TIMEOUT_MS = 300,
};

static const char *const roles[] = { "customer", "staff", "admin" };

char *conversation_json(const char *text, souk_pool_t *pool)
{
    char *json = souk_pool_text(pool, text, strlen(text));
    for (char *c = json; *c; c++)
        if (*c == '\'')
            *c = '"';
    return json;
}

/* A test that is itself wrong says so, and ends. */
static void must_fit(bool fits, const souk_flaws_t *flaws, const char *what, const char *json)
{
    if (!fits)
        fail_msg("%s: %s does not fit: %s %s", what, json,
            flaws->count ? flaws->items[0].pointer : "",
            flaws->count ? flaws->items[0].message : "");
}

void *conversation_read(struct conversation *it, const souk_record_t *record, const char *what,
    const char *text)
{
    souk_flaws_t flaws = { 0 };
    void *value = souk_pool_alloc(it->pool, record->size);
    char *json = conversation_json(text, it->pool);
    json_t *object = souk_json_parse((souk_bytes_t){ json, strlen(json) }, it->pool, &flaws);
    must_fit(object, &flaws, what, json);
    must_fit(souk_json_decode(record, object, value, it->pool, &flaws), &flaws, what, json);
    json_decref(object);
    return value;
}

static void set_settings(struct conversation *it)
{
    const char *why = "";
    if (!souk_settings_read(&souk_settings_record, &souk_settings, it->pool, &why))
        fail_msg("%s", why);
    souk_settings.brokers = "inproc://conversation";
    souk_settings.events_to = "inproc://conversation-events-in";
    souk_settings.events_from = "inproc://conversation-events-out";
    souk_settings.dsn = it->database.dsn;
    souk_settings.heartbeat_ms = 200;
    souk_settings.stranded_ms = STRANDED_MS;
    souk_settings.provider_timeout_ms = PROVIDER_TIMEOUT_MS;
    souk_settings.reservation_s = 1;
    assert_true(souk_log_set("error"));
}

static void start_actor(struct conversation *it)
{
    struct souk_broker_settings broker = {
        .bind = souk_settings.brokers,
        .events_in = souk_settings.events_to,
        .events_out = souk_settings.events_from,
        .heartbeat_ms = souk_settings.heartbeat_ms,
    };
    const char *why = "";
    it->broker = zactor_new(souk_broker_actor, &broker);
    it->others = souk_others_new(it->actor);
    it->runtime = souk_runtime_start(it->actor, it->pool, &why);
    if (!it->runtime)
        fail_msg("%s", why);
    it->client = souk_client_new(souk_settings.brokers);
    it->tells = souk_told_socket(ZMQ_PUB, souk_settings.events_to);
}

static void await_actor(struct conversation *it)
{
    const struct souk_nothing nothing = { 0 };
    souk_bytes_t call = souk_wire_encode(&souk_nothing, &nothing, it->pool);
    souk_question_t question = {
        .operation = souk_pool_format(it->pool, "%s.health", it->actor->name),
        .calls = &call,
        .count = 1,
        .timeout_ms = ANSWER_MS,
    };
    souk_outcome_t outcome = souk_client_ask(it->client, &question, true, NULL, it->pool);
    if (outcome.error)
        fail_msg("the actor does not start: %s", outcome.message);
}

int conversation_open(void **state, const souk_actor_t *actor)
{
    struct conversation *it = *state = calloc(1, sizeof *it);
    zsys_handler_set(NULL);
    it->pool = souk_pool_new();
    it->actor = actor;
    souk_test_database_make(&it->database, actor->name, it->pool);
    set_settings(it);
    start_actor(it);
    await_actor(it);
    return 0;
}

int conversation_close(void **state)
{
    struct conversation *it = *state;
    json_decref(it->reply);
    zsock_destroy(&it->tells);
    souk_client_destroy(&it->client);
    souk_runtime_stop(&it->runtime);
    souk_others_destroy(&it->others);
    zactor_destroy(&it->broker);
    souk_test_database_drop(&it->database);
    souk_pool_destroy(&it->pool);
    free(it);
    zsys_shutdown();
    return 0;
}

int conversation_begin(void **state)
{
    struct conversation *it = *state;
    souk_test_database_empty(&it->database,
        souk_pool_format(it->pool, "%s,simulator", it->actor->name));
    souk_others_forget(it->others);
    it->caller = (souk_caller_t){ 0 };
    return 0;
}

void given(void **state, const char *operation, const char *reply)
{
    struct conversation *it = *state;
    const souk_record_t *record = souk_others_operation(operation)->reply;
    void *value = conversation_read(it, record, operation, reply);
    souk_others_answer(it->others, operation,
        souk_wire_encode_reply("ok", record, value, it->pool));
}

static const souk_error_t *error_of(const souk_operation_t *operation, const char *code)
{
    for (size_t i = 0; i < SOUK_ERRORS_MAX && operation->errors[i]; i++)
        if (strcmp(operation->errors[i]->code, code) == 0)
            return operation->errors[i];
    const souk_error_t *common = souk_error_common(code);
    if (!common)
        fail_msg("%s has no error %s in its row", operation->name, code);
    return common;
}

void given_error(void **state, const char *operation, const char *code, const char *message)
{
    struct conversation *it = *state;
    struct souk_refusal refusal = { .message = message };
    error_of(souk_others_operation(operation), code);
    souk_others_answer(it->others, operation,
        souk_wire_encode_reply(code, &souk_refusal, &refusal, it->pool));
}

int asked(void **state, const char *operation)
{
    struct conversation *it = *state;
    return souk_others_asked(it->others, operation);
}

static void become(void **state, const char *user_id, size_t role_count)
{
    struct conversation *it = *state;
    it->caller.user = user_id;
    it->caller.roles = (souk_list_t){ (void *)roles, user_id ? role_count : 0 };
}

void as_customer(void **state, const char *user_id)
{
    become(state, user_id, 1);
}

void as_staff(void **state)
{
    become(state, STAFF, 2);
}

void as_admin(void **state)
{
    become(state, ADMIN, 3);
}

void under_key(void **state, const char *key)
{
    struct conversation *it = *state;
    it->caller.key = key;
}

void in_session(void **state, const char *session_id)
{
    struct conversation *it = *state;
    it->caller.session = session_id;
}

void from_address(void **state, const char *address)
{
    struct conversation *it = *state;
    it->caller.address = souk_pool_text(it->pool, address, strlen(address));
}

static void take_reply(struct conversation *it, const souk_operation_t *operation,
    souk_bytes_t bytes)
{
    souk_flaws_t flaws = { 0 };
    void *value = souk_pool_alloc(it->pool, operation->reply->size);
    must_fit(souk_wire_decode(operation->reply, bytes, value, it->pool, &flaws), &flaws,
        operation->name, "its reply");
    souk_bytes_t json = souk_json_encode(operation->reply, value, it->pool);
    json_decref(it->reply);
    it->reply = json_loadb(json.data, json.size, 0, NULL);
}

static void take_answers(struct conversation *it, const souk_operation_t *operation,
    const souk_answer_t *answer)
{
    it->count = answer->count;
    it->codes = souk_pool_alloc(it->pool, (answer->count + 1) * sizeof *it->codes);
    if (answer->error)
        fail_msg("%s: %s", operation->name, answer->error->meaning);
    for (size_t i = 0; i < answer->count; i++) {
        souk_outcome_t outcome =
            souk_outcome_read(answer, &answer->frames[i], operation->errors, it->pool);
        it->codes[i] = outcome.code;
        it->message = outcome.message;
        if (outcome.error)
            error_of(operation, outcome.code);
        else
            take_reply(it, operation, outcome.value);
    }
}

static void await_answers(struct conversation *it, const souk_operation_t *operation)
{
    souk_answer_t answer;
    zmq_pollitem_t items[POLL_MAX];
    while (!souk_client_next(it->client, &answer)) {
        int count = (int)souk_client_poll(it->client, items, POLL_MAX);
        zmq_poll(items, count, souk_client_wait_ms(it->client));
    }
    take_answers(it, operation, &answer);
}

static void ask_times(struct conversation *it, int times, const char *name, const char *format,
    va_list values)
{
    char json[10000];
    const souk_operation_t *operation = souk_others_operation(name);
    souk_bytes_t *calls = souk_pool_alloc(it->pool, (size_t)times * sizeof *calls);
    assert_true(vsnprintf(json, sizeof json, format, values) < (int)sizeof json);
    void *value = conversation_read(it, operation->request, name, json);
    for (int i = 0; i < times; i++)
        calls[i] = souk_wire_encode(operation->request, value, it->pool);

    souk_question_t question = {
        .operation = name,
        .caller = &it->caller,
        .calls = calls,
        .count = (size_t)times,
        .timeout_ms = ANSWER_MS,
    };
    assert_true(souk_client_send(it->client, &question));
    await_answers(it, operation);
}

void ask(void **state, const char *operation, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    ask_times(*state, 1, operation, format, values);
    va_end(values);
}

void ask_often(void **state, int times, const char *operation, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    ask_times(*state, times, operation, format, values);
    va_end(values);
}
