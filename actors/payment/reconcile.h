/* What the provider has done, held against what is written here. */
#ifndef PAYMENT_RECONCILE_H
#define PAYMENT_RECONCILE_H

#include "payment.h"

enum {
    DIFFERENCES_MAX = 1000, /* that are told; more are only counted */
};

struct reconciling {
    souk_time_t from, until;
};
static const souk_record_t reconciling = {
    .name = "reconciling",
    .size = sizeof(struct reconciling),
    .fields = {
        FIELD(reconciling, from, .optional = true, .doc = "left out: an hour before the end"),
        FIELD(reconciling, until, .optional = true,
            .doc = "not including it; left out: a minute ago. At most 31 days behind the beginning"),
    },
};

struct difference {
    const char *kind;
    const char *order_id;
    const char *reference;
    const char *here, *there;
};
static const souk_record_t difference = {
    .name = "difference",
    .size = sizeof(struct difference),
    .fields = {
        FIELD(difference, kind,
            .doc = "missing_here, missing_there, other_amount or other_state"),
        FIELD(difference, order_id, .optional = true, .doc = "null: the provider names none"),
        FIELD(difference, reference, .doc = "what the provider calls it"),
        FIELD(difference, here, .doc = "what is written here, for people"),
        FIELD(difference, there, .doc = "what the provider says"),
    },
};

struct reconciliation {
    souk_time_t from, until;
    int compared;
    int count;
    souk_list_t differences;
};
static const souk_record_t reconciliation = {
    .name = "reconciliation",
    .size = sizeof(struct reconciliation),
    .fields = {
        FIELD(reconciliation, from),
        FIELD(reconciliation, until),
        FIELD(reconciliation, compared, .doc = "how many charges the provider has of that time"),
        FIELD(reconciliation, count, .doc = "of all differences, of which 1000 are told"),
        FIELD(reconciliation, differences, .of = &difference),
    },
};

extern const souk_query_t payment_list_made, payment_list_named;
extern const souk_saga_t payment_reconcile;

#endif
