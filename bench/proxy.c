/* What the broker is held against: zmq_proxy between a ROUTER and a DEALER, and nothing else. */
#include <zmq.h>

#include "load.h"

static void *bind_to(void *context, int type, const char *endpoint)
{
    void *socket = zmq_socket(context, type);
    if (zmq_bind(socket, endpoint) != 0)
        bench_fail("%s: %s", endpoint, zmq_strerror(zmq_errno()));
    return socket;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        bench_fail("usage: bench-proxy ENDPOINT-FOR-CLIENTS ENDPOINT-FOR-WORKERS");
    bench_end_with_parent();
    void *context = zmq_ctx_new();
    void *front = bind_to(context, ZMQ_ROUTER, argv[1]);
    void *back = bind_to(context, ZMQ_DEALER, argv[2]);
    zmq_proxy(front, back, NULL);
    return 0;
}
