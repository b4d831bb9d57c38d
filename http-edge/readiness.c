/* Whether the services that the edge needs are there and well. */
#include "readiness.h"

#include <stdlib.h>
#include <string.h>

#include "../lib/describe.h"
#include "../lib/memory.h"
#include "../lib/wire.h"
#include "directory.h"

enum {
    NEEDS_MAX = 32,
};

struct need {
    souk_tag_t tag; /* first; of the `health` that is under way */
    const char *name;
    bool asking, well;
};

struct souk_readiness {
    souk_pool_t *pool;
    const struct souk_edge_settings *settings;
    souk_client_t *client;
    struct need needs[NEEDS_MAX];
    size_t count;
    int pause_ms;
    int64_t next_ms;
};

/* A service that does not know the question is there to say so. */
static bool is_well(const souk_answer_t *answer)
{
    owned(souk_pool) pool = souk_pool_new();
    struct souk_health health = { 0 };
    souk_flaws_t flaws = { 0 };
    souk_outcome_t outcome = souk_outcome_read(answer, answer->frames, NULL, pool);

    if (outcome.error)
        return outcome.error == &souk_no_such_operation;
    return souk_wire_decode(&souk_health, outcome.value, &health, pool, &flaws) &&
        strcmp(health.status, "ok") == 0;
}

static void take_health(souk_tag_t *tag, const souk_answer_t *answer)
{
    struct need *need = (struct need *)tag;

    need->asking = false;
    need->well = is_well(answer);
}

souk_readiness_t *souk_readiness_new(const struct souk_edge_settings *settings,
    souk_client_t *client)
{
    souk_readiness_t *readiness = souk_sure(calloc(1, sizeof *readiness));
    char *names, *rest = NULL;

    readiness->pool = souk_pool_new();
    readiness->settings = settings;
    readiness->client = client;
    names = souk_pool_text(readiness->pool, settings->needs, strlen(settings->needs));
    for (char *name = strtok_r(names, " ", &rest); name && readiness->count < NEEDS_MAX;
         name = strtok_r(NULL, " ", &rest))
        readiness->needs[readiness->count++] =
            (struct need){ .tag.take = take_health, .name = name };
    return readiness;
}

void souk_readiness_destroy(souk_readiness_t **self)
{
    if (!*self)
        return;
    souk_pool_destroy(&(*self)->pool);
    free(*self);
    *self = NULL;
}

static void ask(const souk_readiness_t *readiness, struct need *need)
{
    owned(souk_pool) pool = souk_pool_new();

    need->asking = souk_edge_ask(readiness->client, souk_pool_format(pool, "%s.health", need->name),
        &need->tag);
    need->well = need->well && need->asking;
}

void souk_readiness_turn(souk_readiness_t *readiness, const souk_directory_t *directory)
{
    int64_t now_ms = souk_clock_ms();

    if (now_ms < readiness->next_ms)
        return;
    readiness->pause_ms = souk_refresh_pause_ms(readiness->settings, readiness->pause_ms);
    readiness->next_ms = now_ms + readiness->pause_ms;
    for (size_t i = 0; i < readiness->count; i++)
        if (!readiness->needs[i].asking && souk_directory_has(directory, readiness->needs[i].name))
            ask(readiness, &readiness->needs[i]);
}

static const char *add(const char *names, const char *name, souk_pool_t *pool)
{
    return souk_pool_format(pool, "%s%s%s", names, *names ? " " : "", name);
}

const char *souk_readiness_missing(const souk_readiness_t *readiness,
    const souk_directory_t *directory, souk_pool_t *pool)
{
    const char *names = "";

    for (size_t i = 0; i < readiness->count; i++)
        if (!souk_directory_has(directory, readiness->needs[i].name))
            names = add(names, readiness->needs[i].name, pool);
    return names;
}

const char *souk_readiness_unwell(const souk_readiness_t *readiness,
    const souk_directory_t *directory, souk_pool_t *pool)
{
    const char *names = "";

    for (size_t i = 0; i < readiness->count; i++)
        if (!readiness->needs[i].well && souk_directory_has(directory, readiness->needs[i].name))
            names = add(names, readiness->needs[i].name, pool);
    return names;
}

bool souk_readiness_incomplete(const souk_readiness_t *readiness, const souk_directory_t *directory)
{
    for (size_t i = 0; i < readiness->count; i++)
        if (!souk_directory_knows(directory, readiness->needs[i].name))
            return true;
    return false;
}
