/* What came in: a message of the Majordomo protocol told from everything else. Pure. */
#ifndef SOUK_ENVELOPE_H
#define SOUK_ENVELOPE_H

#include "../lib/message.h"
#include "stats.h"

typedef enum {
    SOUK_CLIENT_REQUEST,
    SOUK_WORKER_READY,
    SOUK_WORKER_REPLY,
    SOUK_WORKER_HEARTBEAT,
    SOUK_WORKER_DISCONNECT,
} souk_command_t;

/* All bytes are borrowed from the message. */
typedef struct {
    souk_command_t command;
    souk_bytes_t peer; /* who sent it, as the ROUTER socket has it */
    souk_bytes_t service; /* of a request and of READY */
    souk_bytes_t ticket; /* of a reply */
    int credit; /* of READY; 0: it says nothing of credit */
    size_t body; /* the first frame of the body of a request or reply */
} souk_envelope_t;

/* False where the message is not one that a client or a worker may send; counted by what is wrong.
   The envelope has what was read before that: of a reply the ticket. */
must_check bool souk_envelope_read(const souk_message_t *message, souk_envelope_t *envelope,
    struct souk_malformed_stats *malformed);

#endif
