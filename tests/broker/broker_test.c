/* Conversations with a broker, as Majordomo clients and workers lead them. */
#include "party.h"

/* As in the guide's mdcliapi.c and mdwrkapi.c: REQ makes and takes the empty frame itself. */
static void a_plain_client_and_a_plain_worker_talk(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_REQ);
    zsock_t *worker = join_worker(party, "echo", NULL);
    for (int i = 0; i < 3; i++) {
        say(client, SOUK_MDP_CLIENT, "echo", "Hello world");
        reply(worker, hear_request(worker, "Hello world"), "Hello yourself");
        hear(client, SOUK_MDP_CLIENT, "echo", "Hello yourself");
    }
}

static void bodies_of_many_frames_pass_as_they_are(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_REQ);
    zsock_t *worker = join_worker(party, "echo", NULL);
    say(client, SOUK_MDP_CLIENT, "echo", "", "a", "", "b");
    const char *const request[] = { "", SOUK_MDP_WORKER, SOUK_MDP_REQUEST, "*", "", "", "a", "",
        "b", NULL };
    souk_message_t *message = hear_frames(worker, request);
    souk_message_t *answer = souk_message_new();
    souk_message_add_text(answer, "");
    souk_message_add_text(answer, SOUK_MDP_WORKER);
    souk_message_add_text(answer, SOUK_MDP_REPLY);
    souk_message_add_rest(answer, message, 3);
    assert_true(souk_message_send(&answer, zsock_resolve(worker)));
    souk_message_destroy(&message);
    hear(client, SOUK_MDP_CLIENT, "echo", "", "a", "", "b");
}

static void many_calls_in_flight_find_their_way_back(void **state)
{
    enum {
        CALLS = 200
    };
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *worker = join_worker(party, "echo", "1000");
    souk_message_t *requests[CALLS];
    char text[24];
    for (int i = 0; i < CALLS; i++) {
        snprintf(text, sizeof(text), "%d", i);
        say(client, text, "more", "", SOUK_MDP_CLIENT, "echo", text);
    }
    for (int i = 0; i < CALLS; i++)
        requests[i] = hear_request(worker, "*");
    for (int i = CALLS - 1; i >= 0; i--) {
        snprintf(text, sizeof(text), "%d", i);
        reply(worker, requests[i], text);
    }
    for (int i = CALLS - 1; i >= 0; i--) {
        snprintf(text, sizeof(text), "%d", i);
        hear(client, text, "more", "", SOUK_MDP_CLIENT, "echo", text);
    }
}

static void the_longest_return_path_comes_back_whole(void **state)
{
    party_t *party = *state;
    char longest[SOUK_PATH_FRAME_SIZE + 1];
    memset(longest, 'x', sizeof(longest));
    longest[SOUK_PATH_FRAME_SIZE] = '\0';
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *worker = join_worker(party, "echo", "1");
    say(client, longest, "2", "3", "4", "5", "6", "7", "8", "", SOUK_MDP_CLIENT, "echo", "a");
    reply(worker, hear_request(worker, "a"), "b");
    hear(client, longest, "2", "3", "4", "5", "6", "7", "8", "", SOUK_MDP_CLIENT, "echo", "b");
}

static void a_worker_that_dies_is_told_of_and_replaced(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *doomed = join_worker(party, "echo", "10");
    say(client, "", SOUK_MDP_CLIENT, "echo", "operation", "meta", "one", "two", "three");
    souk_message_t *request = hear_any(doomed);
    souk_message_destroy(&request);
    zsock_t *other = join_worker(party, "echo", "1");

    int64_t began_ms = souk_clock_ms();
    leave_party(party, doomed);
    hear_refusal(party, client, "worker_lost", 3);
    assert_true(souk_clock_ms() - began_ms < 2000);
    say(client, "", SOUK_MDP_CLIENT, "echo", "again");
    reply(other, hear_request(other, "again"), "here");
    hear(client, "", SOUK_MDP_CLIENT, "echo", "here");
}

/* Its connection stands, but it says nothing any more. */
static void a_worker_that_hangs_is_found_out(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *worker = join_worker(party, "echo", "10");
    int64_t began_ms = souk_clock_ms();
    say(client, "", SOUK_MDP_CLIENT, "echo", "a");
    hear_refusal(party, client, "worker_lost", 1);
    assert_true(souk_clock_ms() - began_ms < 2000);
    reply(worker, hear_request(worker, "a"), "too late");
    hear(worker, "", SOUK_MDP_WORKER, SOUK_MDP_DISCONNECT);
    assert_int_equal(ask_stats(party, client).late_replies, 1);
}

static void nobody_waits_for_a_service_that_is_not_there(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    say(client, "", SOUK_MDP_CLIENT, "echo", "a");
    hear_refusal(party, client, "unavailable", 1);
}

static void calls_past_the_queue_are_busy(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *worker = join_worker(party, "echo", NULL);
    for (int i = 0; i < 1 + party->settings.queue_max + 1; i++)
        say(client, "", SOUK_MDP_CLIENT, "echo", "a");
    hear_refusal(party, client, "busy", 1);
    for (int i = 0; i < 1 + party->settings.queue_max; i++) {
        reply(worker, hear_request(worker, "a"), "b");
        hear(client, "", SOUK_MDP_CLIENT, "echo", "b");
    }
}

struct deadline {
    souk_time_t deadline;
    const char *user;
};
static const souk_record_t deadline = {
    .name = "deadline",
    .size = sizeof(struct deadline),
    .fields = { FIELD(deadline, deadline), FIELD(deadline, user) },
};

static void a_deadline_that_passes_in_the_queue_is_told(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *worker = join_worker(party, "echo", NULL);
    say(client, "", SOUK_MDP_CLIENT, "echo", "first");
    struct deadline meta = { .deadline = { souk_now().ms + 50 }, .user = "somebody" };
    souk_message_t *message = souk_message_new();
    souk_message_add_text(message, "");
    souk_message_add_text(message, SOUK_MDP_CLIENT);
    souk_message_add_text(message, "echo");
    souk_message_add_text(message, "echo.say");
    souk_message_add(message, souk_wire_encode(&deadline, &meta, party->pool));
    souk_message_add_text(message, "\x80");
    assert_true(souk_message_send(&message, zsock_resolve(client)));
    hear_refusal(party, client, "expired", 1);
    reply(worker, hear_request(worker, "first"), "b");
    hear(client, "", SOUK_MDP_CLIENT, "echo", "b");
}

static void workers_hear_that_the_broker_lives(void **state)
{
    party_t *party = *state;
    zsock_t *worker = join_worker(party, "echo", "1");
    for (int i = 0; i < 3; i++) {
        assert_true(is_there(worker, 1000));
        owned(souk_message) message = souk_message_receive(zsock_resolve(worker));
        assert_int_equal(message->count, 3);
        assert_true(is_heartbeat(message));
        say(worker, "", SOUK_MDP_WORKER, SOUK_MDP_HEARTBEAT);
    }
}

static void services_can_be_looked_for(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_REQ);
    join_worker(party, "echo", "1");
    static const struct {
        const char *service, *name, *code;
    } cases[] = {
        { "mmi.service", "echo", "200" },
        { "mmi.service", "mirror", "404" },
        { "mmi.service", "", "404" },
        { "mmi.service", "mmi.service", "404" },
        { "mmi.services", "echo", "501" },
        { "mmi.", "echo", "501" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        say(client, SOUK_MDP_CLIENT, cases[i].service, cases[i].name);
        hear(client, SOUK_MDP_CLIENT, cases[i].service, cases[i].code);
    }
}

static void the_broker_tells_how_it_does(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *worker = join_worker(party, "echo", "7");
    say(client, "", SOUK_MDP_CLIENT, "echo", "a");
    souk_message_t *request = hear_request(worker, "a");
    struct souk_broker_stats stats = ask_stats(party, client);
    assert_int_equal(stats.services.count, 1);
    const struct souk_service_stats *echo = stats.services.items;
    assert_string_equal(echo->name, "echo");
    assert_int_equal(echo->workers, 1);
    assert_int_equal(echo->credit, 7);
    assert_int_equal(echo->in_progress, 1);
    reply(worker, request, "b");
    hear(client, "", SOUK_MDP_CLIENT, "echo", "b");
}

static void the_stats_are_an_operation_too(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    say(client, "", SOUK_MDP_CLIENT, "souk", "souk.stats", "", "\x80", "\x80");
    owned(souk_message) message = hear_any(client);
    assert_int_equal(message->count, 5);
    assert_string_equal(code_of(party, message, 4), "ok");
    say(client, "", SOUK_MDP_CLIENT, "souk", "describe", "", "\x80");
    hear_refusal(party, client, "no_such_operation", 1);
}

static void an_answer_for_a_client_that_left_is_counted(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *other = join(party, ZMQ_DEALER);
    zsock_t *worker = join_worker(party, "echo", "10");
    int64_t until_ms = souk_clock_ms() + BOUND_MS, dropped = 0;
    say(client, "", SOUK_MDP_CLIENT, "echo", "a");
    souk_message_t *request = hear_request(worker, "a");
    leave_party(party, client);
    /* When the broker learns that a connection is gone is up to the socket: more calls, until it
     * has. */
    reply(worker, request, "b");
    while (!(dropped = ask_stats(party, other).dropped_replies) && souk_clock_ms() < until_ms) {
        client = join(party, ZMQ_DEALER);
        say(client, "", SOUK_MDP_CLIENT, "echo", "a");
        request = hear_request(worker, "a");
        leave_party(party, client);
        reply(worker, request, "b");
    }
    assert_true(dropped > 0);
    prove_service(party);
}

static void a_broker_that_ends_leaves_nobody_waiting(void **state)
{
    party_t *party = *state;
    zsock_t *client = join(party, ZMQ_DEALER);
    zsock_t *worker = join_worker(party, "echo", NULL);
    say(client, "", SOUK_MDP_CLIENT, "echo", "held");
    souk_message_t *request = hear_request(worker, "held");
    souk_message_destroy(&request);
    say(client, "", SOUK_MDP_CLIENT, "echo", "waiting");
    ask_stats(party, client);
    zactor_destroy(&party->broker);
    hear_refusal(party, client, "unavailable", 1);
    hear_refusal(party, client, "worker_lost", 1);
    hear(worker, "", SOUK_MDP_WORKER, SOUK_MDP_DISCONNECT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(a_plain_client_and_a_plain_worker_talk),
        test(bodies_of_many_frames_pass_as_they_are),
        test(many_calls_in_flight_find_their_way_back),
        test(the_longest_return_path_comes_back_whole),
        test(a_worker_that_dies_is_told_of_and_replaced),
        test(a_worker_that_hangs_is_found_out),
        test(nobody_waits_for_a_service_that_is_not_there),
        test(calls_past_the_queue_are_busy),
        test(a_deadline_that_passes_in_the_queue_is_told),
        test(workers_hear_that_the_broker_lives),
        test(services_can_be_looked_for),
        test(the_broker_tells_how_it_does),
        test(the_stats_are_an_operation_too),
        test(an_answer_for_a_client_that_left_is_counted),
        test(a_broker_that_ends_leaves_nobody_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
