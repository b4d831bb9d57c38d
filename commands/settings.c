/* `souk settings`: every setting as a row of the tables in docs/OPERATIONS.md. */
#include "settings.h"

#include <stdio.h>

#include "../broker/broker.h"
#include "../http-edge/edge.h"
#include "admin.h"
#include "commands.h"

static void print_table(const souk_record_t *record)
{
    printf("| setting | default | |\n|---|---|---|\n");
    for (size_t i = 0; i < souk_record_count(record); i++) {
        const souk_field_t *field = &record->fields[i];
        const char *fallback = field->fallback ? field->fallback : "";
        printf("| `%s` | `%s` | %s |\n", field->env, fallback, field->doc ? field->doc : "");
    }
    printf("\n");
}

int souk_command_settings(int argc, char **argv)
{
    (void)argc, (void)argv;
    print_table(&souk_settings_record);
    print_table(&souk_process_settings_record);
    print_table(&souk_broker_settings_record);
    print_table(&souk_edge_settings_record);
    print_table(&souk_admin_settings_record);
    return SOUK_DONE;
}
