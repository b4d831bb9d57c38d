/* The shapes that orders take and give, on the bus and in their statements. */
#ifndef ORDER_RECORDS_H
#define ORDER_RECORDS_H

#include "../../lib/souk.h"

enum {
    SKU_MAX = 64,
    LINES_MAX = 100,
    QUANTITY_MAX = 999,
    PAGE_MAX = 100,
};

/* A line of an order is asked for, priced and told; each sees a part of it. */
struct order_line {
    const char *order_id;
    int position;
    const char *sku;
    const char *name;
    int quantity;
    souk_money_t price;
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
    },
};

struct order {
    const char *id;
    const char *status;
    const char *reason;
    souk_money_t total;
    souk_list_t lines;
    souk_time_t placed_at;
};
static const souk_record_t order = {
    .name = "order",
    .size = sizeof(struct order),
    .fields = {
        FIELD(order, id),
        FIELD(order, status,
            .doc = "placing, awaiting_payment, confirmed, rejected, cancelling or cancelled"),
        FIELD(order, reason, .optional = true, .doc = "why it was rejected: the code of an error"),
        FIELD(order, total),
        FIELD(order, lines, .of = &order_line),
        FIELD(order, placed_at),
    },
};
static const souk_record_t order_row = {
    .name = "order_row",
    .size = sizeof(struct order),
    .fields = {
        FIELD(order, id),
        FIELD(order, status),
        FIELD(order, reason, .optional = true),
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

/* order.place, on its way. */
struct placement {
    souk_list_t lines;
    const char *payment_method;
};
static const souk_record_t placement = {
    .name = "placement",
    .size = sizeof(struct placement),
    .fields = {
        FIELD(placement, lines, .of = &wanted_line, .min = 1, .max = LINES_MAX),
        FIELD(placement, payment_method, .min = 1, .max = 64),
    },
};

struct placing {
    const char *id;
    const char *user_id;
    const char *request_key;
    const char *fingerprint;
    const char *status;
    const char *outcome; /* what the status will be, once that is written down */
    const char *reason;
    const char *payment_method;
    souk_money_t total;
    souk_time_t placed_at;
    souk_list_t lines; /* struct order_line */
    int attempt;
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
        FIELD(placing, total),
        FIELD(placing, placed_at),
        FIELD(placing, attempt),
        FIELD(placing, keeps_key),
    },
};
/* All that is needed to give back what a crash left. */
static const souk_record_t stranded_order = {
    .name = "stranded_order",
    .size = sizeof(struct placing),
    .fields = {
        FIELD(placing, id),
        FIELD(placing, attempt),
    },
};

struct known_order {
    const char *asked_id; /* of the order that was to be made under the same key */
    const char *id;
    const char *fingerprint;
    const char *status;
    const char *reason;
    souk_money_t total;
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
        FIELD(known_order, total),
        FIELD(known_order, placed_at),
    },
};

/* What other services are asked. */
struct quote {
    souk_list_t lines;
    souk_money_t total;
};
static const souk_record_t quote_question = {
    .name = "quote_question",
    .size = sizeof(struct quote),
    .fields = {
        FIELD(quote, lines, .of = &wanted_line, .max = LINES_MAX),
    },
};
static const souk_record_t quote = {
    .name = "quote",
    .size = sizeof(struct quote),
    .fields = {
        FIELD(quote, lines, .of = &order_line, .min = 1),
        FIELD(quote, total),
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
    souk_money_t amount;
    const char *method;
};
static const souk_record_t bill = {
    .name = "bill",
    .size = sizeof(struct bill),
    .fields = {
        FIELD(bill, order_id),
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
