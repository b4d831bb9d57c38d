/* The audit trail of an actor. */
#include "trail.h"

#include <string.h>

#include "memory.h"
#include "queries/trail.h"

enum {
    REMEMBERED_MAX = 1000,
};

struct souk_trail {
    souk_desk_t *desk;
    souk_pool_t *pool; /* of what is remembered */
    souk_list_t called; /* struct souk_called */
};

const souk_record_t souk_called = {
    .name = "called",
    .size = sizeof(struct souk_called),
    .fields = {
        FIELD(souk_called, operation),
        FIELD(souk_called, user, .optional = true, .doc = "who; none: nobody had logged in"),
        FIELD(souk_called, session, .optional = true),
        FIELD(souk_called, address, .optional = true, .doc = "from where"),
        FIELD(souk_called, subject, .optional = true, .doc = "the id of what it was about"),
        FIELD(souk_called, outcome, .doc = "ok; begun: what takes several steps; or an error's code"),
        FIELD(souk_called, call, .optional = true, .doc = "W3C Trace Context"),
    },
};

static const souk_query_t note_calls = {
    .sql = &sql_note_calls,
    .takes = &souk_called,
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

static const char *subject_of(const souk_call_t *call)
{
    const souk_saga_t *saga = call->operation->saga;
    const char *id = call->about ? call->about : routed(call);
    if (!id && call->state && saga->key)
        id = text_of(saga->state, call->state, saga->key);
    return id || call->error ? id : text_of(call->operation->reply, call->reply, "id");
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
        const char **text = (const char **)((char *)called + souk_called.fields[i].offset);
        if (*text)
            *text = souk_pool_text(pool, *text, strlen(*text));
    }
}

void souk_trail_remember(souk_trail_t *trail, souk_call_t *call, const char *code)
{
    if (!souk_trail_is_kept(trail->desk->actor) || !(is_refused(call) || is_read_by_staff(call)))
        return;
    if (trail->called.count >= REMEMBERED_MAX) {
        if (souk_log_may(&trail->desk->pace, trail->desk->actor->name))
            souk_log(SOUK_LOG_WARNING, trail->desk->actor->name, "audit=dropped op=%s outcome=%s",
                call->operation->name, call->error ? call->error->code : code);
        return;
    }
    struct souk_called *called = souk_list_add(&trail->called, trail->pool, sizeof *called);
    *called = describe(call, code);
    copy_texts(called, trail->pool);
}

void souk_trail_write(souk_trail_t *trail)
{
    if (!trail->called.count || !souk_db_connected(trail->desk->db))
        return;
    owned(souk_call) call = souk_call_new(trail->desk);
    if (!souk_db_run(call, &note_calls, &trail->called))
        return;
    souk_pool_destroy(&trail->pool);
    trail->pool = souk_pool_new();
    trail->called = (souk_list_t){ 0 };
}
