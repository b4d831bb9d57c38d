/* What the provider has yet to let go of: a method that was dropped, or the customer whose account
   is closed. */
#ifndef PAYMENT_FAREWELL_H
#define PAYMENT_FAREWELL_H

#include "payment.h"

struct farewell {
    const char *id;
    const char *user_id;
    const char *token; /* of a method; NULL: the customer himself */
    const char *customer; /* NULL: the answer that told it never came */
    int attempt;
    bool in_use;
    struct deed deed;
};
static const souk_record_t farewell = {
    .name = "farewell",
    .size = sizeof(struct farewell),
    .fields = {
        FIELD(farewell, id),
        FIELD(farewell, user_id),
        FIELD(farewell, token, .optional = true, .secret = true),
        FIELD(farewell, customer, .optional = true),
        FIELD(farewell, attempt),
    },
};

/* Of calls whose states are struct farewell: until the transaction ends nobody else touches what
   their users have stored. */
must_check bool payment_lock_owners(souk_batch_t *batch);

/* Steps of a saga whose states are struct farewell, behind the one that has noted them. */
bool payment_say_farewell(souk_batch_t *batch);
bool payment_end_farewells(souk_batch_t *batch);

extern const souk_query_t payment_settle_farewells, payment_claim_farewells;

#endif
