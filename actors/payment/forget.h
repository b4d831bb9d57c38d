/* What is left of a customer whose account is closed: payments, without what was stored to pay
   with. */
#ifndef PAYMENT_FORGET_H
#define PAYMENT_FORGET_H

#include "farewell.h"

struct leaver {
    const char *user_id;
};
static const souk_record_t leaver = {
    .name = "leaver",
    .size = sizeof(struct leaver),
    .fields = {
        FIELD(leaver, user_id, .format = SOUK_UUID),
    },
};

extern const souk_query_t payment_forget_users, payment_find_farewells;
extern const souk_saga_t payment_forget;

#endif
