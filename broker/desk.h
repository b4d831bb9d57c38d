/* Where messages arrive: read, counted, and given to the router, or answered on the spot where the
   broker itself is asked (souk.stats, mmi.*). */
#ifndef SOUK_DESK_H
#define SOUK_DESK_H

#include "../lib/message.h"
#include "settings.h"

typedef struct souk_desk souk_desk_t;

/* Both are borrowed; socket is as souk_post_new wants it. */
souk_desk_t *souk_desk_new(const struct souk_broker_settings *settings, void *socket);
/* Every call that is still there is answered, and workers are told to go. */
void souk_desk_destroy(souk_desk_t **desk);
OWNED(souk_desk)

/* How long may be waited for messages. */
int souk_desk_wait_ms(const souk_desk_t *desk);
/* Takes what has arrived, a good deal of it at most, and does what time asks for. */
void souk_desk_serve(souk_desk_t *desk);

#endif
