/* A payment as staff see it. */
#ifndef PAYMENT_DESK_H
#define PAYMENT_DESK_H

#include "payment.h"

struct refund_entry {
    const char *id;
    souk_money_t amount;
    const char *status;
    const char *reason;
    const char *who;
    souk_time_t made_at;
};
static const souk_record_t refund_entry = {
    .name = "refund_entry",
    .size = sizeof(struct refund_entry),
    .fields = {
        FIELD(refund_entry, id),
        FIELD(refund_entry, amount),
        FIELD(refund_entry, status, .doc = "refunding, refunded or failed"),
        FIELD(refund_entry, reason, .optional = true),
        FIELD(refund_entry, who, .doc = "the id of whoever asked for it, or system"),
        FIELD(refund_entry, made_at),
    },
};

struct try_entry {
    int number;
    bool asked_for;
    const char *status;
    souk_time_t at;
};
static const souk_record_t try_entry = {
    .name = "try_entry",
    .size = sizeof(struct try_entry),
    .fields = {
        FIELD(try_entry, number),
        FIELD(try_entry, asked_for, .doc = "false: by the shop itself"),
        FIELD(try_entry, status, .doc = "opened: under way; else what came of it"),
        FIELD(try_entry, at),
    },
};

struct ledger_entry {
    const char *cause;
    const char *account;
    int64_t amount;
    souk_time_t at;
};
static const souk_record_t ledger_entry = {
    .name = "ledger_entry",
    .size = sizeof(struct ledger_entry),
    .fields = {
        FIELD(ledger_entry, cause, .doc = "charge, capture, void, or refund and its id"),
        FIELD(ledger_entry, account, .doc = "provider, sales or refunds"),
        FIELD(ledger_entry, amount, .doc = "in minor units of the payment's currency"),
        FIELD(ledger_entry, at),
    },
};

struct payment_detail {
    const char *payment_id;
    const char *order_id;
    const char *status;
    souk_money_t amount;
    int64_t captured, refunding, refunded;
    const char *reference;
    souk_time_t made_at;
    int tries;
    souk_time_t next_try_at;
    souk_list_t tried;
    souk_list_t refunds;
    souk_list_t entries;
};
static const souk_record_t payment_detail = {
    .name = "payment_detail",
    .size = sizeof(struct payment_detail),
    .fields = {
        FIELD(payment_detail, payment_id),
        FIELD(payment_detail, order_id),
        FIELD(payment_detail, status,
            .doc = "opened, authorized, capturing, captured, partially_refunded, refunded, "
                   "declined, insufficient, authentication_required, voiding or voided"),
        FIELD(payment_detail, amount, .optional = true,
            .doc = "asked for; null: voided before anything was"),
        FIELD(payment_detail, captured, .doc = "taken, in minor units of that currency"),
        FIELD(payment_detail, refunding, .doc = "being given back"),
        FIELD(payment_detail, refunded, .doc = "given back"),
        FIELD(payment_detail, reference, .optional = true, .doc = "what the provider calls it"),
        FIELD(payment_detail, made_at),
        FIELD(payment_detail, tries, .doc = "how often the provider was asked for it"),
        FIELD(payment_detail, next_try_at, .optional = true, .doc = "null: it is not tried again"),
        FIELD(payment_detail, tried, .of = &try_entry,
            .doc = "the tries, oldest first; none where the first one succeeded"),
        FIELD(payment_detail, refunds, .of = &refund_entry, .doc = "oldest first"),
        FIELD(payment_detail, entries, .of = &ledger_entry,
            .doc = "double entry: they add up to nothing"),
    },
};

extern const souk_query_t payment_find_detail, payment_list_tries, payment_list_refunds,
    payment_list_entries;

bool payment_get(souk_call_t *call, const void *request, void *reply);

#endif
