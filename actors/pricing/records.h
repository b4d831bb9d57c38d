/* The shapes that pricing takes and gives, on the bus and in its statements. */
#ifndef PRICING_RECORDS_H
#define PRICING_RECORDS_H

#include "../../lib/souk.h"
#include "total.h"

enum {
    SKU_MAX = 64,
    LINES_MAX = 100,
    QUANTITY_MAX = 999,
    CODE_MAX = 64,
    COUPONS_MAX = 10,
    EMAIL_MAX = 254, /* RFC 5321 */
    ADDRESS_MAX = 64, /* of a network, as text */
    CLASS_MAX = 60,
    NAME_MAX_SIZE = 200,
    MEANT_MAX = 100, /* SKUs, and categories, of a promotion */
    WEIGHT_MAX = 1000000,
    PARCEL_MAX = 100000000, /* grams */
    LIMIT_MAX = 1000000000,
    PAGE_MAX = 100,
};

struct priced_line {
    const char *sku;
    int quantity;
    souk_money_t price;
    int weight_g;
    const char *tax_class;
    souk_list_t categories; /* const char * */
    souk_money_t discount, tax;
    int rate;
};
static const souk_record_t line_asked = {
    .name = "line_to_price",
    .size = sizeof(struct priced_line),
    .fields = {
        FIELD(priced_line, sku, .min = 1, .max = SKU_MAX),
        FIELD(priced_line, quantity, .min = 1, .max = QUANTITY_MAX),
        FIELD(priced_line, price, .of = &souk_price, .doc = "of one"),
        FIELD(priced_line, weight_g, .min = 0, .max = WEIGHT_MAX, .fallback = "0", .doc = "of one"),
        FIELD(priced_line, tax_class, .max = CLASS_MAX, .fallback = "standard"),
        FIELD(priced_line, categories, .optional = true, .doc = "with all above them"),
    },
};
static const souk_record_t line_priced = {
    .name = "line_with_tax",
    .size = sizeof(struct priced_line),
    .fields = {
        FIELD(priced_line, sku),
        FIELD(priced_line, quantity),
        FIELD(priced_line, price),
        FIELD(priced_line, discount, .doc = "of all pieces together"),
        FIELD(priced_line, tax, .doc = "of all pieces together, after the discount"),
        FIELD(priced_line, rate, .doc = "of the tax, in parts per million"),
    },
};

struct total_question {
    const char *user_id;
    const char *email;
    const char *currency;
    souk_list_t lines; /* struct priced_line */
    souk_list_t coupons; /* const char * */
    const char *country;
    const char *region;
    const char *shipping_method;
    const char *address;
};
static const souk_record_t total_question = {
    .name = "total_question",
    .size = sizeof(struct total_question),
    .fields = {
        FIELD(total_question, user_id, .format = SOUK_UUID, .optional = true),
        FIELD(total_question, email, .max = EMAIL_MAX, .optional = true, .doc = "of a guest"),
        FIELD(total_question, currency, .format = SOUK_CURRENCY),
        FIELD(total_question, lines, .of = &line_asked, .min = 1, .max = LINES_MAX),
        FIELD(total_question, coupons, .max = COUPONS_MAX, .optional = true,
            .doc = "their codes; small letters are as good as large ones"),
        FIELD(total_question, country, .format = SOUK_COUNTRY, .optional = true,
            .doc = "where it goes; absent: nowhere, and without tax"),
        FIELD(total_question, region, .format = SOUK_REGION, .optional = true),
        FIELD(total_question, shipping_method, .max = CODE_MAX, .optional = true),
        FIELD(total_question, address, .max = ADDRESS_MAX, .optional = true,
            .doc = "of the network that it is asked from: who tries too many coupons has to wait"),
    },
};

struct applied {
    const char *promotion_id;
    const char *code;
    const char *name;
    souk_money_t amount;
    bool limited;
};
static const souk_record_t applied = {
    .name = "applied_promotion",
    .size = sizeof(struct applied),
    .fields = {
        FIELD(applied, promotion_id),
        FIELD(applied, code, .optional = true, .doc = "of a coupon"),
        FIELD(applied, name),
        FIELD(applied, amount, .doc = "off lines and shipping together"),
        FIELD(applied, limited, .doc = "its use is to be redeemed"),
    },
};

struct refusal {
    const char *about;
    const char *code;
    const char *message;
};
static const souk_record_t refusal = {
    .name = "pricing_refusal",
    .size = sizeof(struct refusal),
    .fields = {
        FIELD(refusal, about, .doc = "the coupon or shipping method as it was given, or region"),
        FIELD(refusal, code, .doc = "of the error that it would have been"),
        FIELD(refusal, message),
    },
};

struct totals {
    souk_list_t lines; /* struct priced_line */
    souk_money_t subtotal, discount, shipping, tax, total;
    bool tax_included;
    souk_list_t promotions; /* struct applied */
    souk_list_t refusals; /* struct refusal */
    const char *region_flaw;
};
static const souk_record_t totals = {
    .name = "totals",
    .size = sizeof(struct totals),
    .fields = {
        FIELD(totals, lines, .of = &line_priced, .doc = "in the order of the question"),
        FIELD(totals, subtotal, .doc = "of the lines, before any discount"),
        FIELD(totals, discount, .doc = "of lines and shipping together"),
        FIELD(totals, shipping, .doc = "before any discount"),
        FIELD(totals, tax, .doc = "of lines and shipping together"),
        FIELD(totals, tax_included, .doc = "true: in the prices; false: on top of them"),
        FIELD(totals, total),
        FIELD(totals, promotions, .of = &applied),
        FIELD(totals, refusals, .of = &refusal),
        FIELD(totals, region_flaw, .optional = true,
            .doc = "why no order goes there as it is: what is wrong with the region"),
    },
};

/* Uses of what is limited, by an order. */
struct use {
    const char *promotion_id;
};
static const souk_record_t use = {
    .name = "promotion_use",
    .size = sizeof(struct use),
    .fields = {
        FIELD(use, promotion_id, .format = SOUK_UUID),
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
        FIELD(redemption, order_id, .format = SOUK_UUID),
        FIELD(redemption, user_id, .format = SOUK_UUID, .optional = true),
        FIELD(redemption, email, .max = EMAIL_MAX, .optional = true, .doc = "of a guest"),
        FIELD(redemption, uses, .of = &use, .min = 1, .max = MEANT_MAX),
    },
};

struct order_key {
    const char *order_id;
};
static const souk_record_t order_key = {
    .name = "order_key",
    .size = sizeof(struct order_key),
    .fields = {
        FIELD(order_key, order_id, .format = SOUK_UUID),
    },
};

struct codes {
    souk_list_t codes;
};
static const souk_record_t codes = {
    .name = "codes",
    .size = sizeof(struct codes),
    .fields = {
        FIELD(codes, codes),
    },
};

struct ids {
    souk_list_t ids;
};
static const souk_record_t ids = {
    .name = "ids",
    .size = sizeof(struct ids),
    .fields = {
        FIELD(ids, ids),
    },
};

#endif
