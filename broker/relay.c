/* The relay between XSUB and XPUB. Like zmq_proxy, with what passes bounded: messages of too many
   frames are dropped, and so is what subscribers send that is no subscription. */
#include "relay.h"

#include <errno.h>

#include "../lib/memory.h"
#include "../lib/message.h"

enum {
    TURN_MAX = 1000 /* messages carried before the other direction is looked at */
};

static bool is_any(const souk_message_t *message)
{
    return message->count > 0;
}

static bool is_subscription(const souk_message_t *message)
{
    souk_bytes_t frame = souk_message_frame(message, 0);
    return message->count == 1 && frame.size > 0 && *(const unsigned char *)frame.data <= 1;
}

/* PUB and its kin drop what a peer does not take: there is nobody to tell. */
static void pass_on(souk_message_t *taken, void *to)
{
    owned(souk_message) message = taken;
    bool sent = souk_message_send(&message, to);
    (void)sent;
}

static void carry(void *from, void *to, bool (*is_wanted)(const souk_message_t *message))
{
    for (int i = 0; i < TURN_MAX; i++) {
        souk_message_t *message = souk_message_receive(from);
        if (message && is_wanted(message))
            pass_on(message, to);
        else if (message)
            souk_message_destroy(&message);
        else if (errno != EMSGSIZE)
            return;
    }
}

typedef struct {
    zsock_t *in, *out;
} relay_t;

static void relay_destroy(relay_t **relay)
{
    zsock_destroy(&(*relay)->in);
    zsock_destroy(&(*relay)->out);
    free(*relay);
    *relay = NULL;
}
OWNED(relay)

/* Nothing is sent to it but $TERM. */
static void run(zsock_t *pipe, void *args)
{
    owned(relay) relay = args;
    void *in = zsock_resolve(relay->in);
    void *out = zsock_resolve(relay->out);
    zmq_pollitem_t items[] = {
        { .socket = zsock_resolve(pipe), .events = ZMQ_POLLIN },
        { .socket = in, .events = ZMQ_POLLIN },
        { .socket = out, .events = ZMQ_POLLIN },
    };
    zsock_signal(pipe, 0);
    while (zmq_poll(items, 3, -1) >= 0 || errno == EINTR) {
        if (items[0].revents)
            break;
        carry(out, in, is_subscription);
        carry(in, out, is_any);
    }
}

zactor_t *souk_relay_new(zsock_t **in, zsock_t **out)
{
    relay_t *relay = souk_sure(malloc(sizeof(*relay)));
    *relay = (relay_t){ .in = *in, .out = *out };
    *in = *out = NULL;
    return souk_sure(zactor_new(run, relay));
}
