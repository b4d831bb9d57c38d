/* Events, over a real database and a real broker: an actor that follows itself. */
#include "stage.h"

#include "../../lib/builtin.h"
#include "../../lib/told.h"

static const souk_error_t sold_out = { "sold_out", SOUK_CONFLICT, "There is none left." };

static const souk_query_t write_page = {
    STATEMENT("INSERT INTO outbox (topic, body) VALUES ('diary.written',"
              " jsonb_build_object('word', :word::text))"),
    .takes = &word,
};
static const souk_query_t hear_page = {
    STATEMENT("INSERT INTO heard (word) SELECT word FROM unnest(:word::text[]) AS said (word)"),
    .takes = &word,
    .many = true,
};

static bool write_down(souk_call_t *call, const void *request, void *reply)
{
    return souk_db_run(call, &write_page, request);
}

static bool write_and_fail(souk_call_t *call, const void *request, void *reply)
{
    return souk_db_run(call, &write_page, request) &&
        souk_fail(call, &sold_out, "on second thoughts");
}

static bool hear_pages(souk_batch_t *batch)
{
    souk_list_t words = souk_batch_gather(batch);
    return souk_db_run(batch->all, &hear_page, &words);
}

static const souk_actor_t diary = {
    .name = "diary",
    .queries = {
        &write_page,
        &hear_page,
    },
    .operations = {
        {
            .name = "diary.write",
            .request = &word,
            .reply = &souk_nothing,
            .handler = write_down,
            .writes = true,
        },
        {
            .name = "diary.regret",
            .request = &word,
            .reply = &souk_nothing,
            .errors = { &sold_out },
            .handler = write_and_fail,
            .writes = true,
        },
    },
    .events = {
        {
            .topic = "diary.written",
            .summary = "Something was written down.",
            .data = &word,
            .subject = "word",
        },
    },
    .follows = {
        {
            .topic = "diary.written",
            .data = &word,
            .batch = hear_pages,
        },
    },
};

/* The word "poison" cannot be taken. */
static const char tables[] = "CALL souk_make_service('diary'); CALL souk_give_events('diary');"
                             " CALL souk_give_cursors('diary');"
                             " CREATE TABLE diary.heard (id bigserial, word text CONSTRAINT "
                             "antidote CHECK (word <> 'poison'));"
                             " GRANT ALL ON ALL TABLES IN SCHEMA diary TO souk_diary;"
                             " GRANT ALL ON ALL SEQUENCES IN SCHEMA diary TO souk_diary";

static const char forget_all[] =
    "TRUNCATE diary.outbox, diary.event, diary.event_cursor, diary.dead_letter, diary.heard;"
    " UPDATE diary.event_head SET seq = 0, oldest = 1;"
    " ALTER TABLE diary.heard DROP CONSTRAINT antidote,"
    " ADD CONSTRAINT antidote CHECK (word <> 'poison')";

static const char all_heard[] =
    "SELECT coalesce(string_agg(word, ',' ORDER BY id), '') FROM diary.heard";

static int make(void **state)
{
    return stage_make(state, &diary, tables);
}

static void open_diary(stage_t *it)
{
    stage_settings(it);
    souk_settings.dsn = it->database.dsn;
    stage_open(it);
}

static int begin(void **state)
{
    tell(*state, forget_all);
    open_diary(*state);
    return 0;
}

/* What was there before the actor. */
static int begin_with(void **state, const char *sql)
{
    tell(*state, forget_all);
    tell(*state, sql);
    open_diary(*state);
    return 0;
}

static void write_words(stage_t *it, const char *const *words)
{
    ask_words(it, "diary.write", words);
    for (size_t i = 0; i < it->count; i++)
        expect_code(it, i, "ok");
}

static void what_is_committed_is_heard_once_and_in_order(void **state)
{
    write_words(*state, TEXTS("one"));
    write_words(*state, TEXTS("two"));
    write_words(*state, TEXTS("three"));
    expect_row_soon(*state, all_heard, "one,two,three");
    expect_row(*state, "SELECT seq FROM diary.event_cursor WHERE source = 'diary'", "3");
    expect_row(*state, "SELECT seq FROM diary.event_head", "3");
    expect_row(*state, "SELECT count(*) FROM diary.outbox", "0");
}

static void what_was_rolled_back_is_not_told(void **state)
{
    ask(*state, "diary.regret", "never");
    expect_error(*state, "sold_out", "second thoughts");
    write_words(*state, TEXTS("after"));
    expect_row_soon(*state, all_heard, "after");
    expect_row(*state, "SELECT seq FROM diary.event_head", "1");
}

/* Asks for what was told behind a number. */
static void ask_since(stage_t *it, struct souk_since since)
{
    souk_bytes_t call = souk_wire_encode(souk_events_since_operation.request, &since, it->pool);
    souk_question_t question = {
        .operation = "diary.events.since",
        .calls = &call,
        .count = 1,
        .timeout_ms = BOUND_MS,
    };
    send_soon(it, &question);
    take_answer(it);
}

static void what_was_told_can_be_asked_for(void **state)
{
    stage_t *it = *state;
    write_words(it, TEXTS("one", "two", "three"));
    expect_row_soon(it, "SELECT count(*) FROM diary.heard", "3");
    ask_since(it, (struct souk_since){ .after = 1, .limit = 1 });
    expect_code(it, 0, "ok");
    const struct souk_told_since *told = value_of(it, 0, souk_events_since_operation.reply);
    const souk_told_t *item = told->items.items;
    assert_int_equal(told->items.count, 1);
    assert_int_equal(told->head, 3);
    assert_int_equal(told->oldest, 1);
    assert_int_equal(item->seq, 2);
    assert_string_equal(item->source, "diary");
    assert_string_equal(item->type, "diary.written");
    struct word data;
    souk_flaws_t flaws = { 0 };
    assert_true(souk_wire_decode(&word, item->data, &data, it->pool, &flaws));
    assert_string_equal(item->subject, data.word);
}

static int begin_late(void **state)
{
    return begin_with(state,
        "INSERT INTO diary.event (seq, topic, body, at)"
        " SELECT n, 'diary.written', jsonb_build_object('word', 'late ' || n), now()"
        " FROM generate_series(8, 9) AS made (n);"
        " UPDATE diary.event_head SET seq = 9, oldest = 8");
}

static void who_comes_late_begins_with_the_oldest_that_is_kept(void **state)
{
    expect_row_soon(*state, all_heard, "late 8,late 9");
    write_words(*state, TEXTS("now"));
    expect_row_soon(*state, all_heard, "late 8,late 9,now");
}

static int begin_with_nothing_kept(void **state)
{
    return begin_with(state, "UPDATE diary.event_head SET seq = 9, oldest = 10");
}

static int begin_while_the_cursor_is_held(void **state)
{
    stage_t *it = *state;
    tell(it, forget_all);
    tell(it,
        "INSERT INTO diary.event (seq, topic, body, at)"
        " SELECT n, 'diary.written', jsonb_build_object('word', 'early ' || n), now()"
        " FROM generate_series(1, 4) AS made (n);"
        " UPDATE diary.event_head SET seq = 4");
    tell(it, "BEGIN; LOCK TABLE diary.event_cursor");
    open_diary(it);
    return 0;
}

/* Told often, since nobody knows when whoever tells is connected; what comes twice is passed over.
 */
static void tell_the_first_two_of_four(stage_t *it)
{
    zsock_t *out = souk_told_socket(ZMQ_PUB, souk_settings.events_to);
    for (int i = 0; i < 60; i++) {
        const struct word said = { i % 3 == 0 ? "early 1" : "early 2" };
        souk_told_t told = souk_told_head(&diary, 4, it->pool);
        if (i % 3 < 2)
            told = (souk_told_t){
                .id = "x",
                .source = "diary",
                .type = "diary.written",
                .seq = i % 3 + 1,
                .time = souk_now(),
                .data = souk_wire_encode(&word, &said, it->pool),
            };
        owned(souk_message) message = souk_told_write(&told, it->pool);
        assert_true(souk_message_send(&message, zsock_resolve(out)));
        zmq_poll(NULL, 0, 10);
    }
    zsock_destroy(&out);
}

static void who_is_new_and_has_heard_some_asks_for_the_others_only(void **state)
{
    tell_the_first_two_of_four(*state);
    tell(*state, "COMMIT");
    expect_row_soon(*state, all_heard, "early 1,early 2,early 3,early 4");
}

/* And does not ask again and again for what there is not. */
static void who_comes_when_nothing_is_kept_begins_with_what_is_told_next(void **state)
{
    expect_row_soon(*state, "SELECT seq FROM diary.event_cursor", "9");
    write_words(*state, TEXTS("now"));
    expect_row_soon(*state, all_heard, "now");
}

static void who_comes_too_late_is_told_so(void **state)
{
    stage_t *it = *state;
    ask_since(it, (struct souk_since){ .after = 5, .limit = 10 });
    expect_error(it, "events_gone", "the oldest event that is kept is 8");
    ask_since(it, (struct souk_since){ .after = 5, .or_oldest = true, .limit = 10 });
    expect_code(it, 0, "ok");
    ask_since(it, (struct souk_since){ .after = 9, .limit = 10 });
    expect_code(it, 0, "ok");
    ask_since(it, (struct souk_since){ .after = 10, .limit = 10 });
    expect_error(it, "events_ahead", "the last event is 9");
}

/* As if another process had numbered them, and nobody had heard it. */
static void what_was_missed_is_asked_for(void **state)
{
    write_words(*state, TEXTS("one"));
    expect_row_soon(*state, all_heard, "one");
    tell(*state,
        "BEGIN; INSERT INTO diary.event (seq, topic, body, at)"
        " SELECT n, 'diary.written', jsonb_build_object('word', 'missed ' || n), now()"
        " FROM generate_series(2, 700) AS made (n);"
        " UPDATE diary.event_head SET seq = 700; COMMIT");
    expect_row_soon(*state, "SELECT count(DISTINCT word) || ' of ' || count(*) FROM diary.heard",
        "700 of 700");
}

static void what_cannot_be_dealt_with_is_parked_and_holds_up_nobody_for_long(void **state)
{
    write_words(*state, TEXTS("before"));
    write_words(*state, TEXTS("poison"));
    write_words(*state, TEXTS("behind"));
    expect_row_soon(*state, all_heard, "before,behind");
    expect_row(*state, "SELECT source || ' ' || seq || ' ' || topic FROM diary.dead_letter",
        "diary 2 diary.written");
    expect_row(*state, "SELECT body FROM diary.dead_letter", "{\"word\": \"poison\"}");
    expect_row(*state, "SELECT seq FROM diary.event_cursor", "3");
}

static void retry(stage_t *it)
{
    struct key {
        const char *source;
        int64_t seq;
    } key = { "diary", 1 };
    static const souk_record_t record = {
        .name = "key",
        .size = sizeof(struct key),
        .fields = { FIELD(key, source), FIELD(key, seq) },
    };
    souk_bytes_t call = souk_wire_encode(&record, &key, it->pool);
    souk_question_t question = {
        .operation = "diary.retry",
        .calls = &call,
        .count = 1,
        .timeout_ms = BOUND_MS,
    };
    send_soon(it, &question);
    take_answer(it);
}

static void a_dead_letter_is_dealt_with_once_the_reason_is_gone(void **state)
{
    stage_t *it = *state;
    write_words(it, TEXTS("poison"));
    expect_row_soon(it, "SELECT count(*) FROM diary.dead_letter", "1");
    retry(it);
    expect_error(it, "failed_again", "failed");
    expect_row(it, "SELECT count(*) FROM diary.dead_letter", "1");
    tell(it, "ALTER TABLE diary.heard DROP CONSTRAINT antidote");
    tell(it, "ALTER TABLE diary.heard ADD CONSTRAINT antidote CHECK (true)");
    retry(it);
    expect_code(it, 0, "ok");
    expect_row(it, all_heard, "poison");
    expect_row(it, "SELECT count(*) FROM diary.dead_letter", "0");
    retry(it);
    expect_code(it, 0, "no_such_letter");
}

static int begin_with_old(void **state)
{
    return begin_with(state,
        "INSERT INTO diary.event (seq, topic, body, at, expires_at)"
        " SELECT n, 'diary.written', jsonb_build_object('word', 'old ' || n),"
        " now() - interval '1 year' * (n <= 2)::int, CASE n WHEN 3 THEN now() END"
        " FROM generate_series(1, 4) AS made (n);"
        " UPDATE diary.event_head SET seq = 4;"
        " INSERT INTO diary.event_cursor (source, seq) VALUES ('diary', 4)");
}

static void old_events_are_dropped_and_what_ran_out_is_forgotten(void **state)
{
    stage_t *it = *state;
    expect_row_soon(it, "SELECT oldest || ' to ' || seq FROM diary.event_head", "3 to 4");
    expect_row_soon(it,
        "SELECT string_agg(seq || coalesce(body ->> 'word', ' forgotten'), ',' ORDER BY seq)"
        " FROM diary.event",
        "3 forgotten,4old 4");
    ask_since(it, (struct souk_since){ .after = 2, .limit = 10 });
    const struct souk_told_since *told = value_of(it, 0, souk_events_since_operation.reply);
    const souk_told_t *items = told->items.items;
    assert_int_equal(told->items.count, 2);
    assert_true(items[0].expired);
    assert_int_equal(items[0].data.size, 0);
    assert_false(items[1].expired);
}

static int begin_with_expired(void **state)
{
    return begin_with(state,
        "INSERT INTO diary.event (seq, topic, body, at) VALUES (1, 'diary.written', NULL, now()),"
        " (2, 'diary.written', '{\"word\": \"fresh\"}', now());"
        " UPDATE diary.event_head SET seq = 2");
}

static void what_is_forgotten_is_passed_over(void **state)
{
    expect_row_soon(*state, all_heard, "fresh");
    expect_row(*state, "SELECT seq FROM diary.event_cursor", "2");
}

static int begin_in_two_processes(void **state)
{
    stage_t *it = *state;
    const char *why = "";
    begin(state);
    it->second = souk_runtime_start(&diary, it->pool, &why);
    assert_non_null(it->second);
    return 0;
}

static int close_both(void **state)
{
    stage_t *it = *state;
    souk_runtime_stop(&it->second);
    return stage_close(state);
}

static void two_processes_number_and_hear_each_event_once(void **state)
{
    for (int i = 0; i < 30; i++)
        write_words(*state, TEXTS("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"));
    expect_row_soon(*state, "SELECT count(*) FROM diary.heard", "300");
    expect_row_soon(*state, "SELECT seq FROM diary.event_cursor", "300");
    expect_row(*state, "SELECT count(*) || ' ' || min(seq) || ' ' || max(seq) FROM diary.event",
        "300 1 300");
    expect_row(*state, "SELECT count(*) FROM diary.heard", "300");
}

static void a_description_says_what_is_told_and_followed(void **state)
{
    stage_t *it = *state;
    ask(it, "diary.describe", "");
    const struct souk_description *says = value_of(it, 0, &souk_description);
    const struct souk_event_description *event = says->events.items;
    const struct souk_field_description *field = event->data.items;
    assert_int_equal(says->events.count, 1);
    assert_string_equal(event->topic, "diary.written");
    assert_string_equal(event->subject, "word");
    assert_string_equal(field->name, "word");
    assert_string_equal(*(const char **)says->follows.items, "diary.written");
    const struct souk_operation_description *operation = says->operations.items;
    assert_int_equal(says->operations.count, 5);
    assert_string_equal(operation[2].name, "diary.events.since");
}

#define on_stage(name, opens) cmocka_unit_test_setup_teardown(name, opens, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_stage(what_is_committed_is_heard_once_and_in_order, begin),
        on_stage(what_was_rolled_back_is_not_told, begin),
        on_stage(what_was_told_can_be_asked_for, begin),
        on_stage(who_comes_late_begins_with_the_oldest_that_is_kept, begin_late),
        on_stage(who_comes_when_nothing_is_kept_begins_with_what_is_told_next,
            begin_with_nothing_kept),
        on_stage(who_is_new_and_has_heard_some_asks_for_the_others_only,
            begin_while_the_cursor_is_held),
        on_stage(who_comes_too_late_is_told_so, begin_late),
        on_stage(what_was_missed_is_asked_for, begin),
        on_stage(what_cannot_be_dealt_with_is_parked_and_holds_up_nobody_for_long, begin),
        on_stage(a_dead_letter_is_dealt_with_once_the_reason_is_gone, begin),
        on_stage(old_events_are_dropped_and_what_ran_out_is_forgotten, begin_with_old),
        on_stage(what_is_forgotten_is_passed_over, begin_with_expired),
        cmocka_unit_test_setup_teardown(two_processes_number_and_hear_each_event_once,
            begin_in_two_processes, close_both),
        on_stage(a_description_says_what_is_told_and_followed, begin),
    };
    return cmocka_run_group_tests(tests, make, stage_drop);
}
