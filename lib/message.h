/* A message as frames, without copying them: cheaper than zmsg where every call passes. */
#ifndef SOUK_MESSAGE_H
#define SOUK_MESSAGE_H

#include <zmq.h>

#include "base.h"

enum {
    SOUK_FRAMES_MAX = 1100, /* of one message; longer ones are dropped whole */
};

typedef struct souk_message {
    size_t count;
    size_t capacity;
    zmq_msg_t *frames;
} souk_message_t;

souk_message_t *souk_message_new(void);
void souk_message_destroy(souk_message_t **message);
OWNED(souk_message)

/* The next message that is there, never waiting. NULL with errno EAGAIN: there is none; NULL with
   EMSGSIZE: one with too many frames was read and dropped, and more may be there. The caller owns
   the message. */
must_check souk_message_t *souk_message_receive(void *socket);

/* Sends without waiting. True: the frames are the socket's and *message is NULL. False: nothing was
   sent, *message is still the caller's, and errno says why (EAGAIN, EHOSTUNREACH: on a ROUTER only
   with ZMQ_ROUTER_MANDATORY). Never a part of a message: a peer gets all of it or nothing. */
must_check bool souk_message_send(souk_message_t **message, void *socket);

void souk_message_add(souk_message_t *message, souk_bytes_t bytes); /* copies */
void souk_message_add_text(souk_message_t *message, const char *text);
/* Shares the frame's content; from must stay initialised until this returns, no longer. */
void souk_message_add_frame(souk_message_t *message, zmq_msg_t *from);
/* Moves all frames from first on out of from, which keeps those before. */
void souk_message_add_rest(souk_message_t *message, souk_message_t *from, size_t first);

/* Borrowed until the message is next changed: small content lies inside the frame and moves with
   it. */
souk_bytes_t souk_message_frame(const souk_message_t *message, size_t i);
must_check bool souk_message_is(const souk_message_t *message, size_t i, const char *text);

#endif
