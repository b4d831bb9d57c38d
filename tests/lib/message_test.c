/* Messages as frames: built, sent, received, taken apart. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../lib/message.h"

typedef struct {
    void *context, *router, *dealer;
} pair_t;

static void *open_socket(pair_t *pair, int type, int hwm)
{
    void *socket = zmq_socket(pair->context, type);
    int linger = 0;
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof(linger));
    zmq_setsockopt(socket, ZMQ_SNDHWM, &hwm, sizeof(hwm));
    zmq_setsockopt(socket, ZMQ_RCVHWM, &hwm, sizeof(hwm));
    return socket;
}

static int open_pair(void **state)
{
    pair_t *pair = calloc(1, sizeof(*pair));
    int mandatory = 1;
    pair->context = zmq_ctx_new();
    pair->router = open_socket(pair, ZMQ_ROUTER, 5);
    pair->dealer = open_socket(pair, ZMQ_DEALER, 5);
    zmq_setsockopt(pair->router, ZMQ_ROUTER_MANDATORY, &mandatory, sizeof(mandatory));
    zmq_setsockopt(pair->dealer, ZMQ_ROUTING_ID, "peer", 4);
    assert_int_equal(zmq_bind(pair->router, "inproc://pair"), 0);
    assert_int_equal(zmq_connect(pair->dealer, "inproc://pair"), 0);
    *state = pair;
    return 0;
}

static int close_pair(void **state)
{
    pair_t *pair = *state;
    zmq_close(pair->router);
    zmq_close(pair->dealer);
    zmq_ctx_term(pair->context);
    free(pair);
    return 0;
}

static souk_message_t *message_of(const char *const *frames)
{
    souk_message_t *message = souk_message_new();
    for (size_t i = 0; frames[i]; i++)
        souk_message_add_text(message, frames[i]);
    return message;
}

#define MESSAGE(...) message_of((const char *const[]){ __VA_ARGS__, NULL })

static souk_message_t *receive(void *socket)
{
    zmq_pollitem_t item = { .socket = socket, .events = ZMQ_POLLIN };
    assert_int_equal(zmq_poll(&item, 1, 5000), 1);
    souk_message_t *message = souk_message_receive(socket);
    assert_non_null(message);
    return message;
}

/* The router knows the peer once it has heard it. */
static void get_acquainted(pair_t *pair)
{
    owned(souk_message) hello = MESSAGE("hello");
    assert_true(souk_message_send(&hello, pair->dealer));
    owned(souk_message) heard = receive(pair->router);
    assert_true(souk_message_is(heard, 0, "peer"));
    assert_true(souk_message_is(heard, 1, "hello"));
}

static void what_is_sent_arrives(void **state)
{
    pair_t *pair = *state;
    char big[5000];
    memset(big, 'x', sizeof(big));
    souk_message_t *message = MESSAGE("", "one");
    souk_message_add(message, (souk_bytes_t){ big, sizeof(big) });
    assert_true(souk_message_send(&message, pair->dealer));
    assert_null(message);

    owned(souk_message) received = receive(pair->router);
    assert_int_equal(received->count, 4);
    assert_int_equal(souk_message_frame(received, 1).size, 0);
    assert_true(souk_message_is(received, 2, "one"));
    assert_memory_equal(souk_message_frame(received, 3).data, big, sizeof(big));
}

static void receiving_never_waits(void **state)
{
    assert_null(souk_message_receive(((pair_t *)*state)->router));
    assert_int_equal(errno, EAGAIN);
}

static void a_message_is_its_frames_exactly(void **state)
{
    (void)state;
    owned(souk_message) message = MESSAGE("echo", "");
    assert_true(souk_message_is(message, 0, "echo"));
    assert_false(souk_message_is(message, 0, "ech"));
    assert_false(souk_message_is(message, 0, "echos"));
    assert_true(souk_message_is(message, 1, ""));
    assert_false(souk_message_is(message, 2, ""));
}

static void frames_move_from_one_message_to_another(void **state)
{
    (void)state;
    owned(souk_message) to = MESSAGE("0");
    owned(souk_message) from = MESSAGE("a", "b", "c");
    souk_message_add_rest(to, from, 1);
    souk_message_add_rest(to, from, 5);
    assert_int_equal(from->count, 1);
    assert_true(souk_message_is(from, 0, "a"));
    assert_int_equal(to->count, 3);
    assert_true(souk_message_is(to, 1, "b"));
    assert_true(souk_message_is(to, 2, "c"));
}

static void a_shared_frame_outlives_its_first_message(void **state)
{
    (void)state;
    char big[300];
    memset(big, 'x', sizeof(big));
    souk_message_t *first = souk_message_new();
    owned(souk_message) second = souk_message_new();
    souk_message_add(first, (souk_bytes_t){ big, sizeof(big) });
    souk_message_add_frame(second, &first->frames[0]);
    souk_message_destroy(&first);
    souk_message_destroy(&first);
    assert_memory_equal(souk_message_frame(second, 0).data, big, sizeof(big));
}

static souk_message_t *numbered(size_t frames)
{
    souk_message_t *message = souk_message_new();
    for (size_t i = 0; i < frames; i++) {
        char text[24];
        snprintf(text, sizeof(text), "%zu", i);
        souk_message_add_text(message, text);
    }
    return message;
}

static void a_message_grows_without_losing_a_frame(void **state)
{
    pair_t *pair = *state;
    souk_message_t *message = numbered(SOUK_FRAMES_MAX - 1);
    assert_true(souk_message_send(&message, pair->dealer));
    owned(souk_message) received = receive(pair->router);
    assert_int_equal(received->count, SOUK_FRAMES_MAX);
    for (size_t i = 1; i < SOUK_FRAMES_MAX; i++) {
        char text[24];
        snprintf(text, sizeof(text), "%zu", i - 1);
        assert_true(souk_message_is(received, i, text));
    }
}

static void a_message_of_too_many_frames_is_dropped_whole(void **state)
{
    pair_t *pair = *state;
    for (size_t more = 0; more < 3; more++) {
        souk_message_t *message = numbered(SOUK_FRAMES_MAX + more);
        assert_true(souk_message_send(&message, pair->dealer));
        zmq_pollitem_t item = { .socket = pair->router, .events = ZMQ_POLLIN };
        assert_int_equal(zmq_poll(&item, 1, 5000), 1);
        assert_null(souk_message_receive(pair->router));
        assert_int_equal(errno, EMSGSIZE);
        get_acquainted(pair);
    }
}

static void a_message_to_nobody_stays_with_its_sender(void **state)
{
    pair_t *pair = *state;
    owned(souk_message) message = MESSAGE("stranger", "a", "b");
    assert_false(souk_message_send(&message, pair->router));
    assert_int_equal(errno, EHOSTUNREACH);
    assert_int_equal(message->count, 3);
    assert_true(souk_message_is(message, 0, "stranger"));
    assert_true(souk_message_is(message, 2, "b"));
}

static void a_full_peer_gets_whole_messages_or_nothing(void **state)
{
    pair_t *pair = *state;
    get_acquainted(pair);
    size_t sent = 0;
    owned(souk_message) message = MESSAGE("peer", "a", "b", "c");
    while (souk_message_send(&message, pair->router)) {
        sent++;
        message = MESSAGE("peer", "a", "b", "c");
    }
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(message->count, 4);
    assert_int_equal(sent, 10);

    for (size_t i = 0; i < sent; i++) {
        owned(souk_message) received = receive(pair->dealer);
        assert_int_equal(received->count, 3);
        assert_true(souk_message_is(received, 2, "c"));
    }
    assert_null(souk_message_receive(pair->dealer));
}

#define test(name) cmocka_unit_test_setup_teardown(name, open_pair, close_pair)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(what_is_sent_arrives),
        test(receiving_never_waits),
        test(a_message_is_its_frames_exactly),
        test(frames_move_from_one_message_to_another),
        test(a_shared_frame_outlives_its_first_message),
        test(a_message_grows_without_losing_a_frame),
        test(a_message_of_too_many_frames_is_dropped_whole),
        test(a_message_to_nobody_stays_with_its_sender),
        test(a_full_peer_gets_whole_messages_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
