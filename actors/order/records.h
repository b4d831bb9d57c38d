/* The shapes that orders take and give, on the bus and in their statements. */
#ifndef ORDER_RECORDS_H
#define ORDER_RECORDS_H

#include "../../lib/souk.h"

enum {
    SKU_MAX = 64,
    LINES_MAX = 100,
    QUANTITY_MAX = 999,
    PAGE_MAX = 100,
    ADDRESS_MAX = 100, /* characters of a line of it */
    EMAIL_MAX = 254, /* RFC 5321 */
    NOTE_MAX = 1000,
    CODE_MAX = 64,
    COUPONS_MAX = 10,
};

/* A line of an order is asked for, priced and told; each sees a part of it. */
struct order_line {
    const char *order_id;
    int position;
    const char *sku;
    const char *name;
    int quantity;
    souk_money_t price;
    souk_money_t discount; /* of all pieces together */
    souk_money_t tax; /* the same; in the price or on top of it, as the order says */
    int weight_g;
    const char *tax_class;
    souk_list_t categories; /* const char * */
};
static const souk_record_t wanted_line = {
    .name = "wanted_line",
    .size = sizeof(struct order_line),
    .fields = {
        FIELD(order_line, sku, .min = 1, .max = SKU_MAX),
        FIELD(order_line, quantity, .min = 1, .max = QUANTITY_MAX),
    },
};
static const souk_record_t order_line = {
    .name = "order_line",
    .size = sizeof(struct order_line),
    .fields = {
        FIELD(order_line, sku),
        FIELD(order_line, name, .doc = "as it was when it was ordered"),
        FIELD(order_line, quantity),
        FIELD(order_line, price, .doc = "of one, as it was when it was ordered"),
        FIELD(order_line, discount, .doc = "of all pieces together"),
        FIELD(order_line, tax, .doc = "of all pieces together, after the discount"),
    },
};
static const souk_record_t priced_line = {
    .name = "priced_line",
    .size = sizeof(struct order_line),
    .fields = {
        FIELD(order_line, sku),
        FIELD(order_line, name),
        FIELD(order_line, quantity),
        FIELD(order_line, price),
        FIELD(order_line, weight_g),
        FIELD(order_line, tax_class),
        FIELD(order_line, categories, .optional = true),
    },
};
static const souk_record_t line_to_total = {
    .name = "line_to_total",
    .size = sizeof(struct order_line),
    .fields = {
        FIELD(order_line, sku),
        FIELD(order_line, quantity),
        FIELD(order_line, price),
        FIELD(order_line, weight_g),
        FIELD(order_line, tax_class),
        FIELD(order_line, categories, .optional = true),
    },
};
static const souk_record_t line_totalled = {
    .name = "line_totalled",
    .size = sizeof(struct order_line),
    .fields = {
        FIELD(order_line, discount),
        FIELD(order_line, tax),
    },
};
static const souk_record_t line_row = {
    .name = "line_row",
    .size = sizeof(struct order_line),
    .fields = {
        FIELD(order_line, order_id),
        FIELD(order_line, position),
        FIELD(order_line, sku),
        FIELD(order_line, name),
        FIELD(order_line, quantity),
        FIELD(order_line, price),
        FIELD(order_line, discount),
        FIELD(order_line, tax),
    },
};

struct address {
    const char *name;
    const char *company;
    const char *line1;
    const char *line2;
    const char *city;
    const char *postal_code;
    const char *region;
    const char *country;
    const char *phone;
};
static const souk_record_t wanted_address = {
    .name = "wanted_address",
    .size = sizeof(struct address),
    .fields = {
        FIELD(address, name, .min = 1, .max = ADDRESS_MAX),
        FIELD(address, company, .max = ADDRESS_MAX, .optional = true),
        FIELD(address, line1, .min = 1, .max = ADDRESS_MAX),
        FIELD(address, line2, .max = ADDRESS_MAX, .optional = true),
        FIELD(address, city, .min = 1, .max = ADDRESS_MAX),
        FIELD(address, postal_code, .max = 20, .optional = true),
        FIELD(address, region, .format = SOUK_REGION, .optional = true,
            .doc = "ISO 3166-2 without the country, such as CA; needed where the tax depends on it"),
        FIELD(address, country, .format = SOUK_COUNTRY),
        FIELD(address, phone, .max = 30, .optional = true),
    },
};
/* As it was when it was ordered, whatever has become of the rules since. */
static const souk_record_t address = {
    .name = "order_address",
    .size = sizeof(struct address),
    .fields = {
        FIELD(address, name),
        FIELD(address, company, .optional = true),
        FIELD(address, line1),
        FIELD(address, line2, .optional = true),
        FIELD(address, city),
        FIELD(address, postal_code, .optional = true),
        FIELD(address, region, .optional = true),
        FIELD(address, country),
        FIELD(address, phone, .optional = true),
    },
};

/* What was taken off, and why. */
struct discount {
    const char *promotion_id;
    const char *code;
    const char *name;
    souk_money_t amount;
    bool limited;
};
static const souk_record_t discount_record = {
    .name = "order_discount",
    .size = sizeof(struct discount),
    .fields = {
        FIELD(discount, code, .optional = true, .doc = "of a coupon"),
        FIELD(discount, name),
        FIELD(discount, amount),
    },
};
static const souk_record_t applied = {
    .name = "applied",
    .size = sizeof(struct discount),
    .fields = {
        FIELD(discount, promotion_id),
        FIELD(discount, code, .optional = true),
        FIELD(discount, name),
        FIELD(discount, amount),
        FIELD(discount, limited),
    },
};

struct order {
    const char *id;
    const char *status;
    const char *reason;
    souk_money_t discount, shipping, tax, total;
    bool tax_included;
    souk_list_t lines;
    souk_time_t placed_at;
    const char *email;
    struct address shipping_address, billing_address;
    const char *shipping_method;
    souk_list_t discounts; /* struct discount */
    const char *note;
};
static const souk_record_t order = {
    .name = "order",
    .size = sizeof(struct order),
    .fields = {
        FIELD(order, id),
        FIELD(order, status,
            .doc = "placing, awaiting_payment, confirmed, rejected, cancelling, cancelled, "
                "shipping, shipped, delivered or returned"),
        FIELD(order, reason, .optional = true, .doc = "why it was rejected: the code of an error"),
        FIELD(order, lines, .of = &order_line),
        FIELD(order, discount, .doc = "of all lines and of the shipping together"),
        FIELD(order, shipping),
        FIELD(order, tax),
        FIELD(order, tax_included, .doc = "true: in the prices; false: on top of them"),
        FIELD(order, total, .doc = "what is paid"),
        FIELD(order, placed_at),
        FIELD(order, email, .optional = true, .doc = "a guest's"),
        FIELD(order, shipping_address, .of = &address, .optional = true),
        FIELD(order, billing_address, .of = &address, .optional = true),
        FIELD(order, shipping_method, .optional = true),
        FIELD(order, discounts, .of = &discount_record),
        FIELD(order, note, .optional = true),
    },
};
/* What most orders that come in bulk have nothing of. */
static const souk_record_t order_detail = {
    .name = "order_detail",
    .size = sizeof(struct order),
    .fields = {
        FIELD(order, email, .optional = true),
        FIELD(order, shipping_address, .of = &address, .optional = true),
        FIELD(order, billing_address, .of = &address, .optional = true),
        FIELD(order, shipping_method, .optional = true),
        FIELD(order, discounts, .of = &discount_record, .optional = true),
        FIELD(order, note, .optional = true),
    },
};
static const souk_record_t order_row = {
    .name = "order_row",
    .size = sizeof(struct order),
    .fields = {
        FIELD(order, id),
        FIELD(order, status),
        FIELD(order, reason, .optional = true),
        FIELD(order, discount),
        FIELD(order, shipping),
        FIELD(order, tax),
        FIELD(order, tax_included),
        FIELD(order, total),
        FIELD(order, placed_at),
    },
};

/* Who asks is not asked: the caller is. */
struct order_key {
    const char *id;
    const char *user_id;
};
static const souk_record_t order_id = {
    .name = "order_id",
    .size = sizeof(struct order_key),
    .fields = {
        FIELD(order_key, id, .format = SOUK_UUID),
    },
};
static const souk_record_t order_key = {
    .name = "order_key",
    .size = sizeof(struct order_key),
    .fields = {
        FIELD(order_key, id),
        FIELD(order_key, user_id, .optional = true),
    },
};

/* Whoever knows both has placed it. */
struct guest_key {
    const char *id;
    const char *email;
};
static const souk_record_t guest_key = {
    .name = "guest_key",
    .size = sizeof(struct guest_key),
    .fields = {
        FIELD(guest_key, id, .format = SOUK_UUID),
        FIELD(guest_key, email, .format = SOUK_EMAIL, .max = EMAIL_MAX,
            .doc = "the one that the order was placed with"),
    },
};

struct order_page_query {
    const char *user_id;
    const char *after;
    int limit;
};
static const souk_record_t page_query = {
    .name = "page_query",
    .size = sizeof(struct order_page_query),
    .fields = {
        FIELD(order_page_query, limit, .min = 1, .max = PAGE_MAX, .fallback = "20"),
        FIELD(order_page_query, after,
            .format = SOUK_UUID,
            .optional = true,
            .doc = "the next of the page before"),
    },
};
static const souk_record_t order_page_query = {
    .name = "order_page_query",
    .size = sizeof(struct order_page_query),
    .fields = {
        FIELD(order_page_query, user_id),
        FIELD(order_page_query, limit),
        FIELD(order_page_query, after, .optional = true),
    },
};

struct order_page {
    souk_list_t items;
    const char *next;
};
static const souk_record_t order_page = {
    .name = "order_page",
    .size = sizeof(struct order_page),
    .fields = {
        FIELD(order_page, items, .of = &order, .doc = "newest first; rejected ones are left out"),
        FIELD(order_page, next, .optional = true, .doc = "to ask with as after; null: no more"),
    },
};

struct history_entry {
    const char *status;
    const char *why;
    souk_time_t at;
};
static const souk_record_t history_entry = {
    .name = "history_entry",
    .size = sizeof(struct history_entry),
    .fields = {
        FIELD(history_entry, status, .doc = "what the order became then"),
        FIELD(history_entry, why),
        FIELD(history_entry, at),
    },
};
struct order_history {
    souk_list_t items;
};
static const souk_record_t order_history = {
    .name = "order_history",
    .size = sizeof(struct order_history),
    .fields = {
        FIELD(order_history, items, .of = &history_entry, .doc = "oldest first"),
    },
};

/* What an order says beyond its lines, as the JSON of order_detail. */
struct detail_row {
    const char *id;
    const char *detail;
};
static const souk_record_t detail_row = {
    .name = "detail_row",
    .size = sizeof(struct detail_row),
    .fields = {
        FIELD(detail_row, id),
        FIELD(detail_row, detail),
    },
};

struct order_ids {
    souk_list_t order_ids;
};
static const souk_record_t order_ids = {
    .name = "order_ids",
    .size = sizeof(struct order_ids),
    .fields = {
        FIELD(order_ids, order_ids),
    },
};

struct order_reference {
    const char *order_id;
};
static const souk_record_t order_reference = {
    .name = "order_reference",
    .size = sizeof(struct order_reference),
    .fields = {
        FIELD(order_reference, order_id),
    },
};

#endif
