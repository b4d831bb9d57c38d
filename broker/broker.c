/* The broker: its sockets, its lock files, and the loop that serves them until it is told to end.
 */
#include "broker.h"

#include "endpoint.h"
#include "intake.h"
#include "relay.h"

enum {
    LINGER_MS = 1000
};

OWNED(zsock)

typedef struct {
    struct souk_broker_settings settings;
    souk_endpoints_t endpoints;
    zsock_t *requests;
    zactor_t *relay;
} broker_t;

static zsock_t *new_socket(const struct souk_broker_settings *settings, int type)
{
    zsock_t *socket = zsock_new(type);
    assert(socket);
    zsock_set_linger(socket, LINGER_MS);
    zsock_set_maxmsgsize(socket, settings->message_max);
    zsock_set_sndhwm(socket, settings->peer_max);
    zsock_set_tcp_keepalive(socket, 1);
    return socket;
}

static bool bind_requests(broker_t *broker)
{
    broker->requests = new_socket(&broker->settings, ZMQ_ROUTER);
    zsock_set_router_mandatory(broker->requests, 1);
    return souk_endpoints_bind(&broker->endpoints, broker->requests, broker->settings.bind);
}

static bool start_relay(broker_t *broker)
{
    owned(zsock) in = new_socket(&broker->settings, ZMQ_XSUB);
    owned(zsock) out = new_socket(&broker->settings, ZMQ_XPUB);
    if (!souk_endpoints_bind(&broker->endpoints, in, broker->settings.events_in) ||
        !souk_endpoints_bind(&broker->endpoints, out, broker->settings.events_out))
        return false;
    broker->relay = souk_relay_new(&in, &out);
    return true;
}

/* Nothing is sent to the broker but $TERM. */
static void serve(broker_t *broker, zsock_t *pipe)
{
    void *socket = zsock_resolve(broker->requests);
    owned(souk_intake) intake = souk_intake_new(&broker->settings, socket);
    zmq_pollitem_t items[] = {
        { .socket = zsock_resolve(pipe), .events = ZMQ_POLLIN },
        { .socket = socket, .events = ZMQ_POLLIN },
    };
    while (zmq_poll(items, 2, souk_intake_wait_ms(intake)) >= 0 || errno == EINTR) {
        if (items[0].revents)
            break;
        souk_intake_serve(intake);
    }
}

void souk_broker_actor(zsock_t *pipe, void *args)
{
    broker_t broker = { .settings = *(const struct souk_broker_settings *)args };
    souk_broker_settings_complete(&broker.settings);
    if (bind_requests(&broker) && start_relay(&broker)) {
        zsock_signal(pipe, 0);
        serve(&broker, pipe);
    } else {
        /* One for zactor_new, which does not look at it, and one for whoever polls the actor. */
        zsock_signal(pipe, (byte)-1);
        zsock_signal(pipe, (byte)-1);
    }
    zactor_destroy(&broker.relay);
    zsock_destroy(&broker.requests);
    souk_endpoints_release(&broker.endpoints);
}
