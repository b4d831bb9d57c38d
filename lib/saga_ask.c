/* How a saga asks other actors: the questions of all calls before one step in one message. */
#include <string.h>

#include <utlist.h>

#include "journey.h"
#include "memory.h"
#include "settings.h"
#include "wire.h"

/* One message under way, and whose questions are in it. */
struct souk_asking {
    const souk_ask_t *ask;
    bool (*note)(souk_call_t *call, void *state, const void *answer); /* NULL when undoing */
    struct souk_asking *prev, *next;
    size_t count;
    souk_journey_t *journeys[];
};

static const souk_ask_t *question_of(const souk_step_t *step, bool backwards)
{
    return backwards ? step->undo : step->ask;
}

/* The encoded question of one journey, in its own memory; false where it has none to ask. */
static bool write_question(const souk_step_t *step, souk_journey_t *journey, souk_bytes_t *question)
{
    souk_call_t *call = journey->call;
    const souk_ask_t *ask = question_of(step, journey->backwards);
    bool (*fill)(souk_call_t *, const void *, void *) =
        journey->backwards ? step->fill_undo : step->fill;
    void *value = souk_alloc(call, ask->takes->size);
    if (!fill(call, call->state, value))
        return false;
    *question = souk_wire_encode(ask->takes, value, call->pool);
    return true;
}

/* Only what holds for all of the calls can be vouched for in a message of many. */
static bool put(souk_sagas_t *sagas, struct souk_asking *asking, const souk_bytes_t *questions)
{
    const souk_ask_t *ask = asking->ask;
    souk_caller_t caller = { .traceparent = asking->journeys[0]->call->caller.traceparent };
    souk_question_t question = {
        .operation = ask->operation,
        .caller = &caller,
        .calls = questions,
        .count = asking->count,
        .timeout_ms = ask->timeout_ms ? *ask->timeout_ms : souk_settings.ask_timeout_ms,
        .tag = asking,
    };
    return souk_client_send(sagas->client, &question);
}

static void send_or_pause(souk_sagas_t *sagas, struct souk_asking *asking,
    const souk_bytes_t *questions)
{
    if (asking->count == 0 || !put(sagas, asking, questions)) {
        for (size_t i = 0; i < asking->count; i++) {
            souk_fail(asking->journeys[i]->call, &souk_unavailable, "no broker is there");
            souk_journey_fail(sagas, asking->journeys[i]);
        }
        free(asking);
        return;
    }
    for (size_t i = 0; i < asking->count; i++)
        asking->journeys[i]->asked = true;
    DL_APPEND(sagas->askings, asking);
}

static struct souk_asking *asking_new(const souk_step_t *step, bool backwards, size_t room)
{
    struct souk_asking *asking =
        souk_sure(calloc(1, sizeof *asking + room * sizeof *asking->journeys));
    asking->ask = question_of(step, backwards);
    asking->note = backwards ? NULL : step->note;
    return asking;
}

void souk_saga_ask(souk_sagas_t *sagas, const souk_step_t *step, souk_journey_t **journeys,
    size_t count)
{
    size_t most = step->alone ? 1 : SOUK_BATCH_MAX;
    souk_bytes_t questions[SOUK_BATCH_MAX];
    bool backwards = journeys[0]->backwards;
    struct souk_asking *asking = asking_new(step, backwards, most);

    for (size_t i = 0; i < count; i++) {
        if (asking->count == most) {
            send_or_pause(sagas, asking, questions);
            asking = asking_new(step, backwards, most);
        }
        if (!write_question(step, journeys[i], &questions[asking->count])) {
            souk_journey_advance(sagas, journeys[i]);
            continue;
        }
        asking->journeys[asking->count++] = journeys[i];
    }
    send_or_pause(sagas, asking, questions);
}

static bool note_answer(const struct souk_asking *asking, souk_call_t *call, souk_bytes_t value)
{
    souk_flaws_t flaws = { 0 };
    void *answer = souk_alloc(call, asking->ask->gives->size);
    if (!souk_wire_decode(asking->ask->gives, value, answer, call->pool, &flaws))
        return souk_fail(call, &souk_internal, "%s answered with another shape",
            asking->ask->operation);
    return !asking->note || asking->note(call, call->state, answer);
}

/* "accepted" is no answer yet: the other service is still at it, and is asked again. */
static void take_one(souk_sagas_t *sagas, const struct souk_asking *asking, souk_journey_t *journey,
    const souk_answer_t *answer, size_t i)
{
    souk_call_t *call = journey->call;
    const souk_bytes_t *frame = answer->error ? NULL : &answer->frames[i];
    souk_outcome_t outcome = souk_outcome_read(answer, frame, call->operation->errors, call->pool);
    journey->asked = false;
    if (outcome.error)
        souk_fail_later(call, outcome.error, outcome.retry_after_s, "%s", outcome.message);
    else if (strcmp(outcome.code, "accepted") == 0)
        souk_fail(call, &souk_timeout, "%s is still at work", asking->ask->operation);
    else if (note_answer(asking, call, outcome.value)) {
        souk_journey_advance(sagas, journey);
        return;
    }
    souk_journey_fail(sagas, journey);
}

void souk_sagas_take(souk_sagas_t *sagas, const souk_answer_t *answer)
{
    struct souk_asking *asking = answer->tag;
    for (size_t i = 0; i < asking->count; i++)
        take_one(sagas, asking, asking->journeys[i], answer, i);
    DL_DELETE(sagas->askings, asking);
    free(asking);
}

void souk_saga_ask_no_more(souk_sagas_t *sagas)
{
    while (sagas->askings) {
        struct souk_asking *asking = sagas->askings;
        DL_DELETE(sagas->askings, asking);
        free(asking);
    }
}
