/* Runs the sagas of one loop: those that stand before the same step take it together. */
#include <limits.h>
#include <string.h>

#include <utlist.h>

#include "journey.h"
#include "memory.h"
#include "settings.h"

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
        souk_refuse(call, &souk_busy);
    else
        saga->open(call, call->request, call->state);
    if (call->error)
        souk_journey_end(sagas, journey, "");
}

static void after_batch(souk_sagas_t *sagas, const souk_step_t *step, souk_journey_t *journey)
{
    if (journey->call->error) {
        souk_journey_fail(sagas, journey);
        return;
    }
    journey->begun = true;
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
    souk_batch_serve(sagas->desk, step->batch ? step->batch : step->outside, step->batch, calls,
        count);
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

/* What a call fails with here, it failed with when it was served before; or the look-up failed, and
   it is to be asked again. */
static void run_recall(souk_sagas_t *sagas, souk_journey_t **journeys, size_t count)
{
    souk_call_t *calls[SOUK_BATCH_MAX];
    collect_calls(journeys, count, calls);
    souk_batch_serve(sagas->desk, journeys[0]->saga->recall, false, calls, count);
    for (size_t i = 0; i < count; i++) {
        journeys[i]->backwards = !calls[i]->error;
        calls[i]->replayed = calls[i]->finished;
        souk_journey_end(sagas, journeys[i], calls[i]->finished ? "ok" : "");
    }
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
    else if (step == SOUK_STEP_RECALL)
        run_recall(sagas, journeys, count);
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

/* What this actor does itself, as opposed to asking others for it. */
static bool is_work(const souk_journey_t *journey)
{
    if (journey->step < 0)
        return true;
    return !journey->backwards && !journey->saga->steps[journey->step].ask;
}

static void count_waiting(const souk_lane_t *lane, size_t *waiting)
{
    int64_t now_ms = souk_clock_ms();
    const souk_journey_t *journey;
    DL_FOREACH(lane->journeys, journey)
    {
        if (is_ready(journey, now_ms) && is_work(journey))
            waiting[journey->step - SOUK_STEP_RECALL]++;
    }
}

/* A step of one lane that is next, and how much speaks for it. */
struct choice {
    souk_lane_t *lane;
    int step;
    size_t weight;
};

/* The more calls share a statement and a commit, the cheaper each is. But nobody is passed over for
   long: after a few turns whoever has waited for most of them is next. */
size_t souk_saga_weight(size_t waiting, size_t passed_over)
{
    if (waiting == 0)
        return 0;
    if (passed_over > SOUK_PASSED_OVER_MAX)
        return SOUK_BATCH_MAX + passed_over;
    return waiting < SOUK_BATCH_MAX ? waiting : SOUK_BATCH_MAX;
}

/* Counts for how many turns each place of the lane has been passed over, and finds the next. */
static void look_for_work(souk_lane_t *lane, struct choice *best)
{
    size_t waiting[SOUK_PLACES] = { 0 };
    count_waiting(lane, waiting);
    for (int place = 0; place < SOUK_PLACES; place++) {
        lane->passed_over[place] = waiting[place] ? lane->passed_over[place] + 1 : 0;
        size_t weight = souk_saga_weight(waiting[place], lane->passed_over[place]);
        if (weight > best->weight)
            *best = (struct choice){ lane, place + SOUK_STEP_RECALL, weight };
    }
}

/* One step at each turn, the one before which most calls wait, so that more can gather before the
   others meanwhile. */
static void work(souk_sagas_t *sagas)
{
    struct choice best = { 0 };
    for (size_t i = 0; i < sagas->lane_count; i++)
        look_for_work(&sagas->lanes[i], &best);
    if (!best.lane)
        return;
    best.lane->passed_over[best.step - SOUK_STEP_RECALL] = 0;
    run_step(sagas, best.lane, best.step, best.step < 0);
}

/* Whoever is asked can begin while this actor goes on. */
static void ask(souk_sagas_t *sagas, souk_lane_t *lane)
{
    const souk_saga_t *saga = lane->operation->saga;
    int steps = souk_saga_steps(saga);
    for (int step = 0; step < steps; step++)
        if (saga->steps[step].ask)
            run_step(sagas, lane, step, false);
    for (int step = steps - 1; step >= 0; step--)
        run_step(sagas, lane, step, true);
}

void souk_sagas_turn(souk_sagas_t *sagas)
{
    for (size_t i = 0; i < sagas->lane_count; i++)
        souk_sagas_sweep(sagas, &sagas->lanes[i]);
    work(sagas);
    for (size_t i = 0; i < sagas->lane_count; i++) {
        ask(sagas, &sagas->lanes[i]);
        mind_patience(sagas, &sagas->lanes[i]);
    }
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
