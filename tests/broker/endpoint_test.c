/* Endpoints are one broker's at a time, and are taken over from the dead only. */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "party.h"

/* The actor has ended without ever serving. */
static void assert_refused(zactor_t *broker)
{
    zmq_pollitem_t item = { .socket = zsock_resolve(broker), .events = ZMQ_POLLIN };
    assert_int_equal(zmq_poll(&item, 1, BOUND_MS), 1);
    assert_int_equal(zsock_wait(broker), 255);
}

static void refuse_with(party_t *party, struct souk_broker_settings settings)
{
    (void)party;
    zactor_t *broker = zactor_new(souk_broker_actor, &settings);
    assert_refused(broker);
    zactor_destroy(&broker);
}

static void a_second_broker_is_refused_and_the_first_goes_on(void **state)
{
    party_t *party = *state;
    struct souk_broker_settings settings = party->settings;
    refuse_with(party, settings);
    prove_service(party);
    settings.bind = "inproc://elsewhere";
    refuse_with(party, settings);
    prove_service(party);
}

static void a_broker_that_ended_makes_room(void **state)
{
    party_t *party = *state;
    zactor_destroy(&party->broker);
    party->broker = start_broker(party);
    prove_service(party);
}

static void bind_and_die(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    assert_int_equal(bind(line, (struct sockaddr *)&address, sizeof(address)), 0);
    close(line);
}

static void the_socket_of_a_dead_broker_is_taken_over(void **state)
{
    party_t *party = *state;
    zactor_destroy(&party->broker);
    bind_and_die(party->bind + strlen("ipc://"));
    party->broker = start_broker(party);
    prove_service(party);
}

static void a_file_that_is_somebody_elses_stays(void **state)
{
    party_t *party = *state;
    char path[100], endpoint[120];
    snprintf(path, sizeof(path), "%s/letter", party->folder);
    snprintf(endpoint, sizeof(endpoint), "ipc://%s", path);
    int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_int_equal(write(file, "dear", 4), 4);
    close(file);
    struct souk_broker_settings settings = party->settings;
    settings.bind = endpoint;
    refuse_with(party, settings);
    struct stat there;
    assert_int_equal(stat(path, &there), 0);
    assert_int_equal(there.st_size, 4);
}

static void folder_and_socket_are_the_owners_alone(void **state)
{
    party_t *party = *state;
    char path[100];
    struct stat there;
    snprintf(path, sizeof(path), "%s/run", party->folder);
    assert_int_equal(stat(path, &there), 0);
    assert_int_equal(there.st_mode & 0777, 0700);
    assert_int_equal(stat(party->bind + strlen("ipc://"), &there), 0);
    assert_int_equal(there.st_mode & 0777, 0600);
}

static void what_cannot_be_bound_is_refused(void **state)
{
    party_t *party = *state;
    char too_long[250] = "ipc:///tmp/";
    memset(too_long + strlen(too_long), 'x', 120);
    static const char *const bad[] = { "", " ", "nonsense", "ipc://", "ipc:///proc/none/x.ipc",
        "tcp://192.0.2.1:5555", "inproc://one nonsense" };
    struct souk_broker_settings settings = party->settings;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        settings.bind = bad[i];
        refuse_with(party, settings);
    }
    settings.bind = too_long;
    refuse_with(party, settings);
    char lock[250];
    snprintf(lock, sizeof(lock), "%s.lock", too_long + strlen("ipc://"));
    assert_int_equal(access(lock, F_OK), -1);
    memset(too_long + strlen("ipc:///tmp/"), 'x', 230);
    refuse_with(party, settings);
}

static void several_endpoints_lead_to_one_broker(void **state)
{
    party_t *party = *state;
    char both[200];
    zactor_destroy(&party->broker);
    snprintf(both, sizeof(both), "%s  inproc://broker-of-two", party->bind);
    party->settings.bind = both;
    party->broker = start_broker(party);
    zsock_t *client = join_at(party, ZMQ_DEALER, "inproc://broker-of-two");
    zsock_t *worker = join_at(party, ZMQ_DEALER, party->bind);
    say(worker, "", SOUK_MDP_WORKER, SOUK_MDP_READY, "echo", "1");
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    while (!ask_stats(party, client).services.count && souk_clock_ms() < until_ms)
        ;
    say(client, "", SOUK_MDP_CLIENT, "echo", "a");
    reply(worker, hear_request(worker, "a"), "b");
    hear(client, "", SOUK_MDP_CLIENT, "echo", "b");
    zactor_destroy(&party->broker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(a_second_broker_is_refused_and_the_first_goes_on),
        test(a_broker_that_ended_makes_room),
        test(the_socket_of_a_dead_broker_is_taken_over),
        test(a_file_that_is_somebody_elses_stays),
        test(folder_and_socket_are_the_owners_alone),
        test(what_cannot_be_bound_is_refused),
        test(several_endpoints_lead_to_one_broker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
