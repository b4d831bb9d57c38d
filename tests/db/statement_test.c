/* Statements carry records to PostgreSQL and rows back, of every type. */
#include "samples.h"

static const souk_query_t save_sample = {
    STATEMENT("INSERT INTO sample (flag, small, number, wide, narrow, large, ratio, name, label,"
              " email, id, body, at, tags, ids, emails, total_amount, total_currency, note, parent,"
              " until, discount_amount, discount_currency) VALUES (:flag, :small, :number, :wide,"
              " :narrow, :large, :ratio, :name, :label, :email, :id, :body, :at, :tags, :ids,"
              " :emails, :total_amount, :total_currency, :note, :parent, :until, :discount_amount,"
              " :discount_currency)"),
    .takes = &sample,
};
static const souk_query_t read_sample = {
    STATEMENT("SELECT large, flag, small, number, wide, narrow, ratio, name, label, email, id,"
              " body, at, tags, ids, emails, total_amount, total_currency, note, parent, until,"
              " discount_amount, discount_currency FROM sample"),
    .gives = &sample,
};
static const souk_query_t save_items = {
    STATEMENT("INSERT INTO item (id, sku, quantity, weight, gift, share, body, at, price_amount,"
              " price_currency, note) SELECT * FROM unnest(:id::uuid[], :sku::text[],"
              " :quantity::smallint[], :weight::bigint[], :gift::boolean[],"
              " :share::double precision[], :body::jsonb[], :at::timestamptz[],"
              " :price_amount::bigint[], :price_currency::text[], :note::text[])"),
    .takes = &item,
    .many = true,
    .duplicate = &taken,
};
static const souk_query_t read_items = {
    STATEMENT("SELECT id, sku, quantity, weight, gift, share, body, at, price_amount,"
              " price_currency, note FROM item ORDER BY position"),
    .gives = &item,
};
static const souk_query_t find_item = {
    STATEMENT("SELECT sku AS word FROM item WHERE sku = :word"),
    .takes = &word,
    .gives = &word,
    .missing = &no_such_item,
};
static const souk_query_t find_many = {
    STATEMENT("SELECT sku AS word FROM item WHERE sku = ANY(:word)"),
    .takes = &word,
    .gives = &word,
    .many = true,
};
static const souk_query_t echo = {
    STATEMENT("SELECT :word || ':word $1' || $$:word$$ || E'\\':x' -- :no\n AS word"),
    .takes = &word,
    .gives = &word,
};
static const souk_query_t echo_null = {
    STATEMENT("SELECT :word::text AS word"),
    .takes = &optional_word,
    .gives = &word,
};
static const souk_query_t echo_uuid = {
    STATEMENT("SELECT :word::uuid AS word"),
    .takes = &optional_word,
    .gives = &optional_word,
};
static const souk_query_t narrow_number = {
    STATEMENT("SELECT :number::int AS number"),
    .takes = &number,
    .gives = &number,
};
static const souk_query_t widen_number = {
    STATEMENT("SELECT :number::bigint AS number"),
    .takes = &number,
    .gives = &small,
};
static const souk_query_t echo_moment = {
    STATEMENT("SELECT :at::timestamptz AS at"),
    .takes = &moment,
    .gives = &moment,
};
static const souk_query_t read_infinity = {
    STATEMENT("SELECT timestamptz 'infinity' AS at"),
    .gives = &moment,
};
static const souk_query_t not_listed = {
    STATEMENT("SELECT 1"),
};

static const souk_query_t *const queries[] = { &save_sample, &read_sample, &save_items, &read_items,
    &find_item, &find_many, &echo, &echo_null, &echo_uuid, &narrow_number, &widen_number,
    &echo_moment, &read_infinity, NULL };

static void expect_texts(const souk_list_t *got, const souk_list_t *wanted)
{
    assert_int_equal(got->count, wanted->count);
    for (size_t i = 0; i < got->count; i++)
        assert_string_equal(((char **)got->items)[i], ((char **)wanted->items)[i]);
}

static void expect_money(souk_money_t got, souk_money_t wanted)
{
    assert_true(got.amount == wanted.amount);
    assert_string_equal(got.currency, wanted.currency);
}

static void expect_plain_values(const struct sample *got, const struct sample *wanted)
{
    assert_true(got->flag == wanted->flag && got->small == wanted->small);
    assert_true(got->number == wanted->number && got->wide == wanted->wide);
    assert_true(got->narrow == wanted->narrow && got->large == wanted->large);
    assert_memory_equal(&got->ratio, &wanted->ratio, sizeof got->ratio);
    assert_true(got->at.ms == wanted->at.ms && got->until.ms == wanted->until.ms);
    assert_string_equal(got->name, wanted->name);
    assert_string_equal(got->label, wanted->label);
    assert_string_equal(got->email, wanted->email);
    assert_string_equal(got->id, wanted->id);
    assert_string_equal(got->body, wanted->body);
    expect_money(got->total, wanted->total);
}

static void every_type_comes_back_as_it_went(void **state)
{
    bench_t *bench = *state;
    struct sample wanted = a_sample(), got;
    memset(&got, 0xff, sizeof got);
    assert_true(souk_db_run(bench->call, &save_sample, &wanted));
    assert_true(souk_db_one(bench->call, &read_sample, NULL, &got));
    expect_plain_values(&got, &wanted);
    expect_texts(&got.tags, &wanted.tags);
    expect_texts(&got.ids, &wanted.ids);
    expect_texts(&got.emails, &wanted.emails);
    assert_string_equal(got.note, wanted.note);
    assert_string_equal(got.parent, wanted.parent);
    expect_money(got.discount, wanted.discount);
    assert_string_equal(bench_tell(bench,
                            "DELETE FROM sample RETURNING to_char(at AT TIME ZONE 'UTC', "
                            "'YYYY-MM-DD HH24:MI:SS.MS') || (until = '0001-01-01 00:00Z')"),
        "2026-01-31 23:59:59.123true");
}

static void what_is_absent_is_null(void **state)
{
    bench_t *bench = *state;
    struct sample wanted = a_sample(), got;
    memset(&got, 0xff, sizeof got);
    wanted.note = wanted.parent = NULL;
    wanted.until = (souk_time_t){ 0 };
    wanted.discount = (souk_money_t){ 0 };
    wanted.tags = wanted.ids = wanted.emails = (souk_list_t){ 0 };
    wanted.number = 0;
    assert_true(souk_db_run(bench->call, &save_sample, &wanted));
    assert_true(souk_db_one(bench->call, &read_sample, NULL, &got));
    expect_plain_values(&got, &wanted);
    assert_null(got.note);
    assert_null(got.parent);
    assert_null(got.discount.currency);
    assert_int_equal(got.discount.amount, 0);
    assert_int_equal(got.tags.count + got.ids.count + got.emails.count, 0);
    assert_string_equal(bench_tell(bench,
                            "DELETE FROM sample RETURNING num_nulls(note, parent, until, "
                            "discount_amount, discount_currency) || ' ' || num_nulls(number, tags) "
                            "|| cardinality(tags)"),
        "5 00");
}

static void an_item(struct item *one, souk_pool_t *pool, int i)
{
    char *id = souk_pool_alloc(pool, SOUK_ID_SIZE);
    souk_id_new(id);
    *one = (struct item){
        .id = id,
        .sku = souk_pool_format(pool, "SKU-%d", i),
        .quantity = i,
        .weight = (int64_t)i << 33,
        .gift = i % 2,
        .share = i / 7.0,
        .body = souk_pool_format(pool, "{\"i\": %d}", i),
    };
    if (i % 3)
        return;
    one->at = (souk_time_t){ 1700000000000 + i };
    one->price = (souk_money_t){ i, "EUR" };
    one->note = "";
}

static void expect_item(const struct item *got, const struct item *wanted)
{
    assert_string_equal(got->id, wanted->id);
    assert_string_equal(got->sku, wanted->sku);
    assert_int_equal(got->quantity, wanted->quantity);
    assert_true(got->weight == wanted->weight && got->gift == wanted->gift);
    assert_true(got->share == wanted->share && got->at.ms == wanted->at.ms);
    assert_string_equal(got->body, wanted->body);
    assert_int_equal(got->price.amount, wanted->price.amount);
    assert_true(!got->note == !wanted->note);
    assert_true(!got->price.currency == !wanted->price.currency);
}

static souk_list_t some_items(souk_pool_t *pool, int count)
{
    souk_list_t list = souk_list_new(pool, (size_t)count, sizeof(struct item));
    for (int i = 0; i < count; i++)
        an_item((struct item *)list.items + i, pool, i);
    return list;
}

static void many_records_are_one_statement(void **state)
{
    bench_t *bench = *state;
    souk_list_t wanted = some_items(souk_call_pool(bench->call), 1000), got;
    assert_true(souk_db_run(bench->call, &save_items, &wanted));
    assert_true(souk_db_all(bench->call, &read_items, NULL, &got));
    assert_int_equal(got.count, wanted.count);
    for (size_t i = 0; i < got.count; i++)
        expect_item((struct item *)got.items + i, (struct item *)wanted.items + i);
    assert_string_equal(bench_tell(bench,
                            "SELECT count(*) FROM item WHERE at IS NULL AND "
                            "price_amount IS NULL AND note IS NULL"),
        "666");
    /* A list of rows may be added to like any other. */
    struct item *more = souk_list_add(&got, souk_call_pool(bench->call), sizeof *more);
    an_item(more, souk_call_pool(bench->call), 7);
    bench_tell(bench, "TRUNCATE item");
}

static void nothing_many_times_asks_nobody(void **state)
{
    bench_t *bench = *state;
    souk_list_t nothing = { 0 }, got = { (void *)1, 1 };
    struct word one;
    assert_true(souk_db_run(bench->call, &save_items, &nothing));
    assert_true(souk_db_all(bench->call, &find_many, &nothing, &got));
    assert_int_equal(got.count, 0);
    assert_false(souk_db_one(bench->call, &find_many, &nothing, &one));
    bench_expect(bench, &souk_not_found, souk_not_found.meaning);
}

static void where_nothing_is_found_it_is_missing(void **state)
{
    bench_t *bench = *state;
    struct word got;
    souk_list_t all;
    assert_false(souk_db_one(bench->call, &find_item, &(struct word){ "nothing" }, &got));
    bench_expect(bench, &no_such_item, "there is none");
    assert_true(souk_db_all(bench->call, &find_item, &(struct word){ "nothing" }, &all));
    assert_int_equal(all.count, 0);
}

static void a_second_one_is_a_duplicate(void **state)
{
    bench_t *bench = *state;
    souk_list_t one = some_items(bench->pool, 1);
    assert_true(souk_db_run(bench->call, &save_items, &one));
    assert_false(souk_db_run(bench->call, &save_items, &one));
    bench_expect(bench, &taken, "it is there already");
    assert_string_equal(bench_tell(bench, "SELECT count(*) FROM item"), "1");
    bench_tell(bench, "TRUNCATE item");
}

static void texts_are_taken_as_they_are(void **state)
{
    static const char *const words[] = { "", ":word", "::text", "'; DROP TABLE item; --", "$1",
        "\\x00", "NULL", "%s%n", "\xf0\x9f\x8e\x81" };
    bench_t *bench = *state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct word got;
        assert_true(souk_db_one(bench->call, &echo, &(struct word){ words[i] }, &got));
        assert_string_equal(got.word,
            souk_pool_format(bench->pool, "%s:word $1:word':x", words[i]));
    }
}

static void null_is_refused_where_something_must_be(void **state)
{
    bench_t *bench = *state;
    struct word got;
    assert_false(souk_db_one(bench->call, &echo_null, &(struct word){ NULL }, &got));
    bench_expect(bench, &souk_internal, "column word is NULL");
}

static void a_uuid_may_be_written_in_either_case(void **state)
{
    bench_t *bench = *state;
    struct word got;
    assert_true(souk_db_one(bench->call, &echo_uuid,
        &(struct word){ "01890A5D-AC96-774B-BCCE-B302099A8057" }, &got));
    assert_string_equal(got.word, id_1);
    assert_true(souk_db_one(bench->call, &echo_uuid, &(struct word){ NULL }, &got));
    assert_null(got.word);
}

static void what_is_no_uuid_is_the_callers_mistake(void **state)
{
    static const char *const words[] = { "", "1", "01890a5d-ac96-774b-bcce-b302099a805",
        "01890a5d-ac96-774b-bcce-b302099a80577", "01890a5dac96774bbcceb302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a805g", "01890a5d-ac96-774b-bcce_b302099a8057" };
    bench_t *bench = *state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct word got;
        assert_false(souk_db_one(bench->call, &echo_uuid, &(struct word){ words[i] }, &got));
        bench_expect(bench, &souk_invalid, "word: not a UUID");
    }
}

static void numbers_that_do_not_fit_are_refused(void **state)
{
    bench_t *bench = *state;
    struct number wide = { (int64_t)INT_MAX + 1 }, same;
    struct small got;
    assert_false(souk_db_one(bench->call, &narrow_number, &wide, &same));
    bench_expect(bench, &souk_invalid, "number: the number is too large");
    assert_false(souk_db_one(bench->call, &widen_number, &wide, &got));
    bench_expect(bench, &souk_internal, "column number is too large");
    wide.number = INT_MIN;
    assert_true(souk_db_one(bench->call, &narrow_number, &wide, &same));
    assert_true(same.number == INT_MIN);
    assert_true(souk_db_one(bench->call, &widen_number, &wide, &got));
    assert_true(got.number == INT_MIN);
}

static void moments_keep_their_milliseconds(void **state)
{
    static const int64_t moments[] = { 1, -1, 946684799999, 946684800000, 1700000000001,
        253402300799999, -62135596800000 };
    bench_t *bench = *state;
    struct moment got;
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        assert_true(
            souk_db_one(bench->call, &echo_moment, &(struct moment){ { moments[i] } }, &got));
        assert_true(got.at.ms == moments[i]);
    }
    assert_false(souk_db_one(bench->call, &echo_moment, &(struct moment){ { INT64_MAX } }, &got));
    bench_expect(bench, &souk_invalid, "at: the moment is too far away");
    assert_false(souk_db_one(bench->call, &read_infinity, NULL, &got));
    bench_expect(bench, &souk_internal, "infinity");
}

static void a_statement_that_is_not_listed_is_not_run(void **state)
{
    bench_t *bench = *state;
    assert_false(souk_db_run(bench->call, &not_listed, NULL));
    bench_expect(bench, &souk_internal, "not among the actor's queries");
}

static int open_bench(void **state)
{
    *state = bench_new("statement", tables, queries);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_begin, bench_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_type_comes_back_as_it_went),
        TEST(what_is_absent_is_null),
        TEST(many_records_are_one_statement),
        TEST(nothing_many_times_asks_nobody),
        TEST(where_nothing_is_found_it_is_missing),
        TEST(a_second_one_is_a_duplicate),
        TEST(texts_are_taken_as_they_are),
        TEST(null_is_refused_where_something_must_be),
        TEST(a_uuid_may_be_written_in_either_case),
        TEST(what_is_no_uuid_is_the_callers_mistake),
        TEST(numbers_that_do_not_fit_are_refused),
        TEST(moments_keep_their_milliseconds),
        TEST(a_statement_that_is_not_listed_is_not_run),
    };
    return cmocka_run_group_tests(tests, open_bench, bench_close);
}
