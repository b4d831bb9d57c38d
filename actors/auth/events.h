/* What is told of credentials. Events with tokens are for those who mail them. */
#ifndef SOUK_AUTH_EVENTS_H
#define SOUK_AUTH_EVENTS_H

#include "souk.h"

struct mail_told {
    const char *user_id;
    const char *email;
    const char *token;
    souk_time_t expires_at;
};
static const souk_record_t mail_told = {
    .name = "mail_told",
    .size = sizeof(struct mail_told),
    .fields = {
        FIELD(mail_told, user_id),
        FIELD(mail_told, email),
        FIELD(mail_told, token, .secret = true),
        FIELD(mail_told, expires_at, .doc = "until when the token is good, and this is kept"),
    },
};

struct email_told {
    const char *user_id;
    const char *old_email;
    const char *email;
};
static const souk_record_t email_told = {
    .name = "email_told",
    .size = sizeof(struct email_told),
    .fields = {
        FIELD(email_told, user_id),
        FIELD(email_told, old_email),
        FIELD(email_told, email),
    },
};

#endif
