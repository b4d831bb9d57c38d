/* A statement that does not fit its records stops the start, with one line that names what is
   wrong. */
#include "samples.h"

/* Records nested in an optional one are columns too. */
struct offer {
    const char *sku;
    souk_money_t price;
};
static const souk_record_t offer = {
    .name = "offer",
    .size = sizeof(struct offer),
    .fields = {
        FIELD(offer, sku),
        FIELD(offer, price, .optional = true),
    },
};

struct basket {
    souk_list_t tags;
    souk_list_t lines;
};
static const souk_record_t basket = {
    .name = "basket",
    .size = sizeof(struct basket),
    .fields = {
        FIELD(basket, tags),
        FIELD(basket, lines, .of = &word),
    },
};

static const char too_many[] =
    "SELECT :a1 :a2 :a3 :a4 :a5 :a6 :a7 :a8 :a9 :b1 :b2 :b3 :b4 :b5 :b6 :b7 :b8 :b9 :c1 :c2 :c3"
    " :c4 :c5 :c6 :c7 :c8 :c9 :d1 :d2 :d3 :d4 :d5 :d6 :d7 :d8 :d9 :e1 :e2 :e3 :e4 :e5 :e6 :e7 :e8"
    " :e9 :f1 :f2 :f3 :f4 :f5 :f6 :f7 :f8 :f9 :g1 :g2 :g3 :g4 :g5 :g6 :g7 :g8 :g9 :h1 :h2 :h3";

typedef struct {
    const char *text;
    const souk_record_t *takes, *gives;
    bool many;
    const char *why;
} misfit_t;

static const misfit_t misfits[] = {
    /* Parameters. */
    { "SELECT :wort::text AS word", &word, &word, false, "parameter :wort is no field of word" },
    { "SELECT :word::text AS word", NULL, &word, false,
        "parameter :word is no field of what it takes (nothing)" },
    { "SELECT :word::int = 1 AS word", &word, NULL, false,
        "parameter :word is integer, which does not go with text field word" },
    { "SELECT :number::text", &number, NULL, false,
        "parameter :number is text, which does not go with long field number" },
    { "SELECT :number::bigint[]", &number, NULL, false,
        "parameter :number is bigint[], which does not go with long field number" },
    { "SELECT :at::timestamp", &moment, NULL, false,
        "parameter :at is timestamp without time zone, which does not go with time field at" },
    { "SELECT :word::point", &word, NULL, false,
        "parameter :word is type 600, which does not go with text field word" },
    { "SELECT :price::text", &offer, NULL, false, "parameter :price is no field of offer" },
    { "SELECT :price_value::text", &offer, NULL, false,
        "parameter :price_value is no field of offer" },
    { "SELECT :tags::text", &basket, NULL, false,
        "parameter :tags is text, which does not go with list field tags" },
    { "SELECT :lines::text[]", &basket, NULL, false,
        "parameter :lines is text[], which does not go with list field lines" },
    /* Many. */
    { "SELECT :word::text", &word, NULL, true,
        "parameter :word is text, which does not go with text field word of many: it has to be an "
        "array" },
    { "SELECT :tags::text[]", &basket, NULL, true,
        "parameter :tags is text[], which does not go with list field tags of many: it has to be "
        "an array" },
    /* Columns. */
    { "SELECT 'mug' AS word, 1 AS more", NULL, &word, false, "column more is no field of word" },
    { "SELECT 'mug'", NULL, &word, false, "column ?column? is no field of word" },
    { "SELECT 1 AS word", NULL, &word, false,
        "column word is integer, which does not go with text field word" },
    { "SELECT 1.5 AS number", NULL, &number, false,
        "column number is numeric, which does not go with long field number" },
    { "SELECT current_date AS at", NULL, &moment, false,
        "column at is date, which does not go with time field at" },
    { "SELECT ARRAY['mug'] AS word", NULL, &word, false,
        "column word is text[], which does not go with text field word" },
    { "SELECT 'mug' AS sku, 1::bigint AS price_amount", NULL, &offer, false,
        "no column for price_currency of offer" },
    { "SELECT 1::bigint AS price_amount, 'EUR' AS price_currency", NULL, &offer, false,
        "no column for sku of offer" },
    { "INSERT INTO item (id, sku) VALUES (gen_random_uuid(), 'mug')", NULL, &word, false,
        "no column for word of word" },
    /* What the server itself says. */
    { "SELECT word FROM nowhere", NULL, &word, false, "relation \"nowhere\" does not exist" },
    { "SELECT word FROM item", NULL, &word, false, "column \"word\" does not exist" },
    { "SELEKT 1", NULL, NULL, false, "syntax error at or near \"SELEKT\"" },
    { "SELECT 1; SELECT 2", NULL, NULL, false,
        "cannot insert multiple commands into a prepared statement" },
    { too_many, &word, NULL, false, "more than 64 parameters" },
};

static const souk_query_t fits = {
    STATEMENT("SELECT sku AS word FROM item WHERE sku = :word"),
    .takes = &word,
    .gives = &word,
};
static const souk_query_t *const queries[] = { &fits, NULL };

/* Between two that fit: it is named and not one beside it. */
static void expect_misfit(bench_t *bench, const misfit_t *misfit)
{
    const souk_sql_t sql = { .name = "buy", .doc = "", .text = misfit->text };
    const souk_query_t bad = { .sql = &sql,
        .takes = misfit->takes,
        .gives = misfit->gives,
        .many = misfit->many };
    const souk_query_t *const with_bad[] = { &fits, &bad, &fits, NULL };
    char why[300] = "";
    assert_int_equal(bench_connect(bench, with_bad, why, sizeof why), SOUK_DB_WRONG);
    assert_string_equal(why, souk_pool_format(bench->pool, "statement buy: %s", misfit->why));
    assert_false(souk_db_connected(bench->db));
}

static void a_statement_that_does_not_fit_is_named_in_one_line(void **state)
{
    for (size_t i = 0; i < sizeof misfits / sizeof *misfits; i++)
        expect_misfit(*state, &misfits[i]);
}

static void a_line_that_is_too_long_is_cut(void **state)
{
    bench_t *bench = *state;
    const souk_query_t bad = { STATEMENT("SELECT word FROM nowhere"), .gives = &word };
    const souk_query_t *const with_bad[] = { &bad, NULL };
    char why[20] = "";
    assert_int_equal(bench_connect(bench, with_bad, why, sizeof why), SOUK_DB_WRONG);
    assert_string_equal(why, "statement statement");
}

static void columns_may_come_in_any_order_and_from_any_statement(void **state)
{
    bench_t *bench = *state;
    const souk_query_t any_order = { STATEMENT(
                                         "INSERT INTO item (id, sku, price_currency, price_amount)"
                                         " VALUES (gen_random_uuid(), 'mug', 'EUR', 600)"
                                         " RETURNING price_currency, sku, price_amount"),
        .gives = &offer };
    const souk_query_t *const all[] = { &any_order, NULL };
    struct offer got;
    char why[300] = "";
    assert_int_equal(bench_connect(bench, all, why, sizeof why), SOUK_DB_READY);
    assert_true(souk_db_one(bench->call, &any_order, NULL, &got));
    assert_string_equal(got.sku, "mug");
    assert_int_equal(got.price.amount, 600);
    assert_string_equal(got.price.currency, "EUR");
    bench_tell(bench, "TRUNCATE item");
}

/* What a migration mends is found to fit without a new process. */
static void what_is_mended_fits(void **state)
{
    bench_t *bench = *state;
    const souk_query_t later = { STATEMENT("SELECT word FROM later"), .gives = &word };
    const souk_query_t *const all[] = { &later, NULL };
    char why[300] = "";
    assert_int_equal(bench_connect(bench, all, why, sizeof why), SOUK_DB_WRONG);
    bench_tell(bench, "CREATE TABLE later (word text)");
    assert_int_equal(souk_db_connect(bench->db, why, sizeof why), SOUK_DB_READY);
}

/* While a migration runs, say: that is no reason for a process to end. */
static void what_is_locked_meanwhile_is_waited_for(void **state)
{
    bench_t *bench = *state;
    char why[300] = "";
    souk_settings.statement_timeout_ms = 500;
    bench_tell(bench, "BEGIN; LOCK TABLE item");
    souk_db_state_t locked = bench_connect(bench, queries, why, sizeof why);
    souk_settings.statement_timeout_ms = 0;
    bench_tell(bench, "ROLLBACK");
    assert_int_equal(locked, SOUK_DB_AWAY);
    assert_string_equal(why, "statement statement: canceling statement due to lock timeout");
    assert_int_equal(souk_db_connect(bench->db, why, sizeof why), SOUK_DB_READY);
}

static void without_statements_there_is_nothing_to_fit(void **state)
{
    bench_t *bench = *state;
    const souk_query_t *const none[] = { NULL };
    char why[300] = "";
    assert_int_equal(bench_connect(bench, none, why, sizeof why), SOUK_DB_READY);
    assert_int_equal(bench_connect(bench, NULL, why, sizeof why), SOUK_DB_READY);
}

static int open_bench(void **state)
{
    *state = bench_new("prepare", tables, queries);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_begin, bench_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_statement_that_does_not_fit_is_named_in_one_line),
        TEST(a_line_that_is_too_long_is_cut),
        TEST(columns_may_come_in_any_order_and_from_any_statement),
        TEST(what_is_mended_fits),
        TEST(what_is_locked_meanwhile_is_waited_for),
        TEST(without_statements_there_is_nothing_to_fit),
    };
    return cmocka_run_group_tests(tests, open_bench, bench_close);
}
