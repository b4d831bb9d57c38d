/* Events on the wire: [topic][header][data], and between them each source's last number. */
#ifndef SOUK_TOLD_H
#define SOUK_TOLD_H

#include <czmq.h>

#include "actor.h"
#include "message.h"

/* A PUB or SUB socket, connected to all of these endpoints, which have blanks between them. */
zsock_t *souk_told_socket(int type, const char *endpoints);

/* All of an event. The header frame is this without the data, which is a frame of its own. */
extern const souk_record_t souk_told_record;

/* A row of the log. */
struct souk_logged {
    int64_t seq;
    const char *topic;
    const char *body; /* JSON; NULL: forgotten */
    souk_time_t at;
};
extern const souk_record_t souk_logged;
/* It becomes an event of actor, with data as the event's record has it. In pool; its texts are
   borrowed. */
souk_told_t souk_told_from(const souk_actor_t *actor, const struct souk_logged *logged,
    souk_pool_t *pool);

/* What is no event, but says which number the source's last one has: its topic is SOURCE.head. */
souk_told_t souk_told_head(const souk_actor_t *actor, int64_t seq, souk_pool_t *pool);
bool souk_told_is_head(const souk_told_t *told);

/* The caller owns it. */
souk_message_t *souk_told_write(const souk_told_t *told, souk_pool_t *pool);
/* Into pool. False: it is no event. */
must_check bool souk_told_read(const souk_message_t *message, souk_told_t *told, souk_pool_t *pool);

#endif
