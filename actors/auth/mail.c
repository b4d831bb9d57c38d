/* What comes back from a mail. The mails themselves are sent by whoever follows the outbox. */
#include "mail.h"

#include "../../lib/settings.h"
#include "credentials.h"
#include "password.h"
#include "queries/auth.h"
#include "sessions.h"
#include "throttle.h"

const souk_error_t auth_bad_token = {
    .code = "bad_token",
    .kind = SOUK_MISUSED,
    .meaning = "The token is unknown, was used, or has run out.",
};
const souk_error_t auth_verified_already = {
    .code = "verified_already",
    .kind = SOUK_CONFLICT,
    .meaning = "The e-mail address is verified already.",
};

struct mail_token {
    const char *purpose;
    const char *topic;
    const char *email;
    const char *token;
    const char *token_hash;
    souk_time_t expires_at;
};
static const souk_record_t mail_token = {
    .name = "mail_token",
    .size = sizeof(struct mail_token),
    .fields = {
        FIELD(mail_token, purpose),
        FIELD(mail_token, topic),
        FIELD(mail_token, email),
        FIELD(mail_token, token, .secret = true),
        FIELD(mail_token, token_hash),
        FIELD(mail_token, expires_at),
    },
};

struct redemption {
    const char *purpose;
    const char *token_hash;
    const char *new_hash;
    const char *network;
};
static const souk_record_t redemption = {
    .name = "redemption",
    .size = sizeof(struct redemption),
    .fields = {
        FIELD(redemption, purpose),
        FIELD(redemption, token_hash),
        FIELD(redemption, new_hash, .optional = true, .secret = true),
        FIELD(redemption, network, .optional = true),
    },
};

struct token_owner {
    const char *user_id;
    const char *email;
};
static const souk_record_t token_owner = {
    .name = "token_owner",
    .size = sizeof(struct token_owner),
    .fields = {
        FIELD(token_owner, user_id),
        FIELD(token_owner, email),
    },
};

const souk_query_t auth_save_mail_token = {
    .sql = &sql_save_mail_token,
    .takes = &mail_token,
};
const souk_query_t auth_find_mail_token = {
    .sql = &sql_find_mail_token,
    .takes = &redemption,
    .gives = &token_owner,
    .missing = &auth_bad_token,
};
const souk_query_t auth_reset_password_query = {
    .sql = &sql_reset_password,
    .takes = &redemption,
    .gives = &user_key,
    .missing = &auth_bad_token,
};
const souk_query_t auth_verify_email_query = {
    .sql = &sql_verify_email,
    .takes = &redemption,
    .gives = &verification_row,
    .missing = &auth_bad_token,
};
const souk_query_t auth_drop_tokens = {
    .sql = &sql_drop_old_tokens,
};

static bool send_token(souk_call_t *call, const char *purpose, const char *topic, const char *email,
    int valid_s)
{
    char *token = souk_alloc(call, SOUK_TOKEN_SIZE);

    souk_token_new(token);
    return souk_db_run(call, &auth_save_mail_token,
        &(struct mail_token){
            .purpose = purpose,
            .topic = topic,
            .email = email,
            .token = token,
            .token_hash = auth_hash_of(call, token),
            .expires_at = { souk_now().ms + 1000LL * valid_s },
        });
}

/* Who has no account is told the same, after the same statements: one that counts, one that may
   find nobody. */
bool auth_request_reset(souk_call_t *call, const void *request, void *reply)
{
    const struct address *to = request;
    const auth_attempt_t attempts[] = {
        { AUTH_MAIL, to->email },
        { AUTH_MAILS, auth_network(call) },
    };

    return auth_throttle_check(call, attempts, 2) && auth_throttle_count(call, attempts, 2) &&
        send_token(call, "reset", "auth.password_reset_requested", to->email,
            souk_settings.reset_s);
}

/* A token that is worth nothing costs no hashing. */
bool auth_reset_password(souk_call_t *call, const void *request, void *reply)
{
    const struct reset *given = request;
    struct redemption used = {
        .purpose = "reset",
        .token_hash = auth_hash_of(call, given->token),
        .network = auth_network(call),
    };
    struct token_owner owner;
    struct user_key changed;

    if (!souk_db_one(call, &auth_find_mail_token, &used, &owner) ||
        !(used.new_hash = auth_password_hash(call, given->password)) ||
        !souk_db_one(call, &auth_reset_password_query, &used, &changed) ||
        !auth_end_late(call, changed.user_id, NULL))
        return false;
    souk_about(call, owner.user_id);
    const auth_attempt_t forgiven[] = {
        { AUTH_ACCOUNT, owner.email },
        { AUTH_OWN, owner.user_id },
        { AUTH_PAIR, auth_pair(call, owner.email) },
    };
    return auth_throttle_forgive(call, forgiven, 3);
}

bool auth_request_verification(souk_call_t *call, const void *request, void *reply)
{
    struct own_credential own = { 0 };

    if (!souk_db_one(call, &auth_find_own, &(struct user_key){ souk_caller(call)->user }, &own))
        return false;
    if (own.verified_at.ms)
        return souk_refuse(call, &auth_verified_already);
    const auth_attempt_t attempt = { AUTH_MAIL, own.user_id };
    return auth_throttle_check(call, &attempt, 1) && auth_throttle_count(call, &attempt, 1) &&
        send_token(call, "verification", "auth.verification_requested", own.email,
            souk_settings.verification_s);
}

bool auth_verify_email(souk_call_t *call, const void *request, void *reply)
{
    const struct bearer *given = request;
    struct redemption used = { .token_hash = auth_hash_of(call, given->token) };
    return souk_db_one(call, &auth_verify_email_query, &used, reply);
}

bool auth_get_verification(souk_call_t *call, const void *request, void *reply)
{
    struct own_credential own = { 0 };
    struct verification *state = reply;

    if (!souk_db_one(call, &auth_find_own, &(struct user_key){ souk_caller(call)->user }, &own))
        return false;
    state->email = own.email;
    state->verified_at = own.verified_at;
    return true;
}
