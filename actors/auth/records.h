/* The shapes that auth takes and gives, on the bus and in its statements. */
#ifndef AUTH_RECORDS_H
#define AUTH_RECORDS_H

#include "../../lib/souk.h"

enum {
    EMAIL_MAX = 254, /* RFC 5321 */
    PASSWORD_MIN = 8,
    PASSWORD_MAX = 128,
    TOKEN_MAX = 200,
    PAGE_MAX = 100,
    OPERATION_MAX = 100,
    ADDRESS_MAX = 200,
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
        FIELD(enrolment, password,
            .format = SOUK_PASSWORD,
            .min = PASSWORD_MIN,
            .max = PASSWORD_MAX,
            .secret = true),
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
    const char *user_id; /* whose the password is */
    const char *password_hash; /* the one that was looked at */
};
static const souk_record_t login = {
    .name = "login",
    .size = sizeof(struct login),
    .fields = {
        FIELD(login, email, .format = SOUK_EMAIL, .max = EMAIL_MAX),
        FIELD(login, password, .max = PASSWORD_MAX, .secret = true),
    },
};

/* A login as it is looked up: who it may be, and whether they are at home where it comes from. */
struct login_key {
    const char *email;
    const char *network;
};
static const souk_record_t login_key = {
    .name = "login_key",
    .size = sizeof(struct login_key),
    .fields = {
        FIELD(login_key, email),
        FIELD(login_key, network, .optional = true),
    },
};

struct known {
    const char *user_id;
    const char *password_hash;
    bool is_known_here;
};
static const souk_record_t known = {
    .name = "known",
    .size = sizeof(struct known),
    .fields = {
        FIELD(known, user_id),
        FIELD(known, password_hash, .secret = true),
        FIELD(known, is_known_here),
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
        FIELD(session, expires_at, .doc = "at the latest; sooner where it is not used for long"),
        FIELD(session, user_id),
    },
};

struct new_session {
    const char *id;
    const char *token_hash;
    const char *user_id;
    const char *password_hash; /* the one that was looked at */
    souk_time_t ends_at;
    int idle_s;
    const char *address;
    const char *network;
};
static const souk_record_t new_session = {
    .name = "new_session",
    .size = sizeof(struct new_session),
    .fields = {
        FIELD(new_session, id),
        FIELD(new_session, token_hash),
        FIELD(new_session, user_id),
        FIELD(new_session, password_hash, .secret = true),
        FIELD(new_session, ends_at),
        FIELD(new_session, idle_s),
        FIELD(new_session, address, .optional = true),
        FIELD(new_session, network, .optional = true),
    },
};

struct page_query {
    const char *user_id;
    const char *session_id;
    const char *after;
    int limit;
};
static const souk_record_t page_query = {
    .name = "page_query",
    .size = sizeof(struct page_query),
    .fields = {
        FIELD(page_query, limit, .min = 1, .max = PAGE_MAX, .fallback = "20"),
        FIELD(page_query, after,
            .format = SOUK_UUID,
            .optional = true,
            .doc = "the next of the page before"),
    },
};
static const souk_record_t own_page_query = {
    .name = "own_page_query",
    .size = sizeof(struct page_query),
    .fields = {
        FIELD(page_query, user_id),
        FIELD(page_query, session_id, .optional = true),
        FIELD(page_query, limit),
        FIELD(page_query, after, .optional = true),
    },
};

struct known_session {
    const char *id;
    souk_time_t made_at;
    souk_time_t seen_at;
    souk_time_t expires_at;
    const char *address;
    bool current;
};
static const souk_record_t known_session = {
    .name = "known_session",
    .size = sizeof(struct known_session),
    .fields = {
        FIELD(known_session, id),
        FIELD(known_session, made_at),
        FIELD(known_session, seen_at, .doc = "last used, to within five minutes"),
        FIELD(known_session, expires_at, .doc = "if it is not used before"),
        FIELD(known_session, address, .optional = true, .doc = "from where it was begun"),
        FIELD(known_session, current, .doc = "it is the one that asks"),
    },
};

struct page {
    souk_list_t items;
    const char *next;
};
static const souk_record_t session_page = {
    .name = "session_page",
    .size = sizeof(struct page),
    .fields = {
        FIELD(page, items, .of = &known_session, .doc = "newest first"),
        FIELD(page, next, .optional = true, .doc = "to ask with as after; null: no more"),
    },
};

struct own_key {
    const char *id;
    const char *user_id;
};
static const souk_record_t thing_id = {
    .name = "thing_id",
    .size = sizeof(struct own_key),
    .fields = {
        FIELD(own_key, id, .format = SOUK_UUID),
    },
};
static const souk_record_t own_key = {
    .name = "own_key",
    .size = sizeof(struct own_key),
    .fields = {
        FIELD(own_key, id),
        FIELD(own_key, user_id),
    },
};

struct bearer {
    const char *token;
    const char *address;
};
static const souk_record_t bearer = {
    .name = "bearer",
    .size = sizeof(struct bearer),
    .fields = {
        FIELD(bearer, token, .min = 1, .max = TOKEN_MAX, .secret = true),
    },
};
/* The same, of one of those that travel together. */
static const souk_record_t bearer_from = {
    .name = "bearer_from",
    .size = sizeof(struct bearer),
    .fields = {
        FIELD(bearer, token, .min = 1, .max = TOKEN_MAX, .secret = true),
        FIELD(bearer, address, .max = ADDRESS_MAX, .optional = true,
            .doc = "where it comes from; for the audit trail"),
    },
};

struct principal {
    const char *token_hash;
    const char *user_id;
    const char *session_id;
    souk_list_t roles;
    souk_list_t scopes;
    bool is_old; /* its session was last touched long ago */
};
static const souk_record_t principal = {
    .name = "principal",
    .size = sizeof(struct principal),
    .fields = {
        FIELD(principal, user_id, .doc = "of an API key: the key's own id"),
        FIELD(principal, session_id, .optional = true),
        FIELD(principal, roles, .doc = "with those that are within others"),
        FIELD(principal, scopes, .optional = true, .doc = "of an API key: the operations it is "
            "for"),
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
        FIELD(principal, is_old),
    },
};
static const souk_record_t api_principal_row = {
    .name = "api_principal_row",
    .size = sizeof(struct principal),
    .fields = {
        FIELD(principal, token_hash),
        FIELD(principal, user_id),
        FIELD(principal, scopes),
    },
};

struct keys {
    souk_list_t token_hashes;
    souk_list_t session_ids;
    int touch_s;
    int idle_s;
};
static const souk_record_t keys = {
    .name = "keys",
    .size = sizeof(struct keys),
    .fields = {
        FIELD(keys, token_hashes),
        FIELD(keys, session_ids),
        FIELD(keys, touch_s),
        FIELD(keys, idle_s),
    },
};

/* A user's own credential. */
struct own_credential {
    const char *user_id;
    const char *email;
    const char *password_hash;
    souk_time_t verified_at;
    souk_list_t roles;
};
static const souk_record_t own_credential = {
    .name = "own_credential",
    .size = sizeof(struct own_credential),
    .fields = {
        FIELD(own_credential, user_id),
        FIELD(own_credential, email),
        FIELD(own_credential, password_hash, .secret = true),
        FIELD(own_credential, verified_at, .optional = true),
        FIELD(own_credential, roles),
    },
};

#endif
