/* What users may do beyond being customers. Every request asks anew, so a change counts at once. */
#include "roles.h"

#include <string.h>

#include "credentials.h"
#include "queries/auth.h"

const souk_error_t auth_last_admin = {
    .code = "last_admin",
    .kind = SOUK_CONFLICT,
    .meaning = "The last admin cannot go: nobody could make another.",
};

static const char *const granted_roles[] = { "staff", "admin", NULL };
const souk_record_t auth_role_change = {
    .name = "role_change",
    .size = sizeof(struct role_change),
    .fields = {
        FIELD(role_change, user_id, .format = SOUK_UUID),
        FIELD(role_change, role,
            .one_of = granted_roles,
            .doc = "admin holds staff; everybody is a customer"),
    },
};

const souk_query_t auth_lock_admins = {
    .sql = &sql_lock_admins,
    .gives = &user_key,
};
const souk_query_t auth_grant_query = {
    .sql = &sql_grant_role,
    .takes = &auth_role_change,
    .gives = &user_roles,
    .missing = &auth_no_credential,
};
const souk_query_t auth_revoke_query = {
    .sql = &sql_revoke_role,
    .takes = &auth_role_change,
    .gives = &user_roles,
    .missing = &auth_no_credential,
};

bool auth_get_roles(souk_call_t *call, const void *request, void *reply)
{
    struct own_credential own = { 0 };

    if (!souk_db_one(call, &auth_find_own, request, &own))
        return false;
    *(struct user_roles *)reply = (struct user_roles){ own.user_id, own.roles };
    return true;
}

bool auth_grant(souk_call_t *call, const void *request, void *reply)
{
    return souk_db_one(call, &auth_grant_query, request, reply);
}

/* The rows of all admins are locked, so that of two who go at once one stays. */
bool auth_revoke(souk_call_t *call, const void *request, void *reply)
{
    const struct role_change *change = request;
    souk_list_t admins = { 0 };

    if (strcmp(change->role, "admin") == 0) {
        if (!souk_db_all(call, &auth_lock_admins, NULL, &admins))
            return false;
        const struct user_key *last = admins.items;
        if (admins.count == 1 && strcmp(last->user_id, change->user_id) == 0)
            return souk_refuse(call, &auth_last_admin);
    }
    return souk_db_one(call, &auth_revoke_query, change, reply);
}
