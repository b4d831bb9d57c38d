/* Becoming a customer: a saga over the account here and the credential at auth. */
#include "accounts.h"

#include <string.h>

#include "../../lib/index.h"
#include "../../lib/once.h"
#include "../../lib/seal.h"
#include "../../lib/settings.h"
#include "queries/user.h"

/* The same on its way; the password is written down nowhere. */
static const souk_record_t registering = {
    .name = "registering",
    .size = sizeof(struct registration),
    .fields = {
        FIELD(registration, id),
        FIELD(registration, email),
        FIELD(registration, name),
        FIELD(registration, request_key, .optional = true),
        FIELD(registration, fingerprint, .optional = true),
        FIELD(registration, attempt),
    },
};

/* What there is under the idempotency key of a registration. */
struct registered {
    const char *asked_id;
    const char *id;
    const char *fingerprint;
    const char *status;
};
static const souk_record_t registered = {
    .name = "registered",
    .size = sizeof(struct registered),
    .fields = {
        FIELD(registered, asked_id),
        FIELD(registered, id),
        FIELD(registered, fingerprint),
        FIELD(registered, status),
    },
};

struct key_age {
    int kept_s;
};
static const souk_record_t key_age = {
    .name = "key_age",
    .size = sizeof(struct key_age),
    .fields = {
        FIELD(key_age, kept_s),
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

struct newcomer {
    const char *address;
};
static const souk_record_t newcomer = {
    .name = "newcomer",
    .size = sizeof(struct newcomer),
    .fields = {
        FIELD(newcomer, address),
    },
};

const souk_error_t user_email_taken = {
    .code = "email_taken",
    .kind = SOUK_CONFLICT,
    .meaning = "There is an account with this e-mail address already.",
};
const souk_error_t user_enrolment_withdrawn = {
    .code = "enrolment_withdrawn",
    .kind = SOUK_CONFLICT,
    .meaning = "The registration was given up before it was complete.",
};
const souk_query_t user_save_accounts = {
    .sql = &sql_save_accounts,
    .takes = &registering,
    .gives = &account_key,
    .many = true,
};
const souk_query_t user_find_registered = {
    .sql = &sql_find_registered,
    .takes = &registering,
    .gives = &registered,
    .many = true,
};
const souk_query_t user_forget_keys_query = {
    .sql = &sql_forget_keys,
    .takes = &key_age,
};
const souk_query_t user_activate_accounts = {
    .sql = &sql_activate_accounts,
    .takes = &registering,
    .gives = &account_key,
    .many = true,
};
const souk_query_t user_drop_accounts = {
    .sql = &sql_drop_accounts,
    .takes = &registering,
    .many = true,
};
const souk_query_t user_claim_stranded = {
    .sql = &sql_claim_stranded,
    .takes = &souk_stranded,
    .gives = &stranded,
};
static const souk_ask_t admit = {
    .operation = "auth.admit",
    .takes = &newcomer,
    .gives = &souk_nothing,
};
static const souk_ask_t enroll = {
    .operation = "auth.enroll",
    .takes = &enrolment,
    .gives = &souk_nothing,
    .timeout_ms = &souk_settings.enroll_timeout_ms,
};
const souk_ask_t user_forget = {
    .operation = "auth.forget",
    .takes = &user_key,
    .gives = &souk_nothing,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    struct registration *it = state;

    *it = *(const struct registration *)request;
    it->id = souk_call_new_id(call);
    it->attempt = 1;
    if (souk_caller(call)->key) {
        const souk_seal_t *seal = souk_seal_of(call);
        it->request_key = seal->key;
        it->fingerprint = seal->fingerprint;
    }
    return true;
}

static bool ask_admission(souk_call_t *call, const void *state, void *question)
{
    struct newcomer *from = question;

    from->address = souk_caller(call)->address;
    return from->address != NULL;
}

static bool begin(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_all(batch->all, &user_save_accounts, &wanted, &rows))
        return false;
    const souk_index_t *saved =
        souk_index_of(&rows, &account_key, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct registration *it = souk_batch_state(batch, i);
        if (!souk_index_find(saved, it->id))
            souk_batch_fail(batch, i, &user_email_taken, "%s", it->email);
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

    if (!souk_db_all(batch->all, &user_activate_accounts, &wanted, &rows))
        return false;
    souk_batch_fail_overtaken(batch, &rows, &account_key);
    return true;
}

static bool reject(souk_batch_t *batch)
{
    souk_list_t dropped = souk_batch_gather(batch);
    return souk_db_run(batch->all, &user_drop_accounts, &dropped);
}

/* Answers as the first time: what was asked was the same, but for the id. */
static void answer_registered(souk_batch_t *batch, size_t i, const struct registered *known)
{
    struct registration *it = souk_batch_state(batch, i);

    if (strcmp(known->fingerprint, it->fingerprint) != 0) {
        souk_batch_refuse(batch, i, &souk_key_reused);
    } else if (strcmp(known->status, "registering") == 0) {
        souk_batch_refuse(batch, i, &souk_running);
    } else {
        it->id = known->id;
        souk_batch_finish(batch, i);
    }
}

static bool recall(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_all(batch->all, &user_find_registered, &wanted, &rows))
        return false;
    const souk_index_t *known =
        souk_index_of(&rows, &registered, "asked_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct registration *it = souk_batch_state(batch, i);
        const struct registered *row = souk_index_find(known, it->id);
        if (row)
            answer_registered(batch, i, row);
    }
    return true;
}

bool user_forget_keys(souk_call_t *call)
{
    return souk_db_run(call, &user_forget_keys_query, &(struct key_age){ SOUK_ONCE_KEPT_S });
}

static bool answer(souk_call_t *call, const void *state, void *reply)
{
    const struct registration *it = state;
    *(struct account *)reply = (struct account){ it->id, it->email, it->name };
    return true;
}

/* The address is taken first: two who want it at once must not both be enrolled. Hashing takes its
   time, so each goes in a message of its own. */
const souk_saga_t user_register = {
    .state = &registering,
    .open = open,
    .steps = {
        { .name = "admit", .ask = &admit, .fill = ask_admission },
        { .name = "begin", .batch = begin },
        {
            .name = "enroll",
            .ask = &enroll,
            .fill = ask_enrolment,
            .undo = &user_forget,
            .fill_undo = name_user,
            .alone = true,
        },
        { .name = "activate", .batch = activate, .no_return = true },
    },
    .reject = reject,
    .recall = recall,
    .answer = answer,
    .stranded = &user_claim_stranded,
    .key = "id",
    .most = &souk_settings.registrations_max,
};
