/* What comes back from a mail: a new password for one that was forgotten, and that an address is
   right. */
#ifndef AUTH_MAIL_H
#define AUTH_MAIL_H

#include "records.h"

extern const souk_error_t auth_bad_token, auth_verified_already;
extern const souk_query_t auth_save_mail_token, auth_find_mail_token, auth_reset_password_query,
    auth_verify_email_query, auth_drop_tokens;

struct address {
    const char *email;
};
static const souk_record_t address = {
    .name = "reset_request",
    .size = sizeof(struct address),
    .fields = {
        FIELD(address, email, .format = SOUK_EMAIL, .max = EMAIL_MAX),
    },
};

struct reset {
    const char *token;
    const char *password;
};
static const souk_record_t reset = {
    .name = "reset",
    .size = sizeof(struct reset),
    .fields = {
        FIELD(reset, token, .min = 1, .max = TOKEN_MAX, .secret = true),
        FIELD(reset, password,
            .format = SOUK_PASSWORD,
            .min = PASSWORD_MIN,
            .max = PASSWORD_MAX,
            .secret = true),
    },
};

struct verification {
    const char *user_id;
    const char *email;
    souk_time_t verified_at;
};
static const souk_record_t verification = {
    .name = "verification",
    .size = sizeof(struct verification),
    .fields = {
        FIELD(verification, email),
        FIELD(verification, verified_at, .optional = true, .doc = "null: not yet"),
    },
};
static const souk_record_t verification_row = {
    .name = "verification_row",
    .size = sizeof(struct verification),
    .fields = {
        FIELD(verification, user_id),
        FIELD(verification, email),
        FIELD(verification, verified_at, .optional = true),
    },
};

bool auth_request_reset(souk_call_t *call, const void *request, void *reply);
bool auth_reset_password(souk_call_t *call, const void *request, void *reply);
bool auth_request_verification(souk_call_t *call, const void *request, void *reply);
bool auth_verify_email(souk_call_t *call, const void *request, void *reply);
bool auth_get_verification(souk_call_t *call, const void *request, void *reply);

#endif
