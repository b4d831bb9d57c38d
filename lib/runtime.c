/* Runs actors: a loop with its threads for each. */
#include <assert.h>
#include <czmq.h>

#include "loop.h"
#include "memory.h"
#include "runtime.h"

struct souk_runtime {
    zactor_t *loop;
};

souk_runtime_t *souk_runtime_start(const souk_actor_t *actor, souk_pool_t *pool, const char **why)
{
    *why = souk_actor_check(actor, pool);
    if (*why)
        return NULL;
    zactor_t *loop = zactor_new(souk_loop_actor, (void *)actor);
    assert(loop);
    souk_runtime_t *runtime = souk_sure(calloc(1, sizeof *runtime));
    runtime->loop = loop;
    return runtime;
}

void souk_runtime_stop(souk_runtime_t **self)
{
    if (!*self)
        return;
    zactor_destroy(&(*self)->loop);
    free(*self);
    *self = NULL;
}

/* An actor thread that ends says so on its pipe, where nothing else ever comes from. */
bool souk_runtime_healthy(const souk_runtime_t *runtime)
{
    return !(zsock_events(zactor_sock(runtime->loop)) & ZMQ_POLLIN);
}
