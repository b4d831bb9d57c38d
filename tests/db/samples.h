/* The shapes that the tests of statements carry to PostgreSQL and back, and the tables for them. */
#ifndef SOUK_TEST_SAMPLES_H
#define SOUK_TEST_SAMPLES_H

#include <limits.h>

#include "bench.h"

struct sample {
    bool flag;
    int small;
    int number;
    int wide;
    int64_t narrow;
    int64_t large;
    double ratio;
    const char *name;
    const char *label;
    const char *email;
    const char *id;
    const char *body;
    souk_time_t at;
    souk_list_t tags;
    souk_list_t ids;
    souk_list_t emails;
    souk_money_t total;
    const char *note;
    const char *parent;
    souk_time_t until;
    souk_money_t discount;
};
static const souk_record_t sample = {
    .name = "sample",
    .size = sizeof(struct sample),
    .fields = {
        FIELD(sample, flag),
        FIELD(sample, small),
        FIELD(sample, number),
        FIELD(sample, wide),
        FIELD(sample, narrow),
        FIELD(sample, large),
        FIELD(sample, ratio),
        FIELD(sample, name),
        FIELD(sample, label),
        FIELD(sample, email),
        FIELD(sample, id),
        FIELD(sample, body),
        FIELD(sample, at),
        FIELD(sample, tags),
        FIELD(sample, ids),
        FIELD(sample, emails),
        FIELD(sample, total),
        FIELD(sample, note, .optional = true),
        FIELD(sample, parent, .optional = true),
        FIELD(sample, until, .optional = true),
        FIELD(sample, discount, .optional = true),
    },
};

struct item {
    const char *id;
    const char *sku;
    int quantity;
    int64_t weight;
    bool gift;
    double share;
    const char *body;
    souk_time_t at;
    souk_money_t price;
    const char *note;
};
static const souk_record_t item = {
    .name = "item",
    .size = sizeof(struct item),
    .fields = {
        FIELD(item, id),
        FIELD(item, sku),
        FIELD(item, quantity),
        FIELD(item, weight),
        FIELD(item, gift),
        FIELD(item, share),
        FIELD(item, body),
        FIELD(item, at, .optional = true),
        FIELD(item, price, .optional = true),
        FIELD(item, note, .optional = true),
    },
};

struct word {
    const char *word;
};
static const souk_record_t word = {
    .name = "word",
    .size = sizeof(struct word),
    .fields = { FIELD(word, word) },
};
static const souk_record_t optional_word = {
    .name = "optional_word",
    .size = sizeof(struct word),
    .fields = { FIELD(word, word, .optional = true) },
};

struct number {
    int64_t number;
};
static const souk_record_t number = {
    .name = "number",
    .size = sizeof(struct number),
    .fields = { FIELD(number, number) },
};

struct small {
    int number;
};
static const souk_record_t small = {
    .name = "small",
    .size = sizeof(struct small),
    .fields = { FIELD(small, number) },
};

struct moment {
    souk_time_t at;
};
static const souk_record_t moment = {
    .name = "moment",
    .size = sizeof(struct moment),
    .fields = { FIELD(moment, at) },
};

static const souk_error_t taken = { "taken", SOUK_CONFLICT, "it is there already" };
static const souk_error_t no_such_item = { "no_such_item", SOUK_NOT_FOUND, "there is none" };

static const char tables[] =
    "CREATE EXTENSION citext;"
    "CREATE TABLE sample (flag boolean, small smallint, number int, wide bigint, narrow int,"
    " large bigint, ratio double precision, name text, label varchar(20), email citext, id uuid,"
    " body jsonb, at timestamptz, tags text[], ids uuid[], emails citext[], total_amount bigint,"
    " total_currency char(3), note text, parent uuid, until timestamptz, discount_amount bigint,"
    " discount_currency text);"
    "CREATE TABLE item (id uuid PRIMARY KEY, sku text NOT NULL, quantity smallint, weight bigint,"
    " gift boolean, share double precision, body jsonb, at timestamptz, price_amount bigint,"
    " price_currency text, note text, position int GENERATED ALWAYS AS IDENTITY);";

static const char id_1[] = "01890a5d-ac96-774b-bcce-b302099a8057";
static const char id_2[] = "ffffffff-ffff-ffff-ffff-ffffffffffff";

static inline struct sample a_sample(void)
{
    static const char *const tags[] = { "red", "", "gr\xc3\xbcn, \"x\" {}" };
    static const char *const ids[] = { id_1, id_2 };
    static const char *const emails[] = { "A@b.example" };
    return (struct sample){
        .flag = true,
        .small = SHRT_MIN,
        .number = INT_MIN,
        .wide = INT_MAX,
        .narrow = INT_MAX,
        .large = INT64_MIN,
        .ratio = -0.1,
        .name = "O'Neil :x ::text \xe2\x82\xac",
        .label = "",
        .email = "Ann@Example.org",
        .id = id_1,
        .body = "{\"a\": [1, null, \"x\"]}",
        .at = { 1769903999123 },
        .tags = { (void *)tags, 3 },
        .ids = { (void *)ids, 2 },
        .emails = { (void *)emails, 1 },
        .total = { INT64_MAX, "EUR" },
        .note = "a note",
        .parent = id_2,
        .until = { -62135596800000 },
        .discount = { 0, "USD" },
    };
}

#endif
