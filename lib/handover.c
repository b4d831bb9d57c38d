/* A call handed from one thread to another. libzmq's own hand-over is invisible to ThreadSanitizer,
   so that it is told here that what one thread wrote before is there for the other afterwards. */
#include "handover.h"

#if defined(__SANITIZE_THREAD__)
#define SOUK_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SOUK_TSAN 1
#endif
#endif

#ifdef SOUK_TSAN
void __tsan_acquire(void *address);
void __tsan_release(void *address);
#else
static void __tsan_acquire(void *address)
{
    (void)address;
}
static void __tsan_release(void *address)
{
    (void)address;
}
#endif

void souk_handover_give(zsock_t *pipe, souk_call_t *call)
{
    __tsan_release(call);
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
    __tsan_acquire(call);
    return call;
}
