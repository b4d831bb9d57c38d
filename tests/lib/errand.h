/* An actor without a database, as a broker written by hand sees it: frame by frame. */
#ifndef SOUK_TESTS_ERRAND_H
#define SOUK_TESTS_ERRAND_H

#include <stdatomic.h>

#include "by_hand.h"

#include "../../lib/client.h"
#include "../../lib/runtime.h"
#include "../../lib/settings.h"
#include "../../lib/souk.h"
#include "../../lib/wire.h"

enum {
    FIRST_ANSWER = 6, /* behind identity, empty, protocol, command, ticket, empty */
};

struct word {
    const char *word;
    int together; /* so many calls were served with this one */
};
static const souk_record_t word = {
    .name = "word",
    .size = sizeof(struct word),
    .fields = { FIELD(word, word, .min = 1, .max = 8), FIELD(word, together, .optional = true) },
};

static atomic_bool gate_open;
static atomic_int waiting;

static bool echo(souk_call_t *call, const void *request, void *reply)
{
    *(struct word *)reply = *(const struct word *)request;
    return true;
}

/* Waits until the gate is open. */
static bool pass(souk_call_t *call, const void *request, void *reply)
{
    atomic_fetch_add(&waiting, 1);
    while (!atomic_load(&gate_open))
        let_pass(1);
    return echo(call, request, reply);
}

static bool give_no_reason(souk_call_t *call, const void *request, void *reply)
{
    return false;
}

static bool gather(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct word *reply = souk_batch_reply(batch, i);
        *reply = *(const struct word *)souk_batch_request(batch, i);
        reply->together = (int)batch->count;
    }
    return true;
}

#define ROW(row, ...)                                                                              \
    {                                                                                              \
        .name = "errand." row, .request = &word, .reply = &word, __VA_ARGS__                       \
    }
static const souk_actor_t errand_actor = {
    .name = "errand",
    .summary = "Runs errands.",
    .operations = {
        ROW("echo",
            .handler = echo,
            .http = "GET /v1/echo/{word}",
            .summary = "The same.",
            .role = "anyone"),
        ROW("rule", .handler = echo, .role = "admin"),
        ROW("keep", .batch = gather, .needs_key = true),
        ROW("pass", .handler = pass),
        ROW("fail", .handler = give_no_reason),
        ROW("gather", .batch = gather),
        ROW("few", .batch = gather, .batch_max = 2),
    },
};

typedef struct {
    by_hand_t hands;
    souk_runtime_t *runtime;
    souk_message_t *worker; /* its READY, which says where it is */
    souk_message_t *reply;
} desk_t;

static inline void set_settings(desk_t *it, int stop_ms)
{
    const char *why = "";
    assert_true(souk_settings_read(&souk_settings_record, &souk_settings, it->hands.pool, &why));
    souk_settings.brokers = it->hands.endpoints[0];
    souk_settings.heartbeat_ms = BOUND_MS;
    souk_settings.stop_ms = stop_ms;
    atomic_store(&gate_open, false);
    atomic_store(&waiting, 0);
}

static inline int open_desk_for(void **state, int stop_ms)
{
    const char *why = "";
    open_by_hand(state);
    desk_t *it = *state = realloc(*state, sizeof *it);
    assert_non_null(it);
    memset((char *)it + sizeof it->hands, 0, sizeof *it - sizeof it->hands);
    set_settings(it, stop_ms);
    it->runtime = souk_runtime_start(&errand_actor, it->hands.pool, &why);
    assert_non_null(it->runtime);
    it->worker = hear(it->hands.routers[0]);
    return 0;
}

static inline int open_desk(void **state)
{
    return open_desk_for(state, BOUND_MS);
}

static inline void end_runtime(zsock_t *pipe, void *argument)
{
    zsock_signal(pipe, 0);
    souk_runtime_stop(argument);
}

/* souk_runtime_stop waits, so another thread waits for it. */
static inline zactor_t *begin_to_stop(desk_t *it)
{
    zactor_t *end = zactor_new(end_runtime, &it->runtime);
    bool leaves = false;
    while (!leaves) {
        owned(souk_message) heard = hear(it->hands.routers[0]);
        leaves = souk_message_is(heard, 3, SOUK_MDP_DISCONNECT);
    }
    return end;
}

static inline void confirm_stop(desk_t *it)
{
    say(it->hands.routers[0], it->worker, "", SOUK_MDP_WORKER, SOUK_MDP_DISCONNECT);
}

static inline int close_desk(void **state)
{
    desk_t *it = *state;
    atomic_store(&gate_open, true);
    if (it->runtime) {
        zactor_t *end = begin_to_stop(it);
        confirm_stop(it);
        zactor_destroy(&end);
    }
    souk_message_destroy(&it->worker);
    souk_message_destroy(&it->reply);
    return close_by_hand(state);
}

static inline souk_bytes_t encode(desk_t *it, const char *text)
{
    return souk_wire_encode(&word, &(struct word){ .word = text }, it->hands.pool);
}

static inline souk_message_t *new_request(desk_t *it, const char *operation,
    const souk_caller_t *caller)
{
    souk_message_t *message = message_to(it->worker);
    add_texts(message, TEXTS("", SOUK_MDP_WORKER, SOUK_MDP_REQUEST, operation, "", operation));
    souk_message_add(message,
        caller ? souk_wire_encode(&souk_caller_record, caller, it->hands.pool)
               : (souk_bytes_t){ "", 0 });
    return message;
}

/* The ticket is the operation's name. */
static void request(desk_t *it, const char *operation, const souk_caller_t *caller,
    const char *const *words)
{
    souk_message_t *message = new_request(it, operation, caller);
    for (; *words; words++)
        souk_message_add(message, encode(it, *words));
    put(it->hands.routers[0], message);
}

/* The reply with this ticket, which has so many answers; others pass by. */
static inline void await_reply(desk_t *it, const char *ticket, size_t answers)
{
    do {
        souk_message_destroy(&it->reply);
        it->reply = hear(it->hands.routers[0]);
    } while (
        !souk_message_is(it->reply, 3, SOUK_MDP_REPLY) || !souk_message_is(it->reply, 4, ticket));
    assert_int_equal(it->reply->count, FIRST_ANSWER + answers);
}

/* Answer i has this code; its value. */
static inline souk_bytes_t expect_code(desk_t *it, size_t i, const char *code)
{
    const char *found;
    souk_bytes_t value;
    assert_true(souk_wire_split_reply(souk_message_frame(it->reply, FIRST_ANSWER + i),
        it->hands.pool, &found, &value));
    assert_string_equal(found, code);
    return value;
}

static inline void *read_value(desk_t *it, const souk_record_t *record, souk_bytes_t value)
{
    souk_flaws_t flaws = { 0 };
    void *read = souk_pool_alloc(it->hands.pool, record->size);
    assert_true(souk_wire_decode(record, value, read, it->hands.pool, &flaws));
    return read;
}

static inline const struct word *expect_word(desk_t *it, size_t i, const char *text)
{
    const struct word *found = read_value(it, &word, expect_code(it, i, "ok"));
    assert_string_equal(found->word, text);
    return found;
}

static inline const struct souk_refusal *expect_refusal(desk_t *it, size_t i, const char *code,
    const char *part)
{
    const struct souk_refusal *found = read_value(it, &souk_refusal, expect_code(it, i, code));
    if (!strstr(found->message, part))
        fail_msg("\"%s\" does not say \"%s\"", found->message, part);
    return found;
}

/* Until so many calls stand before the gate. */
static inline void await_waiting(int count)
{
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    while (atomic_load(&waiting) < count) {
        assert_true(souk_clock_ms() < until_ms);
        let_pass(1);
    }
}

#endif
