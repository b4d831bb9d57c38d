/* Transactions: all of it or nothing, whenever a failure shows. */
#include "shelf.h"

static bool is_there(bench_t *bench, const char *title)
{
    struct book got;
    return souk_db_one(bench->call, &find_book, &(struct book){ title }, &got);
}

static void what_is_committed_is_there(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    assert_true(souk_db_in_transaction(bench->db));
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(souk_db_run(bench->call, &add_book, &(struct book){ "Persuasion" }));
    assert_true(souk_db_commit(bench->db, bench->call));
    expect_books(bench, "2");
    bench_expect_usable(bench, &count_books);
}

static void what_is_rolled_back_is_not(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(is_there(bench, "Emma"));
    souk_db_rollback(bench->db);
    bench_expect_usable(bench, &count_books);
    expect_books(bench, "0");
}

static void what_is_rolled_back_before_it_was_sent_is_not_there_either(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    souk_db_rollback(bench->db);
    bench_expect_usable(bench, &count_books);
    expect_books(bench, "0");
}

static void nobody_else_sees_it_before_the_commit(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(is_there(bench, "Emma"));
    expect_books(bench, "0");
    assert_true(souk_db_commit(bench->db, bench->call));
    expect_books(bench, "1");
}

static void a_statement_alone_is_a_transaction_of_its_own(void **state)
{
    bench_t *bench = *state;
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_false(souk_db_in_transaction(bench->db));
    expect_books(bench, "1");
}

static void a_transaction_without_statements_succeeds(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    assert_true(souk_db_commit(bench->db, bench->call));
    souk_db_begin(bench->db);
    souk_db_rollback(bench->db);
    bench_expect_usable(bench, &count_books);
}

static void a_statement_that_commits_ends_the_transaction_with_its_rows(void **state)
{
    bench_t *bench = *state;
    struct book got;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &(struct book){ "Persuasion" }));
    assert_true(souk_db_one(bench->call, &close_with_book, &emma, &got));
    assert_string_equal(got.title, "Emma");
    expect_books(bench, "2");
    assert_true(souk_db_commit(bench->db, bench->call));
    bench_expect_usable(bench, &count_books);
}

static void one_that_fails_takes_the_transaction_with_it(void **state)
{
    bench_t *bench = *state;
    struct book got;
    bench_tell(bench, "INSERT INTO book VALUES ('Emma')");
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &(struct book){ "Persuasion" }));
    assert_false(souk_db_one(bench->call, &close_with_book, &emma, &got));
    bench_expect(bench, &on_the_shelf, on_the_shelf.meaning);
    souk_db_rollback(bench->db);
    bench_expect_usable(bench, &count_books);
    expect_books(bench, "1");
}

static void so_does_a_commit_that_is_refused_behind_it(void **state)
{
    bench_t *bench = *state;
    struct book got;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_late_book, &untitled));
    assert_false(souk_db_one(bench->call, &close_with_book, &emma, &got));
    bench_expect(bench, &souk_internal, "COMMIT");
    souk_db_rollback(bench->db);
    bench_expect_usable(bench, &count_books);
    expect_books(bench, "0");
}

static void what_is_committed_but_cannot_be_read_is_not_tried_again(void **state)
{
    bench_t *bench = *state;
    struct book got;
    souk_db_begin(bench->db);
    assert_false(souk_db_one(bench->call, &close_unreadably, &emma, &got));
    bench_expect(bench, &souk_worker_lost, "it was done");
    souk_db_rollback(bench->db);
    bench_expect_usable(bench, &count_books);
    expect_books(bench, "1");
}

static void what_travels_along_fails_the_next_statement_that_gives_rows(void **state)
{
    bench_t *bench = *state;
    struct tally got;
    bench_tell(bench, "INSERT INTO book VALUES ('Emma')");
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &(struct book){ "Persuasion" }));
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(souk_db_run(bench->call, &add_book, &(struct book){ "Evelina" }));
    assert_false(souk_db_one(bench->call, &count_books, NULL, &got));
    bench_expect(bench, &on_the_shelf, on_the_shelf.meaning);
    souk_db_rollback(bench->db);
    bench_expect_usable(bench, &count_books);
    expect_books(bench, "1");
}

static void what_travels_along_fails_the_commit(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_false(souk_db_commit(bench->db, bench->call));
    bench_expect(bench, &on_the_shelf, on_the_shelf.meaning);
    bench_expect_usable(bench, &count_books);
    expect_books(bench, "0");
}

static void a_broken_transaction_refuses_statements_until_it_ends(void **state)
{
    bench_t *bench = *state;
    souk_list_t books;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_new_book, &emma));
    assert_true(souk_db_run(bench->call, &add_new_book, &emma));
    assert_false(is_there(bench, "Emma"));
    bench_expect(bench, &souk_internal, "the statement statement failed");
    assert_false(souk_db_run(bench->call, &add_book, &(struct book){ "Persuasion" }));
    bench_expect(bench, &souk_internal, "the transaction had failed");
    assert_false(is_there(bench, "Emma"));
    bench_expect(bench, &souk_internal, "the transaction had failed");
    assert_false(souk_db_all(bench->call, &count_books, NULL, &books));
    bench_expect(bench, &souk_internal, "the transaction had failed");
    assert_false(souk_db_commit(bench->db, bench->call));
    bench_expect(bench, &souk_internal, "the transaction had failed");
    bench_expect_usable(bench, &count_books);
    expect_books(bench, "0");
}

static void the_transaction_behind_a_broken_one_works(void **state)
{
    bench_t *bench = *state;
    for (int i = 0; i < 3; i++) {
        souk_db_begin(bench->db);
        assert_true(souk_db_run(bench->call, &add_book, &emma));
        assert_true(souk_db_run(bench->call, &add_book, &emma));
        assert_false(is_there(bench, "Emma"));
        bench_expect(bench, &on_the_shelf, on_the_shelf.meaning);
        souk_db_rollback(bench->db);
    }
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(souk_db_commit(bench->db, bench->call));
    expect_books(bench, "1");
}

/* The call has failed, but the database has not: whoever goes on may commit. */
static void what_is_missing_breaks_no_transaction(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_false(is_there(bench, "Persuasion"));
    bench_expect(bench, &not_there, not_there.meaning);
    assert_true(is_there(bench, "Emma"));
    assert_true(souk_db_commit(bench->db, bench->call));
    expect_books(bench, "1");
}

static void what_is_refused_at_the_commit_is_rolled_back(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(souk_db_run(bench->call, &add_late_book, &untitled));
    assert_true(is_there(bench, "Emma"));
    assert_false(souk_db_commit(bench->db, bench->call));
    bench_expect(bench, &souk_internal, "COMMIT failed");
    bench_expect_usable(bench, &count_books);
    expect_books(bench, "0");
}

static void so_it_is_where_the_statement_was_alone(void **state)
{
    bench_t *bench = *state;
    assert_false(souk_db_run(bench->call, &add_late_book, &untitled));
    bench_expect(bench, &souk_internal, "failed");
    assert_string_equal(bench_tell(bench, "SELECT count(*) FROM late"), "0");
    bench_expect_usable(bench, &count_books);
    assert_true(souk_db_run(bench->call, &add_late_book, &emma));
    assert_string_equal(bench_tell(bench, "SELECT count(*) FROM late"), "1");
}

static int open_bench(void **state)
{
    *state = bench_new("transaction", shelf, shelf_queries);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_committed_is_there),
        TEST(what_is_rolled_back_is_not),
        TEST(what_is_rolled_back_before_it_was_sent_is_not_there_either),
        TEST(nobody_else_sees_it_before_the_commit),
        TEST(a_statement_alone_is_a_transaction_of_its_own),
        TEST(a_transaction_without_statements_succeeds),
        TEST(a_statement_that_commits_ends_the_transaction_with_its_rows),
        TEST(one_that_fails_takes_the_transaction_with_it),
        TEST(so_does_a_commit_that_is_refused_behind_it),
        TEST(what_is_committed_but_cannot_be_read_is_not_tried_again),
        TEST(what_travels_along_fails_the_next_statement_that_gives_rows),
        TEST(what_travels_along_fails_the_commit),
        TEST(a_broken_transaction_refuses_statements_until_it_ends),
        TEST(the_transaction_behind_a_broken_one_works),
        TEST(what_is_missing_breaks_no_transaction),
        TEST(what_is_refused_at_the_commit_is_rolled_back),
        TEST(so_it_is_where_the_statement_was_alone),
    };
    return cmocka_run_group_tests(tests, open_bench, bench_close);
}
