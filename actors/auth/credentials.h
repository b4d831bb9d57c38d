/* Who may log in, with which address and password. */
#ifndef AUTH_CREDENTIALS_H
#define AUTH_CREDENTIALS_H

#include "records.h"

extern const souk_error_t auth_email_taken, auth_enrolment_withdrawn, auth_wrong_password,
    auth_no_credential, auth_still_staff, auth_change_withdrawn;
extern const souk_query_t auth_save_credential, auth_forget_credentials, auth_forget_traces,
    auth_end_sessions_of, auth_find_own, auth_rename_credential, auth_change_password_query,
    auth_end_late_query;

struct newcomer {
    const char *address;
};
static const souk_record_t newcomer = {
    .name = "newcomer",
    .size = sizeof(struct newcomer),
    .fields = {
        FIELD(newcomer, address, .max = ADDRESS_MAX),
    },
};

struct proof {
    const char *user_id;
    const char *password;
    bool leaving;
};
static const souk_record_t proof = {
    .name = "proof",
    .size = sizeof(struct proof),
    .fields = {
        FIELD(proof, user_id, .format = SOUK_UUID),
        FIELD(proof, password, .max = PASSWORD_MAX, .secret = true),
        FIELD(proof, leaving, .optional = true, .doc = "to close the account"),
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
        FIELD(renaming, user_id, .format = SOUK_UUID),
        FIELD(renaming, email, .format = SOUK_EMAIL, .max = EMAIL_MAX),
        FIELD(renaming, serial, .min = 1, .doc = "the highest counts"),
    },
};

struct password_change {
    const char *old_password;
    const char *new_password;
};
static const souk_record_t password_change = {
    .name = "password_change",
    .size = sizeof(struct password_change),
    .fields = {
        FIELD(password_change, old_password, .max = PASSWORD_MAX, .secret = true),
        FIELD(password_change, new_password,
            .format = SOUK_PASSWORD,
            .min = PASSWORD_MIN,
            .max = PASSWORD_MAX,
            .secret = true),
    },
};

bool auth_admit(souk_call_t *call, const void *request, void *reply);
bool auth_enroll(souk_call_t *call, const void *request, void *reply);
bool auth_forget(souk_batch_t *batch);
bool auth_confirm(souk_call_t *call, const void *request, void *reply);
bool auth_rename(souk_call_t *call, const void *request, void *reply);
bool auth_change_password(souk_call_t *call, const void *request, void *reply);

/* After the password was changed: ends what was begun with the old one just before, all but the
   session kept (NULL: none). */
must_check bool auth_end_late(souk_call_t *call, const char *user_id, const char *kept);

#endif
