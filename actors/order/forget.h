/* What is left of a customer whose account is closed: orders, without who it was. */
#ifndef ORDER_FORGET_H
#define ORDER_FORGET_H

#include "../../lib/souk.h"

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

extern const souk_query_t order_forget_users, order_forget_details;

bool order_forget(souk_batch_t *batch);
/* What was under way meanwhile. */
bool order_forget_late(souk_call_t *call);

#endif
