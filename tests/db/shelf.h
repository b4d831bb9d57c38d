/* A shelf of books, and a gate that statements and commits can be made to wait at, so that a test
   knows what the server is doing when the blow falls. */
#ifndef SOUK_TEST_SHELF_H
#define SOUK_TEST_SHELF_H

#include "../../db/session.h"
#include "bench.h"

struct book {
    const char *title;
};
static const souk_record_t book = {
    .name = "book",
    .size = sizeof(struct book),
    .fields = { FIELD(book, title) },
};

struct tally {
    int64_t number;
};
static const souk_record_t tally = {
    .name = "tally",
    .size = sizeof(struct tally),
    .fields = { FIELD(tally, number) },
};

static const souk_error_t on_the_shelf = { "on_the_shelf", SOUK_CONFLICT, "it is there already" };
static const souk_error_t not_there = { "not_there", SOUK_NOT_FOUND, "there is no such book" };

/* A late book is looked at when its transaction commits, once the gate is open; one without a title
   is refused then. */
static const char shelf[] =
    "CREATE TABLE book (title text PRIMARY KEY);"
    "CREATE TABLE late (title text);"
    "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " PERFORM pg_advisory_xact_lock_shared(1);"
    " IF NEW.title = '' THEN RAISE EXCEPTION 'a book has a title' USING ERRCODE = '23514'; END IF;"
    " RETURN NULL; END $$;"
    "CREATE CONSTRAINT TRIGGER look AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW EXECUTE FUNCTION look();";

static const souk_query_t add_book = {
    STATEMENT("INSERT INTO book (title) VALUES (:title)"),
    .takes = &book,
    .duplicate = &on_the_shelf,
};
static const souk_query_t add_new_book = {
    STATEMENT("INSERT INTO book (title) VALUES (:title)"),
    .takes = &book,
};
static const souk_query_t close_with_book = {
    STATEMENT("INSERT INTO book (title) VALUES (:title) RETURNING title"),
    .takes = &book,
    .gives = &book,
    .duplicate = &on_the_shelf,
    .commits = true,
};
static const souk_query_t close_slowly = {
    STATEMENT("INSERT INTO book (title) SELECT :title FROM pg_advisory_xact_lock_shared(1)"
              " RETURNING title"),
    .takes = &book,
    .gives = &book,
    .commits = true,
};
static const souk_query_t close_unreadably = {
    STATEMENT("INSERT INTO book (title) VALUES (:title) RETURNING NULL::text AS title"),
    .takes = &book,
    .gives = &book,
    .commits = true,
};
static const souk_query_t add_late_book = {
    STATEMENT("INSERT INTO late (title) VALUES (:title)"),
    .takes = &book,
};
static const souk_query_t add_slowly = {
    STATEMENT("INSERT INTO book (title) SELECT :title FROM pg_advisory_xact_lock_shared(1)"),
    .takes = &book,
};
static const souk_query_t read_slowly = {
    STATEMENT("SELECT 'Emma' AS title FROM pg_advisory_xact_lock_shared(1)"),
    .gives = &book,
};
static const souk_query_t find_book = {
    STATEMENT("SELECT title FROM book WHERE title = :title"),
    .takes = &book,
    .gives = &book,
    .missing = &not_there,
};
static const souk_query_t count_books = {
    STATEMENT("SELECT count(*) AS number FROM book"),
    .gives = &tally,
};
static const souk_query_t *const shelf_queries[] = { &add_book, &add_new_book, &close_with_book,
    &close_slowly, &close_unreadably, &add_late_book, &add_slowly, &read_slowly, &find_book,
    &count_books, NULL };

static const struct book emma = { "Emma" };
static const struct book untitled = { "" };

/* Before each test: an open gate, nobody left of the test before, and an empty shelf. */
static inline int shelf_begin(void **state)
{
    bench_t *bench = *state;
    souk_settings.statement_timeout_ms = 0;
    bench_tell(bench, "SELECT pg_advisory_unlock_all()");
    bench_await(bench,
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'souk'",
        "0");
    bench_tell(bench, "TRUNCATE book, late");
    return bench_begin(state);
}

static inline void close_gate(bench_t *bench)
{
    bench_tell(bench, "SELECT pg_advisory_lock(1)");
}

static inline void open_gate(bench_t *bench)
{
    bench_tell(bench, "SELECT pg_advisory_unlock(1)");
}

static inline bool is_at_gate(bench_t *bench)
{
    return *bench_tell(bench,
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = 'souk' AND wait_event = 'advisory'");
}

/* The server has ended the connection, and that has come as far as the socket. */
static inline void await_hang_up(bench_t *bench)
{
    struct pollfd socket = { .fd = PQsocket(bench->db->conn), .events = POLLRDHUP };
    assert_int_equal(poll(&socket, 1, 10000), 1);
}

/* The server ends the connection, as it does when it is stopped. */
static inline void hang_up(bench_t *bench)
{
    bench_tell(bench,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND application_name = 'souk'");
    await_hang_up(bench);
}

static inline void hang_up_at_gate(bench_t *bench)
{
    if (is_at_gate(bench))
        hang_up(bench);
}

static inline void expect_books(bench_t *bench, const char *number)
{
    assert_string_equal(bench_tell(bench, "SELECT count(*) FROM book"), number);
}

static inline void reconnect(bench_t *bench)
{
    char why[300] = "";
    assert_false(souk_db_connected(bench->db));
    if (souk_db_connect(bench->db, why, sizeof why) != SOUK_DB_READY)
        fail_msg("%s", why);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, shelf_begin, bench_end)

#endif
