/* What one thread of an actor works with. */
#include "call_internal.h"

bool souk_desk_connect(souk_desk_t *desk)
{
    char why[300];
    if (souk_db_connected(desk->db) || souk_clock_ms() < desk->connect_ms)
        return souk_db_connected(desk->db);
    souk_db_state_t state = souk_db_connect(desk->db, why, sizeof why);
    if (state != SOUK_DB_READY)
        souk_db_log_refusal(desk->actor->name, state, why);
    desk->connect_ms = souk_clock_ms() + SOUK_RECONNECT_MS;
    return state == SOUK_DB_READY;
}
