/* The sweeper: takes up calls whose row says that they are under way, while nobody is. */
#include <string.h>

#include <utlist.h>

#include "index.h"
#include "journey.h"
#include "log.h"
#include "settings.h"

enum {
    SWEEP_MAX = 100, /* calls taken up at once */
    UNDER_WAY_MAX = 500, /* of one operation, with which no more are taken up before it is time */
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

void souk_batch_fail_overtaken(souk_batch_t *batch, const souk_list_t *rows,
    const souk_record_t *record)
{
    const souk_saga_t *saga = batch->calls[0]->operation->saga;
    const souk_index_t *own = souk_index_of(rows, record, saga->key, batch->all->pool);

    for (size_t i = 0; i < batch->count; i++)
        if (!souk_index_find(own, souk_saga_key(saga, batch->calls[i]->state)))
            souk_batch_fail(batch, i, &souk_worker_lost, "another has taken it up");
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
    bool anew = saga->anew && saga->anew(state);
    journey->begun = true;
    journey->passed = !anew && saga->passed && saga->passed(state);
    journey->backwards = !anew && !journey->passed;
    journey->step = anew ? 0 : step_to_resume(saga, journey->passed);
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

/* Of what falls due nobody has to be warned. */
static void log_taken_up(const souk_sagas_t *sagas, const souk_lane_t *lane, size_t count)
{
    bool is_usual = lane->operation->saga->sweep_ms;
    souk_log(is_usual ? SOUK_LOG_DEBUG : SOUK_LOG_WARNING, sagas->desk->actor->name,
        "op=%s stranded=%zu taken_up=yes", lane->operation->name, count);
}

/* How many there were. */
static size_t sweep(souk_sagas_t *sagas, souk_lane_t *lane)
{
    const souk_saga_t *saga = lane->operation->saga;
    souk_call_t *call = souk_call_new(sagas->desk);
    souk_shared_t *rows = souk_shared_new(call->pool);
    souk_list_t states = { 0 };
    rows->holders = 1;
    if (!claim(call, saga, &states))
        states.count = 0;
    if (states.count)
        log_taken_up(sagas, lane, states.count);
    for (size_t i = 0; i < states.count; i++)
        take_up(sagas, lane, rows, (const char *)states.items + i * saga->state->size);
    souk_shared_release(rows);
    return states.count;
}

/* Where there may be more than were taken up, the next look is at once, unless enough is under way.
 */
static int sweep_pause_ms(const souk_lane_t *lane, size_t taken)
{
    const souk_saga_t *saga = lane->operation->saga;
    if (taken >= SWEEP_MAX && lane->count < UNDER_WAY_MAX)
        return 0;
    return saga->sweep_ms ? *saga->sweep_ms : souk_settings.stranded_ms / SWEEPS_PER_BOUND;
}

void souk_sagas_sweep(souk_sagas_t *sagas, souk_lane_t *lane)
{
    int64_t now_ms = souk_clock_ms();
    if (!lane->operation->saga->stranded || now_ms < lane->sweep_ms)
        return;
    size_t taken = souk_db_connected(sagas->desk->db) ? sweep(sagas, lane) : 0;
    lane->sweep_ms = now_ms + sweep_pause_ms(lane, taken);
}
