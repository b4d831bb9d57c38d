/* A call handed from one thread to another. */
#include "handover.h"

#include "tsan.h"

void souk_handover_give(zsock_t *pipe, souk_call_t *call)
{
    souk_tsan_leaves(call);
    zsock_send(pipe, "p", call);
}

souk_call_t *souk_handover_take(zsock_t *pipe)
{
    souk_call_t *call = NULL;
    owned(zmsg) message = zmsg_recv(pipe);
    zframe_t *frame = message ? zmsg_first(message) : NULL;
    if (!frame || zframe_size(frame) != sizeof call || zframe_streq(frame, "$TERM"))
        return NULL;
    memcpy(&call, zframe_data(frame), sizeof call);
    souk_tsan_arrives(call);
    return call;
}
