/* `souk edge`: one HTTP edge until SIGTERM. */
#include "../http-edge/edge.h"
#include "commands.h"

int souk_command_edge(int argc, char **argv)
{
    struct souk_edge_settings settings;
    owned(souk_pool) pool = souk_pool_new();
    (void)argc, (void)argv;

    if (!souk_command_settings_read(&souk_edge_settings_record, &settings, pool))
        return SOUK_MISUSED_COMMAND;
    souk_part_t edge = { .name = "edge", .run = souk_edge_actor, .args = &settings };
    return souk_host_run(&edge, 1);
}
