/* Who may log in, with which address and password. */
#include "credentials.h"

#include "password.h"
#include "queries/auth.h"
#include "throttle.h"

const souk_error_t auth_email_taken = {
    .code = "email_taken",
    .kind = SOUK_CONFLICT,
    .meaning = "There is an account with this e-mail address already.",
};
const souk_error_t auth_enrolment_withdrawn = {
    .code = "enrolment_withdrawn",
    .kind = SOUK_CONFLICT,
    .meaning = "The user was forgotten before the enrolment came.",
};
const souk_error_t auth_wrong_password = {
    .code = "wrong_password",
    .kind = SOUK_FORBIDDEN,
    .meaning = "This is not the account's password.",
};
const souk_error_t auth_no_credential = {
    .code = "no_such_user",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is nobody of this id who may log in.",
};
const souk_error_t auth_still_staff = {
    .code = "still_staff",
    .kind = SOUK_CONFLICT,
    .meaning = "Whoever is staff or admin has to give these roles back first.",
};
const souk_error_t auth_change_withdrawn = {
    .code = "change_withdrawn",
    .kind = SOUK_CONFLICT,
    .meaning = "A later change came first, or the user is gone.",
};

struct enrolled {
    const char *status;
};
static const souk_record_t enrolled = {
    .name = "enrolled",
    .size = sizeof(struct enrolled),
    .fields = {
        FIELD(enrolled, status),
    },
};

struct new_password {
    const char *user_id;
    const char *password_hash;
    const char *new_hash;
    const char *session_id;
};
static const souk_record_t new_password = {
    .name = "new_password",
    .size = sizeof(struct new_password),
    .fields = {
        FIELD(new_password, user_id),
        FIELD(new_password, password_hash, .secret = true),
        FIELD(new_password, new_hash, .secret = true),
        FIELD(new_password, session_id, .optional = true),
    },
};

const souk_query_t auth_save_credential = {
    .sql = &sql_save_credential,
    .takes = &credential,
    .gives = &enrolled,
    .duplicate = &auth_email_taken,
};
const souk_query_t auth_forget_credentials = {
    .sql = &sql_forget_credentials,
    .takes = &user_key,
    .many = true,
};
const souk_query_t auth_forget_traces = {
    .sql = &sql_forget_traces,
    .takes = &user_key,
    .many = true,
};
const souk_query_t auth_end_sessions_of = {
    .sql = &sql_end_sessions_of,
    .takes = &user_key,
    .many = true,
};
const souk_query_t auth_find_own = {
    .sql = &sql_find_own,
    .takes = &user_key,
    .gives = &own_credential,
    .missing = &auth_no_credential,
};
const souk_query_t auth_rename_credential = {
    .sql = &sql_rename_credential,
    .takes = &renaming,
    .gives = &user_key,
    .missing = &auth_change_withdrawn,
    .duplicate = &auth_email_taken,
};
const souk_query_t auth_change_password_query = {
    .sql = &sql_change_password,
    .takes = &new_password,
    .gives = &user_key,
    .missing = &auth_wrong_password,
};
const souk_query_t auth_end_late_query = {
    .sql = &sql_end_late_sessions,
    .takes = &new_password,
};

/* Whether an address is taken is told to everybody who registers, but not to whoever tries many. */
bool auth_admit(souk_call_t *call, const void *request, void *reply)
{
    const struct newcomer *from = request;
    const auth_attempt_t attempt = {
        AUTH_REGISTRATIONS,
        souk_network_of(from->address, souk_call_pool(call)),
    };

    return auth_throttle_check(call, &attempt, 1) && auth_throttle_count(call, &attempt, 1);
}

bool auth_enroll(souk_call_t *call, const void *request, void *reply)
{
    struct enrolment wanted = *(const struct enrolment *)request;
    struct enrolled now;

    if (!(wanted.password_hash = auth_password_hash(call, wanted.password)))
        return false;
    if (!souk_db_one(call, &auth_save_credential, &wanted, &now))
        return false;
    if (*now.status == 'f')
        return souk_fail(call, &auth_enrolment_withdrawn, "user %s", wanted.user_id);
    return true;
}

bool auth_forget(souk_batch_t *batch)
{
    souk_list_t users = souk_batch_gather(batch);
    return souk_db_run(batch->all, &auth_forget_credentials, &users) &&
        souk_db_run(batch->all, &auth_end_sessions_of, &users) &&
        souk_db_run(batch->all, &auth_forget_traces, &users);
}

/* Whoever has found an open session must not find the password out by it. */
static bool check_password(souk_call_t *call, const char *user_id, const char *password,
    struct own_credential *own)
{
    const auth_attempt_t attempt = { AUTH_OWN, user_id };

    if (!souk_db_one(call, &auth_find_own, &(struct user_key){ user_id }, own) ||
        !auth_throttle_check(call, &attempt, 1))
        return false;
    if (auth_password_fits(own->password_hash, password))
        return true;
    return auth_throttle_count(call, &attempt, 1) && souk_refuse(call, &auth_wrong_password);
}

bool auth_confirm(souk_call_t *call, const void *request, void *reply)
{
    const struct proof *given = request;
    struct own_credential own = { 0 };

    if (!check_password(call, given->user_id, given->password, &own))
        return false;
    if (given->leaving && own.roles.count > 1)
        return souk_refuse(call, &auth_still_staff);
    return true;
}

bool auth_rename(souk_call_t *call, const void *request, void *reply)
{
    struct user_key renamed;
    return souk_db_one(call, &auth_rename_credential, request, &renamed);
}

bool auth_end_late(souk_call_t *call, const char *user_id, const char *kept)
{
    return souk_db_run(call, &auth_end_late_query,
        &(struct new_password){ .user_id = user_id, .session_id = kept });
}

bool auth_change_password(souk_call_t *call, const void *request, void *reply)
{
    const struct password_change *given = request;
    const souk_caller_t *caller = souk_caller(call);
    struct own_credential own = { 0 };
    struct user_key changed;

    if (!check_password(call, caller->user, given->old_password, &own))
        return false;
    struct new_password row = {
        .user_id = caller->user,
        .password_hash = own.password_hash,
        .new_hash = auth_password_hash(call, given->new_password),
        .session_id = caller->session,
    };
    return row.new_hash && souk_db_one(call, &auth_change_password_query, &row, &changed) &&
        auth_end_late(call, caller->user, caller->session);
}
