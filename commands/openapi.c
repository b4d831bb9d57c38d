/* `souk openapi`: the document of all actors' operations, from their tables; nothing need run. */
#include <stdio.h>

#include "../http-edge/openapi.h"
#include "commands.h"
#include "describe.h"

int souk_command_openapi(int argc, char **argv)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_list_t services = { 0 };
    (void)argc, (void)argv;
    for (size_t i = 0; souk_actors[i]; i++) {
        struct souk_description *description = souk_pool_alloc(pool, sizeof *description);
        souk_describe(souk_actors[i], description, pool);
        *(souk_service_t **)souk_list_add(&services, pool, sizeof(souk_service_t *)) =
            souk_service_of(description);
    }
    souk_bytes_t text = souk_openapi(&services, pool);
    printf("%.*s\n", (int)text.size, (const char *)text.data);
    for (size_t i = 0; i < services.count; i++)
        souk_service_release(&((souk_service_t **)services.items)[i]);
    return SOUK_DONE;
}
