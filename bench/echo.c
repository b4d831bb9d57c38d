/* A worker that does nothing: behind the bare proxy it sends back what it gets, behind a broker it
   answers each call of the service `echo` with the call's own arguments. */
#include <czmq.h>
#include <string.h>

#include "../lib/link.h"
#include "load.h"

enum {
    CREDIT = 1024,
    HEARTBEAT_MS = 500,
    HEAD = 2, /* frames before the arguments: operation and meta */
};

/* Both sides are DEALERs, so the return path comes along as frames like any other. */
_Noreturn static void serve_proxy(const char *endpoint)
{
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_DEALER);
    zmq_msg_t frame;

    if (zmq_connect(socket, endpoint) != 0)
        bench_fail("%s: %s", endpoint, zmq_strerror(zmq_errno()));
    zmq_msg_init(&frame);
    while (true) {
        if (zmq_msg_recv(&frame, socket, 0) < 0)
            bench_fail("%s", zmq_strerror(zmq_errno()));
        if (zmq_msg_send(&frame, socket, zmq_msg_more(&frame) ? ZMQ_SNDMORE : 0) < 0)
            bench_fail("%s", zmq_strerror(zmq_errno()));
    }
}

/* ["ok", arguments] */
static void answer(souk_link_t *link, souk_message_t *request, const souk_return_t *to)
{
    static const char ok[] = "\x92\xa2ok";
    char frame[4096];
    souk_message_t *reply = souk_message_new();

    memcpy(frame, ok, strlen(ok));
    for (size_t i = HEAD; i < request->count; i++) {
        souk_bytes_t arguments = souk_message_frame(request, i);
        if (arguments.size > sizeof frame - strlen(ok))
            bench_fail("arguments of %zu bytes", arguments.size);
        memcpy(frame + strlen(ok), arguments.data, arguments.size);
        souk_message_add(reply, (souk_bytes_t){ frame, strlen(ok) + arguments.size });
    }
    souk_link_reply(link, to, &reply);
    souk_message_destroy(&request);
}

_Noreturn static void serve_broker(const char *endpoint)
{
    souk_link_t *link = souk_link_new(endpoint, "echo", CREDIT, HEARTBEAT_MS);
    int64_t tick_us = 0;
    while (true) {
        souk_return_t to;
        souk_message_t *request;
        zmq_pollitem_t item = { .socket = souk_link_socket(link), .events = ZMQ_POLLIN };
        zmq_poll(&item, 1, HEARTBEAT_MS);
        while ((request = souk_link_next(link, &to)))
            answer(link, request, &to);
        if (bench_now_us() - tick_us > HEARTBEAT_MS * 1000) {
            souk_link_tick(link);
            tick_us = bench_now_us();
        }
    }
}

int main(int argc, char **argv)
{
    if (argc != 3)
        bench_fail("usage: bench-echo proxy|broker ENDPOINT");
    zsys_handler_set(NULL);
    bench_end_with_parent();
    if (strcmp(argv[1], "proxy") == 0)
        serve_proxy(argv[2]);
    serve_broker(argv[2]);
}
