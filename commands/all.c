/* `souk all`: broker, actors and edge in one process, talking over inproc. */
#include "../broker/broker.h"
#include "../http-edge/edge.h"
#include "commands.h"
#include "settings.h"

static const char inside[] = "inproc://souk-broker";

static bool take_every_actor(souk_crew_t *crew)
{
    for (const souk_actor_t *const *actor = souk_actors; *actor; actor++)
        if (!souk_crew_add(crew, (*actor)->name))
            return false;
    return true;
}

/* The endpoints of SOUK_BROKER_BIND stay open beside the inner one, so that `souk call` and actors
   in other languages find this process as they find a broker. */
int souk_command_all(int argc, char **argv)
{
    struct souk_broker_settings broker;
    struct souk_edge_settings edge;
    souk_crew_t crew = { 0 };
    owned(souk_pool) pool = souk_pool_new();
    (void)argc, (void)argv;

    if (!souk_command_broker_settings(&broker, pool) || !souk_command_edge_settings(&edge, pool))
        return SOUK_MISUSED_COMMAND;
    if (!take_every_actor(&crew))
        return SOUK_FAILED;
    if (!souk_crew_check(&crew))
        return SOUK_MISUSED_COMMAND;
    broker.bind = souk_pool_format(pool, "%s %s", inside, broker.bind);
    souk_settings.brokers = inside;

    souk_part_t parts[] = {
        { .name = "broker", .run = souk_broker_actor, .args = &broker },
        { .name = "actors", .run = souk_crew_actor, .args = &crew },
        { .name = "edge", .run = souk_edge_actor, .args = &edge },
    };
    return souk_host_run(parts, sizeof parts / sizeof parts[0]);
}
