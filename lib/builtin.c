/* Operations and statements that actors have without naming them in their tables. */
#include "builtin.h"

#include "describe.h"
#include "follow.h"
#include "once.h"
#include "trail.h"

const souk_operation_t souk_describe_operation = {
    .name = "describe",
    .summary = "What this service does.",
    .request = &souk_nothing,
    .reply = &souk_description,
    .repeatable = true,
};
const souk_operation_t souk_health_operation = {
    .name = "health",
    .summary = "How this service is.",
    .request = &souk_nothing,
    .reply = &souk_health,
    .repeatable = true,
};

static bool is_any(const souk_actor_t *actor)
{
    return true;
}

static bool tells(const souk_actor_t *actor)
{
    return actor->events[0].topic;
}

static bool follows(const souk_actor_t *actor)
{
    return actor->follows[0].topic;
}

static bool minds_keys(const souk_actor_t *actor)
{
    for (size_t i = 0; i < SOUK_OPERATIONS_MAX && actor->operations[i].name; i++)
        if (!actor->operations[i].batch && souk_operation_keyed(&actor->operations[i]))
            return true;
    return false;
}

static const struct {
    const souk_operation_t *operation;
    bool (*has)(const souk_actor_t *actor);
} operations[] = {
    { &souk_describe_operation, is_any },
    { &souk_health_operation, is_any },
    { &souk_events_since_operation, tells },
    { &souk_dead_letters_operation, follows },
    { &souk_retry_operation, follows },
};

const souk_operation_t *souk_builtin(const souk_actor_t *actor, size_t i)
{
    for (size_t at = 0; at < sizeof operations / sizeof *operations; at++)
        if (operations[at].has(actor) && i-- == 0)
            return operations[at].operation;
    return NULL;
}

static const struct {
    const souk_query_t *const *queries;
    bool (*has)(const souk_actor_t *actor);
    bool on_loop; /* sagas run them, too */
} statements[] = {
    { souk_once_queries, minds_keys, .on_loop = true },
    { souk_trail_queries, souk_trail_is_kept, .on_loop = true },
    { souk_since_queries, tells },
    { souk_follow_queries, follows },
    { souk_letter_queries, follows },
};

static void add(souk_list_t *list, const souk_query_t *const *queries, size_t most,
    souk_pool_t *pool)
{
    for (size_t i = 0; i < most && queries[i]; i++)
        *(const souk_query_t **)souk_list_add(list, pool, sizeof *queries) = queries[i];
}

static const souk_query_t *const *all_queries(const souk_actor_t *actor, bool on_loop,
    souk_pool_t *pool)
{
    souk_list_t list = { 0 };
    if (!actor->queries[0])
        return NULL;
    add(&list, actor->queries, SOUK_QUERIES_MAX, pool);
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        if (statements[i].has(actor) && (statements[i].on_loop || !on_loop))
            add(&list, statements[i].queries, SIZE_MAX, pool);
    *(const souk_query_t **)souk_list_add(&list, pool, sizeof(void *)) = NULL;
    return list.items;
}

const souk_query_t *const *souk_handler_queries(const souk_actor_t *actor, souk_pool_t *pool)
{
    return all_queries(actor, false, pool);
}

const souk_query_t *const *souk_loop_queries(const souk_actor_t *actor, souk_pool_t *pool)
{
    return all_queries(actor, true, pool);
}
