/* The thread of an actor that follows others. */
#include "follower.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include <utlist.h>

#include "builtin.h"
#include "follow.h"
#include "memory.h"
#include "settings.h"
#include "told.h"
#include "wire.h"

enum {
    SOURCES_MAX = 16,
    WAITING_MAX = 2000, /* events of one source in memory; what else comes is asked for later */
    ASKED_MAX = 500,
    TAKE_MAX = 1000, /* messages before what was taken is dealt with */
    IDLE_MS = 1000,
    FIRST_PAUSE_MS = 50, /* after a failure; doubled with each */
};

/* One whom it follows, and how far. */
typedef struct {
    const char *name;
    int64_t cursor; /* number of the last event that was dealt with; -1: not known yet */
    int64_t head; /* of the last one that was told, as far as is known */
    souk_call_t *waiting; /* events behind the cursor, without gaps */
    size_t count;
    int failures; /* of the first of them */
    int64_t pause_ms; /* nothing is tried before */
} source_t;

struct follower {
    const souk_actor_t *actor;
    zsock_t *pipe, *in;
    souk_desk_t desk;
    source_t sources[SOURCES_MAX];
    size_t source_count;
};

static void pause_source(source_t *source, int64_t ms)
{
    source->pause_ms = souk_clock_ms() + ms;
}

static int64_t expected(const source_t *source)
{
    return source->cursor + (int64_t)source->count + 1;
}

static void forget_first(source_t *source)
{
    souk_call_t *call = source->waiting;
    DL_DELETE(source->waiting, call);
    source->count--;
    souk_call_destroy(&call);
}

static void forget_waiting(source_t *source)
{
    while (source->count)
        forget_first(source);
}

/* The first of those that wait was dealt with. */
static void advance(source_t *source)
{
    source->cursor++;
    source->failures = 0;
    forget_first(source);
}

/* Only what comes next is kept. */
static void take(struct follower *follower, source_t *source, const souk_told_t *told)
{
    if (source->cursor < 0 || told->seq != expected(source) || source->count == WAITING_MAX)
        return;
    souk_call_t *call = souk_follow_call(&follower->desk, told);
    DL_APPEND(source->waiting, call);
    source->count++;
}

static source_t *find_source(struct follower *follower, const char *name)
{
    for (size_t i = 0; i < follower->source_count; i++)
        if (strcmp(follower->sources[i].name, name) == 0)
            return &follower->sources[i];
    return NULL;
}

static void hear_message(struct follower *follower, const souk_message_t *message)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_told_t told;
    source_t *source;
    if (!souk_told_read(message, &told, pool) || !(source = find_source(follower, told.source)))
        return;
    if (told.seq > source->head)
        source->head = told.seq;
    if (!souk_told_is_head(&told))
        take(follower, source, &told);
}

static void hear_messages(struct follower *follower)
{
    for (int i = 0; i < TAKE_MAX; i++) {
        owned(souk_message) message = souk_message_receive(zsock_resolve(follower->in));
        if (!message)
            return;
        hear_message(follower, message);
    }
}

static bool has_gap(const source_t *source)
{
    return source->cursor >= 0 && source->head >= expected(source) && source->count < WAITING_MAX;
}

static void log_source(const struct follower *follower, souk_level_t level, const source_t *source,
    const char *what, const char *why)
{
    char text[200];
    souk_log(level, follower->actor->name, "source=%s seq=%" PRId64 " %s why=%s", source->name,
        source->cursor + 1, what, souk_log_value(why, text, sizeof text));
}

/* Nothing was dealt with, and nothing waits for it. */
static bool is_new(const source_t *source)
{
    return source->cursor == 0 && source->count == 0;
}

/* Whoever begins, begins with what is still kept. */
static void begin_behind(struct follower *follower, source_t *source, int64_t before)
{
    owned(souk_call) call = souk_call_new(&follower->desk);
    if (souk_follow_begin(call, source->name, before))
        source->cursor = before;
}

/* Which number is the last the source knows best, whatever was heard: nobody asks for others. */
static void take_missed(struct follower *follower, source_t *source,
    const struct souk_told_since *told)
{
    const souk_told_t *items = told->items.items;
    int64_t first = told->items.count ? items->seq : told->oldest;
    source->head = told->head;
    if (is_new(source) && first > 1)
        begin_behind(follower, source, first - 1);
    for (size_t i = 0; i < told->items.count; i++)
        take(follower, source, &items[i]);
}

static void ask_missed(struct follower *follower, source_t *source)
{
    owned(souk_pool) pool = souk_pool_new();
    struct souk_since since = {
        .after = expected(source) - 1,
        .or_oldest = is_new(source),
        .limit = ASKED_MAX,
    };
    struct souk_told_since told;
    const char *why = souk_events_since(follower->desk.client, source->name, &since, &told, pool);
    if (!why) {
        take_missed(follower, source, &told);
        return;
    }
    log_source(follower, SOUK_LOG_WARNING, source, "missed=unknown", why);
    pause_source(source, IDLE_MS);
}

static void find_cursor(struct follower *follower, source_t *source)
{
    owned(souk_call) call = souk_call_new(&follower->desk);
    int64_t seq = -1;
    bool found = souk_follow_cursor(call, source->name, &seq);
    source->cursor = found ? seq : -1;
    while (source->count && source->waiting->event->seq <= source->cursor)
        forget_first(source);
    if (source->count && source->waiting->event->seq != source->cursor + 1)
        forget_waiting(source);
}

/* Twice as long after each failure. */
static int64_t pause_after(int failures)
{
    return (int64_t)FIRST_PAUSE_MS << failures;
}

static void park(struct follower *follower, source_t *source)
{
    souk_call_t *call = source->waiting;
    call->parked_for = souk_pool_format(call->pool, "%s: %s", call->error->code, call->reason);
    log_source(follower, SOUK_LOG_ERROR, source, "event=parked", call->parked_for);
    souk_batch_serve(&follower->desk, souk_follow_park, true, &call, 1);
    if (!call->error)
        advance(source);
}

/* What the database is the reason for is no failure of the event. */
static void note_failure(struct follower *follower, source_t *source)
{
    const souk_call_t *call = source->waiting;
    souk_kind_t kind = call->error->kind;
    if (kind == SOUK_STALE || kind == SOUK_UNAVAILABLE || kind == SOUK_UNKNOWN) {
        pause_source(source, FIRST_PAUSE_MS);
        source->cursor = -1;
        return;
    }
    source->failures++;
    log_source(follower, SOUK_LOG_WARNING, source, "event=failed", call->reason);
    pause_source(source, pause_after(source->failures));
    if (source->failures == SOUK_TRIES_MAX)
        park(follower, source);
}

static void deal_with(struct follower *follower, source_t *source)
{
    souk_call_t *calls[SOUK_BATCH_MAX], *call;
    size_t count = 0;
    DL_FOREACH(source->waiting, call)
    {
        if (count == SOUK_BATCH_MAX)
            break;
        calls[count++] = call;
    }
    souk_batch_serve(&follower->desk, souk_follow_events, true, calls, count);
    if (count < SOUK_BATCH_MAX)
        pause_source(source, follower->actor->gather_ms);
    while (source->count && count-- && !source->waiting->error)
        advance(source);
    if (source->count && source->waiting->error)
        note_failure(follower, source);
}

static void turn_source(struct follower *follower, source_t *source)
{
    if (souk_clock_ms() < source->pause_ms)
        return;
    if (source->cursor < 0)
        find_cursor(follower, source);
    if (has_gap(source))
        ask_missed(follower, source);
    if (source->cursor >= 0 && source->count)
        deal_with(follower, source);
}

/* 0 where there is something to do at once. */
static long wait_ms(const struct follower *follower)
{
    int64_t now_ms = souk_clock_ms(), wait = IDLE_MS;
    for (size_t i = 0; i < follower->source_count; i++) {
        const source_t *source = &follower->sources[i];
        bool busy = source->cursor < 0 || source->count || has_gap(source);
        int64_t left = source->pause_ms - now_ms;
        if (busy && left < wait)
            wait = left > 0 ? left : 0;
    }
    return (long)wait;
}

static void run(struct follower *follower)
{
    zmq_pollitem_t items[] = {
        { .socket = zsock_resolve(follower->pipe), .events = ZMQ_POLLIN },
        { .socket = zsock_resolve(follower->in), .events = ZMQ_POLLIN },
    };
    while (!items[0].revents) {
        bool connected = souk_desk_connect(&follower->desk);
        for (size_t i = 0; connected && i < follower->source_count; i++)
            turn_source(follower, &follower->sources[i]);
        zmq_poll(items, 2, connected ? wait_ms(follower) : SOUK_RECONNECT_MS);
        hear_messages(follower);
    }
}

/* "order" of "order.confirmed", which is all that tells whom to listen to. */
static void add_source(struct follower *follower, const char *topic, souk_pool_t *pool)
{
    const char *name = souk_pool_text(pool, topic, strcspn(topic, "."));
    if (find_source(follower, name))
        return;
    assert(follower->source_count < SOURCES_MAX);
    follower->sources[follower->source_count++] = (source_t){ .name = name, .cursor = -1 };
    zsock_set_subscribe(follower->in, souk_pool_format(pool, "%s.", name));
}

static void run_follower(zsock_t *pipe, void *argument)
{
    owned(souk_pool) pool = souk_pool_new();
    struct follower follower = { .actor = argument, .pipe = pipe };
    follower.desk.actor = argument;
    follower.desk.db = souk_db_new(souk_settings_dsn(follower.actor->name, pool),
        souk_handler_queries(follower.actor, pool), NULL, NULL);
    follower.desk.client = souk_client_new(souk_settings.brokers);
    follower.in = souk_told_socket(ZMQ_SUB, souk_settings.events_from);
    for (size_t i = 0; i < SOUK_FOLLOWS_MAX && follower.actor->follows[i].topic; i++)
        add_source(&follower, follower.actor->follows[i].topic, pool);
    zsock_signal(pipe, 0);
    run(&follower);
    for (size_t i = 0; i < follower.source_count; i++)
        forget_waiting(&follower.sources[i]);
    zsock_destroy(&follower.in);
    souk_client_destroy(&follower.desk.client);
    souk_db_destroy(&follower.desk.db);
}

zactor_t *souk_follower_new(const souk_actor_t *actor)
{
    if (!actor->follows[0].topic)
        return NULL;
    return souk_sure(zactor_new(run_follower, (void *)actor));
}
