/* Many statements, and large ones, travel one behind the other; idle is called while they do. */
#include <signal.h>

#include "shelf.h"

enum {
    MANY = 5000,
    LARGE = 20 << 20, /* bytes: far more than sockets hold */
};

static const souk_query_t add_and_tell = {
    STATEMENT("INSERT INTO book (title) VALUES (:title) RETURNING repeat(title, 1000)"),
    .takes = &book,
};
static const souk_query_t add_many = {
    STATEMENT("INSERT INTO book (title) SELECT unnest(:title::text[])"),
    .takes = &book,
    .many = true,
};
static const souk_query_t all_books = {
    STATEMENT("SELECT title FROM book ORDER BY length(title), title"),
    .gives = &book,
};
static const souk_query_t echo = {
    STATEMENT("SELECT :title::text AS title"),
    .takes = &book,
    .gives = &book,
};
static const souk_query_t *const queries[] = { &add_book, &count_books, &read_slowly, &find_book,
    &add_and_tell, &add_many, &all_books, &echo, NULL };

static struct book numbered(bench_t *bench, int i)
{
    return (struct book){ souk_pool_format(souk_call_pool(bench->call), "%d", i) };
}

static void expect_numbered(bench_t *bench, const souk_list_t *books)
{
    assert_int_equal(books->count, MANY);
    for (int i = 0; i < MANY; i++)
        assert_string_equal(((struct book *)books->items)[i].title, numbered(bench, i).title);
}

static void thousands_of_statements_are_one_transaction(void **state)
{
    bench_t *bench = *state;
    souk_list_t books;
    souk_db_begin(bench->db);
    for (int i = 0; i < MANY; i++) {
        struct book one = numbered(bench, i);
        assert_true(souk_db_run(bench->call, &add_book, &one));
    }
    assert_true(souk_db_all(bench->call, &all_books, NULL, &books));
    expect_numbered(bench, &books);
    expect_books(bench, "0");
    assert_true(souk_db_commit(bench->db, bench->call));
    assert_true(souk_db_all(bench->call, &all_books, NULL, &books));
    expect_numbered(bench, &books);
}

/* The server stops reading until its answers are read: neither may wait for the other for ever. */
static void answers_that_nobody_wants_do_not_stop_what_is_sent(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    for (int i = 0; i < MANY; i++) {
        struct book one = numbered(bench, i);
        assert_true(souk_db_run(bench->call, &add_and_tell, &one));
    }
    assert_true(souk_db_commit(bench->db, bench->call));
    expect_books(bench, "5000");
}

static void one_that_fails_among_thousands_undoes_them_all(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    for (int i = 0; i < MANY; i++) {
        struct book one = numbered(bench, i == MANY / 2 ? 0 : i);
        assert_true(souk_db_run(bench->call, &add_book, &one));
    }
    assert_false(souk_db_commit(bench->db, bench->call));
    bench_expect(bench, &on_the_shelf, on_the_shelf.meaning);
    bench_expect_usable(bench, &count_books);
    expect_books(bench, "0");
}

static void a_list_of_thousands_is_one_statement(void **state)
{
    bench_t *bench = *state;
    souk_list_t books = souk_list_new(bench->pool, MANY, sizeof(struct book)), found;
    for (int i = 0; i < MANY; i++)
        ((struct book *)books.items)[i] = numbered(bench, i);
    assert_true(souk_db_run(bench->call, &add_many, &books));
    assert_true(souk_db_all(bench->call, &all_books, NULL, &found));
    expect_numbered(bench, &found);
}

/* Asked again and again in turn, so that an answer taken for another's would be seen. */
static void every_answer_is_its_own_statements(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    for (int i = 0; i < 200; i++) {
        struct book one = numbered(bench, i), found;
        struct tally tally_now;
        assert_true(souk_db_run(bench->call, &add_book, &one));
        assert_true(souk_db_one(bench->call, &find_book, &one, &found));
        assert_string_equal(found.title, one.title);
        assert_true(souk_db_one(bench->call, &count_books, NULL, &tally_now));
        assert_int_equal(tally_now.number, i + 1);
    }
    assert_true(souk_db_commit(bench->db, bench->call));
}

static void a_text_of_twenty_megabytes_comes_back_as_it_went(void **state)
{
    bench_t *bench = *state;
    struct book got;
    char *text = souk_alloc(bench->call, LARGE + 1);
    for (int i = 0; i < LARGE; i++)
        text[i] = (char)('a' + i % 26);
    assert_true(souk_db_one(bench->call, &echo, &(struct book){ text }, &got));
    assert_int_equal(strlen(got.title), LARGE);
    assert_memory_equal(got.title, text, LARGE);
}

static void open_gate_when_idled_thrice(bench_t *bench)
{
    if (bench->idled == 3)
        open_gate(bench);
}

/* The statement ends because idle was called, and would not otherwise. */
static void idle_is_called_while_a_statement_is_waited_for(void **state)
{
    bench_t *bench = *state;
    struct book got;
    close_gate(bench);
    bench->meanwhile = open_gate_when_idled_thrice;
    assert_true(souk_db_one(bench->call, &read_slowly, NULL, &got));
    assert_string_equal(got.title, "Emma");
    assert_true(bench->idled >= 3);
}

static void idle_is_called_ten_times_a_second_at_the_most(void **state)
{
    bench_t *bench = *state;
    int64_t begun_ms = souk_clock_ms();
    for (int i = 0; i < 500; i++) {
        struct tally got;
        assert_true(souk_db_one(bench->call, &count_books, NULL, &got));
    }
    assert_true(bench->idled <= (souk_clock_ms() - begun_ms) / SOUK_DB_IDLE_MS + 1);
}

static pid_t backend_of(bench_t *bench)
{
    return atoi(bench_tell(bench,
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = 'souk'"));
}

/* Five seconds behind the time that a statement may take: it has no other way to be told. */
static void a_server_that_says_nothing_any_more_is_given_up(void **state)
{
    bench_t *bench = *state;
    struct tally got;
    pid_t server = backend_of(bench);
    souk_settings.statement_timeout_ms = 100;
    assert_int_equal(kill(server, SIGSTOP), 0);
    bool done = souk_db_one(bench->call, &count_books, NULL, &got);
    kill(server, SIGCONT);
    assert_false(done);
    bench_expect(bench, &souk_unavailable, "the database is not there");
    assert_true(bench->idled > 10);
    reconnect(bench);
    bench_expect_usable(bench, &count_books);
}

static int open_bench(void **state)
{
    *state = bench_new("pipeline", shelf, queries);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(thousands_of_statements_are_one_transaction),
        TEST(answers_that_nobody_wants_do_not_stop_what_is_sent),
        TEST(one_that_fails_among_thousands_undoes_them_all),
        TEST(a_list_of_thousands_is_one_statement),
        TEST(every_answer_is_its_own_statements),
        TEST(a_text_of_twenty_megabytes_comes_back_as_it_went),
        TEST(idle_is_called_while_a_statement_is_waited_for),
        TEST(idle_is_called_ten_times_a_second_at_the_most),
        TEST(a_server_that_says_nothing_any_more_is_given_up),
    };
    return cmocka_run_group_tests(tests, open_bench, bench_close);
}
