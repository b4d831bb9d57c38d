/* The loop of an actor: takes calls from the bus, serves what is waiting together, answers. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "builtin.h"
#include "follower.h"
#include "log.h"
#include "loop_internal.h"
#include "memory.h"
#include "parcel.h"
#include "web.h"

enum {
    POLL_MAX = 1 + 2 * SOUK_BROKERS_MAX + SOUK_BLOCKING_MAX,
    TAKE_MAX = 512, /* messages from one broker, before what was taken is served */
};

void loop_beat(void *argument)
{
    struct loop *loop = argument;
    for (size_t i = 0; i < loop->link_count; i++)
        souk_link_tick(loop->links[i]);
}

static void answer_saga(void *argument, souk_call_t *call, const char *code)
{
    loop_answer(argument, call, code);
}

static void take_message(struct loop *loop, souk_link_t *link, const souk_return_t *to,
    const souk_message_t *body)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_list_t calls = souk_parcel_open(&loop->desk, link, to, body, pool);
    souk_call_t **items = calls.items;
    for (size_t i = 0; i < calls.count; i++)
        loop_take(loop, items[i]);
}

static void take_messages(struct loop *loop)
{
    souk_return_t to;
    for (size_t i = 0; i < loop->link_count; i++)
        for (int taken = 0; taken < TAKE_MAX; taken++) {
            owned(souk_message) body = souk_link_next(loop->links[i], &to);
            if (!body)
                break;
            take_message(loop, loop->links[i], &to, body);
        }
}

static void take_answers(struct loop *loop)
{
    souk_answer_t answer;
    while (souk_client_next(loop->client, &answer))
        souk_sagas_take(loop->sagas, &answer);
}

static void run_timer(struct loop *loop, const souk_timer_t *timer)
{
    owned(souk_call) call = souk_call_new(&loop->desk);
    souk_db_begin(loop->desk.db);
    bool done = timer->handler(call) && souk_db_commit(loop->desk.db, call);
    if (!done && souk_db_in_transaction(loop->desk.db))
        souk_db_rollback(loop->desk.db);
    if (!done)
        souk_log(SOUK_LOG_WARNING, loop->actor->name, "timer=%s outcome=%s", timer->name,
            call->error ? call->error->code : "failed");
}

static void run_timers(struct loop *loop)
{
    int64_t now_ms = souk_clock_ms();
    for (size_t i = 0; i < SOUK_TIMERS_MAX && loop->actor->timers[i].name; i++) {
        const souk_timer_t *timer = &loop->actor->timers[i];
        if (loop->timer_ms[i] > now_ms || !souk_db_connected(loop->desk.db))
            continue;
        run_timer(loop, timer);
        loop->timer_ms[i] = souk_clock_ms() + timer->every_ms;
    }
}

/* False: waiting does not help. */
static bool keep_connected(struct loop *loop)
{
    char why[300];
    if (!loop->desk.db || souk_db_connected(loop->desk.db) || souk_clock_ms() < loop->connect_ms)
        return true;
    souk_db_state_t state = souk_db_connect(loop->desk.db, why, sizeof why);
    if (state != SOUK_DB_READY)
        souk_db_log_refusal(loop->actor->name, state, why);
    loop->connect_ms = souk_clock_ms() + SOUK_RECONNECT_MS;
    return state != SOUK_DB_WRONG;
}

static void tick(struct loop *loop)
{
    int64_t now_ms = souk_clock_ms();
    if (now_ms < loop->tick_ms)
        return;
    loop_beat(loop);
    loop->tick_ms = now_ms + souk_settings.heartbeat_ms / 2;
}

static int64_t sooner(int64_t one_ms, int64_t other_ms)
{
    return one_ms < other_ms ? one_ms : other_ms;
}

/* When the loop has something to do by itself. */
static int64_t next_ms(const struct loop *loop)
{
    int64_t first_ms = loop->stop_ms ? sooner(loop->tick_ms, loop->stop_ms) : loop->tick_ms;
    if (loop->desk.db && !souk_db_connected(loop->desk.db))
        return sooner(first_ms, loop->connect_ms);
    for (size_t i = 0; i < SOUK_TIMERS_MAX && loop->actor->timers[i].name; i++)
        first_ms = sooner(first_ms, loop->timer_ms[i]);
    return sooner(first_ms, souk_trail_write_ms(loop->trail));
}

static long until_next(const struct loop *loop)
{
    if (loop_has_batches(loop))
        return 0;
    int64_t left_ms = next_ms(loop) - souk_clock_ms();
    int client_ms = souk_client_wait_ms(loop->client);
    left_ms = sooner(left_ms, souk_sagas_wait_ms(loop->sagas));
    left_ms = client_ms >= 0 ? sooner(left_ms, client_ms) : left_ms;
    return left_ms > 0 ? (long)left_ms : 0;
}

static void connect_links(struct loop *loop)
{
    char *rest = NULL;
    loop->brokers = souk_sure(strdup(souk_settings.brokers));
    for (char *url = strtok_r(loop->brokers, " ", &rest); url; url = strtok_r(NULL, " ", &rest)) {
        assert(loop->link_count < SOUK_BROKERS_MAX);
        loop->links[loop->link_count++] =
            souk_link_new(url, loop->actor->name, souk_settings.credit, souk_settings.heartbeat_ms);
    }
}

/* Who could not ask others yet would have to turn calls away: so it takes none before. */
static void begin_to_serve(struct loop *loop)
{
    zmq_pollitem_t items[SOUK_BROKERS_MAX];
    size_t count = souk_client_poll_brokers(loop->client, items, SOUK_BROKERS_MAX);
    if (zmq_poll(items, (int)count, 0) > 0)
        connect_links(loop);
}

/* Returns true where the pipe has something to say. */
static bool wait_for_news(struct loop *loop)
{
    zmq_pollitem_t items[POLL_MAX] = {
        { .socket = zsock_resolve(loop->pipe), .events = ZMQ_POLLIN },
    };
    size_t count = 1;
    for (size_t i = 0; i < loop->link_count; i++)
        items[count++] = (zmq_pollitem_t){
            .socket = souk_link_socket(loop->links[i]),
            .events = ZMQ_POLLIN,
        };
    count += souk_client_poll(loop->client, items + count, POLL_MAX - count);
    if (!loop->link_count)
        count += souk_client_poll_brokers(loop->client, items + count, POLL_MAX - count);
    count += souk_blocking_poll(loop->blocking, items + count, POLL_MAX - count);
    zmq_poll(items, (int)count, until_next(loop));
    return items[0].revents & ZMQ_POLLIN;
}

static void leave(struct loop *loop)
{
    loop->stop_ms = souk_clock_ms() + souk_settings.stop_ms;
    for (size_t i = 0; i < loop->link_count; i++)
        souk_link_leave(loop->links[i]);
}

static void wake_outbox(struct loop *loop)
{
    int64_t commits = loop->desk.db ? souk_db_commits(loop->desk.db) : 0;
    if (commits == loop->commits && !loop->wrote)
        return;
    loop->commits = commits;
    loop->wrote = false;
    souk_outbox_wake(loop->outbox);
}

static void turn(struct loop *loop)
{
    if (!loop->link_count && !loop->stop_ms)
        begin_to_serve(loop);
    take_messages(loop);
    take_answers(loop);
    loop_take_served(loop);
    loop_serve(loop);
    souk_sagas_turn(loop->sagas);
    run_timers(loop);
    souk_trail_write(loop->trail, false);
    wake_outbox(loop);
    tick(loop);
}

/* Whether it was told to stop, and has nothing left and nothing more to come, or no time. */
static bool is_done(const struct loop *loop)
{
    if (!loop->stop_ms)
        return false;
    bool gone = true;
    for (size_t i = 0; i < loop->link_count; i++)
        gone = gone && souk_link_gone(loop->links[i]);
    return (gone && !loop_in_progress(loop)) || souk_clock_ms() >= loop->stop_ms;
}

static void run(struct loop *loop)
{
    while (!is_done(loop)) {
        if (wait_for_news(loop)) {
            zmsg_t *order = zmsg_recv(loop->pipe);
            zmsg_destroy(&order);
            if (!loop->stop_ms)
                leave(loop);
        }
        if (!keep_connected(loop))
            return;
        turn(loop);
    }
}

/* Waits until the database is there; false where the statements do not fit it, or $TERM came. */
static bool await_database(struct loop *loop)
{
    while (keep_connected(loop)) {
        if (!loop->desk.db || souk_db_connected(loop->desk.db))
            return true;
        zmq_pollitem_t pipe = { .socket = zsock_resolve(loop->pipe), .events = ZMQ_POLLIN };
        if (zmq_poll(&pipe, 1, SOUK_RECONNECT_MS) > 0)
            return false;
    }
    return false;
}

static void open_loop(struct loop *loop)
{
    loop->client = souk_client_new(souk_settings.brokers);
    loop->sagas = souk_sagas_new(&loop->desk, loop->client, answer_saga, loop);
    loop->blocking = souk_blocking_new(loop->actor, souk_settings.blocking_threads);
    loop->outbox = souk_outbox_new(loop->actor);
    loop->follower = souk_follower_new(loop->actor);
    loop->trail = souk_trail_new(&loop->desk);
}

static void close_loop(struct loop *loop)
{
    loop_give_up(loop);
    souk_trail_write(loop->trail, true);
    zactor_destroy(&loop->follower);
    souk_outbox_destroy(&loop->outbox);
    for (size_t i = 0; i < loop->link_count; i++)
        souk_link_destroy(&loop->links[i]);
    souk_blocking_destroy(&loop->blocking);
    souk_sagas_destroy(&loop->sagas);
    souk_web_end();
    souk_trail_destroy(&loop->trail);
    souk_client_destroy(&loop->client);
    free(loop->brokers);
}

void souk_loop_actor(zsock_t *pipe, void *argument)
{
    owned(souk_pool) pool = souk_pool_new();
    struct loop *loop = souk_pool_alloc(pool, sizeof *loop);
    loop->actor = argument;
    loop->pipe = pipe;
    loop->desk.actor = loop->actor;
    if (loop->actor->queries[0])
        loop->desk.db = souk_db_new(souk_settings_dsn(loop->actor->name, pool),
            souk_loop_queries(loop->actor, pool), loop_beat, loop);

    zsock_signal(pipe, 0);
    if (await_database(loop)) {
        open_loop(loop);
        run(loop);
        close_loop(loop);
    }
    souk_db_destroy(&loop->desk.db);
}
