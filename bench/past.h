/* The orders of years past, as the bench makes them up: each follows from its number, so that every
   table can be filled by itself and they still agree. */
#ifndef BENCH_PAST_H
#define BENCH_PAST_H

#include <libpq-fe.h>

#include "../lib/base.h"

enum {
    PAST_LINES = 2,
    PAST_HEX_MAX = 65,
};

typedef struct {
    const char *sku, *name, *currency;
    int64_t price;
    int32_t sold; /* counted by whoever sells it */
} past_product_t;

typedef struct {
    uint64_t seed;
    size_t orders;
    int64_t from_us, step_us;
    size_t product_count, customer_count;
    past_product_t *products; /* in the order of their SKUs */
    PGresult *product_rows; /* their texts */
    uint8_t (*customers)[SOUK_UUID_BYTES];
} past_t;

typedef struct {
    uint8_t id[SOUK_UUID_BYTES], payment_id[SOUK_UUID_BYTES];
    const uint8_t *user_id;
    char id_text[SOUK_ID_SIZE];
    past_product_t *lines[PAST_LINES]; /* one piece of each, in the order of their SKUs */
    int64_t total;
    int64_t placed_us, reserved_us, charged_us, settled_us; /* since 1970 */
    uint64_t chance; /* what is still to be drawn */
} past_order_t;

/* Who buys and what is sold is taken from the tables. */
past_t past_begin(PGconn *conn, uint64_t seed, size_t orders);
void past_end(past_t *past);

/* The order with this number, from 0 to orders - 1; later ones have later ids. */
past_order_t past_order(const past_t *past, size_t number);

/* So many random hexadecimal digits, a multiple of 16. */
void past_hex(past_order_t *order, char *text, size_t digits);

#endif
