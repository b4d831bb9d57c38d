/* An actor whose one operation is a saga with a step of every kind, and whose neighbour is asked
   for what it books. */
#ifndef SOUK_TESTS_TRIP_H
#define SOUK_TESTS_TRIP_H

#include <stdatomic.h>

#include "stage.h"

#include "../../lib/call_internal.h"
#include "../../lib/index.h"

enum {
    WAIT_MS = 30,
    WAITS = 2, /* how often the world outside is waited for */
    WAITS_FAR = 1000,
};

struct trip {
    const char *word; /* what it is about: its id */
    const char *status;
    const char *reason;
    int attempt;
    int waits;
    const char *note;
    bool saved;
};
static const souk_record_t trip = {
    .name = "trip",
    .size = sizeof(struct trip),
    .fields = {
        FIELD(trip, word),
        FIELD(trip, status),
        FIELD(trip, reason, .optional = true),
        FIELD(trip, attempt),
    },
};

static const souk_error_t sold_out = { "sold_out", SOUK_CONFLICT, "There is none left." };
static const souk_error_t taken = { "taken", SOUK_CONFLICT, "Another has it." };

#define ASKED                                                                                      \
    "unnest(:word::text[], :status::text[], :reason::text[], :attempt::int[])"                     \
    " AS asked (word, status, reason, attempt)"
static const souk_query_t save = {
    STATEMENT("INSERT INTO trip (word, status) SELECT word, status FROM " ASKED
              " ON CONFLICT (word) DO UPDATE SET status = 'begun' WHERE trip.status = 'wished'"
              " RETURNING word"),
    .takes = &trip,
    .gives = &word,
    .many = true,
};
static const souk_query_t find = {
    STATEMENT("SELECT trip.word, trip.status, trip.reason, trip.attempt"
              " FROM trip JOIN " ASKED " ON asked.word = trip.word"),
    .takes = &trip,
    .gives = &trip,
    .many = true,
};
/* Whoever was overtaken gets no row back. */
static const souk_query_t change = {
    STATEMENT("UPDATE trip SET status = asked.status, reason = asked.reason, touched_at = now()"
              " FROM " ASKED
              " WHERE trip.word = asked.word AND trip.attempt = asked.attempt RETURNING trip.word"),
    .takes = &trip,
    .gives = &word,
    .many = true,
};
static const souk_query_t claim = {
    STATEMENT("UPDATE trip SET attempt = attempt + 1, touched_at = now() WHERE word IN ("
              "SELECT word FROM trip WHERE status IN ('wished', 'begun', 'settled')"
              " AND touched_at < now() - :older_than_ms::int * interval '1 millisecond'"
              " LIMIT :limit::int FOR UPDATE SKIP LOCKED) RETURNING word, status, attempt, reason"),
    .takes = &souk_stranded,
    .gives = &trip,
};
/* A row 'unsure' makes the server hang up at the end of the COMMIT that settles it, once. */
static const char trip_tables[] =
    "CREATE TABLE trip (word text PRIMARY KEY, status text NOT NULL, reason text,"
    " attempt int NOT NULL DEFAULT 1, touched_at timestamptz NOT NULL DEFAULT now());"
    "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
    "CREATE CONSTRAINT TRIGGER hang_up AFTER UPDATE ON trip DEFERRABLE INITIALLY DEFERRED"
    " FOR EACH ROW WHEN (NEW.word = 'unsure' AND NEW.attempt = 1) EXECUTE FUNCTION hang_up()";

#define ASK(name)                                                                                  \
    {                                                                                              \
        .operation = "other." name, .takes = &word, .gives = &word                                 \
    }
static const souk_ask_t price = ASK("price"), book_train = ASK("train"), book_room = ASK("room"),
                        give_back_train = ASK("give_back_train"),
                        give_back_room = ASK("give_back_room"), send_card = ASK("card");

/* Where it begins with '?' the call fails before it has a name. */
static bool open_trip(souk_call_t *call, const void *request, void *state)
{
    const struct word *asked = request;
    if (*asked->word == '?')
        return souk_fail(call, &sold_out, "there is no such place");
    *(struct trip *)state = (struct trip){ .word = asked->word, .status = "begun", .attempt = 1 };
    return true;
}

static bool name_it(souk_call_t *call, const void *state, void *question)
{
    *(struct word *)question = (struct word){ ((const struct trip *)state)->word };
    return true;
}

/* Only what begins with $ has a price. */
static bool ask_price(souk_call_t *call, const void *state, void *question)
{
    return name_it(call, state, question) && *((const struct trip *)state)->word == '$';
}

static bool note_room(souk_call_t *call, void *state, const void *answer)
{
    const struct word *room = answer;
    if (strcmp(room->word, "attic") == 0)
        return souk_fail(call, &taken, "nobody sleeps in the %s", room->word);
    return true;
}

/* The one that is there already is answered as it stands. */
static bool start(souk_batch_t *batch)
{
    souk_list_t trips = souk_batch_gather(batch), rows = { 0 };
    if (!souk_db_all(batch->all, &save, &trips, &rows))
        return false;
    const souk_index_t *saved = souk_index_of(&rows, &word, "word", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct trip *it = souk_batch_state(batch, i);
        if (!souk_index_find(saved, it->word)) {
            it->status = "known";
            souk_batch_finish(batch, i);
        }
    }
    return true;
}

static bool change_all(souk_batch_t *batch, const char *status)
{
    souk_list_t rows = { 0 };
    for (size_t i = 0; i < batch->count; i++)
        ((struct trip *)souk_batch_state(batch, i))->status = status;
    souk_list_t trips = souk_batch_gather(batch);
    if (!souk_db_all(batch->all, &change, &trips, &rows))
        return false;
    souk_batch_fail_overtaken(batch, &rows, &word);
    return true;
}

static bool settle(souk_batch_t *batch)
{
    return change_all(batch, "settled");
}

static bool finish_trip(souk_batch_t *batch)
{
    return change_all(batch, "done");
}

static bool reject(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        ((struct trip *)souk_batch_state(batch, i))->reason = souk_batch_reason(batch, i);
    return change_all(batch, "rejected");
}

static bool recall(souk_batch_t *batch)
{
    souk_list_t trips = souk_batch_gather(batch), rows = { 0 };
    if (!souk_db_all(batch->all, &find, &trips, &rows))
        return false;
    const souk_index_t *known = souk_index_of(&rows, &trip, "word", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        struct trip *it = souk_batch_state(batch, i);
        const struct trip *row = souk_index_find(known, it->word);
        if (row && row->reason)
            souk_batch_fail(batch, i, &taken, "it was %s then", row->reason);
        else if (row)
            souk_batch_finish(batch, i);
        if (row)
            it->status = row->status;
    }
    return true;
}

/* The most attempts that a call was found to hold the memory of. */
static atomic_size_t most_holds;

static void note_holds(size_t count)
{
    if (count > atomic_load(&most_holds))
        atomic_store(&most_holds, count);
}

/* The world outside lets everybody wait. A note that is kept meanwhile is the call's own. */
static bool walk(souk_batch_t *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct trip *it = souk_batch_state(batch, i);
        bool far = strcmp(it->word, "far") == 0;
        note_holds(batch->calls[i]->hold_count);
        if (!it->note)
            it->note = souk_pool_format(souk_call_pool(batch->calls[i]), "to %s", it->word);
        if (it->waits++ < (far ? WAITS_FAR : WAITS))
            souk_batch_wait(batch, i, far ? 1 : WAIT_MS);
    }
    return true;
}

static bool answer_trip(souk_call_t *call, const void *state, void *reply)
{
    *(struct trip *)reply = *(const struct trip *)state;
    return true;
}

static bool is_settled(const void *state)
{
    return strcmp(((const struct trip *)state)->status, "settled") == 0;
}

static bool is_wished(const void *state)
{
    return strcmp(((const struct trip *)state)->status, "wished") == 0;
}

static const souk_saga_t go = {
    .state = &trip,
    .open = open_trip,
    .steps = {
        { .name = "price", .ask = &price, .fill = ask_price },
        { .name = "start", .batch = start },
        { .name = "train", .ask = &book_train, .fill = name_it,
            .undo = &give_back_train, .fill_undo = name_it },
        { .name = "room", .ask = &book_room, .fill = name_it, .note = note_room,
            .undo = &give_back_room, .fill_undo = name_it, .alone = true },
        { .name = "walk", .outside = walk },
        { .name = "settle", .batch = settle, .no_return = true },
        { .name = "card", .ask = &send_card, .fill = name_it },
        { .name = "finish", .batch = finish_trip },
    },
    .reject = reject,
    .recall = recall,
    .answer = answer_trip,
    .stranded = &claim,
    .passed = is_settled,
    .anew = is_wished,
    .key = "word",
};

static const souk_actor_t trip_actor = {
    .name = "trip",
    .queries = { &save, &find, &change, &claim },
    .operations = {
        {
            .name = "trip.go",
            .request = &word,
            .reply = &trip,
            .errors = { &sold_out, &taken },
            .saga = &go,
        },
    },
};

static inline int make_trips(void **state)
{
    return stage_make(state, &trip_actor, trip_tables);
}

/* Nothing is swept and nobody is impatient, unless the test says so. */
static inline stage_t *begin_trips(void **state)
{
    stage_t *it = *state;
    tell(it, "TRUNCATE trip");
    stage_settings(it);
    souk_settings.ask_timeout_ms = 200;
    souk_settings.give_up_ms = BOUND_MS;
    souk_settings.stranded_ms = 10 * BOUND_MS;
    souk_settings.patience_ms = BOUND_MS;
    return it;
}

static inline void expect_status(stage_t *it, size_t i, const char *code, const char *status)
{
    expect_code(it, i, code);
    assert_string_equal(((struct trip *)value_of(it, i, &trip))->status, status);
}

#endif
