/* The shapes of order.place on its way: what is asked for, what is kept, what other services are
   asked. */
#ifndef ORDER_PLACING_H
#define ORDER_PLACING_H

#include "records.h"

struct placement {
    souk_list_t lines;
    const char *cart_id;
    const char *email;
    const char *payment_method;
    const char *currency;
    struct address shipping_address, billing_address;
    const char *shipping_method;
    souk_list_t coupons;
    const char *note;
    souk_money_t expected_total;
};
static const souk_record_t placement = {
    .name = "placement",
    .size = sizeof(struct placement),
    .fields = {
        FIELD(placement, lines, .of = &wanted_line, .max = LINES_MAX, .optional = true,
            .doc = "either these or a cart"),
        FIELD(placement, cart_id, .format = SOUK_UUID, .optional = true,
            .doc = "what is in it, with its coupons and where it is to go, as far as that is "
                "not said here"),
        FIELD(placement, email, .format = SOUK_EMAIL, .max = EMAIL_MAX, .optional = true,
            .doc = "of a guest, who is not logged in"),
        FIELD(placement, payment_method, .format = SOUK_NO_CARD, .min = 1, .max = 64,
            .doc = "a provider's token, or the id of a stored payment method"),
        FIELD(placement, currency, .format = SOUK_CURRENCY, .optional = true,
            .doc = "absent: the products' own"),
        FIELD(placement, shipping_address, .of = &wanted_address, .optional = true),
        FIELD(placement, billing_address, .of = &wanted_address, .optional = true,
            .doc = "absent: as the shipping address"),
        FIELD(placement, shipping_method, .min = 1, .max = CODE_MAX, .optional = true),
        FIELD(placement, coupons, .max = COUPONS_MAX, .optional = true),
        FIELD(placement, note, .format = SOUK_NO_CARD, .min = 1, .max = NOTE_MAX, .optional = true),
        FIELD(placement, expected_total, .of = &souk_price, .optional = true,
            .doc = "what the customer was shown: if it costs something else by now, nothing is "
                "ordered"),
    },
};

struct placing {
    const struct placement *wish; /* NULL: a crash left no more than what was written */
    const char *id;
    const char *user_id; /* of a guest: what its e-mail address comes to */
    const char *request_key;
    const char *fingerprint;
    const char *status;
    const char *outcome; /* what the status will be, once that is written down */
    const char *reason;
    const char *payment_method;
    const char *cart_id;
    int cart_round; /* which time the cart is ordered; 0: nobody has looked into it yet */
    const char *closing; /* a cart that a crash left open behind the point of no return */
    const char *currency;
    souk_list_t coupons; /* const char * */
    const char *country, *region; /* where it goes */
    const char *shipping_method;
    souk_list_t discounts; /* struct discount */
    souk_list_t uses; /* struct use: of promotions that are limited */
    const char *detail; /* order_detail, as JSON; NULL: there is nothing to be said */
    souk_list_t lines; /* struct order_line */
    souk_money_t discount, shipping, tax, total;
    bool tax_included;
    souk_time_t placed_at;
    int attempt;
    int patience_s; /* how long it may wait for its payment */
    bool keeps_key; /* rejected for good: the key stands for that from now on */
};
static const souk_record_t placing = {
    .name = "placing",
    .size = sizeof(struct placing),
    .fields = {
        FIELD(placing, id),
        FIELD(placing, user_id),
        FIELD(placing, request_key),
        FIELD(placing, fingerprint),
        FIELD(placing, status),
        FIELD(placing, outcome, .optional = true),
        FIELD(placing, reason, .optional = true),
        FIELD(placing, payment_method),
        FIELD(placing, cart_id, .optional = true),
        FIELD(placing, cart_round),
        FIELD(placing, detail, .optional = true),
        FIELD(placing, discount),
        FIELD(placing, shipping),
        FIELD(placing, tax),
        FIELD(placing, tax_included),
        FIELD(placing, total),
        FIELD(placing, placed_at),
        FIELD(placing, attempt),
        FIELD(placing, patience_s),
        FIELD(placing, keeps_key),
    },
};
/* All that is needed to go on with what a crash left: forwards with a cart, else backwards. */
static const souk_record_t stranded_order = {
    .name = "stranded_order",
    .size = sizeof(struct placing),
    .fields = {
        FIELD(placing, id),
        FIELD(placing, attempt),
        FIELD(placing, closing, .optional = true),
    },
};

struct known_order {
    const char *asked_id; /* of the order that was to be made under the same key */
    const char *id;
    const char *fingerprint;
    const char *status;
    const char *reason;
    souk_money_t discount, shipping, tax, total;
    bool tax_included;
    souk_time_t placed_at;
};
static const souk_record_t known_order = {
    .name = "known_order",
    .size = sizeof(struct known_order),
    .fields = {
        FIELD(known_order, asked_id),
        FIELD(known_order, id),
        FIELD(known_order, fingerprint),
        FIELD(known_order, status),
        FIELD(known_order, reason, .optional = true),
        FIELD(known_order, discount),
        FIELD(known_order, shipping),
        FIELD(known_order, tax),
        FIELD(known_order, tax_included),
        FIELD(known_order, total),
        FIELD(known_order, placed_at),
    },
};

/* An order that has what was in a cart, beside the one that was to have it. */
struct cart_order {
    const char *asked_id;
    const char *id;
};
static const souk_record_t cart_order = {
    .name = "cart_order",
    .size = sizeof(struct cart_order),
    .fields = {
        FIELD(cart_order, asked_id),
        FIELD(cart_order, id),
    },
};

/* What other services are asked. */
struct quote {
    souk_list_t lines;
    souk_money_t total;
    const char *currency;
};
static const souk_record_t quote_question = {
    .name = "quote_question",
    .size = sizeof(struct quote),
    .fields = {
        FIELD(quote, lines, .of = &wanted_line, .max = LINES_MAX),
        FIELD(quote, currency, .optional = true),
    },
};
static const souk_record_t quote = {
    .name = "quote",
    .size = sizeof(struct quote),
    .fields = {
        FIELD(quote, lines, .of = &priced_line, .min = 1),
        FIELD(quote, total),
    },
};

struct cart_question {
    const char *cart_id;
    const char *user_id;
};
static const souk_record_t cart_question = {
    .name = "cart_question",
    .size = sizeof(struct cart_question),
    .fields = {
        FIELD(cart_question, cart_id),
        FIELD(cart_question, user_id, .optional = true),
    },
};

struct cart {
    souk_list_t lines;
    souk_list_t coupons;
    const char *currency;
    const char *country;
    const char *region;
    const char *shipping_method;
    int round;
};
static const souk_record_t cart_contents = {
    .name = "cart_contents",
    .size = sizeof(struct cart),
    .fields = {
        FIELD(cart, lines, .of = &wanted_line, .max = LINES_MAX),
        FIELD(cart, coupons),
        FIELD(cart, currency, .optional = true),
        FIELD(cart, country, .optional = true),
        FIELD(cart, region, .optional = true),
        FIELD(cart, shipping_method, .optional = true),
        FIELD(cart, round),
    },
};

struct closing {
    const char *order_id;
    const char *cart_id;
    souk_list_t lines;
    souk_list_t coupons; /* const char * */
};
static const souk_record_t closing = {
    .name = "closing",
    .size = sizeof(struct closing),
    .fields = {
        FIELD(closing, order_id),
        FIELD(closing, cart_id),
        FIELD(closing, lines, .of = &wanted_line, .max = LINES_MAX),
        FIELD(closing, coupons),
    },
};

struct buyer {
    const char *user_id;
};
static const souk_record_t buyer = {
    .name = "buyer",
    .size = sizeof(struct buyer),
    .fields = {
        FIELD(buyer, user_id),
    },
};

struct total_question {
    const char *user_id;
    const char *email;
    const char *currency;
    souk_list_t lines; /* struct order_line */
    souk_list_t coupons;
    const char *country;
    const char *region;
    const char *shipping_method;
    const char *address; /* of the caller's network */
};
static const souk_record_t total_question = {
    .name = "total_question",
    .size = sizeof(struct total_question),
    .fields = {
        FIELD(total_question, user_id, .optional = true),
        FIELD(total_question, email, .optional = true),
        FIELD(total_question, currency),
        FIELD(total_question, lines, .of = &line_to_total, .max = LINES_MAX),
        FIELD(total_question, coupons, .optional = true),
        FIELD(total_question, country, .optional = true),
        FIELD(total_question, region, .optional = true),
        FIELD(total_question, shipping_method, .optional = true),
        FIELD(total_question, address, .optional = true),
    },
};

struct totals {
    souk_list_t lines; /* struct order_line */
    souk_money_t discount, shipping, tax, total;
    bool tax_included;
    souk_list_t promotions; /* struct discount */
    const char *region_flaw;
};
static const souk_record_t totals = {
    .name = "totals",
    .size = sizeof(struct totals),
    .fields = {
        FIELD(totals, lines, .of = &line_totalled),
        FIELD(totals, discount),
        FIELD(totals, shipping),
        FIELD(totals, tax),
        FIELD(totals, total),
        FIELD(totals, tax_included),
        FIELD(totals, promotions, .of = &applied),
        FIELD(totals, region_flaw, .optional = true),
    },
};

struct use {
    const char *promotion_id;
};
static const souk_record_t use_record = {
    .name = "use",
    .size = sizeof(struct use),
    .fields = {
        FIELD(use, promotion_id),
    },
};
struct redemption {
    const char *order_id;
    const char *user_id;
    const char *email;
    souk_list_t uses; /* struct use */
};
static const souk_record_t redemption = {
    .name = "redemption",
    .size = sizeof(struct redemption),
    .fields = {
        FIELD(redemption, order_id),
        FIELD(redemption, user_id, .optional = true),
        FIELD(redemption, email, .optional = true),
        FIELD(redemption, uses, .of = &use_record),
    },
};

struct order_demand {
    const char *order_id;
    souk_list_t lines;
};
static const souk_record_t order_demand = {
    .name = "order_demand",
    .size = sizeof(struct order_demand),
    .fields = {
        FIELD(order_demand, order_id),
        FIELD(order_demand, lines, .of = &wanted_line, .max = LINES_MAX),
    },
};

struct expiry {
    const char *order_id;
    int in_s;
};
static const souk_record_t expiry = {
    .name = "expiry",
    .size = sizeof(struct expiry),
    .fields = {
        FIELD(expiry, order_id),
        FIELD(expiry, in_s),
    },
};

struct bill {
    const char *order_id;
    const char *user_id;
    souk_money_t amount;
    const char *method;
};
static const souk_record_t bill = {
    .name = "bill",
    .size = sizeof(struct bill),
    .fields = {
        FIELD(bill, order_id),
        FIELD(bill, user_id),
        FIELD(bill, amount),
        FIELD(bill, method),
    },
};

struct receipt {
    const char *status;
};
static const souk_record_t receipt = {
    .name = "receipt",
    .size = sizeof(struct receipt),
    .fields = {
        FIELD(receipt, status),
    },
};

#endif
