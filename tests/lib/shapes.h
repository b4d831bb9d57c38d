/* Records that the tests of the codecs share: an order with everything that a record can hold. */
#ifndef SOUK_TESTS_SHAPES_H
#define SOUK_TESTS_SHAPES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "record.h"

struct line {
    const char *sku;
    int quantity;
};
struct order {
    const char *id;
    const char *email;
    const char *status;
    souk_list_t lines;
    souk_list_t tags;
    souk_money_t total;
    souk_money_t discount;
    souk_time_t placed_at;
    int64_t weight;
    double rating;
    int limit;
    bool gift;
    const char *note;
};
/* A category holds categories: its table leads back to itself. */
struct category {
    const char *name;
    souk_list_t within;
};

static const char *const statuses[] = { "placing", "confirmed", NULL };

static const souk_record_t line = {
    .name = "line",
    .size = sizeof(struct line),
    .fields = {
        FIELD(line, sku, .min = 1, .max = 8),
        FIELD(line, quantity, .min = 1, .max = 99),
    },
};
static const souk_record_t order = {
    .name = "order",
    .size = sizeof(struct order),
    .fields = {
        FIELD(order, id, .format = SOUK_UUID),
        FIELD(order, email, .format = SOUK_EMAIL, .optional = true, .secret = true),
        FIELD(order, status, .one_of = statuses),
        FIELD(order, lines, .of = &line, .min = 1, .max = 3),
        FIELD(order, tags, .optional = true),
        FIELD(order, total),
        FIELD(order, discount, .optional = true),
        FIELD(order, placed_at, .optional = true),
        FIELD(order, weight, .optional = true),
        FIELD(order, rating, .max = 5, .optional = true),
        FIELD(order, limit, .min = 1, .max = 100, .fallback = "20"),
        FIELD(order, gift, .optional = true),
        FIELD(order, note, .optional = true, .max = 10),
    },
};
extern const souk_record_t category;
const souk_record_t category = {
    .name = "category",
    .size = sizeof(struct category),
    .fields = {
        FIELD(category, name),
        FIELD(category, within, .of = &category, .optional = true),
    },
};

#define ORDER_ID "01890a5d-ac96-774b-bcce-b302099a8057"

static inline struct order example_order(void)
{
    static struct line lines[] = { { "MUG-BLUE", 2 }, { "ÄÖÜ-€😀", 99 } };
    static const char *tags[] = { "new", "", "\"quoted\"\n\\\t\x01" };

    return (struct order){
        .id = ORDER_ID,
        .email = "ann@example.org",
        .status = "confirmed",
        .lines = { lines, 2 },
        .tags = { tags, 3 },
        .total = { 1200, "EUR" },
        .placed_at = { 1769903999123 },
        .weight = INT64_MIN,
        .rating = 4.1,
        .limit = 7,
        .gift = true,
    };
}

static inline void assert_example_order(const struct order *it)
{
    struct order want = example_order();
    const struct line *lines = it->lines.items, *want_lines = want.lines.items;
    const char *const *tags = it->tags.items, *const *want_tags = want.tags.items;

    assert_string_equal(it->id, want.id);
    assert_string_equal(it->email, want.email);
    assert_string_equal(it->status, want.status);
    assert_int_equal(it->lines.count, 2);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(lines[i].sku, want_lines[i].sku);
        assert_int_equal(lines[i].quantity, want_lines[i].quantity);
    }
    assert_int_equal(it->tags.count, 3);
    for (int i = 0; i < 3; i++)
        assert_string_equal(tags[i], want_tags[i]);
    assert_int_equal(it->total.amount, 1200);
    assert_string_equal(it->total.currency, "EUR");
    assert_null(it->discount.currency);
    assert_int_equal(it->placed_at.ms, want.placed_at.ms);
    assert_true(it->weight == want.weight);
    assert_true(it->rating == want.rating);
    assert_int_equal(it->limit, 7);
    assert_true(it->gift);
    assert_null(it->note);
}

/* A pool for each test, in *state. */
static inline int with_pool(void **state)
{
    *state = souk_pool_new();
    return 0;
}

static inline int without_pool(void **state)
{
    souk_pool_t *pool = *state;

    souk_pool_destroy(&pool);
    return 0;
}

#define POOLED(test) cmocka_unit_test_setup_teardown(test, with_pool, without_pool)

/* The same numbers each time, so that a failure comes back. */
static inline uint32_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33);
}

#endif
