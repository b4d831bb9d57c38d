/* The bus, as one who serves sees it: a Majordomo worker's connection to one broker, which it makes
   anew whenever the broker falls silent or does not know it. One thread at a time. */
#ifndef SOUK_LINK_H
#define SOUK_LINK_H

#include "message.h"

typedef struct souk_link souk_link_t;

/* Says READY for service, with credit. Does not wait for the broker. The texts outlive the link. */
souk_link_t *souk_link_new(const char *broker, const char *service, int credit, int heartbeat_ms);
void souk_link_destroy(souk_link_t **link);
OWNED(souk_link)

/* To poll on; another one after each reconnect, so ask each time. */
void *souk_link_socket(souk_link_t *link);

/* Where a reply goes: the broker's opaque ticket, and which connection it came over. */
typedef struct {
    unsigned connection;
    size_t size;
    unsigned char ticket[256];
} souk_return_t;

/* The next request's body ([operation][meta][arguments]...), never waiting; NULL: none is there.
   The caller owns it. */
must_check souk_message_t *souk_link_next(souk_link_t *link, souk_return_t *to);

/* Sends frames (all of them; given away) as the reply. A reply that belongs to a connection that is
   no more is dropped: to the broker its worker is dead, and the caller is told so. */
void souk_link_reply(souk_link_t *link, const souk_return_t *to, souk_message_t **frames);

/* To be called every heartbeat or oftener, also while nothing is read: sends heartbeats, and
   connects anew after silence. */
void souk_link_tick(souk_link_t *link);

/* Says DISCONNECT. Calls that are on their way still come, and those that were taken can still be
   answered, until it is gone: the broker has confirmed it, or says nothing any more. */
void souk_link_leave(souk_link_t *link);
bool souk_link_gone(const souk_link_t *link);

#endif
