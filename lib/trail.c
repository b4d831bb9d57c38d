/* The audit trail of an actor. */
#include "trail.h"

#include <string.h>

#include <uthash.h>

#include "memory.h"
#include "queries/trail.h"

enum {
    REMEMBERED_MAX = 1000,
    GATHER_MS = 1000, /* refusals of who is nobody, so that who floods the shop does not fill it */
};

/* What is remembered once, however often it happens. */
typedef struct alike {
    const char *key;
    size_t at; /* in the list */
    UT_hash_handle hh;
} alike_t;

struct souk_trail {
    souk_desk_t *desk;
    souk_pool_t *pool; /* of what is remembered */
    souk_list_t called; /* struct souk_called */
    alike_t *alike;
    int64_t write_ms; /* when it has to be written down; 0: at once */
};

#define CALLED_FIELDS                                                                              \
    FIELD(souk_called, operation, .doc = "its name; or the command that an operator gave"),        \
        FIELD(souk_called, user, .optional = true, .doc = "who; none: nobody had logged in"),      \
        FIELD(souk_called, session, .optional = true),                                             \
        FIELD(souk_called, address, .optional = true, .doc = "from where"),                        \
        FIELD(souk_called, subject, .optional = true, .doc = "the id of what it was about"),       \
        FIELD(souk_called, outcome,                                                                \
            .doc = "ok; begun: what takes several steps; or an error's code"),                     \
        FIELD(souk_called, call, .optional = true, .doc = "W3C Trace Context"),                    \
        FIELD(souk_called, times, .optional = true,                                                \
            .doc = "within a second, of refusals that are alike; null: once")

const souk_record_t souk_called = {
    .name = "called",
    .size = sizeof(struct souk_called),
    .fields = { CALLED_FIELDS },
};
static const souk_record_t called_row = {
    .name = "called_row",
    .size = sizeof(struct souk_called),
    .fields = { CALLED_FIELDS, FIELD(souk_called, at) },
};

static const souk_query_t note_calls = {
    .sql = &sql_note_calls,
    .takes = &called_row,
    .many = true,
};
const souk_query_t *const souk_trail_queries[] = { &note_calls, NULL };

bool souk_trail_is_kept(const souk_actor_t *actor)
{
    for (size_t i = 0; i < SOUK_EVENTS_MAX && actor->events[i].topic; i++)
        if (actor->events[i].data == &souk_called)
            return true;
    return false;
}

/* A text of this name; NULL: there is none. */
static const char *text_of(const souk_record_t *record, const void *value, const char *name)
{
    const souk_field_t *field = souk_record_field(record, name);
    bool is_text = value && field && field->type == SOUK_TEXT && !field->secret;
    return is_text ? *(const char *const *)((const char *)value + field->offset) : NULL;
}

/* What the first parameter of the route says. */
static const char *routed(const souk_call_t *call)
{
    char name[64];
    const char *http = call->operation->http;
    const char *from = http ? strchr(http, '{') : NULL, *to = from ? strchr(from, '}') : NULL;
    if (!to || (size_t)(to - from) > sizeof name)
        return NULL;
    snprintf(name, sizeof name, "%.*s", (int)(to - from - 1), from + 1);
    return text_of(call->operation->request, call->request, name);
}

/* Whoever is nobody may do what the id says that it can do, such as change a guest's cart: so that
   the trail gives none of it away. */
static const char *hide(const souk_call_t *call, const char *id)
{
    if (!id || call->caller.user)
        return id;
    char *hash = souk_pool_alloc(call->pool, SOUK_HASH_SIZE);
    souk_hash((souk_bytes_t){ id, strlen(id) }, hash);
    return hash;
}

static const char *subject_of(const souk_call_t *call)
{
    const souk_saga_t *saga = call->operation->saga;
    const char *id = routed(call);
    if (call->about || id)
        return call->about ? call->about : hide(call, id);
    if (call->state && saga->key)
        return text_of(saga->state, call->state, saga->key);
    return call->error ? NULL : hide(call, text_of(call->operation->reply, call->reply, "id"));
}

/* Calls that travel together have no address in common; then each says its own. */
static const char *address_of(const souk_call_t *call)
{
    const char *own = call->caller.address;
    return own ? own : text_of(call->operation->request, call->request, "address");
}

static struct souk_called describe(const souk_call_t *call, const char *code)
{
    return (struct souk_called){
        .operation = call->operation->name,
        .user = call->caller.user,
        .session = call->caller.session,
        .address = address_of(call),
        .subject = subject_of(call),
        .outcome = call->error ? call->error->code : code,
        .call = call->caller.traceparent,
        .times = 1,
        .at = souk_now(),
    };
}

static bool is_to_be_noted(const souk_call_t *call)
{
    return call->operation && call->operation->role && call->parcel && !call->error &&
        !call->replayed && !call->noted;
}

bool souk_trail_note(souk_batch_t *batch)
{
    souk_list_t called = { 0 };
    if (!souk_trail_is_kept(batch->all->desk->actor))
        return true;
    for (size_t i = 0; i < batch->count; i++)
        if (is_to_be_noted(batch->calls[i]))
            *(struct souk_called *)souk_list_add(&called, batch->all->pool,
                sizeof(struct souk_called)) =
                describe(batch->calls[i], batch->calls[i]->state ? "begun" : "ok");
    return souk_db_run(batch->all, &note_calls, &called);
}

void souk_trail_noted(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        batch->calls[i]->noted = batch->calls[i]->noted || is_to_be_noted(batch->calls[i]);
}

souk_trail_t *souk_trail_new(souk_desk_t *desk)
{
    souk_trail_t *trail = souk_sure(calloc(1, sizeof *trail));
    trail->desk = desk;
    trail->pool = souk_pool_new();
    return trail;
}

void souk_trail_destroy(souk_trail_t **self)
{
    if (!*self)
        return;
    HASH_CLEAR(hh, (*self)->alike);
    souk_pool_destroy(&(*self)->pool);
    free(*self);
    *self = NULL;
}

static bool is_refused(const souk_call_t *call)
{
    return call->error &&
        (call->error->kind == SOUK_UNAUTHORIZED || call->error->kind == SOUK_FORBIDDEN);
}

static bool is_read_by_staff(const souk_call_t *call)
{
    const char *role = call->operation->role;
    return !call->error && !call->operation->writes && role &&
        (strcmp(role, "staff") == 0 || strcmp(role, "admin") == 0);
}

/* The call goes away before this is written. */
static void copy_texts(struct souk_called *called, souk_pool_t *pool)
{
    for (size_t i = 0; i < souk_record_count(&souk_called); i++) {
        const souk_field_t *field = &souk_called.fields[i];
        const char **text = (const char **)((char *)called + field->offset);
        if (field->type == SOUK_TEXT && *text)
            *text = souk_pool_text(pool, *text, strlen(*text));
    }
}

static void add(souk_trail_t *trail, const struct souk_called *called)
{
    struct souk_called *added = souk_list_add(&trail->called, trail->pool, sizeof *added);
    *added = *called;
    copy_texts(added, trail->pool);
}

static const char *or_none(const char *text)
{
    return text ? text : "-";
}

/* Of nobody's refusals those that are alike count as one; true: it was there. */
static bool count(souk_trail_t *trail, const struct souk_called *called)
{
    alike_t *known;
    const char *key = souk_pool_format(trail->pool, "%s %s %s %s", called->operation,
        called->outcome, or_none(called->address), or_none(called->subject));
    HASH_FIND_STR(trail->alike, key, known);
    if (known) {
        ((struct souk_called *)trail->called.items)[known->at].times++;
        return true;
    }
    known = souk_pool_alloc(trail->pool, sizeof *known);
    known->key = key;
    known->at = trail->called.count;
    HASH_ADD_KEYPTR(hh, trail->alike, known->key, strlen(known->key), known);
    return false;
}

static bool has_room(souk_trail_t *trail, const struct souk_called *called)
{
    if (trail->called.count < REMEMBERED_MAX)
        return true;
    if (souk_log_may(&trail->desk->pace, trail->desk->actor->name))
        souk_log(SOUK_LOG_WARNING, trail->desk->actor->name, "audit=dropped op=%s outcome=%s",
            called->operation, called->outcome);
    return false;
}

void souk_trail_remember(souk_trail_t *trail, souk_call_t *call, const char *code)
{
    if (!(is_refused(call) || is_read_by_staff(call)) || !souk_trail_is_kept(trail->desk->actor))
        return;
    struct souk_called called = describe(call, code);
    bool may_wait = !called.user;
    if (trail->called.count == 0)
        trail->write_ms = souk_clock_ms() + GATHER_MS;
    if (!may_wait)
        trail->write_ms = 0;
    if (!has_room(trail, &called) || (may_wait && count(trail, &called)))
        return;
    add(trail, &called);
}

static void forget(souk_trail_t *trail)
{
    HASH_CLEAR(hh, trail->alike);
    souk_pool_destroy(&trail->pool);
    trail->pool = souk_pool_new();
    trail->called = (souk_list_t){ 0 };
}

void souk_trail_write(souk_trail_t *trail, bool all)
{
    if (!trail->called.count || !souk_db_connected(trail->desk->db) ||
        (!all && souk_clock_ms() < trail->write_ms))
        return;
    owned(souk_call) call = souk_call_new(trail->desk);
    if (souk_db_run(call, &note_calls, &trail->called))
        forget(trail);
}

int64_t souk_trail_write_ms(const souk_trail_t *trail)
{
    return trail->called.count ? trail->write_ms : INT64_MAX;
}
