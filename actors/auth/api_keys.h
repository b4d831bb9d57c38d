/* Keys for systems: each for certain operations, and shown once. */
#ifndef AUTH_API_KEYS_H
#define AUTH_API_KEYS_H

#include "records.h"

extern const souk_error_t auth_no_such_key;
extern const souk_query_t auth_save_api_key, auth_list_api_keys_query, auth_delete_api_key_query;

struct api_key {
    const char *id;
    const char *key;
    const char *key_hash;
    const char *name;
    souk_list_t scopes;
    const char *made_by;
    souk_time_t made_at;
    souk_time_t expires_at;
};
static const souk_record_t api_key_wish = {
    .name = "api_key_wish",
    .size = sizeof(struct api_key),
    .fields = {
        FIELD(api_key, name, .min = 1, .max = 100),
        FIELD(api_key, scopes,
            .min = 1,
            .max = SOUK_SCOPES_MAX,
            .doc = "the operations that it may ask, such as product.put; none that grants or revokes "
                   "roles, or makes keys"),
        FIELD(api_key, expires_at, .optional = true, .doc = "null: never"),
    },
};
static const souk_record_t api_key = {
    .name = "api_key",
    .size = sizeof(struct api_key),
    .fields = {
        FIELD(api_key, id),
        FIELD(api_key, name),
        FIELD(api_key, scopes),
        FIELD(api_key, made_by, .doc = "the admin"),
        FIELD(api_key, made_at),
        FIELD(api_key, expires_at, .optional = true),
    },
};
static const souk_record_t new_api_key = {
    .name = "new_api_key",
    .size = sizeof(struct api_key),
    .fields = {
        FIELD(api_key, id),
        FIELD(api_key, key,
            .secret = true,
            .doc = "to be sent as Authorization: Bearer KEY; it is shown here and never again"),
        FIELD(api_key, name),
        FIELD(api_key, scopes),
        FIELD(api_key, made_by, .doc = "the admin"),
        FIELD(api_key, made_at),
        FIELD(api_key, expires_at, .optional = true),
    },
};
static const souk_record_t api_key_row = {
    .name = "api_key_row",
    .size = sizeof(struct api_key),
    .fields = {
        FIELD(api_key, id),
        FIELD(api_key, key_hash),
        FIELD(api_key, name),
        FIELD(api_key, scopes),
        FIELD(api_key, made_by),
        FIELD(api_key, expires_at, .optional = true),
    },
};
static const souk_record_t api_key_page = {
    .name = "api_key_page",
    .size = sizeof(struct page),
    .fields = {
        FIELD(page, items, .of = &api_key, .doc = "newest first"),
        FIELD(page, next, .optional = true, .doc = "to ask with as after; null: no more"),
    },
};

bool auth_make_api_key(souk_call_t *call, const void *request, void *reply);
bool auth_list_api_keys(souk_call_t *call, const void *request, void *reply);
bool auth_delete_api_key(souk_call_t *call, const void *request, void *reply);

#endif
