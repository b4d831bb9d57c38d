/* Dealing with events of others: handlers and cursor in one transaction. */
#include "follow.h"

#include <string.h>

#include "queries/follow.h"
#include "value.h"
#include "wire.h"

struct cursor {
    const char *source;
    int64_t from, to;
    int64_t seq;
};
static const souk_record_t cursor_move = {
    .name = "cursor_move",
    .size = sizeof(struct cursor),
    .fields = {
        FIELD(cursor, source),
        FIELD(cursor, from),
        FIELD(cursor, to),
    },
};
static const souk_record_t cursor_place = {
    .name = "cursor_place",
    .size = sizeof(struct cursor),
    .fields = {
        FIELD(cursor, seq),
    },
};

struct parked {
    const char *source;
    int64_t seq;
    const char *topic, *subject, *body, *error;
    souk_time_t told_at;
};
static const souk_record_t parked = {
    .name = "parked",
    .size = sizeof(struct parked),
    .fields = {
        FIELD(parked, source),
        FIELD(parked, seq),
        FIELD(parked, topic),
        FIELD(parked, subject, .optional = true),
        FIELD(parked, body),
        FIELD(parked, error),
        FIELD(parked, told_at),
    },
};

static const souk_query_t open_cursor = {
    .sql = &sql_open_cursor,
    .takes = &cursor_move,
};
static const souk_query_t find_cursor = {
    .sql = &sql_find_cursor,
    .takes = &cursor_move,
    .gives = &cursor_place,
    .missing = &souk_internal,
};
static const souk_query_t move_cursor = {
    .sql = &sql_move_cursor,
    .takes = &cursor_move,
    .gives = &cursor_place,
    .missing = &souk_stale,
};
static const souk_query_t park_event = {
    .sql = &sql_park_event,
    .takes = &parked,
};
const souk_query_t *const souk_follow_queries[] = {
    &open_cursor,
    &find_cursor,
    &move_cursor,
    &park_event,
    NULL,
};

/* "order." is all that order tells of. */
static bool is_of(const char *type, const char *topic)
{
    size_t size = strlen(topic);
    return topic[size - 1] == '.' ? strncmp(type, topic, size) == 0 : strcmp(type, topic) == 0;
}

const souk_follow_t *souk_follow_of(const souk_actor_t *actor, const char *type)
{
    for (size_t i = 0; i < SOUK_FOLLOWS_MAX && actor->follows[i].topic; i++)
        if (is_of(type, actor->follows[i].topic))
            return &actor->follows[i];
    return NULL;
}

static const char *copy(const char *text, souk_pool_t *pool)
{
    return text ? souk_pool_text(pool, text, strlen(text)) : NULL;
}

/* What is about data that is gone is not worth the handler's while. */
souk_call_t *souk_follow_call(souk_desk_t *desk, const souk_told_t *told)
{
    souk_call_t *call = souk_call_new(desk);
    souk_told_t *own = souk_alloc(call, sizeof *own);
    *own = *told;
    own->id = copy(told->id, call->pool);
    own->source = copy(told->source, call->pool);
    own->type = copy(told->type, call->pool);
    own->subject = copy(told->subject, call->pool);
    own->data.data = souk_pool_text(call->pool, told->data.data, told->data.size);
    call->event = own;
    call->follow = souk_follow_of(desk->actor, told->type);
    if (told->expired && call->follow && call->follow->data)
        call->follow = NULL;
    return call;
}

static bool decode(souk_batch_t *batch, souk_call_t *call)
{
    souk_flaws_t flaws = { 0 };
    const souk_record_t *record = call->follow->data;
    if (!record || call->request)
        return true;
    call->request = souk_alloc(call, record->size);
    if (souk_wire_decode(record, call->event->data, call->request, call->pool, &flaws))
        return true;
    call->request = NULL;
    return souk_fail(batch->all, &souk_invalid, "%s %s", flaws.items[0].pointer,
        flaws.items[0].message);
}

/* Those that have failed alone fail all: the transaction is one, and so is the cursor. */
static bool none_failed(souk_batch_t *all, const souk_batch_t *run)
{
    for (size_t i = 0; i < run->count; i++)
        if (run->calls[i]->error)
            return souk_fail(all->all, run->calls[i]->error, "%s", run->calls[i]->reason);
    return true;
}

static bool deal_with(souk_batch_t *batch, souk_batch_t *run)
{
    const souk_follow_t *follow = run->calls[0]->follow;
    if (!follow)
        return true;
    for (size_t i = 0; i < run->count; i++)
        if (!decode(batch, run->calls[i]))
            return false;
    return follow->batch(run) && none_failed(batch, run);
}

/* Those that follow each other and are the same handler's. */
static size_t count_run(const souk_batch_t *batch, size_t from)
{
    size_t count = 1;
    while (from + count < batch->count &&
        batch->calls[from + count]->follow == batch->calls[from]->follow)
        count++;
    return count;
}

static bool deal_with_all(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count;) {
        souk_batch_t run = { .all = batch->all, .calls = batch->calls + i };
        run.count = count_run(batch, i);
        if (!deal_with(batch, &run))
            return false;
        i += run.count;
    }
    return true;
}

static bool move(souk_batch_t *batch)
{
    const souk_told_t *first = batch->calls[0]->event;
    const souk_told_t *last = batch->calls[batch->count - 1]->event;
    struct cursor it = { .source = first->source, .from = first->seq - 1, .to = last->seq };
    return souk_db_one(batch->all, &move_cursor, &it, &it);
}

bool souk_follow_events(souk_batch_t *batch)
{
    return move(batch) && deal_with_all(batch);
}

bool souk_follow_again(souk_batch_t *batch)
{
    return deal_with_all(batch);
}

bool souk_follow_park(souk_batch_t *batch)
{
    const souk_told_t *told = batch->calls[0]->event;
    struct parked it = {
        .source = told->source,
        .seq = told->seq,
        .topic = told->type,
        .subject = told->subject,
        .body = souk_value_print(told->data, batch->all->pool),
        .error = batch->calls[0]->parked_for,
        .told_at = told->time,
    };
    return move(batch) && souk_db_run(batch->all, &park_event, &it);
}

bool souk_follow_begin(souk_call_t *call, const char *source, int64_t before)
{
    struct cursor it = { .source = source, .to = before };
    return souk_db_one(call, &move_cursor, &it, &it);
}

bool souk_follow_cursor(souk_call_t *call, const char *source, int64_t *seq)
{
    struct cursor it = { .source = source };
    if (!souk_db_run(call, &open_cursor, &it) || !souk_db_one(call, &find_cursor, &it, &it))
        return false;
    *seq = it.seq;
    return true;
}
