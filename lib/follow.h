/* Dealing with events of others: the handlers that an actor names for them, and the cursor. */
#ifndef SOUK_FOLLOW_H
#define SOUK_FOLLOW_H

#include "call_internal.h"

/* What actor does with events of this type; NULL: nothing. */
const souk_follow_t *souk_follow_of(const souk_actor_t *actor, const char *type);

/* An event as a call of the actor's, which owns all that is in it. */
souk_call_t *souk_follow_call(souk_desk_t *desk, const souk_told_t *told);

/* Work of souk_batch_serve: deals with events of one source whose numbers follow each other, and
   moves the cursor from the one before the first to the last. Fails with souk_stale where the
   cursor is elsewhere, and as a whole where one of them fails. */
bool souk_follow_events(souk_batch_t *batch);
/* The same of one event, whatever the cursor says. */
bool souk_follow_again(souk_batch_t *batch);
/* The same of one event that cannot be dealt with: it goes among the dead letters, with what
   call->parked_for says. */
bool souk_follow_park(souk_batch_t *batch);

/* The number of the last event of source that was dealt with; 0: none was. */
must_check bool souk_follow_cursor(souk_call_t *call, const char *source, int64_t *seq);
/* Whoever begins, begins with the oldest event that is kept: the cursor goes from 0 to the one
   before. */
must_check bool souk_follow_begin(souk_call_t *call, const char *source, int64_t before);

/* What these run. NULL-terminated. */
extern const souk_query_t *const souk_follow_queries[];

#endif
