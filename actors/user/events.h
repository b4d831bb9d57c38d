/* What is told of users: by their ids, since names and addresses are not to be kept in a log of
   events. Who needs them asks for them, and after the account was closed gets none. */
#ifndef SOUK_USER_EVENTS_H
#define SOUK_USER_EVENTS_H

#include "souk.h"

struct user_told {
    const char *user_id;
    const char *what;
};
static const souk_record_t user_told = {
    .name = "user_told",
    .size = sizeof(struct user_told),
    .fields = {
        FIELD(user_told, user_id),
    },
};
static const souk_record_t user_change_told = {
    .name = "user_change_told",
    .size = sizeof(struct user_told),
    .fields = {
        FIELD(user_told, user_id),
        FIELD(user_told, what, .doc = "name, email or addresses"),
    },
};

#endif
