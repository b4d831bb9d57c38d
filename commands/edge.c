/* `souk edge`: one HTTP edge until SIGTERM. */
#include "../http-edge/edge.h"

#include <stdio.h>

#include "../http-edge/peer.h"
#include "commands.h"

bool souk_command_edge_settings(struct souk_edge_settings *settings, souk_pool_t *pool)
{
    if (!souk_command_settings_read(&souk_edge_settings_record, settings, pool))
        return false;
    const char *why = souk_peer_check(settings->proxies, pool);
    if (why)
        fprintf(stderr, "souk: %s\n", why);
    return !why;
}

int souk_command_edge(int argc, char **argv)
{
    struct souk_edge_settings settings;
    owned(souk_pool) pool = souk_pool_new();
    (void)argc, (void)argv;

    if (!souk_command_edge_settings(&settings, pool))
        return SOUK_MISUSED_COMMAND;
    souk_part_t edge = { .name = "edge", .run = souk_edge_actor, .args = &settings };
    return souk_host_run(&edge, 1);
}
