/* What Stripe is asked, and what it answers: https://docs.stripe.com/api, version 2024-06-20. */
#ifndef PAYMENT_STRIPE_ASKS_H
#define PAYMENT_STRIPE_ASKS_H

#include "../../lib/souk.h"
#include "../../lib/web.h"

struct stripe_tags {
    const char *order_id;
    const char *souk_key;
    const char *user_id;
};
/* Seconds since 1970. */
struct stripe_span {
    int64_t gte, lt;
};
/* Each question takes some of these. */
struct stripe_wish {
    const char *id; /* of what the path names */
    int64_t amount, amount_to_capture;
    const char *currency;
    const char *customer;
    const char *payment_method;
    souk_list_t payment_method_types;
    const char *capture_method;
    const char *payment_intent;
    bool error_on_requires_action;
    int limit;
    const char *starting_after;
    souk_list_t expand;
    struct stripe_span created;
    struct stripe_tags metadata;
};

struct stripe_error {
    const char *type;
    const char *code;
    const char *decline_code;
    const char *param;
};
struct stripe_refusal {
    struct stripe_error error;
};

struct stripe_intent {
    const char *id;
    const char *status;
    struct stripe_error last_payment_error;
};

struct stripe_charge {
    int64_t amount_refunded;
};
struct stripe_record {
    const char *id;
    const char *status;
    const char *currency;
    int64_t amount_received;
    int64_t created;
    struct stripe_charge latest_charge;
    struct stripe_tags metadata;
};
struct stripe_records {
    souk_list_t data; /* struct stripe_record */
    bool has_more;
};

struct stripe_refund {
    const char *status;
    struct stripe_tags metadata;
};
struct stripe_refunds {
    souk_list_t data;
};

struct stripe_card {
    const char *brand;
    const char *last4;
    int exp_month;
    int exp_year;
};
struct stripe_method {
    const char *id;
    const char *customer;
    struct stripe_card card;
};

struct stripe_customer {
    const char *id;
};

/* These give a struct stripe_intent, */
extern const souk_web_ask_t stripe_make_intent, stripe_confirm_intent, stripe_capture_intent,
    stripe_cancel_intent, stripe_find_intent;
/* a struct stripe_records, */
extern const souk_web_ask_t stripe_list_intents;
/* a struct stripe_refund, and some, */
extern const souk_web_ask_t stripe_make_refund, stripe_list_refunds;
/* a struct stripe_method, */
extern const souk_web_ask_t stripe_attach_method, stripe_detach_method, stripe_find_method;
/* and a struct stripe_customer. */
extern const souk_web_ask_t stripe_make_customer, stripe_delete_customer;

#endif
