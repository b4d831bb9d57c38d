/* Who may log in, who has, and whose a token is. */
#include <string.h>

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "password.h"
#include "queries/auth.h"
#include "records.h"

enum {
    END_EXPIRED_MS = 60000,
};

static const souk_error_t email_taken = {
    .code = "email_taken",
    .kind = SOUK_CONFLICT,
    .meaning = "There is an account with this e-mail address already.",
};
static const souk_error_t enrolment_withdrawn = {
    .code = "enrolment_withdrawn",
    .kind = SOUK_CONFLICT,
    .meaning = "The user was forgotten before the enrolment came.",
};
static const souk_error_t wrong_credentials = {
    .code = "wrong_credentials",
    .kind = SOUK_UNAUTHORIZED,
    .meaning = "The e-mail address or the password is wrong.",
};
static const souk_error_t invalid_token = {
    .code = "invalid_token",
    .kind = SOUK_UNAUTHORIZED,
    .meaning = "The token is unknown, was given back, or has run out.",
};

static const souk_query_t save_credential = {
    .sql = &sql_save_credential,
    .takes = &credential,
    .gives = &enrolled,
    .duplicate = &email_taken,
};
static const souk_query_t forget_credentials = {
    .sql = &sql_forget_credentials,
    .takes = &user_key,
    .many = true,
};
static const souk_query_t end_sessions_of = {
    .sql = &sql_end_sessions_of,
    .takes = &user_key,
    .many = true,
};
static const souk_query_t find_credential = {
    .sql = &sql_find_credential,
    .takes = &login,
    .gives = &known,
};
static const souk_query_t save_session = {
    .sql = &sql_save_session,
    .takes = &session_row,
};
static const souk_query_t find_sessions = {
    .sql = &sql_find_sessions,
    .takes = &keys,
    .gives = &principal_row,
};
static const souk_query_t end_sessions = {
    .sql = &sql_end_sessions,
    .takes = &keys,
};
static const souk_query_t end_expired = {
    .sql = &sql_end_expired,
};

static bool enroll(souk_call_t *call, const void *request, void *reply)
{
    struct enrolment wanted = *(const struct enrolment *)request;
    struct enrolled now;

    if (!(wanted.password_hash = auth_password_hash(call, wanted.password)))
        return false;
    if (!souk_db_one(call, &save_credential, &wanted, &now))
        return false;
    if (*now.status == 'f')
        return souk_fail(call, &enrolment_withdrawn, "user %s", wanted.user_id);
    return true;
}

static bool forget(souk_batch_t *batch)
{
    souk_list_t users = souk_batch_gather(batch);
    return souk_db_run(batch->all, &forget_credentials, &users) &&
        souk_db_run(batch->all, &end_sessions_of, &users);
}

static const char *hash_of(souk_call_t *call, const char *token)
{
    char *hash = souk_alloc(call, SOUK_HASH_SIZE);
    souk_hash((souk_bytes_t){ token, strlen(token) }, hash);
    return hash;
}

static void start_session(souk_call_t *call, const char *user_id, struct session *started)
{
    char *id = souk_alloc(call, SOUK_ID_SIZE), *token = souk_alloc(call, SOUK_TOKEN_SIZE);

    souk_id_new(id);
    souk_token_new(token);
    *started = (struct session){
        .id = id,
        .token = token,
        .token_hash = hash_of(call, token),
        .user_id = user_id,
        .expires_at = { souk_now().ms + 1000LL * souk_settings.session_s },
    };
}

/* Unknown addresses and wrong passwords are told apart neither by the answer nor by how long it
   takes. No transaction is open while the password is looked at. */
static bool log_in(souk_call_t *call, const void *request, void *reply)
{
    const struct login *given = request;
    souk_list_t found = { 0 };

    if (!souk_db_all(call, &find_credential, given, &found))
        return false;
    const struct known *user = found.items;
    if (!auth_password_fits(user ? user->password_hash : NULL, given->password))
        return souk_fail(call, &wrong_credentials, "%s", wrong_credentials.meaning);

    start_session(call, user->user_id, reply);
    return souk_db_run(call, &save_session, reply);
}

/* Of a token only its hash is known here, so whoever reads the table can log in as nobody. */
static bool verify(souk_batch_t *batch)
{
    souk_call_t *all = batch->all;
    const char **hashes = souk_alloc(all, batch->count * sizeof *hashes);
    souk_list_t found = { 0 };

    for (size_t i = 0; i < batch->count; i++)
        hashes[i] = hash_of(all, ((const struct bearer *)souk_batch_request(batch, i))->token);
    struct keys wanted = { .token_hashes = { hashes, batch->count } };
    if (!souk_db_all(all, &find_sessions, &wanted, &found))
        return false;

    const souk_index_t *sessions =
        souk_index_of(&found, &principal_row, "token_hash", souk_call_pool(all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct principal *row = souk_index_find(sessions, hashes[i]);
        if (row)
            *(struct principal *)souk_batch_reply(batch, i) = *row;
        else
            souk_batch_fail(batch, i, &invalid_token, "%s", invalid_token.meaning);
    }
    return true;
}

static bool log_out(souk_batch_t *batch)
{
    const char **ids = souk_alloc(batch->all, batch->count * sizeof *ids);
    struct keys ended = { .session_ids = { ids, 0 } };

    for (size_t i = 0; i < batch->count; i++) {
        const char *id = souk_caller(batch->calls[i])->session;
        if (id)
            ids[ended.session_ids.count++] = id;
    }
    return souk_db_run(batch->all, &end_sessions, &ended);
}

static bool end_old_sessions(souk_call_t *call)
{
    return souk_db_run(call, &end_expired, NULL);
}

const souk_actor_t auth_actor = {
    .name = "auth",
    .summary = "Who may log in, and whose a token is.",
    .queries = {
        &save_credential,
        &forget_credentials,
        &end_sessions_of,
        &find_credential,
        &save_session,
        &find_sessions,
        &end_sessions,
        &end_expired,
    },
    .operations = {
        {
            .name = "auth.enroll",
            .summary = "Let a user log in with an e-mail address and a password.",
            .request = &enrolment,
            .reply = &souk_nothing,
            .errors = { &email_taken, &enrolment_withdrawn },
            .handler = enroll,
            .writes = true,
            .repeatable = true,
        },
        {
            .name = "auth.forget",
            .summary = "Let a user log in no more, also if the enrolment only comes later.",
            .request = &user_key,
            .reply = &souk_nothing,
            .batch = forget,
            .writes = true,
            .repeatable = true,
        },
        {
            .name = "auth.login",
            .http = "POST /v1/sessions",
            .summary = "Log in; the answer is a token.",
            .request = &login,
            .reply = &session,
            .errors = { &wrong_credentials },
            .handler = log_in,
            .role = "anyone",
            .http_status = 201,
        },
        {
            .name = "auth.verify",
            .summary = "Whose a token is.",
            .request = &bearer,
            .reply = &principal,
            .errors = { &invalid_token },
            .batch = verify,
            .repeatable = true,
        },
        {
            .name = "auth.logout",
            .http = "DELETE /v1/sessions/current",
            .summary = "Log out: the token is worth nothing any more.",
            .request = &souk_nothing,
            .reply = &souk_nothing,
            .batch = log_out,
            .writes = true,
            .repeatable = true,
            .role = "customer",
        },
    },
    .timers = {
        {
            .name = "end_expired",
            .every_ms = END_EXPIRED_MS,
            .handler = end_old_sessions,
        },
    },
};
