/* Batches, over a real database: what fails alone, what is tried again, and what is not. */
#include <stdatomic.h>

#include "stage.h"

struct mark {
    const char *word;
    int together; /* so many calls were served with this one */
};
static const souk_record_t mark = {
    .name = "mark",
    .size = sizeof(struct mark),
    .fields = { FIELD(mark, word), FIELD(mark, together) },
};

static const souk_error_t taken = { "taken", SOUK_CONFLICT, "There is one of this name." };

static const souk_query_t save = {
    STATEMENT("INSERT INTO mark (word) SELECT word FROM unnest(:word::text[]) AS asked (word)"),
    .takes = &word,
    .many = true,
    .duplicate = &taken,
};
static const souk_query_t touch = {
    STATEMENT("UPDATE mark SET touched = touched + 1 WHERE word = :word RETURNING word"),
    .takes = &word,
    .gives = &word,
};
static const souk_query_t hang_up = {
    STATEMENT("SELECT pg_terminate_backend(pg_backend_pid())::text AS word"),
    .gives = &word,
};

static atomic_int runs, hang_ups;

static bool reply_to_all(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct word *asked = souk_batch_request(batch, i);
        *(struct mark *)souk_batch_reply(batch, i) =
            (struct mark){ asked->word, (int)batch->count };
    }
    return true;
}

static bool add(souk_batch_t *batch)
{
    souk_list_t words = souk_batch_gather(batch);
    atomic_fetch_add(&runs, 1);
    return souk_db_run(batch->all, &save, &words) && reply_to_all(batch);
}

/* One after the other, in the order in which they were asked for. */
static bool lock(souk_batch_t *batch)
{
    struct word locked;
    atomic_fetch_add(&runs, 1);
    for (size_t i = 0; i < batch->count; i++)
        if (!souk_db_one(batch->all, &touch, souk_batch_request(batch, i), &locked))
            return false;
    return reply_to_all(batch);
}

/* The server hangs up so many times as the test says. */
static bool lose(souk_batch_t *batch)
{
    struct word unused;
    souk_list_t words = souk_batch_gather(batch);
    atomic_fetch_add(&runs, 1);
    if (!souk_db_run(batch->all, &save, &words))
        return false;
    if (atomic_fetch_sub(&hang_ups, 1) > 0)
        return souk_db_one(batch->all, &hang_up, NULL, &unused);
    return reply_to_all(batch);
}

/* What begins with x fails here, before anything is written. */
static bool choose(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct word *asked = souk_batch_request(batch, i);
        if (*asked->word == 'x')
            souk_batch_fail(batch, i, &taken, "%s is not wanted", asked->word);
    }
    return add(batch);
}

#define ROW(row, ...)                                                                              \
    {                                                                                              \
        .name = "mark." row, .request = &word, .reply = &mark, .errors = { &taken },               \
        .writes = true, __VA_ARGS__                                                                \
    }
static const souk_actor_t mark_actor = {
    .name = "mark",
    .queries = { &save, &touch, &hang_up },
    .operations = {
        ROW("add", .batch = add),
        ROW("lock", .batch = lock),
        ROW("lose", .batch = lose),
        ROW("choose", .batch = choose),
    },
};

/* A row "unsure" makes the server hang up at the end of COMMIT. */
static const char tables[] =
    "CREATE TABLE mark (word text PRIMARY KEY CHECK (word <> 'poison'), touched int DEFAULT 0);"
    "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
    "CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON mark DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW WHEN (NEW.word = 'unsure') EXECUTE FUNCTION hang_up()";

static int make(void **state)
{
    return stage_make(state, &mark_actor, tables);
}

static int begin(void **state)
{
    stage_t *it = *state;
    tell(it, "TRUNCATE mark");
    tell(it, "INSERT INTO mark (word) VALUES ('left'), ('right')");
    atomic_store(&runs, 0);
    atomic_store(&hang_ups, 0);
    stage_settings(it);
    souk_settings.dsn =
        souk_pool_format(it->pool, "%s options='-c deadlock_timeout=1500ms'", souk_settings.dsn);
    stage_open(it);
    return 0;
}

static void expect_together(stage_t *it, size_t i, int together)
{
    expect_code(it, i, "ok");
    assert_int_equal(((struct mark *)value_of(it, i, &mark))->together, together);
}

static void calls_that_wait_are_written_together(void **state)
{
    ask(*state, "mark.add", "a", "b", "c");
    for (size_t i = 0; i < 3; i++)
        expect_together(*state, i, 3);
    assert_int_equal(atomic_load(&runs), 1);
    expect_row(*state, "SELECT count(DISTINCT xmin::text) FROM mark WHERE word IN ('a', 'b', 'c')",
        "1");
}

static void one_that_is_poisoned_fails_alone(void **state)
{
    ask(*state, "mark.add", "a", "poison", "c");
    expect_together(*state, 0, 1);
    expect_code(*state, 1, "internal");
    expect_together(*state, 2, 1);
    expect_row(*state, "SELECT string_agg(word, ' ' ORDER BY word) FROM mark", "a c left right");
}

static void one_that_comes_twice_fails_alone(void **state)
{
    ask(*state, "mark.add", "a", "left", "c");
    expect_together(*state, 0, 1);
    expect_code(*state, 1, "taken");
    expect_together(*state, 2, 1);
}

static void who_is_failed_leaves_the_others_together(void **state)
{
    ask(*state, "mark.choose", "a", "x", "c");
    expect_together(*state, 0, 3);
    expect_code(*state, 1, "taken");
    expect_together(*state, 2, 3);
    expect_row(*state, "SELECT count(*) FROM mark WHERE word = 'x'", "0");
    assert_int_equal(atomic_load(&runs), 1);
}

static PGconn *connect_beside(stage_t *it)
{
    PGconn *beside = PQconnectdb(souk_settings.dsn);
    assert_int_equal(PQstatus(beside), CONNECTION_OK);
    PQclear(PQexec(beside, "SET deadlock_timeout = '60s'"));
    return beside;
}

/* Another session holds what the batch wants second, and wants what the batch holds. */
static void a_batch_that_deadlocks_is_tried_again_as_a_whole(void **state)
{
    stage_t *it = *state;
    PGconn *beside = connect_beside(it);
    PQclear(PQexec(beside, "BEGIN; UPDATE mark SET touched = 10 WHERE word = 'right'"));
    send_words(it, "mark.lock", TEXTS("left", "right"));
    expect_row_soon(it,
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND datname = current_database()",
        "1");
    PQclear(PQexec(beside, "UPDATE mark SET touched = 10 WHERE word = 'left'"));
    PQclear(PQexec(beside, "COMMIT"));
    assert_int_equal(PQtransactionStatus(beside), PQTRANS_IDLE);
    take_answer(it);
    expect_together(it, 0, 2);
    expect_together(it, 1, 2);
    assert_true(atomic_load(&runs) >= 2);
    expect_row(it, "SELECT sum(touched) FROM mark", "22");
    PQfinish(beside);
}

static void a_connection_that_is_lost_is_made_anew_and_the_batch_tried_again(void **state)
{
    atomic_store(&hang_ups, 1);
    ask(*state, "mark.lose", "a", "b");
    expect_together(*state, 0, 2);
    assert_int_equal(atomic_load(&runs), 2);
    expect_row(*state, "SELECT count(*) FROM mark", "4");
}

/* Alone they would not fare better, and nothing was done. */
static void a_connection_that_is_lost_again_is_unavailable(void **state)
{
    atomic_store(&hang_ups, 2);
    ask(*state, "mark.lose", "a", "b");
    expect_error(*state, "unavailable", "database");
    expect_code(*state, 1, "unavailable");
    assert_int_equal(atomic_load(&runs), 2);
    expect_row(*state, "SELECT count(*) FROM mark", "2");
    ask(*state, "mark.add", "a");
    if (strcmp(((stage_t *)*state)->outcomes[0].code, "unavailable") == 0)
        ask(*state, "mark.add", "a");
    expect_together(*state, 0, 1);
}

static void a_commit_whose_end_nobody_knows_is_not_repeated(void **state)
{
    ask(*state, "mark.add", "a", "unsure");
    expect_error(*state, "worker_lost", "committed");
    expect_code(*state, 1, "worker_lost");
    assert_int_equal(atomic_load(&runs), 1);
    expect_row(*state, "SELECT count(*) FROM mark", "2");
}

static void what_was_lost_is_back_for_the_next(void **state)
{
    tell(*state,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND datname = current_database()");
    ask(*state, "mark.add", "a");
    expect_together(*state, 0, 1);
    assert_string_equal(health_of(*state)->database, "ok");
}

#define on_stage(name) cmocka_unit_test_setup_teardown(name, begin, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_stage(calls_that_wait_are_written_together),
        on_stage(one_that_is_poisoned_fails_alone),
        on_stage(one_that_comes_twice_fails_alone),
        on_stage(who_is_failed_leaves_the_others_together),
        on_stage(a_batch_that_deadlocks_is_tried_again_as_a_whole),
        on_stage(a_connection_that_is_lost_is_made_anew_and_the_batch_tried_again),
        on_stage(a_connection_that_is_lost_again_is_unavailable),
        on_stage(a_commit_whose_end_nobody_knows_is_not_repeated),
        on_stage(what_was_lost_is_back_for_the_next),
    };
    return cmocka_run_group_tests(tests, make, stage_drop);
}
