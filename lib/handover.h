/* A call handed from one thread to another over a pipe between them; afterwards it is the other's.
 */
#ifndef SOUK_HANDOVER_H
#define SOUK_HANDOVER_H

#include <czmq.h>

#include "call.h"

OWNED(zmsg)

void souk_handover_give(zsock_t *pipe, souk_call_t *call);
/* Waits. NULL: the other side says $TERM. */
souk_call_t *souk_handover_take(zsock_t *pipe);

#endif
