/* What PostgreSQL's errors mean to a call, what is logged of them, and that the connection works
   on. */
#include "shelf.h"
#include "stderr.h"

struct login {
    const char *name;
    const char *password;
};
static const souk_record_t login = {
    .name = "login",
    .size = sizeof(struct login),
    .fields = {
        FIELD(login, name),
        FIELD(login, password, .secret = true),
    },
};

static const souk_query_t raise_error = {
    STATEMENT("SELECT raise_error(:title) AS title"),
    .takes = &book,
    .gives = &book,
};
static const souk_query_t rename_book = {
    STATEMENT("UPDATE book SET title = title WHERE title = :title RETURNING title"),
    .takes = &book,
    .gives = &book,
};
static const souk_query_t sleep_long = {
    STATEMENT("SELECT 'Emma' AS title FROM pg_sleep(60)"),
    .gives = &book,
};
static const souk_query_t read_number = {
    STATEMENT("SELECT :title::text::int AS number"),
    .takes = &book,
    .gives = &tally,
};
static const souk_query_t read_secret = {
    STATEMENT("SELECT (:name || :password)::int AS number"),
    .takes = &login,
    .gives = &tally,
};
static const souk_query_t keep_secret = {
    STATEMENT("INSERT INTO book (title) VALUES ((:password::text)::int::text || :name)"),
    .takes = &login,
};
static const souk_query_t *const queries[] = { &add_book, &add_new_book, &count_books, &raise_error,
    &rename_book, &sleep_long, &read_number, &read_secret, &keep_secret, NULL };

static const char raising[] =
    "CREATE FUNCTION raise_error(state text) RETURNS text LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'raised' USING ERRCODE = state; END $$;";

typedef struct {
    const char *state;
    const souk_error_t *error;
    const char *words;
    bool retry, stale;
} meaning_t;

static const meaning_t meanings[] = {
    { "40001", &souk_unavailable, "others changed the same rows", .retry = true },
    { "40P01", &souk_unavailable, "others wanted the same rows", .retry = true },
    { "55P03", &souk_unavailable, "others hold the same rows" },
    { "57014", &souk_unavailable, "the database took too long" },
    { "53100", &souk_unavailable, "no room or memory" },
    { "53200", &souk_unavailable, "no room or memory" },
    { "53300", &souk_unavailable, "no room or memory" },
    { "08006", &souk_unavailable, "the database is not there", .stale = true },
    { "57P01", &souk_unavailable, "the database is not there", .stale = true },
    { "57P03", &souk_unavailable, "the database is not there", .stale = true },
    { "25006", &souk_unavailable, "the database only reads", .stale = true },
    { "0A000", &souk_unavailable, "the tables were changed", .stale = true },
    { "26000", &souk_unavailable, "the statements were forgotten", .stale = true },
    { "23505", &souk_internal, "the statement statement failed" },
    { "23503", &souk_internal, "the statement statement failed" },
    { "23514", &souk_internal, "the statement statement failed" },
    { "22012", &souk_internal, "the statement statement failed" },
    { "42501", &souk_internal, "the statement statement failed" },
    { "40002", &souk_internal, "the statement statement failed" },
    { "P0001", &souk_internal, "the statement statement failed" },
    { "XX000", &souk_internal, "the statement statement failed" },
};

static void expect_meaning(bench_t *bench, const meaning_t *meaning)
{
    bench_expect(bench, meaning->error, meaning->words);
    assert_int_equal(souk_db_may_retry(bench->db), meaning->retry);
    assert_int_equal(souk_db_connected(bench->db), !meaning->stale);
}

static void expect_meaning_alone(bench_t *bench, const meaning_t *meaning)
{
    struct book got;
    assert_false(souk_db_one(bench->call, &raise_error, &(struct book){ meaning->state }, &got));
    expect_meaning(bench, meaning);
    if (meaning->stale)
        reconnect(bench);
    bench_expect_usable(bench, &count_books);
}

static void expect_meaning_amid(bench_t *bench, const meaning_t *meaning)
{
    struct book got;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_false(souk_db_one(bench->call, &raise_error, &(struct book){ meaning->state }, &got));
    expect_meaning(bench, meaning);
    assert_false(souk_db_commit(bench->db, bench->call));
    bench_expect(bench, meaning->error, "the transaction had failed");
    assert_false(souk_db_may_retry(bench->db));
    if (meaning->stale)
        reconnect(bench);
    bench_expect_usable(bench, &count_books);
    expect_books(bench, "0");
}

static void every_error_has_its_meaning_alone_and_amid_a_transaction(void **state)
{
    bench_t *bench = *state;
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        expect_meaning_alone(bench, &meanings[i]);
        expect_meaning_amid(bench, &meanings[i]);
    }
}

/* What was worth trying again is said once, and forgotten with the next failure and attempt. */
static void whether_to_try_again_is_said_of_the_last_failure(void **state)
{
    bench_t *bench = *state;
    struct book got;
    assert_false(souk_db_one(bench->call, &raise_error, &(struct book){ "40001" }, &got));
    bench_next_call(bench);
    assert_true(souk_db_may_retry(bench->db));
    assert_false(souk_db_may_retry(bench->db));
    assert_false(souk_db_one(bench->call, &raise_error, &(struct book){ "23514" }, &got));
    bench_next_call(bench);
    assert_false(souk_db_may_retry(bench->db));
    assert_false(souk_db_one(bench->call, &raise_error, &(struct book){ "40001" }, &got));
    bench_next_call(bench);
    souk_db_begin(bench->db);
    assert_false(souk_db_may_retry(bench->db));
    souk_db_rollback(bench->db);
}

/* From now on the connection has these, in libpq's words. */
static void connect_with(bench_t *bench, const char *options)
{
    const char *dsn = bench->dsn;
    char why[300] = "";
    bench->dsn = souk_pool_format(bench->pool, "%s options='%s'", dsn, options);
    if (bench_connect(bench, queries, why, sizeof why) != SOUK_DB_READY)
        fail_msg("%s", why);
    bench->dsn = dsn;
}

static void who_changes_what_another_changed_meanwhile_may_try_again(void **state)
{
    bench_t *bench = *state;
    struct tally before;
    struct book got;
    connect_with(bench, "-c default_transaction_isolation=serializable");
    bench_tell(bench, "INSERT INTO book VALUES ('Emma')");
    souk_db_begin(bench->db);
    assert_true(souk_db_one(bench->call, &count_books, NULL, &before));
    bench_tell(bench, "UPDATE book SET title = title");
    assert_false(souk_db_one(bench->call, &rename_book, &emma, &got));
    bench_expect(bench, &souk_unavailable, "others changed the same rows");
    assert_true(souk_db_may_retry(bench->db));
    souk_db_rollback(bench->db);
    bench_expect_usable(bench, &count_books);
}

/* Another who holds Persuasion and waits for Emma, which somebody holds. */
static PGconn *wait_for_emma(bench_t *bench)
{
    PGconn *other = PQconnectdb(bench->dsn);
    PQclear(PQexec(other, "SET deadlock_timeout = '1min'"));
    PQclear(PQexec(other, "BEGIN; UPDATE book SET title = title WHERE title = 'Persuasion'"));
    assert_true(PQsendQuery(other, "UPDATE book SET title = title WHERE title = 'Emma'"));
    bench_await(bench,
        souk_pool_format(bench->pool,
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = %d", PQbackendPID(other)),
        "1");
    return other;
}

static void of_two_who_wait_for_each_other_one_may_try_again(void **state)
{
    bench_t *bench = *state;
    struct book got;
    connect_with(bench, "-c deadlock_timeout=10ms");
    bench_tell(bench, "INSERT INTO book VALUES ('Emma'), ('Persuasion')");
    souk_db_begin(bench->db);
    assert_true(souk_db_one(bench->call, &rename_book, &emma, &got));
    PGconn *other = wait_for_emma(bench);
    assert_false(souk_db_one(bench->call, &rename_book, &(struct book){ "Persuasion" }, &got));
    PQfinish(other);
    bench_expect(bench, &souk_unavailable, "others wanted the same rows");
    assert_true(souk_db_may_retry(bench->db));
    souk_db_rollback(bench->db);
    bench_expect_usable(bench, &count_books);
}

/* Half of the time that a statement has, so that it is told from one that is slow. */
static void a_lock_is_waited_for_half_as_long_as_a_statement_may_take(void **state)
{
    bench_t *bench = *state;
    souk_settings.statement_timeout_ms = 1000;
    connect_with(bench, "");
    bench_tell(bench, "BEGIN; LOCK TABLE book");
    assert_false(souk_db_run(bench->call, &add_book, &emma));
    bench_tell(bench, "ROLLBACK");
    bench_expect(bench, &souk_unavailable, "others hold the same rows");
    assert_false(souk_db_may_retry(bench->db));
    bench_expect_usable(bench, &count_books);
}

static void a_statement_that_takes_too_long_is_ended(void **state)
{
    bench_t *bench = *state;
    struct book got;
    souk_settings.statement_timeout_ms = 500;
    connect_with(bench, "");
    assert_false(souk_db_one(bench->call, &sleep_long, NULL, &got));
    bench_expect(bench, &souk_unavailable, "the database took too long");
    assert_false(souk_db_may_retry(bench->db));
    bench_expect_usable(bench, &count_books);
}

static void a_transaction_that_nobody_goes_on_with_is_ended(void **state)
{
    bench_t *bench = *state;
    struct tally got;
    souk_settings.statement_timeout_ms = 500;
    connect_with(bench, "");
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(souk_db_one(bench->call, &count_books, NULL, &got));
    await_hang_up(bench);
    assert_false(souk_db_commit(bench->db, bench->call));
    bench_expect(bench, &souk_unavailable, "the database is not there");
    reconnect(bench);
    bench_expect_usable(bench, &count_books);
    expect_books(bench, "0");
}

static void tables_that_were_changed_are_looked_at_anew(void **state)
{
    bench_t *bench = *state;
    struct book got;
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(souk_db_one(bench->call, &rename_book, &emma, &got));
    bench_tell(bench, "ALTER TABLE book ALTER title TYPE varchar(100)");
    assert_false(souk_db_one(bench->call, &rename_book, &emma, &got));
    bench_expect(bench, &souk_unavailable, "the tables were changed");
    reconnect(bench);
    assert_true(souk_db_one(bench->call, &rename_book, &emma, &got));
    bench_tell(bench, "ALTER TABLE book ALTER title TYPE text");
}

static void a_duplicate_is_what_the_statement_says_it_is(void **state)
{
    bench_t *bench = *state;
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_false(souk_db_run(bench->call, &add_book, &emma));
    bench_expect(bench, &on_the_shelf, on_the_shelf.meaning);
    assert_false(souk_db_run(bench->call, &add_new_book, &emma));
    bench_expect(bench, &souk_internal, "the statement statement failed");
    bench_expect_usable(bench, &count_books);
}

static const char *log_of(bench_t *bench, const souk_query_t *query, const void *takes)
{
    struct tally got;
    stderr_t kept = stderr_keep();
    bool done = query->gives ? souk_db_one(bench->call, query, takes, &got)
                             : souk_db_run(bench->call, query, takes);
    const char *log = stderr_kept(&kept, bench->pool);
    assert_false(done);
    bench_next_call(bench);
    return log;
}

static void the_log_says_which_statement_failed_and_why(void **state)
{
    bench_t *bench = *state;
    const char *log = log_of(bench, &read_number, &emma);
    assert_non_null(strstr(log, "level=error name=db statement=statement sqlstate=22P02"));
    assert_non_null(strstr(log, "invalid input syntax"));
}

/* The detail quotes the row. */
static void the_log_names_the_constraint_and_not_the_row(void **state)
{
    bench_t *bench = *state;
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    const char *log = log_of(bench, &add_new_book, &emma);
    assert_non_null(strstr(log, "sqlstate=23505 constraint=book_pkey"));
    assert_null(strstr(log, "Emma"));
    assert_string_equal(log_of(bench, &add_book, &emma), "");
}

static void a_secret_is_not_logged_even_where_the_server_quotes_it(void **state)
{
    bench_t *bench = *state;
    const struct login ann = { "ann", "opensesame" };
    const char *log = log_of(bench, &read_secret, &ann);
    assert_non_null(strstr(log, "sqlstate=22P02"));
    assert_null(strstr(log, "sesame"));
    log = log_of(bench, &keep_secret, &ann);
    assert_non_null(strstr(log, "sqlstate=22P02"));
    assert_null(strstr(log, "sesame"));
}

static void nor_where_its_failure_shows_at_a_later_statement(void **state)
{
    bench_t *bench = *state;
    souk_db_begin(bench->db);
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    assert_true(souk_db_run(bench->call, &keep_secret, &(struct login){ "ann", "opensesame" }));
    const char *log = log_of(bench, &count_books, NULL);
    assert_non_null(strstr(log, "sqlstate=22P02"));
    assert_null(strstr(log, "sesame"));
    souk_db_rollback(bench->db);
    bench_expect_usable(bench, &count_books);
}

static int open_bench(void **state)
{
    bench_t *bench = bench_new("failure", shelf, queries);
    bench_tell(bench, raising);
    *state = bench;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_error_has_its_meaning_alone_and_amid_a_transaction),
        TEST(whether_to_try_again_is_said_of_the_last_failure),
        TEST(who_changes_what_another_changed_meanwhile_may_try_again),
        TEST(of_two_who_wait_for_each_other_one_may_try_again),
        TEST(a_lock_is_waited_for_half_as_long_as_a_statement_may_take),
        TEST(a_statement_that_takes_too_long_is_ended),
        TEST(a_transaction_that_nobody_goes_on_with_is_ended),
        TEST(tables_that_were_changed_are_looked_at_anew),
        TEST(a_duplicate_is_what_the_statement_says_it_is),
        TEST(the_log_says_which_statement_failed_and_why),
        TEST(the_log_names_the_constraint_and_not_the_row),
        TEST(a_secret_is_not_logged_even_where_the_server_quotes_it),
        TEST(nor_where_its_failure_shows_at_a_later_statement),
    };
    return cmocka_run_group_tests(tests, open_bench, bench_close);
}
