/* `souk settings`: every setting as a row of the tables in docs/OPERATIONS.md, and whether what the
   environment has for them can be used. */
#include "settings.h"

#include <stdio.h>

#include "../broker/broker.h"
#include "../http-edge/edge.h"
#include "admin.h"
#include "commands.h"

static void print_table(const char *title, const souk_record_t *record)
{
    printf("%s:\n\n| setting | default | |\n|---|---|---|\n", title);
    for (size_t i = 0; i < souk_record_count(record); i++) {
        const souk_field_t *field = &record->fields[i];
        const char *fallback = field->fallback ? field->fallback : "";
        printf("| `%s` | `%s` | %s |\n", field->env, fallback, field->doc ? field->doc : "");
    }
    printf("\n");
}

int souk_command_settings(int argc, char **argv)
{
    struct souk_broker_settings broker;
    struct souk_edge_settings edge;
    struct souk_admin_settings admin;
    owned(souk_pool) pool = souk_pool_new();
    (void)argc, (void)argv;

    print_table("Of every process of `build/souk`", &souk_settings_record);
    print_table("Also of every process", &souk_process_settings_record);
    print_table("Of the broker", &souk_broker_settings_record);
    print_table("Of the edge", &souk_edge_settings_record);
    print_table("Of `souk migrate`, `souk check` and `souk admin`", &souk_admin_settings_record);
    bool usable = souk_command_broker_settings(&broker, pool) &&
        souk_command_edge_settings(&edge, pool) &&
        souk_command_settings_read(&souk_admin_settings_record, &admin, pool);
    return usable ? SOUK_DONE : SOUK_MISUSED_COMMAND;
}
