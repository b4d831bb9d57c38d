/* What the broker is held against beside the bare proxy: the bytes of inventory.check as request
   and reply through nats-server, by its own C client. Pipelined, which is faster than the client's
   blocking request: one subscription takes all replies, and each names its place in flight. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/memory.h"
#include "nats_line.h"
#include "questions.h"

enum {
    IN_FLIGHT_MAX = 10000,
    AT_ONCE_MAX = 64, /* with more in flight, threads are faster when they gather */
    AWAIT_US = 10 * 1000 * 1000,
    PAUSE_US = 20000,
    SUBJECT_MAX = 128,
    PAYLOAD_MAX = 512,
};

/* Looped or not: each echo has its own. */
static const char *const subjects[] = { "inventory.threads", "inventory.loop" };
static const char operation[] = "inventory.check";

typedef struct {
    char data[PAYLOAD_MAX];
    size_t size;
} payload_t;

typedef struct {
    bench_load_t load;
    bench_line_t line;
    size_t in_flight;
    size_t under_way;
    char (*reply_subjects)[SUBJECT_MAX]; /* of each place in flight */
    int64_t *asked_us;
    payload_t *payloads; /* one for each SKU */
    size_t payload_count;
} asker_t;

_Noreturn static void echo(const char *url, bool looped)
{
    bench_line_t line;
    bench_line_open(&line, url, subjects[looped], looped, true);
    while (true) {
        natsMsg *message = NULL;
        natsStatus status = bench_line_next(&line, &message);
        if (status == NATS_TIMEOUT)
            continue;
        bench_line_expect(status, "waiting for requests");
        bench_line_expect(natsConnection_Publish(line.connection, natsMsg_GetReply(message),
                              natsMsg_GetData(message), natsMsg_GetDataLength(message)),
            "replying");
        natsMsg_Destroy(message);
    }
}

static void append(payload_t *payload, const void *data, size_t size)
{
    if (payload->size + size > sizeof payload->data)
        bench_fail("a question of more than %d bytes", PAYLOAD_MAX);
    memcpy(payload->data + payload->size, data, size);
    payload->size += size;
}

/* The frames that a worker behind the broker gets; where they go and come from, subjects tell. */
static void make_payloads(asker_t *asker, const char *path)
{
    owned(souk_pool) pool = souk_pool_new();
    bench_questions_t questions = bench_questions_read(path, pool);

    asker->payloads = souk_sure(calloc(questions.count, sizeof *asker->payloads));
    asker->payload_count = questions.count;
    for (size_t i = 0; i < questions.count; i++) {
        append(&asker->payloads[i], operation, strlen(operation));
        append(&asker->payloads[i], questions.meta.data, questions.meta.size);
        append(&asker->payloads[i], questions.arguments[i].data, questions.arguments[i].size);
    }
}

static void connect_asker(asker_t *asker, const char *url, bool looped)
{
    char all[SUBJECT_MAX];
    natsInbox *inbox = NULL;

    bench_line_expect(natsInbox_Create(&inbox), "inbox");
    snprintf(all, sizeof all, "%s.*", inbox);
    for (size_t place = 0; place < asker->in_flight; place++)
        snprintf(asker->reply_subjects[place], SUBJECT_MAX, "%s.%zu", inbox, place);
    natsInbox_Destroy(inbox);
    bench_line_open(&asker->line, url, all, looped, asker->in_flight <= AT_ONCE_MAX);
}

static void ask(asker_t *asker, size_t place)
{
    const payload_t *payload = &asker->payloads[bench_draw(&asker->load, asker->payload_count)];
    asker->asked_us[place] = bench_now_us();
    bench_line_expect(natsConnection_PublishRequest(asker->line.connection,
                          subjects[asker->line.looped], asker->reply_subjects[place], payload->data,
                          (int)payload->size),
        "asking");
    asker->under_way++;
}

/* Waits for the next reply; the place that it frees. Past the last place: nobody listens. */
static size_t receive(asker_t *asker)
{
    natsMsg *reply = NULL;
    natsStatus status = bench_line_next(&asker->line, &reply);

    asker->under_way--;
    if (status == NATS_NO_RESPONDERS)
        return asker->in_flight;
    bench_line_expect(status, "waiting for replies");
    size_t place = strtoul(strrchr(natsMsg_GetSubject(reply), '.') + 1, NULL, 10);
    if (place >= asker->in_flight || natsMsg_GetDataLength(reply) <= (int)strlen(operation) ||
        memcmp(natsMsg_GetData(reply), operation, strlen(operation)) != 0)
        bench_fail("a reply to nothing that was asked: %s", natsMsg_GetSubject(reply));
    natsMsg_Destroy(reply);
    return place;
}

/* The echo may have been started just now. */
static void await_echo(asker_t *asker)
{
    int64_t until_us = bench_now_us() + AWAIT_US;

    ask(asker, 0);
    while (receive(asker) == asker->in_flight) {
        if (bench_now_us() > until_us)
            bench_fail("nobody listens to %s", subjects[asker->line.looped]);
        usleep(PAUSE_US);
        ask(asker, 0);
    }
}

static void run(asker_t *asker)
{
    for (size_t place = 0; place < asker->in_flight; place++)
        ask(asker, place);
    while (asker->under_way > 0) {
        size_t place = receive(asker);
        if (place == asker->in_flight)
            bench_fail("nobody listens any more");
        bench_load_answered(&asker->load, asker->asked_us[place]);
        if (bench_load_goes_on(&asker->load))
            ask(asker, place);
    }
}

static void measure(char **argv)
{
    asker_t asker = { .in_flight = strtoul(argv[4], NULL, 10) };
    if (asker.in_flight < 1 || asker.in_flight > IN_FLIGHT_MAX)
        bench_fail("1 to %d requests in flight", IN_FLIGHT_MAX);
    asker.reply_subjects = souk_sure(calloc(asker.in_flight, SUBJECT_MAX));
    asker.asked_us = souk_sure(calloc(asker.in_flight, sizeof *asker.asked_us));
    make_payloads(&asker, argv[7]);
    connect_asker(&asker, argv[2], strcmp(argv[3], "loop") == 0);
    await_echo(&asker);
    bench_load_start(&asker.load, atof(argv[5]), atof(argv[6]));
    run(&asker);
    printf("{");
    bench_load_print(&asker.load, stdout);
    printf("}\n");
}

int main(int argc, char **argv)
{
    bench_end_with_parent();
    if (argc == 4 && strcmp(argv[1], "echo") == 0)
        echo(argv[2], strcmp(argv[3], "loop") == 0);
    if (argc != 8 || strcmp(argv[1], "ask") != 0)
        bench_fail("usage: bench-nats echo URL threads|loop\n"
                   "       bench-nats ask URL threads|loop IN-FLIGHT WARM-UP-SECONDS SECONDS "
                   "FILE-OF-SKUS");
    measure(argv);
    return 0;
}
