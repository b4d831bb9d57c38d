/* The audit trail of an actor: the calls that an auditor has to know of become events (event.h). */
#ifndef SOUK_TRAIL_H
#define SOUK_TRAIL_H

#include "call_internal.h"

/* Whether the actor tells of calls. */
bool souk_trail_is_kept(const souk_actor_t *actor);
/* What it runs. NULL-terminated. */
extern const souk_query_t *const souk_trail_queries[];

/* In the transaction of a batch, when its work is done: notes the calls that have written, each
   once, of a saga with the first of its batches. */
must_check bool souk_trail_note(souk_batch_t *batch);
/* They are committed. */
void souk_trail_noted(souk_batch_t *batch);

/* What has no transaction to be noted in, until there is one. */
typedef struct souk_trail souk_trail_t;
souk_trail_t *souk_trail_new(souk_desk_t *desk);
void souk_trail_destroy(souk_trail_t **trail);

/* A call that has ended, with this code or its error: remembered where it was refused, or read by
   staff. Of more than a thousand that the database was away for, the log says so. */
void souk_trail_remember(souk_trail_t *trail, souk_call_t *call, const char *code);
/* Writes down what is remembered, where it is time or all is to be. */
void souk_trail_write(souk_trail_t *trail, bool all);
/* When it is time; INT64_MAX: nothing is remembered. */
int64_t souk_trail_write_ms(const souk_trail_t *trail);

#endif
