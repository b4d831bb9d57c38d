/* Asking one call and waiting for it, and reading how a call ended. */
#include <assert.h>
#include <string.h>

#include "client.h"
#include "settings.h"
#include "wire.h"

enum {
    FIRST_PAUSE_MS = 5,
    LAST_PAUSE_MS = 200,
};

static const souk_error_t *find_error(const char *code, const souk_error_t *const *declared)
{
    for (; declared && *declared; declared++)
        if (strcmp((*declared)->code, code) == 0)
            return *declared;
    const souk_error_t *common = souk_error_common(code);
    return common ? common : &souk_internal;
}

static void read_refusal(souk_outcome_t *outcome, souk_pool_t *pool)
{
    struct souk_refusal refusal = { 0 };
    souk_flaws_t flaws = { 0 };
    bool is_read = souk_wire_decode(&souk_refusal, outcome->value, &refusal, pool, &flaws);

    outcome->message = is_read && refusal.message ? refusal.message : "no reason was given";
    outcome->retry_after_s = is_read ? refusal.retry_after : 0;
}

static souk_outcome_t failed(const souk_error_t *error)
{
    return (souk_outcome_t){ .code = error->code, .error = error, .message = error->meaning };
}

souk_outcome_t souk_outcome_read(const souk_answer_t *answer, const souk_bytes_t *frame,
    const souk_error_t *const *declared, souk_pool_t *pool)
{
    souk_outcome_t outcome = { 0 };
    if (answer->error)
        return failed(answer->error);
    if (!souk_wire_split_reply(*frame, pool, &outcome.code, &outcome.value))
        return failed(&souk_internal);
    if (souk_code_succeeds(outcome.code))
        return outcome;
    outcome.error = find_error(outcome.code, declared);
    read_refusal(&outcome, pool);
    return outcome;
}

/* The frames of an answer last until the next one; what the caller keeps is copied. */
static souk_outcome_t keep(souk_outcome_t outcome, souk_pool_t *pool)
{
    if (outcome.value.size)
        outcome.value.data = souk_pool_text(pool, outcome.value.data, outcome.value.size);
    return outcome;
}

/* Answers to earlier questions that nobody waits for any more pass by. */
static souk_outcome_t await(souk_client_t *client, const void *tag,
    const souk_error_t *const *declared, souk_pool_t *pool)
{
    souk_answer_t answer;
    zmq_pollitem_t items[SOUK_BROKERS_MAX];
    while (true) {
        while (souk_client_next(client, &answer))
            if (answer.tag == tag)
                return keep(souk_outcome_read(&answer, answer.frames, declared, pool), pool);
        int count = (int)souk_client_poll(client, items, SOUK_BROKERS_MAX);
        zmq_poll(items, count, souk_client_wait_ms(client));
    }
}

static bool worth_repeating(const souk_outcome_t *outcome, bool repeatable)
{
    if (!outcome->error)
        return false;
    souk_kind_t kind = outcome->error->kind;
    return souk_kind(kind)->ask_again || (repeatable && kind == SOUK_UNKNOWN);
}

souk_outcome_t souk_client_ask(souk_client_t *client, const souk_question_t *question,
    bool repeatable, const souk_error_t *const *declared, souk_pool_t *pool)
{
    assert(question->count == 1);
    int64_t deadline_ms = souk_clock_ms() + question->timeout_ms;
    souk_question_t again = *question;
    int pause_ms = FIRST_PAUSE_MS;
    souk_outcome_t outcome;

    again.tag = &again;
    while (true) {
        outcome = souk_client_send(client, &again) ? await(client, again.tag, declared, pool)
                                                   : failed(&souk_unavailable);
        if (!worth_repeating(&outcome, repeatable) || deadline_ms - souk_clock_ms() <= pause_ms)
            return outcome;
        zmq_poll(NULL, 0, pause_ms);
        again.timeout_ms = (int)(deadline_ms - souk_clock_ms());
        if (again.timeout_ms <= 0)
            return outcome;
        pause_ms = pause_ms * 2 < LAST_PAUSE_MS ? pause_ms * 2 : LAST_PAUSE_MS;
    }
}
