/* An actor's tables held against each other, so that what does not fit stops the start. */
#include "actor.h"

#include <string.h>

typedef const char *check_fn(const souk_operation_t *operation, souk_pool_t *pool);

static const char *check_kind(const souk_operation_t *operation, souk_pool_t *pool)
{
    int kinds = !!operation->handler + !!operation->batch + !!operation->saga;
    if (kinds != 1)
        return souk_pool_format(pool, "%s must have one of .handler, .batch and .saga",
            operation->name);
    if (operation->prepare && !operation->handler)
        return souk_pool_format(pool, "%s has .prepare without .handler", operation->name);
    if (!operation->request || !operation->reply)
        return souk_pool_format(pool, "%s needs .request and .reply", operation->name);
    if (operation->batch_max > SOUK_BATCH_MAX)
        return souk_pool_format(pool, "%s: .batch_max is over %d", operation->name, SOUK_BATCH_MAX);
    return NULL;
}

static const char *check_records(const souk_operation_t *operation, souk_pool_t *pool)
{
    const char *why = souk_record_check(operation->request, pool);
    return why ? why : souk_record_check(operation->reply, pool);
}

static bool is_method(const char *text, size_t size)
{
    static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strlen(methods[i]) == size && memcmp(methods[i], text, size) == 0)
            return true;
    return false;
}

static const char anyone[] = "anyone";

const char *souk_operation_role(const souk_operation_t *operation)
{
    const char *role = operation->role;
    return role && strcmp(role, anyone) == 0 ? NULL : role;
}

int souk_operation_status(const souk_operation_t *operation)
{
    if (operation->http_status)
        return operation->http_status;
    return operation->reply == &souk_nothing ? 204 : 200;
}

bool souk_operation_keyed(const souk_operation_t *operation)
{
    return operation->needs_key || operation->takes_key;
}

bool souk_operation_once(const souk_operation_t *operation)
{
    return operation->handler && souk_operation_keyed(operation);
}

static const char *check_role(const souk_operation_t *operation, souk_pool_t *pool)
{
    static const char *const roles[] = { anyone, "customer", "staff", "admin" };
    if (operation->http && !operation->role)
        return souk_pool_format(pool, "%s is on HTTP, but does not say who may call (.role)",
            operation->name);
    for (size_t i = 0; operation->role && i < sizeof roles / sizeof *roles; i++)
        if (strcmp(roles[i], operation->role) == 0)
            return NULL;
    return operation->role
        ? souk_pool_format(pool, "%s: there is no role %s", operation->name, operation->role)
        : NULL;
}

/* A record may lead back to itself, but no deeper than anybody can send. */
static bool has_secret(const souk_record_t *record, int depth)
{
    for (const souk_field_t *field = record->fields; field->name; field++)
        if (field->secret ||
            (field->of && depth < SOUK_DEPTH_MAX && has_secret(field->of, depth + 1)))
            return true;
    return false;
}

bool souk_operation_uuid_key(const souk_operation_t *operation)
{
    const souk_record_t *request = operation->request;
    bool all_ask_alike = !souk_operation_role(operation) && souk_record_count(request) == 0;
    return souk_operation_keyed(operation) &&
        (all_ask_alike || has_secret(request, 1) || has_secret(operation->reply, 1));
}

static const char *check_key(const souk_operation_t *operation, souk_pool_t *pool)
{
    if (!souk_operation_once(operation))
        return NULL;
    if (!operation->writes)
        return souk_pool_format(pool, "%s minds a key without .writes", operation->name);
    return NULL;
}

static const char *check_version(const souk_operation_t *operation, souk_pool_t *pool)
{
    const char *etag = operation->etag, *if_match = operation->if_match;
    if (etag && !souk_record_has_number(operation->reply, etag))
        return souk_pool_format(pool, "%s: .etag %s is no number of its reply", operation->name,
            etag);
    if (if_match &&
        (!souk_record_has_number(operation->request, if_match) ||
            !souk_record_field(operation->request, if_match)->optional))
        return souk_pool_format(pool, "%s: .if_match %s is no optional number of its request",
            operation->name, if_match);
    return NULL;
}

static bool has_text(const souk_record_t *record, const char *name)
{
    const souk_field_t *field = name ? souk_record_field(record, name) : NULL;
    return field && field->type == SOUK_TEXT;
}

/* Whoever signs names its events itself, so that an idempotency key has no say. */
static const char *check_signature(const souk_operation_t *operation, souk_pool_t *pool)
{
    if (!operation->signature)
        return NULL;
    if (!operation->http || strncmp(operation->http, "POST ", 5) != 0)
        return souk_pool_format(pool, "%s: what is signed (.signature) is a POST", operation->name);
    if (!has_text(operation->request, "body") || !has_text(operation->request, "signature"))
        return souk_pool_format(pool, "%s: .signature needs texts body and signature in %s",
            operation->name, operation->request->name);
    if (souk_operation_keyed(operation))
        return souk_pool_format(pool, "%s is signed (.signature) and minds a key", operation->name);
    return NULL;
}

/* "POST /v1/things/{id}": the method is one, and every name in braces is a field of the request. */
static const char *check_route(const souk_operation_t *operation, souk_pool_t *pool)
{
    if (!operation->http)
        return NULL;
    size_t method_size = strcspn(operation->http, " ");
    if (!is_method(operation->http, method_size) ||
        strncmp(operation->http + method_size, " /", 2) != 0)
        return souk_pool_format(pool, "%s: the route %s is not METHOD /path", operation->name,
            operation->http);
    for (const char *open = strchr(operation->http, '{'); open; open = strchr(open + 1, '{')) {
        size_t size = strcspn(open + 1, "}/");
        const char *name = souk_pool_text(pool, open + 1, size);
        if (open[1 + size] != '}')
            return souk_pool_format(pool, "%s: the route %s leaves a brace open", operation->name,
                operation->http);
        if (!souk_record_field(operation->request, name))
            return souk_pool_format(pool, "%s: the route %s names %s, which %s does not have",
                operation->name, operation->http, name, operation->request->name);
    }
    return NULL;
}

static const char *check_step(const souk_operation_t *operation, const souk_step_t *step,
    souk_pool_t *pool)
{
    const char *wrong = NULL;
    if (!!step->batch + !!step->ask + !!step->outside != 1)
        wrong = "must have one of .batch, .ask and .outside";
    else if (step->ask && !step->fill)
        wrong = "asks without .fill";
    else if (step->undo && (!step->ask || !step->fill_undo))
        wrong = "has an .undo without .ask and .fill_undo";
    else if (step->no_return && !step->batch)
        wrong = "is a point of no return without being a batch";
    return wrong ? souk_pool_format(pool, "%s: step %s %s", operation->name, step->name, wrong)
                 : NULL;
}

static bool has_point_of_no_return(const souk_saga_t *saga)
{
    for (size_t i = 0; i < SOUK_STEPS_MAX && saga->steps[i].name; i++)
        if (saga->steps[i].no_return)
            return true;
    return false;
}

static const char *check_saga(const souk_operation_t *operation, souk_pool_t *pool)
{
    const souk_saga_t *saga = operation->saga;
    if (!saga)
        return NULL;
    if (!saga->state || !saga->open || !saga->answer || !saga->steps[0].name)
        return souk_pool_format(pool, "%s: a saga needs .state, .open, .steps and .answer",
            operation->name);
    const souk_field_t *key = saga->key ? souk_record_field(saga->state, saga->key) : NULL;
    if (saga->stranded && (!key || key->type != SOUK_TEXT))
        return souk_pool_format(pool, "%s: .stranded needs a .key that is a text of .state",
            operation->name);
    if (saga->passed && !has_point_of_no_return(saga))
        return souk_pool_format(pool, "%s: .passed needs a step that is a point of no return",
            operation->name);
    const char *why = souk_record_check(saga->state, pool);
    for (size_t i = 0; !why && i < SOUK_STEPS_MAX && saga->steps[i].name; i++)
        why = check_step(operation, &saga->steps[i], pool);
    return why;
}

static const char *check_name(const souk_actor_t *actor, const souk_operation_t *operation,
    souk_pool_t *pool)
{
    size_t size = strlen(actor->name);
    if (strncmp(operation->name, actor->name, size) != 0 || operation->name[size] != '.')
        return souk_pool_format(pool, "%s does not begin with %s.", operation->name, actor->name);
    for (const souk_operation_t *other = actor->operations; other < operation; other++)
        if (strcmp(other->name, operation->name) == 0)
            return souk_pool_format(pool, "%s stands there twice", operation->name);
    return NULL;
}

static const char *check_operation(const souk_actor_t *actor, const souk_operation_t *operation,
    souk_pool_t *pool)
{
    static check_fn *const checks[] = { check_kind, check_records, check_route, check_role,
        check_key, check_version, check_signature, check_saga };
    const char *why = check_name(actor, operation, pool);
    for (size_t i = 0; !why && i < sizeof checks / sizeof *checks; i++)
        why = checks[i](operation, pool);
    if (!why && (operation->writes || operation->saga) && !actor->queries[0])
        why = souk_pool_format(pool, "%s writes, but the actor has no .queries", operation->name);
    return why;
}

static const char *check_event(const souk_actor_t *actor, const souk_event_t *event,
    souk_pool_t *pool)
{
    size_t size = strlen(actor->name);
    if (strncmp(event->topic, actor->name, size) != 0 || event->topic[size] != '.')
        return souk_pool_format(pool, "the event %s does not begin with %s.", event->topic,
            actor->name);
    if (!event->data || !has_text(event->data, event->subject))
        return souk_pool_format(pool,
            "the event %s needs .data, and a .subject that is a text of it", event->topic);
    return souk_record_check(event->data, pool);
}

static const char *check_follow(const souk_follow_t *follow, souk_pool_t *pool)
{
    if (!strchr(follow->topic, '.') || !follow->batch)
        return souk_pool_format(pool, "what follows %s needs a topic SERVICE.WHAT and a .batch",
            follow->topic);
    return follow->data ? souk_record_check(follow->data, pool) : NULL;
}

static const char *check_events(const souk_actor_t *actor, souk_pool_t *pool)
{
    const char *why = NULL;
    bool any = actor->events[0].topic || actor->follows[0].topic;
    if (any && !actor->queries[0])
        return souk_pool_format(pool, "%s has events, but no .queries", actor->name);
    for (size_t i = 0; !why && i < SOUK_EVENTS_MAX && actor->events[i].topic; i++)
        why = check_event(actor, &actor->events[i], pool);
    for (size_t i = 0; !why && i < SOUK_FOLLOWS_MAX && actor->follows[i].topic; i++)
        why = check_follow(&actor->follows[i], pool);
    return why;
}

const char *souk_actor_check(const souk_actor_t *actor, souk_pool_t *pool)
{
    const char *why = NULL;
    for (size_t i = 0; !why && i < SOUK_OPERATIONS_MAX && actor->operations[i].name; i++)
        why = check_operation(actor, &actor->operations[i], pool);
    if (!why && actor->timers[0].name && !actor->queries[0])
        why = souk_pool_format(pool, "%s has timers, but no .queries", actor->name);
    for (size_t i = 0; !why && i < SOUK_TIMERS_MAX && actor->timers[i].name; i++)
        if (actor->timers[i].every_ms <= 0 || !actor->timers[i].handler)
            why = souk_pool_format(pool, "the timer %s needs .every_ms and a .handler",
                actor->timers[i].name);
    return why ? why : check_events(actor, pool);
}
