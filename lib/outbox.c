/* The relay of an actor's outbox. */
#include "outbox.h"

#include <czmq.h>
#include <stdatomic.h>

#include "builtin.h"
#include "call_internal.h"
#include "memory.h"
#include "queries/events.h"
#include "settings.h"
#include "told.h"

enum {
    NUMBERED_MAX = 1000, /* events in one transaction */
    PAUSE_MS = 5, /* so that under load many share one */
    HEAD_MS = 1000,
    CLEAR_MS = 5000,
    CLEARED_MAX = 1000, /* events dropped or forgotten at once */
};

struct souk_outbox {
    const souk_actor_t *actor;
    zactor_t *thread;
    atomic_bool woken; /* and not heard of yet */
};

struct relay {
    souk_outbox_t *outbox;
    zsock_t *pipe, *out;
    souk_desk_t desk;
    int64_t head_ms, clear_ms; /* when next */
    bool more; /* than fitted into one transaction */
};

struct numbering {
    bool mine;
    int limit;
    int kept_s;
};
static const souk_record_t claim = {
    .name = "numbering_claim",
    .size = sizeof(struct numbering),
    .fields = {
        FIELD(numbering, mine),
    },
};
static const souk_record_t most = {
    .name = "numbering_most",
    .size = sizeof(struct numbering),
    .fields = {
        FIELD(numbering, limit),
    },
};
static const souk_record_t keeping = {
    .name = "numbering_keeping",
    .size = sizeof(struct numbering),
    .fields = {
        FIELD(numbering, limit),
        FIELD(numbering, kept_s),
    },
};

static const souk_query_t claim_numbering = {
    .sql = &sql_claim_numbering,
    .gives = &claim,
    .missing = &souk_internal,
};
static const souk_query_t number_events = {
    .sql = &sql_number_events,
    .takes = &most,
    .gives = &souk_logged,
    .commits = true,
};
static const souk_query_t forget_bodies = {
    .sql = &sql_forget_bodies,
    .takes = &most,
};
static const souk_query_t drop_events = {
    .sql = &sql_drop_events,
    .takes = &keeping,
};
static const souk_query_t *const queries[] = {
    &claim_numbering,
    &number_events,
    &souk_event_ends_query,
    &forget_bodies,
    &drop_events,
    NULL,
};

/* Whoever does not take it misses it, and asks for it later. */
static void publish(struct relay *relay, const souk_told_t *told, souk_pool_t *pool)
{
    owned(souk_message) message = souk_told_write(told, pool);
    bool sent = souk_message_send(&message, zsock_resolve(relay->out));
    (void)sent;
}

static bool claim_and_number(souk_call_t *call, souk_list_t *numbered)
{
    struct numbering it = { .limit = NUMBERED_MAX };
    return souk_db_one(call, &claim_numbering, NULL, &it) &&
        (!it.mine || souk_db_all(call, &number_events, &it, numbered));
}

static bool clear_away(souk_call_t *call, souk_list_t *nothing)
{
    struct numbering it = { .limit = CLEARED_MAX, .kept_s = souk_settings.events_kept_s };
    return souk_db_run(call, &forget_bodies, &it) && souk_db_run(call, &drop_events, &it);
}

/* In a transaction of its own. False: nothing was done, and the log says why. */
static bool commit(souk_call_t *call, bool (*work)(souk_call_t *call, souk_list_t *gives),
    souk_list_t *gives)
{
    souk_db_t *db = call->desk->db;
    souk_db_begin(db);
    if (work(call, gives) && souk_db_commit(db, call))
        return true;
    if (souk_db_in_transaction(db))
        souk_db_rollback(db);
    souk_log(SOUK_LOG_WARNING, call->desk->actor->name, "outbox=waiting outcome=%s",
        call->error ? call->error->code : "failed");
    return false;
}

/* What is published is committed: a number that was told never means anything else. */
static void tell_news(struct relay *relay)
{
    owned(souk_call) call = souk_call_new(&relay->desk);
    souk_list_t numbered = { 0 };
    if (!commit(call, claim_and_number, &numbered))
        numbered.count = 0;
    const struct souk_logged *logged = numbered.items;
    for (size_t i = 0; i < numbered.count; i++) {
        souk_told_t told = souk_told_from(relay->desk.actor, &logged[i], call->pool);
        publish(relay, &told, call->pool);
    }
    relay->more = numbered.count == NUMBERED_MAX;
}

static void tell_head(struct relay *relay)
{
    owned(souk_call) call = souk_call_new(&relay->desk);
    struct souk_told_since ends;
    if (!souk_db_one(call, &souk_event_ends_query, NULL, &ends))
        return;
    souk_told_t told = souk_told_head(relay->desk.actor, ends.head, call->pool);
    publish(relay, &told, call->pool);
}

static void clear(struct relay *relay)
{
    owned(souk_call) call = souk_call_new(&relay->desk);
    bool done = commit(call, clear_away, NULL);
    (void)done;
}

/* Once a second also without being woken: another process may have left something. */
static void take_turn(struct relay *relay)
{
    int64_t now_ms = souk_clock_ms();
    if (!souk_desk_connect(&relay->desk))
        return;
    tell_news(relay);
    if (now_ms >= relay->head_ms) {
        tell_head(relay);
        relay->head_ms = now_ms + HEAD_MS;
    }
    if (now_ms >= relay->clear_ms) {
        clear(relay);
        relay->clear_ms = now_ms + CLEAR_MS;
    }
}

/* False: $TERM. A signal says no more than that it came. */
static bool hear(struct relay *relay)
{
    char *word = NULL;
    if (!(zsock_events(relay->pipe) & ZMQ_POLLIN))
        return true;
    word = zstr_recv(relay->pipe);
    bool goes_on = word && strcmp(word, "$TERM") != 0;
    zstr_free(&word);
    atomic_store(&relay->outbox->woken, false);
    return goes_on;
}

static void run(struct relay *relay)
{
    zmq_pollitem_t pipe = { .socket = zsock_resolve(relay->pipe), .events = ZMQ_POLLIN };
    while (hear(relay)) {
        take_turn(relay);
        zmq_poll(NULL, 0, PAUSE_MS);
        int64_t left_ms = relay->more ? 0 : relay->head_ms - souk_clock_ms();
        zmq_poll(&pipe, 1, left_ms < 0 ? 0 : left_ms > HEAD_MS ? HEAD_MS : (long)left_ms);
    }
}

static void run_relay(zsock_t *pipe, void *argument)
{
    souk_outbox_t *outbox = argument;
    owned(souk_pool) pool = souk_pool_new();
    const char *dsn = souk_settings_dsn(outbox->actor->name, pool);
    struct relay relay = { .outbox = outbox, .pipe = pipe };
    relay.desk.actor = outbox->actor;
    relay.desk.db = souk_db_new(dsn, queries, NULL, NULL);
    relay.out = souk_told_socket(ZMQ_PUB, souk_settings.events_to);
    zsock_signal(pipe, 0);
    run(&relay);
    zsock_destroy(&relay.out);
    souk_db_destroy(&relay.desk.db);
}

souk_outbox_t *souk_outbox_new(const souk_actor_t *actor)
{
    if (!actor->events[0].topic)
        return NULL;
    souk_outbox_t *outbox = souk_sure(calloc(1, sizeof *outbox));
    outbox->actor = actor;
    outbox->thread = souk_sure(zactor_new(run_relay, outbox));
    return outbox;
}

void souk_outbox_destroy(souk_outbox_t **self)
{
    if (!*self)
        return;
    zactor_destroy(&(*self)->thread);
    free(*self);
    *self = NULL;
}

void souk_outbox_wake(souk_outbox_t *outbox)
{
    if (outbox && !atomic_exchange(&outbox->woken, true))
        zstr_send(outbox->thread, "wake");
}
