/* The part of a process that runs actors. */
#include <stdio.h>
#include <string.h>

#include "../db/connection.h"
#include "commands.h"
#include "runtime.h"
#include "settings.h"

enum {
    LOOK_MS = 200
}; /* how often the actors are asked how they are */

typedef struct {
    size_t count;
    souk_runtime_t *runtimes[SOUK_ACTORS_MAX];
} running_t;

bool souk_crew_add(souk_crew_t *crew, const char *name)
{
    const souk_actor_t *actor = souk_actor_named(name);
    size_t count = 0;
    while (crew->actors[count])
        if (crew->actors[count++] == actor)
            return true;
    if (actor && count + 1 < SOUK_ACTORS_MAX) {
        crew->actors[count] = actor;
        return true;
    }
    fprintf(stderr, actor ? "souk: too many actors: %s\n" : "souk: no such actor: %s\n", name);
    return false;
}

bool souk_crew_check(const souk_crew_t *crew)
{
    owned(souk_pool) pool = souk_pool_new();
    const char *why = NULL;
    for (size_t i = 0; !why && crew->actors[i]; i++) {
        const char *name = crew->actors[i]->name;
        why = souk_db_check_dsn(souk_settings_dsn(name, pool), pool);
        if (why)
            fprintf(stderr, "souk: SOUK_DSN of %s: %s\n", name, why);
    }
    return !why;
}

static bool start_all(running_t *running, const souk_crew_t *crew)
{
    owned(souk_pool) pool = souk_pool_new();
    for (size_t i = 0; crew->actors[i]; i++) {
        const char *why = NULL;
        souk_runtime_t *runtime = souk_runtime_start(crew->actors[i], pool, &why);
        if (!runtime) {
            fprintf(stderr, "souk: %s cannot start: %s\n", crew->actors[i]->name, why);
            return false;
        }
        running->runtimes[running->count++] = runtime;
    }
    return true;
}

static bool all_healthy(const running_t *running)
{
    for (size_t i = 0; i < running->count; i++)
        if (!souk_runtime_healthy(running->runtimes[i]))
            return false;
    return true;
}

/* In the reverse order, so that those who ask go before those who are asked. */
static void stop_all(running_t *running)
{
    while (running->count > 0)
        souk_runtime_stop(&running->runtimes[--running->count]);
}

static void wait_for_term(zsock_t *pipe, const running_t *running)
{
    zmq_pollitem_t item = { .socket = zsock_resolve(pipe), .events = ZMQ_POLLIN };
    while (all_healthy(running))
        if (zmq_poll(&item, 1, LOOK_MS) > 0) {
            char *command = zstr_recv(pipe);
            bool term = !command || strcmp(command, "$TERM") == 0;
            zstr_free(&command);
            if (term)
                return;
        }
}

void souk_crew_actor(zsock_t *pipe, void *args)
{
    running_t running = { 0 };

    bool started = start_all(&running, args);
    zsock_signal(pipe, 0);
    if (started)
        wait_for_term(pipe, &running);
    stop_all(&running);
}
