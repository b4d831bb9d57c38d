/* The server goes away: what was certainly not done is told as such, what nobody knows as well. */
#include <sys/socket.h>

#include "shelf.h"

/* As an unplugged cable does: neither side is told why, and the server goes on with its work. */
static void cut_at_gate(bench_t *bench)
{
    if (is_at_gate(bench))
        shutdown(PQsocket(bench->db->conn), SHUT_RDWR);
}

static void expect_unavailable(bench_t *bench)
{
    bench_expect(bench, &souk_unavailable, "the database is not there");
    assert_false(souk_db_may_retry(bench->db));
}

static void expect_unknown(bench_t *bench)
{
    assert_int_equal(souk_worker_lost.kind, SOUK_UNKNOWN);
    bench_expect(bench, &souk_worker_lost, "while the work was committed");
    assert_false(souk_db_may_retry(bench->db));
}

/* Whatever was lost, the next connection works. */
static void expect_recovered(bench_t *bench)
{
    bench->meanwhile = NULL;
    assert_false(souk_db_in_transaction(bench->db));
    reconnect(bench);
    bench_expect_usable(bench, &count_books);
}

static void a_server_that_hung_up_before_a_statement_did_not_do_it(void **state)
{
    bench_t *bench = *state;
    hang_up(bench);
    assert_false(souk_db_run(bench->call, &add_book, &emma));
    expect_unavailable(bench);
    expect_recovered(bench);
    expect_books(bench, "0");
}

static void a_server_that_hung_up_before_a_transaction_did_nothing_of_it(void **state)
{
    bench_t *bench = *state;
    hang_up(bench);
    souk_db_begin(bench->db);
    assert_false(souk_db_run(bench->call, &add_book, &emma));
    expect_unavailable(bench);
    assert_false(souk_db_commit(bench->db, bench->call));
    bench_expect(bench, &souk_unavailable, "the transaction had failed");
    expect_recovered(bench);
    expect_books(bench, "0");
}

static void a_server_that_hung_up_amid_a_transaction_did_nothing_of_it(void **state)
{
    bench_t *bench = *state;
    struct tally got;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(souk_db_one(bench->call, &count_books, NULL, &got));
    hang_up(bench);
    assert_false(souk_db_one(bench->call, &count_books, NULL, &got));
    expect_unavailable(bench);
    assert_false(souk_db_run(bench->call, &add_book, &(struct book){ "Persuasion" }));
    bench_expect(bench, &souk_unavailable, "the transaction had failed");
    souk_db_rollback(bench->db);
    expect_recovered(bench);
    expect_books(bench, "0");
}

static void a_server_that_hung_up_before_the_commit_did_nothing(void **state)
{
    bench_t *bench = *state;
    struct tally got;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(souk_db_one(bench->call, &count_books, NULL, &got));
    hang_up(bench);
    assert_false(souk_db_commit(bench->db, bench->call));
    expect_unavailable(bench);
    expect_recovered(bench);
    expect_books(bench, "0");
}

static void a_server_that_hangs_up_in_a_statement_before_the_commit_did_nothing(void **state)
{
    bench_t *bench = *state;
    close_gate(bench);
    bench->meanwhile = hang_up_at_gate;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_slowly, &emma));
    assert_false(souk_db_commit(bench->db, bench->call));
    expect_unavailable(bench);
    expect_recovered(bench);
    expect_books(bench, "0");
}

static void so_it_is_where_that_statement_takes_the_commit_along(void **state)
{
    bench_t *bench = *state;
    struct book got;
    close_gate(bench);
    bench->meanwhile = hang_up_at_gate;
    souk_db_begin(bench->db);
    assert_false(souk_db_one(bench->call, &close_slowly, &emma, &got));
    expect_unavailable(bench);
    souk_db_rollback(bench->db);
    expect_recovered(bench);
    expect_books(bench, "0");
}

/* Sends a book and, in the same transaction, one that COMMIT waits for at the gate. */
static void commit_late(bench_t *bench, void (*meanwhile)(bench_t *bench))
{
    close_gate(bench);
    bench->meanwhile = meanwhile;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(souk_db_run(bench->call, &add_late_book, &emma));
    assert_false(souk_db_commit(bench->db, bench->call));
}

static void nobody_knows_what_became_of_a_commit_that_the_server_hung_up_in(void **state)
{
    bench_t *bench = *state;
    commit_late(bench, hang_up_at_gate);
    expect_unknown(bench);
    expect_recovered(bench);
    expect_books(bench, "0");
}

static void a_commit_whose_answer_was_lost_may_well_have_been_done(void **state)
{
    bench_t *bench = *state;
    commit_late(bench, cut_at_gate);
    expect_unknown(bench);
    open_gate(bench);
    bench_await(bench, "SELECT count(*) FROM book", "1");
    expect_recovered(bench);
}

static void so_may_a_transaction_whose_last_statement_commits_it(void **state)
{
    bench_t *bench = *state;
    struct book got;
    close_gate(bench);
    bench->meanwhile = cut_at_gate;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_late_book, &emma));
    assert_false(souk_db_one(bench->call, &close_with_book, &emma, &got));
    expect_unknown(bench);
    souk_db_rollback(bench->db);
    open_gate(bench);
    bench_await(bench, "SELECT count(*) FROM book", "1");
    expect_recovered(bench);
}

static void so_may_a_statement_alone_that_writes(void **state)
{
    bench_t *bench = *state;
    close_gate(bench);
    bench->meanwhile = cut_at_gate;
    assert_false(souk_db_run(bench->call, &add_slowly, &emma));
    expect_unknown(bench);
    open_gate(bench);
    bench_await(bench, "SELECT count(*) FROM book", "1");
    expect_recovered(bench);
}

static void a_statement_alone_that_the_server_breaks_off_was_not_done(void **state)
{
    bench_t *bench = *state;
    close_gate(bench);
    bench->meanwhile = hang_up_at_gate;
    assert_false(souk_db_run(bench->call, &add_slowly, &emma));
    expect_unavailable(bench);
    expect_recovered(bench);
    expect_books(bench, "0");
}

static void nobody_knows_of_one_alone_that_the_server_broke_off_behind_it(void **state)
{
    bench_t *bench = *state;
    close_gate(bench);
    bench->meanwhile = hang_up_at_gate;
    assert_false(souk_db_run(bench->call, &add_late_book, &emma));
    expect_unknown(bench);
    expect_recovered(bench);
}

static void what_only_reads_may_always_be_asked_again(void **state)
{
    static void (*const blows[])(bench_t *) = { hang_up_at_gate, cut_at_gate };
    bench_t *bench = *state;
    for (int i = 0; i < 2; i++) {
        struct book got;
        close_gate(bench);
        bench->meanwhile = blows[i];
        assert_false(souk_db_one(bench->call, &read_slowly, NULL, &got));
        expect_unavailable(bench);
        open_gate(bench);
        expect_recovered(bench);
    }
}

static void what_was_not_sent_is_rolled_back_even_if_the_server_is_gone(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    hang_up(bench);
    souk_db_rollback(bench->db);
    expect_recovered(bench);
    expect_books(bench, "0");
}

static int open_bench(void **state)
{
    *state = bench_new("lost", shelf, shelf_queries);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_server_that_hung_up_before_a_statement_did_not_do_it),
        TEST(a_server_that_hung_up_before_a_transaction_did_nothing_of_it),
        TEST(a_server_that_hung_up_amid_a_transaction_did_nothing_of_it),
        TEST(a_server_that_hung_up_before_the_commit_did_nothing),
        TEST(a_server_that_hangs_up_in_a_statement_before_the_commit_did_nothing),
        TEST(so_it_is_where_that_statement_takes_the_commit_along),
        TEST(nobody_knows_what_became_of_a_commit_that_the_server_hung_up_in),
        TEST(a_commit_whose_answer_was_lost_may_well_have_been_done),
        TEST(so_may_a_transaction_whose_last_statement_commits_it),
        TEST(so_may_a_statement_alone_that_writes),
        TEST(a_statement_alone_that_the_server_breaks_off_was_not_done),
        TEST(nobody_knows_of_one_alone_that_the_server_broke_off_behind_it),
        TEST(what_only_reads_may_always_be_asked_again),
        TEST(what_was_not_sent_is_rolled_back_even_if_the_server_is_gone),
    };
    return cmocka_run_group_tests(tests, open_bench, bench_close);
}
