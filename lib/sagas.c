/* Runs the sagas of one loop: at each turn, those that stand before the same step take it together.
 */
#include <limits.h>
#include <string.h>

#include <utlist.h>

#include "journey.h"
#include "log.h"
#include "memory.h"
#include "settings.h"

enum {
    SWEEP_MAX = 100, /* calls taken up at once */
    SWEEPS_PER_BOUND = 8, /* how often, within the time after which a call is stranded */
};

const souk_record_t souk_stranded = {
    .name = "stranded",
    .size = sizeof(struct souk_stranded),
    .fields = {
        FIELD(souk_stranded, older_than_ms),
        FIELD(souk_stranded, limit),
    },
};

souk_sagas_t *souk_sagas_new(souk_desk_t *desk, souk_client_t *client, souk_answer_fn *answer,
    void *argument)
{
    souk_sagas_t *sagas = souk_sure(calloc(1, sizeof *sagas));
    sagas->desk = desk;
    sagas->client = client;
    sagas->answer = answer;
    sagas->argument = argument;
    for (size_t i = 0; i < SOUK_OPERATIONS_MAX && desk->actor->operations[i].name; i++)
        if (desk->actor->operations[i].saga)
            sagas->lanes[sagas->lane_count++].operation = &desk->actor->operations[i];
    return sagas;
}

static void remove_journey(souk_lane_t *lane, souk_journey_t *journey)
{
    souk_call_t *call = journey->call;
    DL_DELETE(lane->journeys, journey);
    lane->count--;
    souk_call_destroy(&call);
}

void souk_sagas_destroy(souk_sagas_t **self)
{
    souk_sagas_t *sagas = *self;
    if (!sagas)
        return;
    for (size_t i = 0; i < sagas->lane_count; i++)
        while (sagas->lanes[i].journeys)
            remove_journey(&sagas->lanes[i], sagas->lanes[i].journeys);
    souk_saga_ask_no_more(sagas);
    free(sagas);
    *self = NULL;
}

static souk_lane_t *lane_of(souk_sagas_t *sagas, const souk_operation_t *operation)
{
    size_t i = 0;
    while (sagas->lanes[i].operation != operation)
        i++;
    return &sagas->lanes[i];
}

void souk_sagas_begin(souk_sagas_t *sagas, souk_call_t *call)
{
    const souk_saga_t *saga = call->operation->saga;
    souk_lane_t *lane = lane_of(sagas, call->operation);
    int most = saga->most ? *saga->most : souk_settings.sagas_max;
    souk_journey_t *journey = souk_journey_new(lane, call);
    call->state = souk_alloc(call, saga->state->size);
    if (lane->count > (size_t)most)
        souk_fail(call, &souk_busy, "%s", souk_busy.meaning);
    else
        saga->open(call, call->request, call->state);
    if (call->error)
        souk_journey_fail(sagas, journey);
}

static void after_batch(souk_sagas_t *sagas, const souk_step_t *step, souk_journey_t *journey)
{
    if (journey->call->error) {
        souk_journey_fail(sagas, journey);
        return;
    }
    journey->begun = journey->begun || !step->reads;
    journey->passed = journey->passed || step->no_return;
    if (journey->call->finished)
        souk_journey_end(sagas, journey, "ok");
    else
        souk_journey_advance(sagas, journey);
}

static void after_outside(souk_sagas_t *sagas, souk_journey_t *journey)
{
    souk_call_t *call = journey->call;
    if (call->error) {
        souk_journey_fail(sagas, journey);
    } else if (call->wait_ms) {
        journey->wake_ms = souk_clock_ms() + call->wait_ms;
        call->wait_ms = 0;
    } else {
        souk_journey_advance(sagas, journey);
    }
}

static void collect_calls(souk_journey_t **journeys, size_t count, souk_call_t **calls)
{
    for (size_t i = 0; i < count; i++)
        calls[i] = journeys[i]->call;
}

static void run_forwards(souk_sagas_t *sagas, const souk_step_t *step, souk_journey_t **journeys,
    size_t count)
{
    souk_call_t *calls[SOUK_BATCH_MAX];
    collect_calls(journeys, count, calls);
    if (step->ask) {
        souk_saga_ask(sagas, step, journeys, count);
        return;
    }
    souk_batch_serve(sagas->desk, step->batch ? step->batch : step->outside,
        step->batch && !step->reads, calls, count);
    for (size_t i = 0; i < count; i++)
        if (step->batch)
            after_batch(sagas, step, journeys[i]);
        else
            after_outside(sagas, journeys[i]);
}

static void run_backwards(souk_sagas_t *sagas, const souk_step_t *step, souk_journey_t **journeys,
    size_t count)
{
    if (step->undo) {
        souk_saga_ask(sagas, step, journeys, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        souk_journey_advance(sagas, journeys[i]);
}

static void run_reject(souk_sagas_t *sagas, souk_journey_t **journeys, size_t count)
{
    souk_call_t *calls[SOUK_BATCH_MAX];
    const souk_saga_t *saga = journeys[0]->saga;
    collect_calls(journeys, count, calls);
    if (saga->reject)
        souk_batch_serve(sagas->desk, saga->reject, true, calls, count);
    for (size_t i = 0; i < count; i++)
        if (calls[i]->error)
            souk_journey_fail(sagas, journeys[i]);
        else
            souk_journey_end(sagas, journeys[i], "");
}

static bool is_ready(const souk_journey_t *journey, int64_t now_ms)
{
    return !journey->ended && !journey->asked && journey->wake_ms <= now_ms;
}

static size_t collect(souk_lane_t *lane, int step, bool backwards, souk_journey_t **journeys)
{
    size_t count = 0;
    int64_t now_ms = souk_clock_ms();
    souk_journey_t *journey;
    DL_FOREACH(lane->journeys, journey)
    {
        if (journey->step == step && journey->backwards == backwards && is_ready(journey, now_ms))
            journeys[count++] = journey;
        if (count == SOUK_BATCH_MAX)
            break;
    }
    return count;
}

static void run_step(souk_sagas_t *sagas, souk_lane_t *lane, int step, bool backwards)
{
    souk_journey_t *journeys[SOUK_BATCH_MAX];
    const souk_saga_t *saga = lane->operation->saga;
    size_t count = collect(lane, step, backwards, journeys);
    if (count == 0)
        return;
    if (step == SOUK_STEP_REJECT)
        run_reject(sagas, journeys, count);
    else if (backwards)
        run_backwards(sagas, &saga->steps[step], journeys, count);
    else
        run_forwards(sagas, &saga->steps[step], journeys, count);
}

/* Who has waited long enough is told how it stands, once there is a row to come back to. */
static void mind_patience(souk_sagas_t *sagas, souk_lane_t *lane)
{
    int64_t now_ms = souk_clock_ms();
    souk_journey_t *journey, *next;
    DL_FOREACH_SAFE(lane->journeys, journey, next)
    {
        if (journey->begun && !journey->ended && journey->patience_ms <= now_ms)
            souk_journey_answer(sagas, journey, "accepted");
        if (journey->ended)
            remove_journey(lane, journey);
    }
}

/* The one whose row this is. What has not begun has no row, and perhaps no key yet. */
static souk_journey_t *find_journey(const souk_lane_t *lane, const void *state)
{
    const souk_saga_t *saga = lane->operation->saga;
    souk_journey_t *journey;
    DL_FOREACH(lane->journeys, journey)
    {
        bool has_row = journey->begun && !journey->ended;
        if (has_row &&
            strcmp(souk_saga_key(saga, journey->call->state), souk_saga_key(saga, state)) == 0)
            break;
    }
    return journey;
}

/* Only slow, not stranded: its row is this process's again, and no second call is made for it. */
static void refresh(souk_journey_t *journey, souk_shared_t *rows, const void *state)
{
    const souk_record_t *given = journey->saga->stranded->gives;
    char *own = journey->call->state;
    for (size_t i = 0; i < souk_record_count(given); i++) {
        size_t offset = given->fields[i].offset;
        memcpy(own + offset, (const char *)state + offset, souk_field_size(&given->fields[i]));
    }
    souk_call_hold(journey->call, rows);
}

/* Right behind the point of no return, or at the last step, from where it goes backwards. */
static int step_to_resume(const souk_saga_t *saga, bool passed)
{
    int step = souk_saga_steps(saga) - 1;
    while (passed && !saga->steps[step].no_return)
        step--;
    return passed ? step + 1 : step;
}

static void resume(souk_sagas_t *sagas, souk_lane_t *lane, souk_shared_t *rows, const void *state)
{
    const souk_saga_t *saga = lane->operation->saga;
    souk_call_t *call = souk_call_new(sagas->desk);
    call->operation = lane->operation;
    call->state = memcpy(souk_alloc(call, saga->state->size), state, saga->state->size);
    call->saga_error = &souk_interrupted;
    call->saga_reason = souk_interrupted.meaning;
    souk_call_hold(call, rows);

    souk_journey_t *journey = souk_journey_new(lane, call);
    journey->begun = true;
    journey->passed = saga->passed && saga->passed(state);
    journey->backwards = !journey->passed;
    journey->step = step_to_resume(saga, journey->passed);
    journey->ended = journey->step == souk_saga_steps(saga);
}

static void take_up(souk_sagas_t *sagas, souk_lane_t *lane, souk_shared_t *rows, const void *state)
{
    souk_journey_t *journey = find_journey(lane, state);
    if (journey)
        refresh(journey, rows, state);
    else
        resume(sagas, lane, rows, state);
}

static bool claim(souk_call_t *call, const souk_saga_t *saga, souk_list_t *states)
{
    struct souk_stranded stranded = { souk_settings.stranded_ms, SWEEP_MAX };
    souk_db_begin(call->desk->db);
    if (souk_db_all(call, saga->stranded, &stranded, states))
        return souk_db_commit(call->desk->db, call);
    souk_db_rollback(call->desk->db);
    return false;
}

static void sweep(souk_sagas_t *sagas, souk_lane_t *lane)
{
    const souk_saga_t *saga = lane->operation->saga;
    souk_call_t *call = souk_call_new(sagas->desk);
    souk_shared_t *rows = souk_shared_new(call->pool);
    souk_list_t states = { 0 };
    rows->holders = 1;
    if (!claim(call, saga, &states))
        states.count = 0;
    if (states.count)
        souk_log(SOUK_LOG_WARNING, sagas->desk->actor->name, "op=%s stranded=%zu taken_up=yes",
            lane->operation->name, states.count);
    for (size_t i = 0; i < states.count; i++)
        take_up(sagas, lane, rows, (const char *)states.items + i * saga->state->size);
    souk_shared_release(rows);
}

static void sweep_in_time(souk_sagas_t *sagas, souk_lane_t *lane)
{
    int64_t now_ms = souk_clock_ms();
    if (!lane->operation->saga->stranded || now_ms < lane->sweep_ms)
        return;
    if (souk_db_connected(sagas->desk->db))
        sweep(sagas, lane);
    lane->sweep_ms = now_ms + souk_settings.stranded_ms / SWEEPS_PER_BOUND;
}

static void run_lane(souk_sagas_t *sagas, souk_lane_t *lane)
{
    int steps = souk_saga_steps(lane->operation->saga);
    sweep_in_time(sagas, lane);
    for (int step = 0; step < steps; step++)
        run_step(sagas, lane, step, false);
    for (int step = steps - 1; step >= SOUK_STEP_REJECT; step--)
        run_step(sagas, lane, step, true);
    mind_patience(sagas, lane);
}

void souk_sagas_turn(souk_sagas_t *sagas)
{
    for (size_t i = 0; i < sagas->lane_count; i++)
        run_lane(sagas, &sagas->lanes[i]);
}

static int64_t earliest(const souk_lane_t *lane)
{
    int64_t first_ms = lane->operation->saga->stranded ? lane->sweep_ms : INT64_MAX;
    const souk_journey_t *journey;
    DL_FOREACH(lane->journeys, journey)
    {
        if (!journey->asked && journey->wake_ms < first_ms)
            first_ms = journey->wake_ms;
        if (journey->begun && journey->call->parcel && journey->patience_ms < first_ms)
            first_ms = journey->patience_ms;
    }
    return first_ms;
}

int souk_sagas_wait_ms(const souk_sagas_t *sagas)
{
    int64_t first_ms = INT64_MAX, now_ms = souk_clock_ms();
    for (size_t i = 0; i < sagas->lane_count; i++) {
        int64_t lane_ms = earliest(&sagas->lanes[i]);
        first_ms = lane_ms < first_ms ? lane_ms : first_ms;
    }
    if (first_ms == INT64_MAX)
        return INT_MAX;
    return first_ms <= now_ms ? 0 : (int)(first_ms - now_ms);
}

size_t souk_sagas_count(const souk_sagas_t *sagas)
{
    size_t count = 0;
    for (size_t i = 0; i < sagas->lane_count; i++)
        count += sagas->lanes[i].count;
    return count;
}
