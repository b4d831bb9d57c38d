/* How accounts come to be, change their address, and are closed: sagas over this actor and auth. */
#ifndef USER_ACCOUNTS_H
#define USER_ACCOUNTS_H

#include "records.h"

struct registration {
    const char *id;
    const char *email;
    const char *password;
    const char *name;
    const char *request_key; /* of the idempotency key and of what was asked: hashes */
    const char *fingerprint;
    int attempt;
};
static const souk_record_t registration = {
    .name = "registration",
    .size = sizeof(struct registration),
    .fields = {
        FIELD(registration, email, .format = SOUK_EMAIL, .max = EMAIL_MAX),
        FIELD(registration, password,
            .format = SOUK_PASSWORD,
            .min = PASSWORD_MIN,
            .max = PASSWORD_MAX,
            .secret = true),
        FIELD(registration, name, .min = 1, .max = NAME_MAX),
    },
};

struct email_change {
    const char *id;
    const char *email;
    const char *password;
    const char *old_email;
    const char *name;
    int serial;
    int attempt;
};
static const souk_record_t email_wish = {
    .name = "email_wish",
    .size = sizeof(struct email_change),
    .fields = {
        FIELD(email_change, email, .format = SOUK_EMAIL, .max = EMAIL_MAX),
        FIELD(email_change, password, .max = PASSWORD_MAX, .secret = true, .doc = "as it is"),
    },
};

struct closure {
    const char *id;
    const char *password;
    int attempt;
};
static const souk_record_t closure_wish = {
    .name = "closure_wish",
    .size = sizeof(struct closure),
    .fields = {
        FIELD(closure, password, .max = PASSWORD_MAX, .secret = true, .doc = "as it is"),
    },
};

/* As auth names them. */
extern const souk_error_t user_email_taken, user_enrolment_withdrawn, user_unknown,
    user_too_many_attempts, user_wrong_password, user_still_staff, user_change_withdrawn,
    user_email_awaited;
extern const souk_query_t user_save_accounts, user_find_registered, user_forget_keys_query,
    user_activate_accounts, user_drop_accounts, user_claim_stranded, user_lock_changing,
    user_begin_email, user_settle_email, user_drop_email, user_claim_email, user_lock_closing,
    user_begin_closures, user_settle_closures, user_claim_closures;
extern const souk_saga_t user_register, user_change_email, user_close;

bool user_forget_keys(souk_call_t *call);

/* Asked by more than one of them. */
extern const souk_ask_t user_confirm, user_forget;

#endif
