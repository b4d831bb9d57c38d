/* A payment provider, as the payment service sees any: a struct of functions. */
#ifndef PAYMENT_PROVIDER_H
#define PAYMENT_PROVIDER_H

#include "../../lib/souk.h"

/* What a provider tells of a method. */
struct card {
    const char *brand;
    const char *last4;
    int expiry_month;
    int expiry_year;
};

/* One thing that a provider is asked to do, on its way. */
struct deed {
    const char *key; /* the provider does it once by it, however often it is asked */
    const char *order_id; /* of the charge that it is about */
    const char *reference; /* what the provider calls that charge; NULL: not known */
    souk_money_t amount;
    const char *method;
    const char *user_id; /* whose method is stored */
    const char *customer; /* what the provider calls him; NULL: not known, or a method for once */
    struct card *card; /* where it goes what is told of the method */
    bool manual; /* the money is only set aside */
    int tries; /* of a charge: which one this is, from 1 */
    int64_t asked_ms; /* by souk_clock_ms; 0: not yet */
    const char *outcome; /* NULL: not known */
    int wait_ms; /* without an outcome: when to look again */
    int attempt; /* raised where the provider would answer for ever what went wrong under a key */
    souk_pool_t *pool; /* for what outlasts this look */
    /* The provider's own. */
    int64_t work;
    int phase;
    bool refused; /* it said no, which may be since it was done before */
    int64_t again_ms; /* not before then */
};

/* What there is to do: lists of struct deed *. Asks for those that were not asked yet, and takes
   the answers that are there. */
typedef bool provider_act_t(souk_call_t *call, const souk_list_t *deeds);

/* A charge as the provider's own journal has it. */
struct entry {
    const char *order_id; /* NULL: it is of none of the shop's */
    const char *reference;
    const char *status; /* captured, authorized or failed */
    const char *currency;
    int64_t captured, refunded;
    souk_time_t at;
};
static const souk_record_t journal_entry = {
    .name = "journal_entry",
    .size = sizeof(struct entry),
    .fields = {
        FIELD(entry, order_id, .optional = true),
        FIELD(entry, reference),
        FIELD(entry, status),
        FIELD(entry, currency),
        FIELD(entry, captured),
        FIELD(entry, refunded),
        FIELD(entry, at),
    },
};

/* The journal of a time, as it is being read. */
struct journal {
    souk_time_t from, until;
    int limit; /* of entries; one more says that there are more */
    souk_list_t entries; /* struct entry */
    bool done;
    int failures; /* of what comes next, one after the other */
    souk_pool_t *pool; /* for the entries */
    int wait_ms; /* until done: when to look again */
    /* The provider's own. */
    int64_t work;
    const char *after;
};

/* None of these waits, and none is called in a transaction. False: the call has failed, and nothing
   is known of any of them. */
struct provider {
    const char *name;
    bool (*takes)(const char *method);
    bool tokens_pay_once; /* unless they are kept for a customer */
    /* captured, declined, insufficient, or authentication_required: nothing was taken */
    provider_act_t *charge;
    provider_act_t *authorize; /* the same, but sets the money aside: authorized */
    provider_act_t *capture; /* takes so much of what was set aside, once: captured or declined */
    provider_act_t *release; /* lets go of what was set aside, or gives all back: voided */
    provider_act_t *refund; /* gives back so much of what was taken: refunded or failed */
    /* Looks up those whose answer never came. What never arrived stays without outcome, and is
       asked for anew where asked_ms is put back to 0. */
    provider_act_t *find;
    /* Looks at a charge by its reference, and does nothing: captured, authorized, declined,
       insufficient or authentication_required; or pending: not decided, or not known there. */
    provider_act_t *look;
    /* Goes on with reading what was begun in that time. False: the call has failed. */
    bool (*read)(souk_call_t *call, struct journal *journal);
    /* Whether a charge that is called so went through this provider. */
    bool (*owns)(const char *reference);
    /* These two are asked once, and end unanswered where no answer comes. */
    provider_act_t *enroll; /* makes the user a customer, once by attempt: enrolled */
    provider_act_t *attach; /* keeps the method for the customer: attached, unknown or declined */
    /* Forgets the customer's method or, where none is named, the customer, and goes on until that
       is certain: gone */
    provider_act_t *forget;
};

#endif
