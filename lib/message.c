/* Messages as frames: received, built, taken apart and sent without copying what is in them. */
#include "message.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "memory.h"
#include "tsan.h"

#ifdef SOUK_TSAN
/* What libzmq does inside itself is left out. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "ignore_noninstrumented_modules=1";
}
#endif

enum {
    SMALL = 12, /* frames that need no memory of their own: a request with one call has nine */
};

typedef struct {
    souk_message_t message;
    zmq_msg_t frames[SMALL];
} small_message_t;

static bool is_small(const souk_message_t *message)
{
    return message->frames == ((const small_message_t *)message)->frames;
}

souk_message_t *souk_message_new(void)
{
    small_message_t *small = souk_sure(malloc(sizeof(*small)));
    small->message.count = 0;
    small->message.capacity = SMALL;
    small->message.frames = small->frames;
    return &small->message;
}

void souk_message_destroy(souk_message_t **message)
{
    souk_message_t *self = *message;
    if (!self)
        return;
    for (size_t i = 0; i < self->count; i++)
        zmq_msg_close(&self->frames[i]);
    if (!is_small(self))
        free(self->frames);
    free(self);
    *message = NULL;
}

static void grow(souk_message_t *message)
{
    size_t capacity = message->capacity * 4;
    zmq_msg_t *frames = souk_sure(malloc(capacity * sizeof(*frames)));
    for (size_t i = 0; i < message->count; i++) {
        zmq_msg_init(&frames[i]);
        zmq_msg_move(&frames[i], &message->frames[i]);
    }
    if (!is_small(message))
        free(message->frames);
    message->frames = frames;
    message->capacity = capacity;
}

/* The place of one more frame, which the caller initialises before anything else. */
static zmq_msg_t *next_frame(souk_message_t *message)
{
    if (message->count == message->capacity)
        grow(message);
    return &message->frames[message->count++];
}

static bool has_more(const souk_message_t *message)
{
    return zmq_msg_more(&message->frames[message->count - 1]);
}

static bool receive_frame(souk_message_t *message, void *socket)
{
    zmq_msg_t *frame = next_frame(message);
    zmq_msg_init(frame);
    if (zmq_msg_recv(frame, socket, ZMQ_DONTWAIT) < 0)
        return false;
    souk_tsan_arrives(zmq_msg_data(frame));
    return true;
}

/* The rest of a message whose last frame that was read had more behind it. */
static void drop_rest(void *socket)
{
    zmq_msg_t frame;
    bool more = true;
    zmq_msg_init(&frame);
    while (more)
        more = zmq_msg_recv(&frame, socket, ZMQ_DONTWAIT) >= 0 && zmq_msg_more(&frame);
    zmq_msg_close(&frame);
}

/* Whether all of a message fitted; where not, errno is EMSGSIZE or zmq_msg_recv's. */
static bool receive_all(souk_message_t *message, void *socket)
{
    do {
        if (message->count == SOUK_FRAMES_MAX) {
            drop_rest(socket);
            errno = EMSGSIZE;
            return false;
        }
        if (!receive_frame(message, socket))
            return false;
    } while (has_more(message));
    return true;
}

souk_message_t *souk_message_receive(void *socket)
{
    souk_message_t *message = souk_message_new();
    if (receive_all(message, socket))
        return message;

    int why = errno;
    souk_message_destroy(&message);
    errno = why;
    return NULL;
}

bool souk_message_send(souk_message_t **message, void *socket)
{
    souk_message_t *self = *message;
    assert(self->count > 0);
    for (size_t i = 0; i < self->count; i++) {
        souk_tsan_leaves(zmq_msg_data(&self->frames[i]));
        int more = i + 1 < self->count ? ZMQ_SNDMORE : 0;
        int sent = zmq_msg_send(&self->frames[i], socket, ZMQ_DONTWAIT | more);
        /* A socket that took the first frame takes the rest. Where the peer vanishes in between
           they are lost with it, and must still be fed in, so that the next message starts afresh.
         */
        if (sent < 0 && i == 0)
            return false;
    }
    souk_message_destroy(message);
    return true;
}

void souk_message_add(souk_message_t *message, souk_bytes_t bytes)
{
    zmq_msg_t *frame = next_frame(message);
    souk_sure(zmq_msg_init_size(frame, bytes.size) == 0 ? frame : NULL);
    if (bytes.size)
        memcpy(zmq_msg_data(frame), bytes.data, bytes.size);
}

void souk_message_add_text(souk_message_t *message, const char *text)
{
    souk_message_add(message, (souk_bytes_t){ text, strlen(text) });
}

void souk_message_add_frame(souk_message_t *message, zmq_msg_t *from)
{
    zmq_msg_t *frame = next_frame(message);
    zmq_msg_init(frame);
    souk_sure(zmq_msg_copy(frame, from) == 0 ? frame : NULL);
}

void souk_message_add_rest(souk_message_t *message, souk_message_t *from, size_t first)
{
    for (size_t i = first; i < from->count; i++) {
        zmq_msg_t *frame = next_frame(message);
        zmq_msg_init(frame);
        zmq_msg_move(frame, &from->frames[i]);
        zmq_msg_close(&from->frames[i]);
    }
    if (from->count > first)
        from->count = first;
}

souk_bytes_t souk_message_frame(const souk_message_t *message, size_t i)
{
    assert(i < message->count);
    zmq_msg_t *frame = &message->frames[i];
    return (souk_bytes_t){ zmq_msg_data(frame), zmq_msg_size(frame) };
}

bool souk_message_is(const souk_message_t *message, size_t i, const char *text)
{
    if (i >= message->count)
        return false;
    souk_bytes_t bytes = souk_message_frame(message, i);
    return bytes.size == strlen(text) && memcmp(bytes.data, text, bytes.size) == 0;
}
