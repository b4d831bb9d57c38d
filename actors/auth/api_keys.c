/* Keys for systems. Each is a principal of its own: what it does, no person did. */
#include "api_keys.h"

#include <string.h>

#include "queries/auth.h"
#include "sessions.h"

const souk_error_t auth_no_such_key = {
    .code = "no_such_key",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is no API key of this id.",
};

const souk_query_t auth_save_api_key = {
    .sql = &sql_save_api_key,
    .takes = &api_key_row,
    .gives = &api_key,
};
const souk_query_t auth_list_api_keys_query = {
    .sql = &sql_list_api_keys,
    .takes = &page_query,
    .gives = &api_key,
};
const souk_query_t auth_delete_api_key_query = {
    .sql = &sql_delete_api_key,
    .takes = &thing_id,
    .gives = &thing_id,
    .missing = &auth_no_such_key,
};

static bool is_operation(const char *name)
{
    size_t service = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

    return service && name[service] == '.' && name[service + 1] && strlen(name) <= OPERATION_MAX &&
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-.") == strlen(name);
}

/* A key outlives the role of who made it: so it makes neither admins nor other keys. */
static bool is_for_people(const char *name)
{
    static const char *const names[] = { "auth.grant", "auth.revoke", "auth.make_api_key" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* Which operations there are, only the services know: they may come later than the key. */
static bool check_scope(souk_call_t *call, const char *name, size_t i)
{
    const char *pointer = souk_pool_format(souk_call_pool(call), "/scopes/%zu", i);

    if (!is_operation(name))
        return souk_fail_field(call, pointer, "must be an operation's name, such as product.put");
    return !is_for_people(name) ||
        souk_fail_field(call, pointer, "must be nothing that only people do: %s", name);
}

static bool check_wish(souk_call_t *call, const struct api_key *wish)
{
    const char *const *scopes = wish->scopes.items;

    for (size_t i = 0; i < wish->scopes.count; i++)
        if (!check_scope(call, scopes[i], i))
            return false;
    if (wish->expires_at.ms && wish->expires_at.ms <= souk_now().ms)
        return souk_fail_field(call, "/expires_at", "must not have passed");
    return true;
}

bool auth_make_api_key(souk_call_t *call, const void *request, void *reply)
{
    struct api_key row = *(const struct api_key *)request, *made = reply;
    char token[SOUK_TOKEN_SIZE];

    if (!check_wish(call, &row))
        return false;
    souk_token_new(token);
    row.id = souk_call_new_id(call);
    row.made_by = souk_caller(call)->user;
    const char *key = souk_pool_format(souk_call_pool(call), AUTH_API_KEY_PREFIX "%s", token);
    row.key_hash = auth_hash_of(call, key);
    if (!souk_db_one(call, &auth_save_api_key, &row, made))
        return false;
    made->key = key;
    return true;
}

bool auth_list_api_keys(souk_call_t *call, const void *request, void *reply)
{
    const struct page_query *query = request;
    struct page *page = reply;

    if (!souk_db_all(call, &auth_list_api_keys_query, query, &page->items))
        return false;
    const struct api_key *rows = page->items.items;
    if (souk_list_cut(&page->items, (size_t)query->limit))
        page->next = rows[query->limit - 1].id;
    return true;
}

bool auth_delete_api_key(souk_call_t *call, const void *request, void *reply)
{
    struct own_key deleted;
    return souk_db_one(call, &auth_delete_api_key_query, request, &deleted);
}
