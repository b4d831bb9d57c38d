/* `souk actor NAME...`: these actors in one process until SIGTERM. */
#include <stdio.h>

#include "commands.h"

static int usage(void)
{
    fprintf(stderr, "usage: souk actor NAME...   where NAME is one of:");
    for (const souk_actor_t *const *actor = souk_actors; *actor; actor++)
        fprintf(stderr, " %s", (*actor)->name);
    fprintf(stderr, "\n");
    return SOUK_MISUSED_COMMAND;
}

int souk_command_actor(int argc, char **argv)
{
    souk_crew_t crew = { 0 };
    if (argc < 2)
        return usage();
    for (int i = 1; i < argc; i++)
        if (!souk_crew_add(&crew, argv[i]))
            return usage();
    if (!souk_crew_check(&crew))
        return SOUK_MISUSED_COMMAND;

    souk_part_t part = {
        .name = "actor",
        .run = souk_crew_actor,
        .args = &crew,
    };
    return souk_host_run(&part, 1);
}
