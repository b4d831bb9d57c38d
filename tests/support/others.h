/* The other services, as a test says they answer: a thread that serves in their place. */
#ifndef SOUK_TEST_OTHERS_H
#define SOUK_TEST_OTHERS_H

#include <czmq.h>

#include "../../lib/actor.h"

typedef struct souk_others souk_others_t;

/* Serves for all services that the actor asks. What replies nothing is answered with "ok"; the rest
   only as souk_others_answer says. */
souk_others_t *souk_others_new(const souk_actor_t *actor);
void souk_others_destroy(souk_others_t **others);

/* From now on operation is answered with this frame, which is copied. */
void souk_others_answer(souk_others_t *others, const char *operation, souk_bytes_t frame);
/* Forgets what was said and counted. */
void souk_others_forget(souk_others_t *others);
/* How often operation was asked. */
int souk_others_asked(souk_others_t *others, const char *operation);

/* Of all actors there are; fails the test where there is none. */
const souk_operation_t *souk_others_operation(const char *name);

#endif
