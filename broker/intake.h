/* Where messages arrive: read, counted, and given to the router, or answered on the spot where the
   broker itself is asked (souk.stats, mmi.*). */
#ifndef SOUK_INTAKE_H
#define SOUK_INTAKE_H

#include "../lib/message.h"
#include "settings.h"

typedef struct souk_intake souk_intake_t;

/* Both are borrowed; socket is as souk_post_new wants it. */
souk_intake_t *souk_intake_new(const struct souk_broker_settings *settings, void *socket);
/* Every call that is still there is answered, and workers are told to go. */
void souk_intake_destroy(souk_intake_t **intake);
OWNED(souk_intake)

/* How long may be waited for messages. */
int souk_intake_wait_ms(const souk_intake_t *intake);
/* Takes what has arrived, a good deal of it at most, and does what time asks for. */
void souk_intake_serve(souk_intake_t *intake);

#endif
