/* What users may do beyond being customers. */
#ifndef AUTH_ROLES_H
#define AUTH_ROLES_H

#include "records.h"

extern const souk_error_t auth_last_admin;
extern const souk_query_t auth_lock_admins, auth_grant_query, auth_revoke_query;

struct role_change {
    const char *user_id;
    const char *role;
};
extern const souk_record_t auth_role_change;

struct user_roles {
    const char *user_id;
    souk_list_t roles;
};
static const souk_record_t user_roles = {
    .name = "user_roles",
    .size = sizeof(struct user_roles),
    .fields = {
        FIELD(user_roles, user_id),
        FIELD(user_roles, roles, .doc = "as they were granted; everybody is a customer"),
    },
};

bool auth_get_roles(souk_call_t *call, const void *request, void *reply);
bool auth_grant(souk_call_t *call, const void *request, void *reply);
bool auth_revoke(souk_call_t *call, const void *request, void *reply);

#endif
