/* How a journey moves: forwards, backwards, later, to its end. */
#include <assert.h>

#include <utlist.h>

#include "journey.h"
#include "log.h"
#include "settings.h"

enum {
    FIRST_PAUSE_MS = 20,
    LAST_PAUSE_MS = 2000,
};

int souk_saga_steps(const souk_saga_t *saga)
{
    int count = 0;
    while (count < SOUK_STEPS_MAX && saga->steps[count].name)
        count++;
    return count;
}

bool souk_saga_always(const void *state)
{
    return true;
}

bool souk_saga_answer_nothing(souk_call_t *call, const void *state, void *reply)
{
    return true;
}

const char *souk_saga_key(const souk_saga_t *saga, const void *state)
{
    if (!saga->key)
        return NULL;
    size_t offset = souk_record_field(saga->state, saga->key)->offset;
    return *(const char *const *)((const char *)state + offset);
}

souk_journey_t *souk_journey_new(souk_lane_t *lane, souk_call_t *call)
{
    const souk_saga_t *saga = lane->operation->saga;
    int patience_ms = saga->patience_ms ? *saga->patience_ms : souk_settings.patience_ms;
    souk_journey_t *journey = souk_pool_alloc(call->pool, sizeof *journey);
    journey->call = call;
    journey->saga = saga;
    journey->patience_ms = call->started_ms + patience_ms;
    journey->give_up_ms = call->started_ms + souk_settings.give_up_ms;
    DL_APPEND(lane->journeys, journey);
    lane->count++;
    return journey;
}

/* Why a call goes backwards is told when it has arrived, with all that belongs to it. */
static void keep_reason(souk_call_t *call)
{
    call->saga_error = call->error;
    call->saga_reason = call->reason;
    call->saga_retry_after_s = call->retry_after_s;
    call->saga_flaws = call->flaws;
}

static void recall_reason(souk_call_t *call)
{
    call->error = call->saga_error;
    call->reason = call->saga_reason;
    call->retry_after_s = call->saga_retry_after_s;
    call->flaws = call->saga_flaws;
}

/* With a code: the reply, made from the state. Without: why it came to nothing. */
void souk_journey_answer(souk_sagas_t *sagas, souk_journey_t *journey, const char *code)
{
    souk_call_t *call = journey->call;
    if (!call->parcel)
        return;
    if (*code && !journey->saga->answer(call, call->state, call->reply))
        souk_fail(call, &souk_internal, "the answer could not be made");
    if (!*code && journey->backwards)
        recall_reason(call);
    sagas->answer(sagas->argument, call, code);
    souk_call_reset(call);
}

void souk_journey_end(souk_sagas_t *sagas, souk_journey_t *journey, const char *code)
{
    souk_journey_answer(sagas, journey, code);
    journey->ended = true;
}

void souk_journey_abandon(souk_sagas_t *sagas, souk_journey_t *journey)
{
    souk_call_t *call = journey->call;
    journey->backwards = false;
    if (!call->error)
        souk_fail(call, &souk_worker_lost, "whether it was done is not known");
    souk_journey_end(sagas, journey, "");
}

void souk_journey_advance(souk_sagas_t *sagas, souk_journey_t *journey)
{
    journey->tries = 0;
    journey->wake_ms = 0;
    journey->step += journey->backwards ? -1 : 1;
    if (!journey->backwards && journey->step == souk_saga_steps(journey->saga))
        souk_journey_end(sagas, journey, "ok");
}

void souk_journey_pause(souk_journey_t *journey)
{
    int pause_ms = FIRST_PAUSE_MS << (journey->tries < 7 ? journey->tries : 7);
    journey->tries++;
    journey->wake_ms = souk_clock_ms() + (pause_ms < LAST_PAUSE_MS ? pause_ms : LAST_PAUSE_MS);
    souk_call_reset(journey->call);
}

/* Errors that say nothing about the call itself: it may yet be served. */
static bool may_pass(const souk_error_t *error)
{
    return souk_kind(error->kind)->ask_again || error->kind == SOUK_UNKNOWN ||
        error->kind == SOUK_RUNNING;
}

/* Once all is given back, what happened is known again. */
static void turn_back(souk_journey_t *journey)
{
    souk_call_t *call = journey->call;
    if (call->error->kind == SOUK_UNKNOWN) {
        souk_call_reset(call);
        souk_refuse(call, &souk_interrupted);
    }
    keep_reason(call);
    journey->backwards = true;
    journey->tries = 0;
    journey->wake_ms = 0;
    souk_call_reset(call);
}

static bool stands_before_batch(const souk_journey_t *journey)
{
    return journey->step == SOUK_STEP_REJECT || journey->saga->steps[journey->step].batch;
}

static void log_held_up(const souk_journey_t *journey)
{
    const souk_call_t *call = journey->call;
    char key[60];
    if (!souk_log_may(&call->desk->pace, call->desk->actor->name))
        return;
    souk_log(SOUK_LOG_WARNING, call->desk->actor->name,
        "op=%s step=%s of=%s held_up_by=%s tries=%d", call->operation->name,
        journey->step == SOUK_STEP_REJECT ? "reject" : journey->saga->steps[journey->step].name,
        souk_log_value(souk_saga_key(journey->saga, call->state), key, sizeof key),
        call->error->code, journey->tries);
}

/* Nothing was written for this call. For one like it something may have been. */
static void recall(souk_sagas_t *sagas, souk_journey_t *journey)
{
    souk_call_t *call = journey->call;
    if (!journey->saga->recall) {
        souk_journey_end(sagas, journey, "");
        return;
    }
    keep_reason(call);
    journey->backwards = true;
    journey->step = SOUK_STEP_RECALL;
    souk_call_reset(call);
}

/* A batch whose COMMIT nobody knows the end of, or whose rows another has taken over, is not ours
   to guess at: the rows tell the sweeper. */
void souk_journey_fail(souk_sagas_t *sagas, souk_journey_t *journey)
{
    const souk_error_t *error = journey->call->error;
    assert(error);
    if (stands_before_batch(journey) && error->kind == SOUK_UNKNOWN) {
        souk_journey_abandon(sagas, journey);
        return;
    }
    if (!journey->begun) {
        recall(sagas, journey);
        return;
    }
    bool must_go_on = journey->backwards || journey->passed;
    if (must_go_on && journey->tries % 8 == 0)
        log_held_up(journey);
    if (must_go_on || (may_pass(error) && souk_clock_ms() < journey->give_up_ms))
        souk_journey_pause(journey);
    else
        turn_back(journey);
}
