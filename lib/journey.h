/* A journey: one call on its way over the steps of its saga, and how it moves. */
#ifndef SOUK_JOURNEY_H
#define SOUK_JOURNEY_H

#include "sagas.h"

/* Where a journey that goes backwards has come to when all is given back; and where one goes that
   failed before anything was written. */
enum {
    SOUK_STEP_REJECT = -1,
    SOUK_STEP_RECALL = -2,
    SOUK_PLACES = SOUK_STEPS_MAX - SOUK_STEP_RECALL, /* where a journey may stand */
    SOUK_PASSED_OVER_MAX = 8,
};

typedef struct souk_journey {
    souk_call_t *call;
    const souk_saga_t *saga;
    int step;
    bool backwards;
    bool begun; /* a batch step is committed: there is a row that speaks of it */
    bool passed; /* the point of no return is behind it */
    bool asked; /* an answer is on its way */
    bool ended; /* to be freed at the end of the turn */
    int tries; /* of the step it stands before */
    int64_t wake_ms; /* not before then */
    int64_t patience_ms, give_up_ms;
    struct souk_journey *prev, *next;
} souk_journey_t;

typedef struct {
    const souk_operation_t *operation;
    souk_journey_t *journeys;
    size_t count;
    size_t passed_over[SOUK_PLACES]; /* for how many turns those who wait there, from RECALL on */
    int64_t sweep_ms;
} souk_lane_t;

struct souk_sagas {
    souk_desk_t *desk;
    souk_client_t *client;
    souk_answer_fn *answer;
    void *argument;
    struct souk_asking *askings; /* messages under way */
    souk_lane_t lanes[SOUK_OPERATIONS_MAX];
    size_t lane_count;
};

int souk_saga_steps(const souk_saga_t *saga);
/* What the state is about: its .key. NULL: the saga has none, or the state not yet. */
const char *souk_saga_key(const souk_saga_t *saga, const void *state);
souk_journey_t *souk_journey_new(souk_lane_t *lane, souk_call_t *call);

/* Answers, unless the caller has been answered. */
void souk_journey_answer(souk_sagas_t *sagas, souk_journey_t *journey, const char *code);
/* On to the next step, in the direction it goes. */
void souk_journey_advance(souk_sagas_t *sagas, souk_journey_t *journey);
/* Stays before its step and comes back after a pause that grows. */
void souk_journey_pause(souk_journey_t *journey);
/* The call has an error. Turns back, tries again, ends or goes on, as the error and the place say.
 */
void souk_journey_fail(souk_sagas_t *sagas, souk_journey_t *journey);
/* The answer is final and nothing is left to do. */
void souk_journey_end(souk_sagas_t *sagas, souk_journey_t *journey, const char *code);
/* Another one, later, will find out from the rows how it stands. */
void souk_journey_abandon(souk_sagas_t *sagas, souk_journey_t *journey);

/* Asks the step's question, or its undo, for journeys that all stand before it. */
void souk_saga_ask(souk_sagas_t *sagas, const souk_step_t *step, souk_journey_t **journeys,
    size_t count);
/* Forgets what is under way. */
void souk_saga_ask_no_more(souk_sagas_t *sagas);

/* sweep.c: takes up what is stranded, where it is time to look. */
void souk_sagas_sweep(souk_sagas_t *sagas, souk_lane_t *lane);

/* What speaks for serving a step next before which so many wait, and that was passed over for so
   many turns. 0: nothing is to be done. */
size_t souk_saga_weight(size_t waiting, size_t passed_over);

#endif
