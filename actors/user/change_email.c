/* Another e-mail address: of the account here and of the credential at auth, or of neither. */
#include "accounts.h"

#include "../../lib/index.h"
#include "../../lib/settings.h"
#include "queries/user.h"

const souk_error_t user_unknown = {
    .code = "no_such_user",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The caller cannot log in any more.",
};
const souk_error_t user_too_many_attempts = {
    .code = "too_many_attempts",
    .kind = SOUK_LIMITED,
    .meaning = "There were too many attempts; a later one is welcome.",
};
const souk_error_t user_wrong_password = {
    .code = "wrong_password",
    .kind = SOUK_FORBIDDEN,
    .meaning = "This is not the account's password.",
};
const souk_error_t user_still_staff = {
    .code = "still_staff",
    .kind = SOUK_CONFLICT,
    .meaning = "Whoever is staff or admin has to give these roles back first.",
};
const souk_error_t user_change_withdrawn = {
    .code = "change_withdrawn",
    .kind = SOUK_CONFLICT,
    .meaning = "The change was given up before it was complete.",
};
const souk_error_t user_email_awaited = {
    .code = "email_awaited",
    .kind = SOUK_BUSY,
    .meaning =
        "Another is leaving this e-mail address or could not have it; ask again a little later.",
};

/* On its way; the password is written down nowhere. */
static const souk_record_t changing = {
    .name = "changing",
    .size = sizeof(struct email_change),
    .fields = {
        FIELD(email_change, id),
        FIELD(email_change, email),
        FIELD(email_change, old_email),
        FIELD(email_change, name),
        FIELD(email_change, serial),
        FIELD(email_change, attempt),
    },
};
static const souk_record_t begun_change = {
    .name = "begun_change",
    .size = sizeof(struct email_change),
    .fields = {
        FIELD(email_change, id),
        FIELD(email_change, old_email),
        FIELD(email_change, name),
        FIELD(email_change, serial),
    },
};

struct renaming {
    const char *user_id;
    const char *email;
    int serial;
};
static const souk_record_t renaming = {
    .name = "renaming",
    .size = sizeof(struct renaming),
    .fields = {
        FIELD(renaming, user_id),
        FIELD(renaming, email),
        FIELD(renaming, serial),
    },
};

const souk_query_t user_lock_changing = {
    .sql = &sql_lock_accounts,
    .takes = &changing,
    .many = true,
};
const souk_query_t user_begin_email = {
    .sql = &sql_begin_email_changes,
    .takes = &changing,
    .gives = &begun_change,
    .many = true,
};
const souk_query_t user_settle_email = {
    .sql = &sql_settle_email_changes,
    .takes = &changing,
    .gives = &account_key,
    .many = true,
    .duplicate = &user_email_awaited,
};
const souk_query_t user_drop_email = {
    .sql = &sql_drop_email_changes,
    .takes = &changing,
    .many = true,
};
const souk_query_t user_claim_email = {
    .sql = &sql_claim_email_changes,
    .takes = &souk_stranded,
    .gives = &changing,
};

/* A password is looked at for as long as one is hashed. */
const souk_ask_t user_confirm = {
    .operation = "auth.confirm",
    .takes = &proof,
    .gives = &souk_nothing,
    .timeout_ms = &souk_settings.enroll_timeout_ms,
};
static const souk_ask_t rename_credential = {
    .operation = "auth.rename",
    .takes = &renaming,
    .gives = &souk_nothing,
};

static bool open(souk_call_t *call, const void *request, void *state)
{
    struct email_change *it = state;

    *it = *(const struct email_change *)request;
    it->id = souk_caller(call)->user;
    it->attempt = 1;
    return true;
}

static bool ask_proof(souk_call_t *call, const void *state, void *question)
{
    const struct email_change *it = state;
    *(struct proof *)question = (struct proof){ it->id, it->password, false };
    return true;
}

static bool begin(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_run(batch->all, &user_lock_changing, &wanted) ||
        !souk_db_all(batch->all, &user_begin_email, &wanted, &rows))
        return false;
    const souk_index_t *begun =
        souk_index_of(&rows, &begun_change, "id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct email_change *it = souk_batch_state(batch, i), *row = souk_index_find(begun, it->id);
        if (!row || row->email) {
            souk_batch_fail(batch, i, &souk_running, "the address is just being changed");
            continue;
        }
        row->email = it->email; /* it is this call's: another of the same user comes second */
        it->old_email = row->old_email;
        it->name = row->name;
        it->serial = row->serial;
    }
    return true;
}

static bool ask_new_name(souk_call_t *call, const void *state, void *question)
{
    const struct email_change *it = state;
    *(struct renaming *)question = (struct renaming){ it->id, it->email, it->serial };
    return true;
}

static bool ask_old_name(souk_call_t *call, const void *state, void *question)
{
    const struct email_change *it = state;
    *(struct renaming *)question = (struct renaming){ it->id, it->old_email, it->serial + 1 };
    return true;
}

static bool settle(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), rows = { 0 };

    if (!souk_db_run(batch->all, &user_lock_changing, &wanted) ||
        !souk_db_all(batch->all, &user_settle_email, &wanted, &rows))
        return false;
    souk_batch_fail_overtaken(batch, &rows, &account_key);
    return true;
}

static bool reject(souk_batch_t *batch)
{
    souk_list_t dropped = souk_batch_gather(batch);
    return souk_db_run(batch->all, &user_drop_email, &dropped);
}

static bool answer(souk_call_t *call, const void *state, void *reply)
{
    const struct email_change *it = state;
    *(struct account *)reply = (struct account){ it->id, it->email, it->name };
    return true;
}

/* Whether the new address is free only auth can say; the old one stays taken here until it is
   certain that it is not needed any more. So who has the address at auth and finds it taken here
   waits: that account is about to move elsewhere, or its registration to come to nothing. */
const souk_saga_t user_change_email = {
    .state = &changing,
    .open = open,
    .steps = {
        { .name = "confirm", .ask = &user_confirm, .fill = ask_proof, .alone = true },
        { .name = "begin", .batch = begin },
        {
            .name = "rename",
            .ask = &rename_credential,
            .fill = ask_new_name,
            .undo = &rename_credential,
            .fill_undo = ask_old_name,
        },
        { .name = "settle", .batch = settle, .no_return = true },
    },
    .reject = reject,
    .answer = answer,
    .stranded = &user_claim_email,
    .key = "id",
    .most = &souk_settings.registrations_max,
};
