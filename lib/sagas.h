/* Runs the sagas of one loop: every call in them is a journey over its steps. */
#ifndef SOUK_SAGAS_H
#define SOUK_SAGAS_H

#include "call_internal.h"

typedef struct souk_sagas souk_sagas_t;

/* answer sends the call's answer (code as for souk_call_answer) and leaves the call alive. */
typedef void souk_answer_fn(void *argument, souk_call_t *call, const char *code);

/* desk and client outlive the sagas. */
souk_sagas_t *souk_sagas_new(souk_desk_t *desk, souk_client_t *client, souk_answer_fn *answer,
    void *argument);
/* What is under way is left to the sweeper of the next start. */
void souk_sagas_destroy(souk_sagas_t **sagas);

/* Takes the call, which has its request. */
void souk_sagas_begin(souk_sagas_t *sagas, souk_call_t *call);

/* Takes up an answer that the client had. */
void souk_sagas_take(souk_sagas_t *sagas, const souk_answer_t *answer);

/* Sweeps where it is time, serves the step of this actor that most calls wait for, and asks all
   that is to be asked. */
void souk_sagas_turn(souk_sagas_t *sagas);

/* Milliseconds until something is ready; 0: now. */
int souk_sagas_wait_ms(const souk_sagas_t *sagas);
size_t souk_sagas_count(const souk_sagas_t *sagas);

#endif
