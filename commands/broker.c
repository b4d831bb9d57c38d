/* `souk broker`: one broker until SIGTERM. */
#include "../broker/broker.h"
#include "commands.h"

bool souk_command_broker_settings(struct souk_broker_settings *settings, souk_pool_t *pool)
{
    if (!souk_command_settings_read(&souk_broker_settings_record, settings, pool))
        return false;
    const char *why = souk_broker_settings_check(settings, pool);
    if (why)
        fprintf(stderr, "souk: %s\n", why);
    return !why;
}

int souk_command_broker(int argc, char **argv)
{
    struct souk_broker_settings settings;
    owned(souk_pool) pool = souk_pool_new();
    (void)argc, (void)argv;

    if (!souk_command_broker_settings(&settings, pool))
        return SOUK_MISUSED_COMMAND;
    souk_part_t broker = { .name = "broker", .run = souk_broker_actor, .args = &settings };
    return souk_host_run(&broker, 1);
}
