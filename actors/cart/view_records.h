/* The shapes of a cart that is looked at: as it is told, and as other services are asked about it.
 */
#ifndef CART_VIEW_RECORDS_H
#define CART_VIEW_RECORDS_H

#include "records.h"

/* A line as the services around know it, each a part of it. */
struct view_line {
    const char *sku;
    int quantity;
    const char *name;
    souk_money_t price, discount, tax;
    int weight_g;
    const char *tax_class;
    souk_list_t categories; /* const char * */
    int available;
    const char *problem;
};
static const souk_record_t view_line = {
    .name = "cart_view_line",
    .size = sizeof(struct view_line),
    .fields = {
        FIELD(view_line, sku),
        FIELD(view_line, quantity),
        FIELD(view_line, name, .optional = true),
        FIELD(view_line, price, .optional = true, .doc = "of one"),
        FIELD(view_line, discount, .optional = true, .doc = "of all pieces together"),
        FIELD(view_line, tax, .optional = true, .doc = "of all pieces together"),
        FIELD(view_line, available, .doc = "pieces that can be ordered, up to a limit"),
        FIELD(view_line, problem, .optional = true,
            .doc = "why the line cannot be ordered as it is: the code of the error"),
    },
};
static const souk_record_t offered_line = {
    .name = "offered_line",
    .size = sizeof(struct view_line),
    .fields = {
        FIELD(view_line, sku),
        FIELD(view_line, quantity),
        FIELD(view_line, name),
        FIELD(view_line, price),
        FIELD(view_line, weight_g),
        FIELD(view_line, tax_class),
        FIELD(view_line, categories, .optional = true),
    },
};
static const souk_record_t line_to_total = {
    .name = "line_to_total",
    .size = sizeof(struct view_line),
    .fields = {
        FIELD(view_line, sku),
        FIELD(view_line, quantity),
        FIELD(view_line, price),
        FIELD(view_line, weight_g),
        FIELD(view_line, tax_class),
        FIELD(view_line, categories, .optional = true),
    },
};
static const souk_record_t line_totalled = {
    .name = "line_totalled",
    .size = sizeof(struct view_line),
    .fields = {
        FIELD(view_line, discount),
        FIELD(view_line, tax),
    },
};

struct problem {
    const char *about;
    const char *code;
    const char *message;
};
static const souk_record_t problem_record = {
    .name = "cart_problem",
    .size = sizeof(struct problem),
    .fields = {
        FIELD(problem, about, .doc = "a coupon, the shipping method, or the region"),
        FIELD(problem, code, .doc = "of the error that an order would get"),
        FIELD(problem, message),
    },
};

struct taken_off {
    const char *code;
    const char *name;
    souk_money_t amount;
};
static const souk_record_t taken_off = {
    .name = "cart_discount",
    .size = sizeof(struct taken_off),
    .fields = {
        FIELD(taken_off, code, .optional = true, .doc = "of a coupon"),
        FIELD(taken_off, name),
        FIELD(taken_off, amount),
    },
};

struct view {
    const char *id;
    souk_list_t lines; /* struct view_line */
    souk_list_t coupons; /* const char * */
    const char *currency;
    const char *country;
    const char *region;
    const char *shipping_method;
    souk_money_t subtotal, discount, shipping, tax, total;
    bool tax_included;
    souk_list_t discounts; /* struct taken_off */
    souk_list_t problems; /* struct problem */
};
static const souk_record_t cart_view = {
    .name = "cart_view",
    .size = sizeof(struct view),
    .fields = {
        FIELD(view, id),
        FIELD(view, lines, .of = &view_line, .doc = "in the order they came"),
        FIELD(view, coupons),
        FIELD(view, currency, .optional = true),
        FIELD(view, country, .optional = true),
        FIELD(view, region, .optional = true),
        FIELD(view, shipping_method, .optional = true),
        FIELD(view, subtotal, .optional = true,
            .doc = "of the lines that can be bought, before any discount; absent: there are none"),
        FIELD(view, discount, .optional = true),
        FIELD(view, shipping, .optional = true),
        FIELD(view, tax, .optional = true),
        FIELD(view, tax_included, .doc = "true: in the prices; false: on top of them"),
        FIELD(view, total, .optional = true, .doc = "what an order would cost now"),
        FIELD(view, discounts, .of = &taken_off),
        FIELD(view, problems, .of = &problem_record, .doc = "what does not go; it is left out"),
    },
};

struct basket {
    souk_list_t lines;
    const char *currency;
};
static const souk_record_t basket = {
    .name = "basket",
    .size = sizeof(struct basket),
    .fields = {
        FIELD(basket, lines, .of = &cart_line, .max = LINES_MAX),
        FIELD(basket, currency, .optional = true),
    },
};
static const souk_record_t offers = {
    .name = "offers",
    .size = sizeof(struct basket),
    .fields = {
        FIELD(basket, lines, .of = &offered_line),
    },
};

struct stock_question {
    souk_list_t sku; /* const char * */
};
static const souk_record_t stock_question = {
    .name = "stock_question",
    .size = sizeof(struct stock_question),
    .fields = {
        FIELD(stock_question, sku, .max = LINES_MAX),
    },
};
struct stock {
    const char *sku;
    int available;
};
static const souk_record_t stock_item = {
    .name = "stock_item",
    .size = sizeof(struct stock),
    .fields = {
        FIELD(stock, sku),
        FIELD(stock, available),
    },
};
struct stock_items {
    souk_list_t items;
};
static const souk_record_t stock_items = {
    .name = "stock_items",
    .size = sizeof(struct stock_items),
    .fields = {
        FIELD(stock_items, items, .of = &stock_item),
    },
};

struct total_question {
    const char *user_id;
    const char *currency;
    souk_list_t lines; /* struct view_line */
    souk_list_t coupons;
    const char *country;
    const char *region;
    const char *shipping_method;
};
static const souk_record_t total_question = {
    .name = "total_question",
    .size = sizeof(struct total_question),
    .fields = {
        FIELD(total_question, user_id, .optional = true),
        FIELD(total_question, currency),
        FIELD(total_question, lines, .of = &line_to_total),
        FIELD(total_question, coupons, .optional = true),
        FIELD(total_question, country, .optional = true),
        FIELD(total_question, region, .optional = true),
        FIELD(total_question, shipping_method, .optional = true),
    },
};
struct totals {
    souk_list_t lines; /* struct view_line */
    souk_money_t subtotal, discount, shipping, tax, total;
    bool tax_included;
    souk_list_t promotions; /* struct taken_off */
    souk_list_t refusals; /* struct problem */
};
static const souk_record_t totals = {
    .name = "totals",
    .size = sizeof(struct totals),
    .fields = {
        FIELD(totals, lines, .of = &line_totalled),
        FIELD(totals, subtotal),
        FIELD(totals, discount),
        FIELD(totals, shipping),
        FIELD(totals, tax),
        FIELD(totals, total),
        FIELD(totals, tax_included),
        FIELD(totals, promotions, .of = &taken_off),
        FIELD(totals, refusals, .of = &problem_record),
    },
};

#endif
