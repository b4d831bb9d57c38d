/* Connecting: a server that is not there (yet), words that are no DSN, and coming back. */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "shelf.h"

/* Connects with other words than the test's own; what became of it. */
static souk_db_state_t connect_by(bench_t *bench, const char *dsn, char *why, size_t size)
{
    const char *before = bench->dsn;
    bench->dsn = dsn;
    souk_db_state_t state = bench_connect(bench, bench->queries, why, size);
    bench->dsn = before;
    return state;
}

static void expect_state(bench_t *bench, const char *dsn, souk_db_state_t wanted, const char *words)
{
    char why[300] = "";
    assert_int_equal(connect_by(bench, dsn, why, sizeof why), wanted);
    if (!strstr(why, words) || strchr(why, '\n'))
        fail_msg("\"%s\" does not say \"%s\" in one line", why, words);
    assert_int_equal(souk_db_connected(bench->db), wanted == SOUK_DB_READY);
}

static void a_server_that_is_not_there_is_away(void **state)
{
    bench_t *bench = *state;
    expect_state(bench, "host=/nowhere dbname=souk", SOUK_DB_AWAY, "No such file or directory");
    expect_state(bench, "host=127.0.0.1 port=1 dbname=souk", SOUK_DB_AWAY, "Connection refused");
}

static void so_are_a_database_and_a_role_that_are_not_there(void **state)
{
    bench_t *bench = *state;
    expect_state(bench, souk_pool_format(bench->pool, "%s dbname=nothing_here", bench->dsn),
        SOUK_DB_AWAY, "database \"nothing_here\" does not exist");
    expect_state(bench, souk_pool_format(bench->pool, "%s user=nobody_here", bench->dsn),
        SOUK_DB_AWAY, "role \"nobody_here\" does not exist");
}

static void words_that_are_no_dsn_are_wrong(void **state)
{
    static const struct {
        const char *dsn, *words;
    } cases[] = {
        { "dbname", "missing \"=\" after \"dbname\"" },
        { "databse=souk", "invalid connection option \"databse\"" },
        { "host='/tmp", "unterminated quoted string" },
        { "postgresql://[::1/souk", "end of string" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_state(*state, cases[i].dsn, SOUK_DB_WRONG, cases[i].words);
}

static void of_several_servers_the_first_that_is_there_is_taken(void **state)
{
    bench_t *bench = *state;
    const char *here = PQhost(bench->database.admin);
    expect_state(bench, souk_pool_format(bench->pool, "%s host='/nowhere,%s'", bench->dsn, here),
        SOUK_DB_READY, "");
    bench_expect_usable(bench, &count_books);
}

static void without_a_connection_statements_are_told_so(void **state)
{
    bench_t *bench = *state;
    struct tally got;
    expect_state(bench, "host=/nowhere", SOUK_DB_AWAY, "");
    assert_false(souk_db_one(bench->call, &count_books, NULL, &got));
    bench_expect(bench, &souk_unavailable, "the database is not there");
    souk_db_begin(bench->db);
    assert_false(souk_db_run(bench->call, &add_book, &emma));
    bench_expect(bench, &souk_unavailable, "the database is not there");
    assert_false(souk_db_commit(bench->db, bench->call));
    bench_expect(bench, &souk_unavailable, "the transaction had failed");
    souk_db_begin(bench->db);
    souk_db_rollback(bench->db);
    assert_false(souk_db_in_transaction(bench->db));
}

static const char *backends(bench_t *bench)
{
    return bench_tell(bench,
        "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'souk'");
}

static void who_is_connected_stays_so(void **state)
{
    bench_t *bench = *state;
    char why[300] = "";
    const char *before = backends(bench);
    assert_int_equal(souk_db_connect(bench->db, why, sizeof why), SOUK_DB_READY);
    assert_string_equal(backends(bench), before);
}

static void a_server_that_hung_up_is_connected_to_anew(void **state)
{
    bench_t *bench = *state;
    for (int i = 0; i < 3; i++) {
        char why[300] = "";
        hang_up(bench);
        assert_int_equal(souk_db_connect(bench->db, why, sizeof why), SOUK_DB_READY);
        bench_expect_usable(bench, &count_books);
    }
    assert_true(souk_db_run(bench->call, &add_book, &emma));
    expect_books(bench, "1");
}

/* A server that takes connections and says nothing. */
typedef struct {
    struct sockaddr_un address;
    char folder[40];
    int socket;
} mute_t;
static mute_t mute;

static void mute_open(void)
{
    strcpy(mute.folder, "/tmp/souk-mute-XXXXXX");
    assert_non_null(mkdtemp(mute.folder));
    mute.address.sun_family = AF_UNIX;
    snprintf(mute.address.sun_path, sizeof mute.address.sun_path, "%s/.s.PGSQL.5432", mute.folder);
    mute.socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(mute.socket, (struct sockaddr *)&mute.address, sizeof mute.address), 0);
    assert_int_equal(listen(mute.socket, 1), 0);
}

static void mute_close(bench_t *bench)
{
    if (bench->idled < 3 || mute.socket < 0)
        return;
    close(mute.socket);
    mute.socket = -1;
    unlink(mute.address.sun_path);
    rmdir(mute.folder);
}

/* Connecting ends because idle was called, and would not otherwise for seconds. */
static void idle_is_called_while_a_connection_is_waited_for(void **state)
{
    bench_t *bench = *state;
    mute_open();
    bench->meanwhile = mute_close;
    expect_state(bench, souk_pool_format(bench->pool, "host=%s port=5432 dbname=souk", mute.folder),
        SOUK_DB_AWAY, "");
    assert_int_equal(mute.socket, -1);
    assert_true(bench->idled >= 3);
}

static void the_library_speaks_utf8_whatever_the_dsn_says(void **state)
{
    bench_t *bench = *state;
    const struct book mansfield = { "M\xc3\xa4nsfield Park" };
    struct book got;
    const char *dsn = souk_pool_format(bench->pool, "%s client_encoding=LATIN1", bench->dsn);
    expect_state(bench, dsn, SOUK_DB_READY, "");
    assert_true(souk_db_run(bench->call, &add_book, &mansfield));
    assert_true(souk_db_one(bench->call, &find_book, &mansfield, &got));
    assert_string_equal(got.title, mansfield.title);
    assert_string_equal(bench_tell(bench, "SELECT length(title) FROM book"), "14");
}

static const souk_query_t find_day = {
    STATEMENT("SELECT (timestamptz '2026-01-01 23:30:00Z')::date::text AS title"),
    .gives = &book,
};
static const souk_query_t *const calendar_queries[] = { &find_day, NULL };

static void days_are_those_of_utc_whatever_the_dsn_says(void **state)
{
    bench_t *bench = *state;
    const char *dsn =
        souk_pool_format(bench->pool, "%s options='-c TimeZone=Asia/Tokyo'", bench->dsn);
    struct book got;
    bench->queries = calendar_queries;
    expect_state(bench, dsn, SOUK_DB_READY, "");
    bench->queries = shelf_queries;
    assert_true(souk_db_one(bench->call, &find_day, NULL, &got));
    assert_string_equal(got.title, "2026-01-01");
}

static int open_bench(void **state)
{
    *state = bench_new("connect", shelf, shelf_queries);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_server_that_is_not_there_is_away),
        TEST(so_are_a_database_and_a_role_that_are_not_there),
        TEST(words_that_are_no_dsn_are_wrong),
        TEST(of_several_servers_the_first_that_is_there_is_taken),
        TEST(without_a_connection_statements_are_told_so),
        TEST(who_is_connected_stays_so),
        TEST(a_server_that_hung_up_is_connected_to_anew),
        TEST(idle_is_called_while_a_connection_is_waited_for),
        TEST(the_library_speaks_utf8_whatever_the_dsn_says),
        TEST(days_are_those_of_utc_whatever_the_dsn_says),
    };
    return cmocka_run_group_tests(tests, open_bench, bench_close);
}
