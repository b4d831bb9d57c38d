/* A load straight over ZeroMQ: one DEALER with so many calls in flight, each a message of a plain
   Majordomo client. The broker and the bare proxy get the very same bytes from it. */
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "../lib/majordomo.h"
#include "../lib/memory.h"
#include "questions.h"

enum {
    IN_FLIGHT_MAX = 10000,
    SILENCE_MS = 10000, /* without any answer, the load has failed */
    PAUSE_MS = 20,
};

typedef struct {
    bench_load_t load;
    void *socket;
    const char *operation;
    bool echoed; /* the answer is the question itself, not a reply of a service */
    bench_questions_t questions;
    int64_t *asked_us; /* of each place in flight */
    size_t under_way;
} asker_t;

static void send_frame(asker_t *asker, const void *data, size_t size, int flags)
{
    if (zmq_send(asker->socket, data, size, flags) < 0)
        bench_fail("cannot send: %s", zmq_strerror(zmq_errno()));
}

static void ask(asker_t *asker, uint64_t place)
{
    const bench_questions_t *questions = &asker->questions;
    souk_bytes_t arguments = questions->arguments[bench_draw(&asker->load, questions->count)];
    asker->asked_us[place] = bench_now_us();
    send_frame(asker, &place, sizeof place, ZMQ_SNDMORE);
    send_frame(asker, "", 0, ZMQ_SNDMORE);
    send_frame(asker, SOUK_MDP_CLIENT, strlen(SOUK_MDP_CLIENT), ZMQ_SNDMORE);
    send_frame(asker, asker->operation, strcspn(asker->operation, "."), ZMQ_SNDMORE);
    send_frame(asker, asker->operation, strlen(asker->operation), ZMQ_SNDMORE);
    send_frame(asker, questions->meta.data, questions->meta.size, ZMQ_SNDMORE);
    send_frame(asker, arguments.data, arguments.size, 0);
    asker->under_way++;
}

/* A reply is the array ["ok", ...] or a refusal. */
static bool is_right(const asker_t *asker, zmq_msg_t *last)
{
    static const char ok[] = "\x92\xa2ok";
    size_t size = zmq_msg_size(last);
    return asker->echoed || (size > strlen(ok) && memcmp(zmq_msg_data(last), ok, strlen(ok)) == 0);
}

static uint64_t read_place(zmq_msg_t *frame)
{
    uint64_t place = IN_FLIGHT_MAX;
    if (zmq_msg_size(frame) == sizeof place)
        memcpy(&place, zmq_msg_data(frame), sizeof place);
    if (place >= IN_FLIGHT_MAX)
        bench_fail("an answer to nothing that was asked");
    return place;
}

/* Waits for the next answer; the place that it frees. */
static uint64_t receive(asker_t *asker, bool *right)
{
    uint64_t place = IN_FLIGHT_MAX;
    zmq_msg_t frame;
    bool more = true;

    zmq_msg_init(&frame);
    for (int i = 0; more; i++) {
        if (zmq_msg_recv(&frame, asker->socket, 0) < 0)
            bench_fail("no answer for %d ms, %zu are awaited", SILENCE_MS, asker->under_way);
        more = zmq_msg_more(&frame);
        if (i == 0)
            place = read_place(&frame);
    }
    *right = is_right(asker, &frame);
    zmq_msg_close(&frame);
    asker->under_way--;
    return place;
}

/* The service may have been started just now. */
static void await_service(asker_t *asker)
{
    int64_t until_us = bench_now_us() + SILENCE_MS * 1000;
    bool right = false;
    while (!right) {
        ask(asker, 0);
        receive(asker, &right);
        if (!right && bench_now_us() > until_us)
            bench_fail("%s is not answered", asker->operation);
        if (!right)
            zmq_poll(NULL, 0, PAUSE_MS);
    }
}

static void run(asker_t *asker, size_t in_flight)
{
    for (uint64_t place = 0; place < in_flight; place++)
        ask(asker, place);
    while (asker->under_way > 0) {
        bool right;
        uint64_t place = receive(asker, &right);
        if (!right)
            bench_fail("a call of %s was refused", asker->operation);
        bench_load_answered(&asker->load, asker->asked_us[place]);
        if (bench_load_goes_on(&asker->load))
            ask(asker, place);
    }
}

static void *connect_to(void *context, const char *endpoint)
{
    void *socket = zmq_socket(context, ZMQ_DEALER);
    int silence_ms = SILENCE_MS, linger_ms = 0, unlimited = 0;
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &silence_ms, sizeof silence_ms);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &unlimited, sizeof unlimited);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &unlimited, sizeof unlimited);
    if (zmq_connect(socket, endpoint) != 0)
        bench_fail("%s: %s", endpoint, zmq_strerror(zmq_errno()));
    return socket;
}

int main(int argc, char **argv)
{
    if (argc != 8)
        bench_fail("usage: bench-bus ENDPOINT SERVICE.OPERATION reply|echo IN-FLIGHT "
                   "WARM-UP-SECONDS SECONDS FILE-OF-SKUS");
    size_t in_flight = strtoul(argv[4], NULL, 10);
    if (in_flight < 1 || in_flight > IN_FLIGHT_MAX)
        bench_fail("1 to %d calls in flight", IN_FLIGHT_MAX);

    bench_end_with_parent();
    owned(souk_pool) pool = souk_pool_new();
    void *context = zmq_ctx_new();
    asker_t asker = { .operation = argv[2], .echoed = strcmp(argv[3], "echo") == 0 };
    asker.socket = connect_to(context, argv[1]);
    asker.asked_us = souk_sure(calloc(in_flight, sizeof *asker.asked_us));
    asker.questions = bench_questions_read(argv[7], pool);

    await_service(&asker);
    bench_load_start(&asker.load, atof(argv[5]), atof(argv[6]));
    run(&asker, in_flight);
    printf("{");
    bench_load_print(&asker.load, stdout);
    printf("}\n");
    zmq_close(asker.socket);
    zmq_ctx_term(context);
    return 0;
}
