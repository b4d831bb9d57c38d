/* The shapes that carts take and give, on the bus and in their statements. */
#ifndef CART_RECORDS_H
#define CART_RECORDS_H

#include "../../lib/souk.h"

enum {
    SKU_MAX = 64,
    LINES_MAX = 100,
    QUANTITY_MAX = 999,
    COUPONS_MAX = 10,
    CODE_MAX = 64,
};

/* Who asks is not asked: the caller is. */
struct cart_key {
    const char *cart_id;
    const char *user_id;
};
static const souk_record_t cart_id = {
    .name = "cart_id",
    .size = sizeof(struct cart_key),
    .fields = {
        FIELD(cart_key, cart_id, .format = SOUK_UUID),
    },
};
static const souk_record_t cart_key = {
    .name = "cart_key",
    .size = sizeof(struct cart_key),
    .fields = {
        FIELD(cart_key, cart_id, .format = SOUK_UUID),
        FIELD(cart_key, user_id, .format = SOUK_UUID, .optional = true, .doc = "absent: a guest"),
    },
};

struct cart_line {
    const char *cart_id;
    const char *sku;
    int quantity;
};
static const souk_record_t line_key = {
    .name = "line_key",
    .size = sizeof(struct cart_line),
    .fields = {
        FIELD(cart_line, cart_id, .format = SOUK_UUID),
        FIELD(cart_line, sku, .min = 1, .max = SKU_MAX),
    },
};
static const souk_record_t line_change = {
    .name = "line_change",
    .size = sizeof(struct cart_line),
    .fields = {
        FIELD(cart_line, cart_id, .format = SOUK_UUID),
        FIELD(cart_line, sku, .min = 1, .max = SKU_MAX),
        FIELD(cart_line, quantity, .min = 1, .max = QUANTITY_MAX),
    },
};
static const souk_record_t cart_line = {
    .name = "cart_line",
    .size = sizeof(struct cart_line),
    .fields = {
        FIELD(cart_line, sku),
        FIELD(cart_line, quantity),
    },
};
static const souk_record_t line_row = {
    .name = "line_row",
    .size = sizeof(struct cart_line),
    .fields = {
        FIELD(cart_line, cart_id),
        FIELD(cart_line, sku),
        FIELD(cart_line, quantity),
    },
};

/* What is in a cart, without a word on what it costs. */
struct cart {
    const char *id;
    const char *user_id; /* NULL: a guest's */
    souk_list_t lines; /* struct cart_line */
    souk_list_t coupons; /* const char * */
    const char *currency;
    const char *country;
    const char *region;
    const char *shipping_method;
    int round; /* which time it will be ordered */
};
static const souk_record_t cart_record = {
    .name = "cart",
    .size = sizeof(struct cart),
    .fields = {
        FIELD(cart, id, .doc = "whoever knows a guest's has the cart, so it is kept to oneself"),
        FIELD(cart, lines, .of = &cart_line, .max = LINES_MAX, .doc = "in the order they came"),
        FIELD(cart, coupons),
        FIELD(cart, currency, .optional = true),
        FIELD(cart, country, .optional = true),
        FIELD(cart, region, .optional = true),
        FIELD(cart, shipping_method, .optional = true),
    },
};
static const souk_record_t cart_row = {
    .name = "cart_row",
    .size = sizeof(struct cart),
    .fields = {
        FIELD(cart, id),
        FIELD(cart, coupons),
        FIELD(cart, currency, .optional = true),
        FIELD(cart, country, .optional = true),
        FIELD(cart, region, .optional = true),
        FIELD(cart, shipping_method, .optional = true),
    },
};

static const souk_record_t owned_cart = {
    .name = "owned_cart",
    .size = sizeof(struct cart),
    .fields = {
        FIELD(cart, id),
        FIELD(cart, user_id, .optional = true),
        FIELD(cart, round),
        FIELD(cart, coupons),
        FIELD(cart, currency, .optional = true),
        FIELD(cart, country, .optional = true),
        FIELD(cart, region, .optional = true),
        FIELD(cart, shipping_method, .optional = true),
    },
};
static const souk_record_t cart_to_order = {
    .name = "cart_to_order",
    .size = sizeof(struct cart),
    .fields = {
        FIELD(cart, lines, .of = &cart_line, .max = LINES_MAX),
        FIELD(cart, coupons),
        FIELD(cart, currency, .optional = true),
        FIELD(cart, country, .optional = true),
        FIELD(cart, region, .optional = true),
        FIELD(cart, shipping_method, .optional = true),
        FIELD(cart, round, .doc = "which time it will be ordered; each of them is ordered once"),
    },
};

struct cart_ids {
    souk_list_t cart_ids;
};
static const souk_record_t cart_ids = {
    .name = "cart_ids",
    .size = sizeof(struct cart_ids),
    .fields = {
        FIELD(cart_ids, cart_ids),
    },
};

struct delivery {
    const char *cart_id;
    const char *currency;
    const char *country;
    const char *region;
    const char *shipping_method;
};
static const souk_record_t delivery = {
    .name = "cart_delivery",
    .size = sizeof(struct delivery),
    .fields = {
        FIELD(delivery, cart_id, .format = SOUK_UUID),
        FIELD(delivery, currency, .format = SOUK_CURRENCY, .optional = true,
            .doc = "what is paid in; absent: the products' own"),
        FIELD(delivery, country, .format = SOUK_COUNTRY, .optional = true),
        FIELD(delivery, region, .format = SOUK_REGION, .optional = true,
            .doc = "ISO 3166-2 without the country, such as CA"),
        FIELD(delivery, shipping_method, .min = 1, .max = CODE_MAX, .optional = true),
    },
};

struct coupons {
    const char *cart_id;
    souk_list_t coupons;
};
static const souk_record_t coupons = {
    .name = "cart_coupons",
    .size = sizeof(struct coupons),
    .fields = {
        FIELD(coupons, cart_id, .format = SOUK_UUID),
        FIELD(coupons, coupons, .max = COUPONS_MAX, .doc = "all of them, in place of those before"),
    },
};

/* Coupons, as pricing is asked whether somebody may try them. */
struct attempt {
    const char *user_id;
    const char *address; /* of the caller's network */
    souk_list_t coupons;
};
static const souk_record_t attempt = {
    .name = "coupon_attempt",
    .size = sizeof(struct attempt),
    .fields = {
        FIELD(attempt, user_id, .optional = true),
        FIELD(attempt, address, .optional = true),
        FIELD(attempt, coupons),
    },
};

struct merger {
    const char *guest_id;
    const char *cart_id;
    int most, coupons_max;
};
static const souk_record_t merger = {
    .name = "cart_merger",
    .size = sizeof(struct merger),
    .fields = {
        FIELD(merger, guest_id, .format = SOUK_UUID, .doc = "the cart from before the login"),
    },
};

#endif
