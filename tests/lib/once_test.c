/* What a handler does under an idempotency key: once, over a real database, however often and by
   however many it is asked. */
#include "stage.h"

static const souk_error_t sold_out = { "sold_out", SOUK_CONFLICT, "There is none left." };

static const souk_query_t save = {
    STATEMENT("INSERT INTO entry (word) VALUES (:word)"),
    .takes = &word,
};
static const souk_query_t rest = {
    STATEMENT("SELECT pg_sleep(CASE WHEN waits THEN 1 ELSE 0 END)::text AS word FROM mood"),
    .gives = &word,
};

/* What begins with ! is written and then regretted. */
static bool enter(souk_call_t *call, const void *request, void *reply)
{
    const struct word *it = request;
    struct word pause;

    if (!souk_db_one(call, &rest, NULL, &pause) || !souk_db_run(call, &save, it))
        return false;
    if (*it->word == '!')
        return souk_fail(call, &sold_out, "on second thoughts");
    *(struct word *)reply = (struct word){ .word = it->word };
    return true;
}

/* What begins with ? is counted and then not let in. */
static bool check(souk_call_t *call, void *request)
{
    struct word *it = request;
    return souk_db_run(call, &save, &(struct word){ "checked" }) &&
        (*it->word != '?' || souk_fail(call, &sold_out, "not to be let in"));
}

static const souk_record_t secret_word = {
    .name = "secret_word",
    .size = sizeof(struct word),
    .fields = { FIELD(word, word, .secret = true) },
};

#define RANDOM "b1cf2a6e-3a30-4d6b-9c4e-0f4fd7c1a2b3"
#define ANOTHER "0d9c3b4a-52f1-4c0e-8a7d-6e5f4c3b2a19"

#define ROW(row, ...)                                                                              \
    {                                                                                              \
        .name = "book." row, .request = &word, .reply = &word, .errors = { &sold_out },            \
        .handler = enter, .writes = true, __VA_ARGS__                                              \
    }
static const souk_actor_t book_actor = {
    .name = "book",
    .queries = { &save, &rest },
    .operations = {
        ROW("enter", .takes_key = true),
        ROW("copy", .takes_key = true),
        ROW("must", .needs_key = true),
        ROW("scrawl"),
        ROW("pass", .prepare = check, .takes_key = true),
        {
            .name = "book.whisper",
            .request = &word,
            .reply = &secret_word,
            .errors = { &sold_out },
            .handler = enter,
            .writes = true,
            .takes_key = true,
        },
    },
};

static int make(void **state)
{
    return stage_make(state, &book_actor,
        "CREATE TABLE entry (word text); CREATE TABLE mood (waits bool);"
        "INSERT INTO mood VALUES (false); CREATE SCHEMA book;"
        "DO $$ BEGIN"
        " IF to_regrole('souk_book') IS NULL THEN CREATE ROLE souk_book; END IF; END $$;"
        "CALL souk_give_request_keys('book'); ALTER TABLE book.request_key SET SCHEMA public");
}

static int begin(void **state)
{
    stage_t *it = *state;
    tell(it, "TRUNCATE entry, request_key");
    tell(it, "UPDATE mood SET waits = false");
    stage_settings(it);
    souk_settings.blocking_threads = 2;
    stage_open(it);
    return 0;
}

/* As this user (NULL: nobody) under this key. */
static void send_under(stage_t *it, const char *user, const char *key, const char *operation,
    const char *text)
{
    souk_bytes_t call = souk_wire_encode(&word, &(struct word){ text }, it->pool);
    souk_caller_t caller = { .user = user, .key = key };
    souk_question_t question = {
        .operation = operation,
        .caller = &caller,
        .calls = &call,
        .count = 1,
        .timeout_ms = BOUND_MS,
    };
    send_soon(it, &question);
}

static void ask_under(stage_t *it, const char *user, const char *key, const char *operation,
    const char *text)
{
    send_under(it, user, key, operation, text);
    take_answer(it);
}

static void expect_word(stage_t *it, const char *code, const char *text)
{
    expect_code(it, 0, code);
    const struct word *found = value_of(it, 0, &word);
    assert_string_equal(found->word, text);
}

static void what_is_asked_again_under_its_key_is_answered_as_before(void **state)
{
    ask_under(*state, "ann", "1", "book.enter", "mug");
    expect_word(*state, "ok", "mug");
    for (int i = 0; i < 3; i++) {
        ask_under(*state, "ann", "1", "book.enter", "mug");
        expect_word(*state, "replayed", "mug");
    }
    expect_row(*state, "SELECT count(*) FROM entry", "1");
}

static void a_key_is_for_one_thing(void **state)
{
    ask_under(*state, "ann", "1", "book.enter", "mug");
    ask_under(*state, "ann", "1", "book.enter", "cup");
    expect_error(*state, "key_reused", "something else");
    expect_row(*state, "SELECT string_agg(word, ',') FROM entry", "mug");
}

static void a_key_belongs_to_a_caller_and_an_operation(void **state)
{
    ask_under(*state, "ann", "1", "book.enter", "mug");
    ask_under(*state, "bob", "1", "book.enter", "cup");
    expect_word(*state, "ok", "cup");
    ask_under(*state, NULL, "1", "book.enter", "jug");
    expect_word(*state, "ok", "jug");
    ask_under(*state, "ann", "1", "book.copy", "pot");
    expect_word(*state, "ok", "pot");
    expect_row(*state, "SELECT count(*) FROM entry", "4");
}

static void strangers_do_not_meet_under_one_key(void **state)
{
    ask_under(*state, NULL, "1", "book.enter", "mug");
    ask_under(*state, NULL, "1", "book.enter", "cup");
    expect_word(*state, "ok", "cup");
    ask_under(*state, NULL, "1", "book.enter", "mug");
    expect_word(*state, "replayed", "mug");
}

static void what_failed_leaves_its_key_free(void **state)
{
    ask_under(*state, "ann", "1", "book.enter", "!mug");
    expect_error(*state, "sold_out", "second thoughts");
    ask_under(*state, "ann", "1", "book.enter", "cup");
    expect_word(*state, "ok", "cup");
    expect_row(*state, "SELECT string_agg(word, ',') FROM entry", "cup");
}

static void without_a_key_it_is_done_every_time(void **state)
{
    ask_under(*state, "ann", NULL, "book.enter", "mug");
    ask_under(*state, "ann", NULL, "book.enter", "mug");
    ask_under(*state, "ann", "", "book.enter", "mug");
    ask_under(*state, "ann", "", "book.enter", "mug");
    expect_word(*state, "ok", "mug");
    ask_under(*state, "ann", "1", "book.scrawl", "mug");
    ask_under(*state, "ann", "1", "book.scrawl", "mug");
    expect_word(*state, "ok", "mug");
    expect_row(*state, "SELECT count(*) FROM entry", "6");
    ask_under(*state, "ann", NULL, "book.must", "mug");
    expect_error(*state, "key_missing", "idempotency key");
    ask_under(*state, "ann", "", "book.must", "mug");
    expect_error(*state, "key_missing", "idempotency key");
}

/* Which of the two comes first is not known; that only one of them does it, is. */
static void of_two_at_once_one_is_told_to_come_back(void **state)
{
    stage_t *it = *state;
    int done = 0, running = 0;
    tell(it, "UPDATE mood SET waits = true");
    send_under(it, "ann", "1", "book.enter", "mug");
    send_under(it, "ann", "1", "book.enter", "mug");
    for (int i = 0; i < 2; i++) {
        take_answer(it);
        done += strcmp(it->outcomes[0].code, "ok") == 0;
        running += strcmp(it->outcomes[0].code, "running") == 0;
    }
    assert_int_equal(done, 1);
    assert_int_equal(running, 1);
    expect_row(it, "SELECT count(*) FROM entry", "1");
    ask_under(it, "ann", "1", "book.enter", "mug");
    expect_word(it, "replayed", "mug");
}

static void after_two_days_a_key_is_forgotten(void **state)
{
    stage_t *it = *state;
    for (int i = 0; i < 3; i++)
        ask_under(it, "ann", TEXTS("1", "2", "3")[i], "book.enter", "mug");
    tell(it, "UPDATE request_key SET made_at = now() - interval '49 hours'");
    ask_under(it, "ann", "1", "book.enter", "cup");
    expect_word(it, "ok", "cup");
    expect_row(it, "SELECT count(*) FROM entry", "4");
    expect_row(it, "SELECT count(*) FROM request_key", "1");
    ask_under(it, "ann", "1", "book.enter", "cup");
    expect_word(it, "replayed", "cup");
}

static void what_is_kept_tells_nothing(void **state)
{
    ask_under(*state, "ann", "the key", "book.enter", "mug");
    ask_under(*state, NULL, "the key", "book.enter", "cup");
    expect_row(*state, "SELECT count(DISTINCT (key, fingerprint, answer)) FROM request_key", "2");
    expect_row(*state,
        "SELECT count(*) FROM request_key"
        " WHERE request_key::text ~ 'mug|cup|the key' OR answer ~ 'word'",
        "0");
    ask_under(*state, "bob", "another key", "book.enter", "mug");
    expect_row(*state, "SELECT count(DISTINCT fingerprint) FROM request_key", "3");
}

static void an_answer_that_another_has_made_up_does_not_open(void **state)
{
    ask_under(*state, "ann", "1", "book.enter", "mug");
    ask_under(*state, "ann", "2", "book.enter", "mug");
    tell(*state, "UPDATE request_key SET answer = (SELECT max(answer) FROM request_key)");
    ask_under(*state, "ann", "1", "book.enter", "mug");
    int opened = strcmp(((stage_t *)*state)->outcomes[0].code, "replayed") == 0;
    ask_under(*state, "ann", "2", "book.enter", "mug");
    opened += strcmp(((stage_t *)*state)->outcomes[0].code, "replayed") == 0;
    assert_int_equal(opened, 1);
    tell(*state, "UPDATE request_key SET answer = 'mug'");
    ask_under(*state, "ann", "1", "book.enter", "mug");
    expect_error(*state, "internal", "does not open");
}

static void a_secret_is_told_again_only_under_a_key_that_nobody_guesses(void **state)
{
    ask_under(*state, NULL, "1", "book.whisper", "mug");
    expect_error(*state, "invalid", "/key must be a random UUID");
    ask_under(*state, "ann", "1", "book.whisper", "mug");
    expect_error(*state, "invalid", "/key must be a random UUID");
    ask_under(*state, NULL, RANDOM, "book.whisper", "mug");
    expect_word(*state, "ok", "mug");
    ask_under(*state, NULL, RANDOM, "book.whisper", "mug");
    expect_word(*state, "replayed", "mug");
    ask_under(*state, NULL, RANDOM, "book.whisper", "cup");
    expect_error(*state, "key_reused", "something else");
    ask_under(*state, NULL, ANOTHER, "book.whisper", "cup");
    expect_word(*state, "ok", "cup");
}

static void what_is_prepared_stands_though_the_call_fails(void **state)
{
    ask_under(*state, "ann", "1", "book.pass", "?mug");
    expect_error(*state, "sold_out", "not to be let in");
    ask_under(*state, "ann", "1", "book.pass", "!mug");
    expect_error(*state, "sold_out", "second thoughts");
    ask_under(*state, "ann", "1", "book.pass", "mug");
    expect_word(*state, "ok", "mug");
    ask_under(*state, "ann", "1", "book.pass", "mug");
    expect_word(*state, "replayed", "mug");
    ask_under(*state, "ann", "1", "book.pass", "?mug");
    expect_error(*state, "sold_out", "not to be let in");
    expect_row(*state, "SELECT string_agg(word, ',' ORDER BY word) FROM entry",
        "checked,checked,checked,checked,checked,mug");
}

#define on_stage(name) cmocka_unit_test_setup_teardown(name, begin, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_stage(what_is_asked_again_under_its_key_is_answered_as_before),
        on_stage(a_key_is_for_one_thing),
        on_stage(a_key_belongs_to_a_caller_and_an_operation),
        on_stage(strangers_do_not_meet_under_one_key),
        on_stage(what_failed_leaves_its_key_free),
        on_stage(without_a_key_it_is_done_every_time),
        on_stage(of_two_at_once_one_is_told_to_come_back),
        on_stage(after_two_days_a_key_is_forgotten),
        on_stage(what_is_kept_tells_nothing),
        on_stage(an_answer_that_another_has_made_up_does_not_open),
        on_stage(a_secret_is_told_again_only_under_a_key_that_nobody_guesses),
        on_stage(what_is_prepared_stands_though_the_call_fails),
    };
    return cmocka_run_group_tests(tests, make, stage_drop);
}
