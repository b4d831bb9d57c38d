/* Whatever is thrown at the broker: it counts it, and goes on serving everybody else. */
#include <sys/socket.h>
#include <sys/un.h>

#include "hostile.h"
#include "party.h"

static void bad_messages_are_counted_and_disturb_nobody(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *enemy = join(party, ZMQ_DEALER);
    for (size_t i = 0; i < HOSTILE_COUNT; i++) {
        struct souk_malformed_stats before = ask_stats(party, enemy).malformed;
        say_frames(enemy, hostile[i].frames);
        struct souk_malformed_stats after = ask_stats(party, enemy).malformed;
        assert_int_equal(counted(&after, hostile[i].counter),
            counted(&before, hostile[i].counter) + 1);
    }
    assert_int_equal(ask_stats(party, client).services.count, 0);
    prove_service(party);
}

static void a_worker_that_talks_nonsense_keeps_its_call(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *worker = join_worker(party, "echo", "1");
    say(client, "", SOUK_MDP_CLIENT, "echo", "a");
    souk_message_t *request = hear_request(worker, "a");
    for (size_t i = 0; i < HOSTILE_COUNT; i++)
        say_frames(worker, hostile[i].frames);
    reply(worker, request, "b");
    hear(client, "", SOUK_MDP_CLIENT, "echo", "b");
}

static void a_message_of_too_many_frames_is_dropped_whole(void **state)
{
    party_t *party = *state;
    zsock_t *enemy = join(party, ZMQ_DEALER);
    static const size_t counts[] = { SOUK_FRAMES_MAX, SOUK_FRAMES_MAX + 1, 5000 };
    for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
        souk_message_t *message = souk_message_new();
        souk_message_add_text(message, "");
        souk_message_add_text(message, SOUK_MDP_CLIENT);
        while (message->count < counts[i])
            souk_message_add_text(message, "echo");
        assert_true(souk_message_send(&message, zsock_resolve(enemy)));
        assert_int_equal(ask_stats(party, enemy).malformed.frames, i + 1);
    }
    prove_service(party);
}

static souk_message_t *with_frames(souk_message_t *message, size_t count)
{
    for (size_t i = 0; i < count; i++)
        souk_message_add_text(message, "x");
    return message;
}

static souk_message_t *request_of(size_t path, size_t body)
{
    souk_message_t *message = with_frames(souk_message_new(), path);
    souk_message_add_text(message, "");
    souk_message_add_text(message, SOUK_MDP_CLIENT);
    souk_message_add_text(message, "large");
    return with_frames(message, body);
}

static void what_the_broker_takes_is_not_too_large_for_a_worker_or_a_client(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER), *worker = join_worker(party, "large", "1");
    souk_message_t *request = request_of(SOUK_PATH_FRAMES_MAX, SOUK_BODY_FRAMES_MAX);
    assert_true(souk_message_send(&request, zsock_resolve(client)));
    souk_message_t *asked = hear_any(worker);
    assert_int_equal(asked->count, 5 + SOUK_BODY_FRAMES_MAX);

    souk_message_t *answer = souk_message_new();
    souk_message_add_rest(answer, asked, 0);
    souk_message_destroy(&asked);
    memcpy(zmq_msg_data(&answer->frames[2]), SOUK_MDP_REPLY, 1);
    assert_true(souk_message_send(&answer, zsock_resolve(worker)));
    souk_message_t *heard = hear_any(client);
    assert_int_equal(heard->count, SOUK_PATH_FRAMES_MAX + 3 + SOUK_BODY_FRAMES_MAX);
    souk_message_destroy(&heard);

    request = request_of(0, SOUK_BODY_FRAMES_MAX + 1);
    assert_true(souk_message_send(&request, zsock_resolve(client)));
    assert_int_equal(ask_stats(party, client).malformed.frames, 1);
}

static void a_reply_without_a_body_leaves_nobody_waiting(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER), *worker = join_worker(party, "empty", "1");
    say(client, "", SOUK_MDP_CLIENT, "empty", "question");
    souk_message_t *asked = hear_request(worker, "question");
    souk_message_t *answer = souk_message_new();
    souk_message_add_rest(answer, asked, 0);
    memcpy(zmq_msg_data(&answer->frames[2]), SOUK_MDP_REPLY, 1);
    zmq_msg_close(&answer->frames[--answer->count]);
    assert_true(souk_message_send(&answer, zsock_resolve(worker)));
    souk_message_destroy(&asked);
    hear_refusal(party, client, "worker_lost", 1);
    assert_int_equal(ask_stats(party, client).malformed.body, 1);
}

/* Tells when the connection of a socket is closed by the other side. */
static zactor_t *watch(zsock_t *socket)
{
    zactor_t *monitor = zactor_new(zmonitor, socket);
    assert_non_null(monitor);
    zstr_sendx(monitor, "LISTEN", "DISCONNECTED", NULL);
    zstr_send(monitor, "START");
    zsock_wait(monitor);
    return monitor;
}

static void a_peer_with_too_large_a_frame_is_cut_off(void **state)
{
    party_t *party = *state;
    zsock_t *enemy = join(party, ZMQ_DEALER);
    zactor_t *monitor = watch(enemy);
    char *large = calloc(1, (size_t)party->settings.message_max + 1);
    souk_message_t *message = souk_message_new();
    souk_message_add_text(message, "");
    souk_message_add_text(message, SOUK_MDP_CLIENT);
    souk_message_add_text(message, "echo");
    souk_message_add(message, (souk_bytes_t){ large, (size_t)party->settings.message_max + 1 });
    assert_true(souk_message_send(&message, zsock_resolve(enemy)));
    free(large);
    assert_true(is_there(zactor_sock(monitor), BOUND_MS));
    zactor_destroy(&monitor);
    prove_service(party);
    zsock_t *client = join(party, ZMQ_DEALER);
    assert_int_equal(ask_stats(party, client).unavailable, 0);
}

static void raw_bytes(party_t *party, const char *bytes, size_t size)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", party->bind + strlen("ipc://"));
    assert_int_equal(connect(line, (struct sockaddr *)&address, sizeof(address)), 0);
    ssize_t sent = send(line, bytes, size, MSG_NOSIGNAL);
    assert_true(sent != 0);
    close(line);
}

static void bytes_that_are_not_zeromq_are_ignored(void **state)
{
    party_t *party = *state;
    static const char greeting[64] = "\xff\0\0\0\0\0\0\0\x01\x7f\x03\0NULL";
    static const char http[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    char noise[4096];
    for (size_t i = 0; i < sizeof(noise); i++)
        noise[i] = (char)(i * 2654435761u >> 13);
    raw_bytes(party, http, sizeof(http) - 1);
    raw_bytes(party, noise, sizeof(noise));
    raw_bytes(party, "\xff", 1);
    raw_bytes(party, greeting, sizeof(greeting));
    prove_service(party);
}

static void workers_for_the_brokers_own_names_are_sent_away(void **state)
{
    party_t *party = *state;
    static const char *const names[] = { "mmi.service", "mmi.x", "souk.stats", "souk" };
    for (size_t i = 0; i < 4; i++) {
        zsock_t *worker = join(party, ZMQ_DEALER);
        say(worker, "", SOUK_MDP_WORKER, SOUK_MDP_READY, names[i], "5");
        hear(worker, "", SOUK_MDP_WORKER, SOUK_MDP_DISCONNECT);
    }
    zsock_t *client = join(party, ZMQ_DEALER);
    ask_stats(party, client);
}

static void a_stranger_cannot_answer_a_workers_call(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *worker = join_worker(party, "echo", "1");
    zsock_t *thief = join_worker(party, "other", "1");
    zsock_t *stranger = join(party, ZMQ_DEALER);
    say(client, "", SOUK_MDP_CLIENT, "echo", "a");
    souk_message_t *request = hear_request(worker, "a");
    souk_message_t *copies[2] = { souk_message_new(), souk_message_new() };
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < request->count; j++)
            souk_message_add_frame(copies[i], &request->frames[j]);
    reply(thief, copies[0], "stolen");
    reply(stranger, copies[1], "stolen");
    hear(stranger, "", SOUK_MDP_WORKER, SOUK_MDP_DISCONNECT);
    ask_stats(party, thief);
    reply(worker, request, "b");
    hear(client, "", SOUK_MDP_CLIENT, "echo", "b");
    assert_int_equal(ask_stats(party, client).late_replies, 2);
}

static void many_who_come_and_go_leave_nothing_behind(void **state)
{
    party_t *party = *state;
    for (int i = 0; i < 100; i++) {
        zsock_t *worker = zsock_new(ZMQ_DEALER);
        zsock_t *client = zsock_new(ZMQ_DEALER);
        zsock_set_linger(worker, 1000);
        zsock_set_linger(client, 1000);
        zsock_connect(worker, "%s", party->bind);
        zsock_connect(client, "%s", party->bind);
        say(worker, "", SOUK_MDP_WORKER, SOUK_MDP_READY, "brief", "100");
        say(client, "", SOUK_MDP_CLIENT, "brief", "a");
        zsock_destroy(&worker);
        zsock_destroy(&client);
    }
    zsock_t *client = join(party, ZMQ_DEALER);
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    struct souk_broker_stats stats = ask_stats(party, client);
    while (stats.services.count && souk_clock_ms() < until_ms) {
        assert_false(is_there(client, 50));
        stats = ask_stats(party, client);
    }
    assert_int_equal(stats.services.count, 0);
    prove_service(party);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(bad_messages_are_counted_and_disturb_nobody),
        test(a_worker_that_talks_nonsense_keeps_its_call),
        test(a_message_of_too_many_frames_is_dropped_whole),
        test(what_the_broker_takes_is_not_too_large_for_a_worker_or_a_client),
        test(a_reply_without_a_body_leaves_nobody_waiting),
        test(a_peer_with_too_large_a_frame_is_cut_off),
        test(bytes_that_are_not_zeromq_are_ignored),
        test(workers_for_the_brokers_own_names_are_sent_away),
        test(a_stranger_cannot_answer_a_workers_call),
        test(many_who_come_and_go_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
