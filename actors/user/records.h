/* The shapes that users take and give, on the bus and in their statements. */
#ifndef USER_RECORDS_H
#define USER_RECORDS_H

#include "../../lib/souk.h"

enum {
    EMAIL_MAX = 254, /* RFC 5321 */
    PASSWORD_MIN = 8,
    PASSWORD_MAX = 128,
    NAME_MAX = 100,
    LINE_MAX = 200,
    REASON_MAX = 500,
    PAGE_MAX = 100,
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
static const souk_record_t account_name = {
    .name = "account_name",
    .size = sizeof(struct account),
    .fields = {
        FIELD(account, name, .min = 1, .max = NAME_MAX),
    },
};
static const souk_record_t account_id_name = {
    .name = "account_id_name",
    .size = sizeof(struct account),
    .fields = {
        FIELD(account, id),
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

struct user_key {
    const char *user_id;
};
static const souk_record_t user_key = {
    .name = "user_key",
    .size = sizeof(struct user_key),
    .fields = {
        FIELD(user_key, user_id, .format = SOUK_UUID),
    },
};

/* What auth is asked of whoever changes or closes an account. */
struct proof {
    const char *user_id;
    const char *password;
    bool leaving;
};
static const souk_record_t proof = {
    .name = "proof",
    .size = sizeof(struct proof),
    .fields = {
        FIELD(proof, user_id),
        FIELD(proof, password, .secret = true),
        FIELD(proof, leaving, .optional = true),
    },
};

#endif
