/* The shapes that auth takes and gives, on the bus and in its statements. */
#ifndef AUTH_RECORDS_H
#define AUTH_RECORDS_H

#include "../../lib/souk.h"

enum {
    EMAIL_MAX = 254, /* RFC 5321 */
    PASSWORD_MIN = 8,
    PASSWORD_MAX = 128,
    TOKEN_MAX = 200,
};

struct enrolment {
    const char *user_id;
    const char *email;
    const char *password;
    const char *password_hash;
};
static const souk_record_t enrolment = {
    .name = "enrolment",
    .size = sizeof(struct enrolment),
    .fields = {
        FIELD(enrolment, user_id, .format = SOUK_UUID),
        FIELD(enrolment, email, .format = SOUK_EMAIL, .max = EMAIL_MAX),
        FIELD(enrolment, password, .min = PASSWORD_MIN, .max = PASSWORD_MAX, .secret = true),
    },
};
static const souk_record_t credential = {
    .name = "credential",
    .size = sizeof(struct enrolment),
    .fields = {
        FIELD(enrolment, user_id),
        FIELD(enrolment, email),
        FIELD(enrolment, password_hash, .secret = true),
    },
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

/* No bounds but the library's: whatever does not fit is simply wrong. */
struct login {
    const char *email;
    const char *password;
};
static const souk_record_t login = {
    .name = "login",
    .size = sizeof(struct login),
    .fields = {
        FIELD(login, email, .format = SOUK_EMAIL, .max = EMAIL_MAX),
        FIELD(login, password, .max = PASSWORD_MAX, .secret = true),
    },
};

struct known {
    const char *user_id;
    const char *password_hash;
};
static const souk_record_t known = {
    .name = "known",
    .size = sizeof(struct known),
    .fields = {
        FIELD(known, user_id),
        FIELD(known, password_hash, .secret = true),
    },
};

struct session {
    const char *id;
    const char *token;
    const char *token_hash;
    const char *user_id;
    souk_time_t expires_at;
};
static const souk_record_t session = {
    .name = "session",
    .size = sizeof(struct session),
    .fields = {
        FIELD(session, token, .secret = true, .doc = "to be sent as Authorization: Bearer TOKEN"),
        FIELD(session, expires_at),
        FIELD(session, user_id),
    },
};
static const souk_record_t session_row = {
    .name = "session_row",
    .size = sizeof(struct session),
    .fields = {
        FIELD(session, id),
        FIELD(session, token_hash),
        FIELD(session, user_id),
        FIELD(session, expires_at),
    },
};

struct bearer {
    const char *token;
};
static const souk_record_t bearer = {
    .name = "bearer",
    .size = sizeof(struct bearer),
    .fields = {
        FIELD(bearer, token, .min = 1, .max = TOKEN_MAX, .secret = true),
    },
};

struct principal {
    const char *token_hash;
    const char *user_id;
    const char *session_id;
    souk_list_t roles;
};
static const souk_record_t principal = {
    .name = "principal",
    .size = sizeof(struct principal),
    .fields = {
        FIELD(principal, user_id),
        FIELD(principal, session_id),
        FIELD(principal, roles),
    },
};
static const souk_record_t principal_row = {
    .name = "principal_row",
    .size = sizeof(struct principal),
    .fields = {
        FIELD(principal, token_hash),
        FIELD(principal, user_id),
        FIELD(principal, session_id),
        FIELD(principal, roles),
    },
};

struct keys {
    souk_list_t token_hashes;
    souk_list_t session_ids;
};
static const souk_record_t keys = {
    .name = "keys",
    .size = sizeof(struct keys),
    .fields = {
        FIELD(keys, token_hashes),
        FIELD(keys, session_ids),
    },
};

#endif
