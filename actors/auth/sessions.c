/* Logging in and out, and whose a token is. */
#include "sessions.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "password.h"
#include "queries/auth.h"
#include "throttle.h"

enum {
    TOUCH_S = 300, /* so seldom is written down that a session is in use */
};

const souk_error_t auth_wrong_credentials = {
    .code = "wrong_credentials",
    .kind = SOUK_UNAUTHORIZED,
    .meaning = "The e-mail address or the password is wrong.",
};
const souk_error_t auth_invalid_token = {
    .code = "invalid_token",
    .kind = SOUK_UNAUTHORIZED,
    .meaning = "The token is unknown, was given back, or has run out.",
};
const souk_error_t auth_no_such_session = {
    .code = "no_such_session",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The caller has no session of this id.",
};

const souk_query_t auth_find_credential = {
    .sql = &sql_find_credential,
    .takes = &login_key,
    .gives = &known,
};
const souk_query_t auth_save_session = {
    .sql = &sql_save_session,
    .takes = &new_session,
    .gives = &user_key,
    .missing = &auth_wrong_credentials,
};
const souk_query_t auth_find_sessions = {
    .sql = &sql_find_sessions,
    .takes = &keys,
    .gives = &principal_row,
};
const souk_query_t auth_find_api_keys = {
    .sql = &sql_find_api_keys,
    .takes = &keys,
    .gives = &api_principal_row,
};
const souk_query_t auth_touch_sessions = {
    .sql = &sql_touch_sessions,
    .takes = &keys,
};
const souk_query_t auth_list_sessions_query = {
    .sql = &sql_list_sessions,
    .takes = &own_page_query,
    .gives = &known_session,
};
const souk_query_t auth_end_sessions = {
    .sql = &sql_end_sessions,
    .takes = &keys,
};
const souk_query_t auth_end_session_query = {
    .sql = &sql_end_session,
    .takes = &own_key,
    .gives = &thing_id,
    .missing = &auth_no_such_session,
};
const souk_query_t auth_end_all_query = {
    .sql = &sql_end_all_sessions,
    .takes = &user_key,
};

const char *auth_hash_of(souk_call_t *call, const char *token)
{
    char *hash = souk_alloc(call, SOUK_HASH_SIZE);
    souk_hash((souk_bytes_t){ token, strlen(token) }, hash);
    return hash;
}

/* Unknown addresses and wrong passwords are told apart neither by the answer nor by how long it
   takes. No transaction is open while the password is looked at, and that one was wrong is counted
   whatever comes of the call. Who is at home here is held up by what was tried from here for this
   account, and by nothing else. */
bool auth_check_login(souk_call_t *call, void *request)
{
    struct login *given = request;
    const char *network = auth_network(call);
    const auth_attempt_t attempts[] = {
        { AUTH_PAIR, auth_pair(call, given->email) },
        { AUTH_ACCOUNT, given->email },
        { AUTH_NETWORK, network },
    };
    souk_list_t found = { 0 };

    if (!souk_db_all(call, &auth_find_credential, &(struct login_key){ given->email, network },
            &found))
        return false;
    const struct known *user = found.items;
    souk_about(call, user ? user->user_id : NULL);
    if (!auth_throttle_check(call, attempts, user && user->is_known_here ? 1 : 3))
        return false;
    if (!auth_password_fits(user ? user->password_hash : NULL, given->password))
        return auth_throttle_count(call, attempts, 3) && souk_refuse(call, &auth_wrong_credentials);
    given->user_id = user->user_id;
    given->password_hash = user->password_hash;
    return true;
}

bool auth_log_in(souk_call_t *call, const void *request, void *reply)
{
    const struct login *checked = request;
    struct session *started = reply;
    struct user_key owner;
    char *token = souk_alloc(call, SOUK_TOKEN_SIZE);

    souk_token_new(token);
    *started = (struct session){
        .token = token,
        .user_id = checked->user_id,
        .expires_at = { souk_now().ms + 1000LL * souk_settings.session_s },
    };
    struct new_session row = {
        .id = souk_call_new_id(call),
        .token_hash = auth_hash_of(call, token),
        .user_id = checked->user_id,
        .password_hash = checked->password_hash,
        .ends_at = started->expires_at,
        .idle_s = souk_settings.session_idle_s,
        .address = souk_caller(call)->address,
        .network = auth_network(call),
    };
    return souk_db_one(call, &auth_save_session, &row, &owner);
}

static bool is_api_key(const char *token)
{
    return strncmp(token, AUTH_API_KEY_PREFIX, strlen(AUTH_API_KEY_PREFIX)) == 0;
}

/* Of a token only its hash is known here, so whoever reads the table can log in as nobody. */
static const char **hash_all(const souk_batch_t *batch, struct keys *sessions,
    struct keys *api_keys)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    const char **hashes = souk_alloc(batch->all, batch->count * sizeof *hashes);

    for (size_t i = 0; i < batch->count; i++) {
        const char *token = ((const struct bearer *)souk_batch_request(batch, i))->token;
        hashes[i] = auth_hash_of(batch->all, token);
        souk_list_add_text(is_api_key(token) ? &api_keys->token_hashes : &sessions->token_hashes,
            pool, hashes[i]);
    }
    return hashes;
}

/* Who may do more may do what the others may, too. */
static void expand_roles(struct principal *whose)
{
    static const char *roles[] = { "customer", "staff", "admin" };
    const char *const *given = whose->roles.items;

    for (size_t most = 3; most > 1; most--)
        for (size_t i = 0; i < whose->roles.count; i++)
            if (strcmp(given[i], roles[most - 1]) == 0) {
                whose->roles = (souk_list_t){ roles, most };
                return;
            }
}

static bool touch_old(souk_call_t *all, const souk_list_t *found)
{
    const struct principal *rows = found->items;
    struct keys old = { .idle_s = souk_settings.session_idle_s };

    for (size_t i = 0; i < found->count; i++)
        if (rows[i].is_old)
            souk_list_add_text(&old.session_ids, souk_call_pool(all), rows[i].session_id);
    return old.session_ids.count == 0 || souk_db_run(all, &auth_touch_sessions, &old);
}

static bool find_principals(souk_call_t *all, struct keys *sessions, const struct keys *api_keys,
    souk_list_t *found, souk_list_t *systems)
{
    sessions->touch_s = TOUCH_S;
    return (sessions->token_hashes.count == 0 ||
               souk_db_all(all, &auth_find_sessions, sessions, found)) &&
        (api_keys->token_hashes.count == 0 ||
            souk_db_all(all, &auth_find_api_keys, api_keys, systems)) &&
        touch_old(all, found);
}

bool auth_verify(souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    struct keys sessions = { 0 }, api_keys = { 0 };
    const char **hashes = hash_all(batch, &sessions, &api_keys);
    souk_list_t found = { 0 }, systems = { 0 };

    if (!find_principals(batch->all, &sessions, &api_keys, &found, &systems))
        return false;
    const souk_index_t *people = souk_index_of(&found, &principal_row, "token_hash", pool);
    const souk_index_t *others = souk_index_of(&systems, &api_principal_row, "token_hash", pool);
    for (size_t i = 0; i < batch->count; i++) {
        struct principal *row = souk_index_find(people, hashes[i]);
        row = row ? row : souk_index_find(others, hashes[i]);
        if (!row) {
            souk_batch_refuse(batch, i, &auth_invalid_token);
            continue;
        }
        expand_roles(row);
        *(struct principal *)souk_batch_reply(batch, i) = *row;
    }
    return true;
}

bool auth_log_out(souk_batch_t *batch)
{
    struct keys ended = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        const char *id = souk_caller(batch->calls[i])->session;
        if (id)
            souk_list_add_text(&ended.session_ids, souk_call_pool(batch->all), id);
    }
    return souk_db_run(batch->all, &auth_end_sessions, &ended);
}

bool auth_list_sessions(souk_call_t *call, const void *request, void *reply)
{
    struct page_query query = *(const struct page_query *)request;
    struct page *page = reply;

    query.user_id = souk_caller(call)->user;
    query.session_id = souk_caller(call)->session;
    if (!souk_db_all(call, &auth_list_sessions_query, &query, &page->items))
        return false;
    const struct known_session *rows = page->items.items;
    if (souk_list_cut(&page->items, (size_t)query.limit))
        page->next = rows[query.limit - 1].id;
    return true;
}

bool auth_end_session(souk_call_t *call, const void *request, void *reply)
{
    struct own_key key = *(const struct own_key *)request, ended;

    key.user_id = souk_caller(call)->user;
    return souk_db_one(call, &auth_end_session_query, &key, &ended);
}

bool auth_end_all(souk_call_t *call, const void *request, void *reply)
{
    return souk_db_run(call, &auth_end_all_query, &(struct user_key){ souk_caller(call)->user });
}
