/* Who the customers are: how they come to be, and what they see of themselves. */
#include "queries/user.h"
#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "../../lib/souk.h"

enum {
    EMAIL_MAX = 254, /* RFC 5321 */
    PASSWORD_MIN = 8,
    PASSWORD_MAX = 128,
    NAME_MAX = 100,
};

struct registration {
    const char *id;
    const char *email;
    const char *password;
    const char *name;
    int attempt;
};
static const souk_record_t registration = {
    .name = "registration",
    .size = sizeof(struct registration),
    .fields = {
        FIELD(registration, email, .format = SOUK_EMAIL, .max = EMAIL_MAX),
        FIELD(registration, password, .min = PASSWORD_MIN, .max = PASSWORD_MAX, .secret = true),
        FIELD(registration, name, .min = 1, .max = NAME_MAX),
    },
};
/* The same on its way; the password is written down nowhere. */
static const souk_record_t registering = {
    .name = "registering",
    .size = sizeof(struct registration),
    .fields = {
        FIELD(registration, id),
        FIELD(registration, email),
        FIELD(registration, name),
        FIELD(registration, attempt),
    },
};
static const souk_record_t stranded = {
    .name = "stranded",
    .size = sizeof(struct registration),
    .fields = {
        FIELD(registration, id),
        FIELD(registration, attempt),
    },
};

struct account {
    const char *id;
    const char *email;
    const char *name;
};
static const souk_record_t account = {
    .name = "account",
    .size = sizeof(struct account),
    .fields = {
        FIELD(account, id),
        FIELD(account, email),
        FIELD(account, name),
    },
};

struct account_key {
    const char *id;
};
static const souk_record_t account_key = {
    .name = "account_key",
    .size = sizeof(struct account_key),
    .fields = {
        FIELD(account_key, id),
    },
};

struct enrolment {
    const char *user_id;
    const char *email;
    const char *password;
};
static const souk_record_t enrolment = {
    .name = "enrolment",
    .size = sizeof(struct enrolment),
    .fields = {
        FIELD(enrolment, user_id),
        FIELD(enrolment, email),
        FIELD(enrolment, password, .secret = true),
    },
};

struct user_key {
    const char *user_id;
};
static const souk_record_t user_key = {
    .name = "user_key",
    .size = sizeof(struct user_key),
    .fields = {
        FIELD(user_key, user_id),
    },
};

static const souk_error_t email_taken = {
    .code = "email_taken",
    .kind = SOUK_CONFLICT,
    .meaning = "There is an account with this e-mail address already.",
};
static const souk_error_t enrolment_withdrawn = {
    .code = "enrolment_withdrawn",
    .kind = SOUK_CONFLICT,
    .meaning = "The registration was given up before it was complete.",
};
static const souk_error_t no_such_account = {
    .code = "no_such_account",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The caller has no account.",
};

static const souk_query_t save_accounts = {
    .sql = &sql_save_accounts,
    .takes = &registering,
    .gives = &account_key,
    .many = true,
};
static const souk_query_t activate_accounts = {
    .sql = &sql_activate_accounts,
    .takes = &registering,
    .gives = &account_key,
    .many = true,
};
static const souk_query_t drop_accounts = {
    .sql = &sql_drop_accounts,
    .takes = &registering,
    .many = true,
};
static const souk_query_t claim_stranded = {
    .sql = &sql_claim_stranded,
    .takes = &souk_stranded,
    .gives = &stranded,
};
static const souk_query_t find_account = {
    .sql = &sql_find_account,
    .takes = &account_key,
    .gives = &account,
    .missing = &no_such_account,
};

static const souk_ask_t enroll = {
    .operation = "auth.enroll",
    .takes = &enrolment,
    .gives = &souk_nothing,
    .timeout_ms = &souk_settings.enroll_timeout_ms,
};
static const souk_ask_t forget = {
    .operation = "auth.forget",
    .takes = &user_key,
    .gives = &souk_nothing,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    struct registration *it = state;
    char *id = souk_alloc(call, SOUK_ID_SIZE);

    souk_id_new(id);
    *it = *(const struct registration *)request;
    it->id = id;
    it->attempt = 1;
    return true;
}

static bool begin(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_all(batch->all, &save_accounts, &wanted, &rows))
        return false;
    const souk_index_t *saved =
        souk_index_of(&rows, &account_key, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct registration *it = souk_batch_state(batch, i);
        if (!souk_index_find(saved, it->id))
            souk_batch_fail(batch, i, &email_taken, "%s", it->email);
    }
    return true;
}

static bool ask_enrolment(souk_call_t *call, const void *state, void *question)
{
    const struct registration *it = state;
    *(struct enrolment *)question = (struct enrolment){ it->id, it->email, it->password };
    return true;
}

static bool name_user(souk_call_t *call, const void *state, void *question)
{
    const struct registration *it = state;
    *(struct user_key *)question = (struct user_key){ it->id };
    return true;
}

static bool activate(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_all(batch->all, &activate_accounts, &wanted, &rows))
        return false;
    const souk_index_t *active =
        souk_index_of(&rows, &account_key, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct registration *it = souk_batch_state(batch, i);
        if (!souk_index_find(active, it->id))
            souk_batch_fail(batch, i, &souk_worker_lost, "another has taken it up");
    }
    return true;
}

static bool reject(souk_batch_t *batch)
{
    souk_list_t dropped = souk_batch_gather(batch);
    return souk_db_run(batch->all, &drop_accounts, &dropped);
}

static bool answer(souk_call_t *call, const void *state, void *reply)
{
    const struct registration *it = state;
    *(struct account *)reply = (struct account){ it->id, it->email, it->name };
    return true;
}

/* The address is taken first: two who want it at once must not both be enrolled. Hashing takes its
   time, so each goes in a message of its own. */
static const souk_saga_t register_user = {
    .state = &registering,
    .open = open,
    .steps = {
        { .name = "begin", .batch = begin },
        {
            .name = "enroll",
            .ask = &enroll,
            .fill = ask_enrolment,
            .undo = &forget,
            .fill_undo = name_user,
            .alone = true,
        },
        { .name = "activate", .batch = activate, .no_return = true },
    },
    .reject = reject,
    .answer = answer,
    .stranded = &claim_stranded,
    .key = "id",
    .most = &souk_settings.registrations_max,
};

static bool profile(souk_call_t *call, const void *request, void *reply)
{
    return souk_db_one(call, &find_account, &(struct account_key){ souk_caller(call)->user },
        reply);
}

const souk_actor_t user_actor = {
    .name = "user",
    .summary = "Who the customers are.",
    .queries = {
        &save_accounts,
        &activate_accounts,
        &drop_accounts,
        &claim_stranded,
        &find_account,
    },
    .operations = {
        {
            .name = "user.register",
            .http = "POST /v1/users",
            .summary = "Become a customer, who can log in.",
            .request = &registration,
            .reply = &account,
            .errors = { &email_taken, &enrolment_withdrawn },
            .saga = &register_user,
            .writes = true,
            .role = "anyone",
            .http_status = 201,
        },
        {
            .name = "user.profile",
            .http = "GET /v1/me",
            .summary = "The caller's own account.",
            .request = &souk_nothing,
            .reply = &account,
            .errors = { &no_such_account },
            .handler = profile,
            .repeatable = true,
            .role = "customer",
        },
    },
};
