/* What customers have stored to pay with: tokens of the provider, and never a card's number. */
#ifndef PAYMENT_METHODS_H
#define PAYMENT_METHODS_H

#include "payment.h"

struct method_wish {
    const char *token;
    const char *label;
};
static const souk_record_t method_wish = {
    .name = "method_wish",
    .size = sizeof(struct method_wish),
    .fields = {
        FIELD(method_wish, token, .format = SOUK_NO_CARD, .min = 1, .max = METHOD_MAX,
            .secret = true, .doc = "as the provider has given it out for a card"),
        FIELD(method_wish, label, .format = SOUK_NO_CARD, .min = 1, .max = 60, .optional = true,
            .doc = "in the customer's own words"),
    },
};

struct method_id {
    const char *id;
};
static const souk_record_t method_id = {
    .name = "method_id",
    .size = sizeof(struct method_id),
    .fields = {
        FIELD(method_id, id, .format = SOUK_UUID),
    },
};

struct stored_method {
    const char *id;
    const char *label;
    const char *brand;
    const char *last4;
    int expiry_month;
    int expiry_year;
    bool is_default;
};
static const souk_record_t stored_method = {
    .name = "stored_method",
    .size = sizeof(struct stored_method),
    .fields = {
        FIELD(stored_method, id, .doc = "to pay with, instead of a token"),
        FIELD(stored_method, label, .optional = true),
        FIELD(stored_method, brand, .doc = "such as visa"),
        FIELD(stored_method, last4, .doc = "the last digits of the card"),
        FIELD(stored_method, expiry_month),
        FIELD(stored_method, expiry_year),
        FIELD(stored_method, is_default),
    },
};

struct stored_methods {
    souk_list_t items;
};
static const souk_record_t stored_methods = {
    .name = "stored_methods",
    .size = sizeof(struct stored_methods),
    .fields = {
        FIELD(stored_methods, items, .of = &stored_method, .doc = "20 at most"),
    },
};

/* A stored method that somebody names, who must be its owner. */
struct choice {
    const char *user_id;
    const char *id;
};
static const souk_record_t owner = {
    .name = "owner",
    .size = sizeof(struct choice),
    .fields = {
        FIELD(choice, user_id),
    },
};

/* Until the transaction ends nobody else touches what these users have stored. */
must_check bool payment_lock_methods_of(souk_call_t *call, const souk_list_t *user_ids);

extern const souk_error_t payment_no_such_method, payment_methods_full, payment_card_declined;
extern const souk_query_t payment_lock_methods, payment_list_methods, payment_choose_method,
    payment_set_default;
extern const souk_query_t payment_know_customer, payment_save_customer, payment_save_method,
    payment_unsave_method;
extern const souk_saga_t payment_store_method;

bool payment_tell_methods(souk_call_t *call, const void *request, void *reply);
bool payment_choose(souk_call_t *call, const void *request, void *reply);

#endif
