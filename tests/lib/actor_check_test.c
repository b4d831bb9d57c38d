/* Tables of an actor that do not fit each other: each is refused with a line that names what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../lib/actor.h"

struct thing {
    const char *id;
    int size;
    int version;
    const char *secret;
};
static const souk_record_t thing = {
    .name = "thing",
    .size = sizeof(struct thing),
    .fields = { FIELD(thing, id), FIELD(thing, size), FIELD(thing, version, .optional = true) },
};
static const souk_record_t secretive = {
    .name = "secretive",
    .size = sizeof(struct thing),
    .fields = { FIELD(thing, secret, .secret = true) },
};
struct keeper {
    struct thing kept;
};
static const souk_record_t keeper = {
    .name = "keeper",
    .size = sizeof(struct keeper),
    .fields = { FIELD(keeper, kept, .of = &secretive) },
};
struct letter {
    const char *body;
    const char *signature;
};
static const souk_record_t letter = {
    .name = "letter",
    .size = sizeof(struct letter),
    .fields = { FIELD(letter, body), FIELD(letter, signature) },
};
static const souk_record_t nameless = { .size = sizeof(struct thing) };

static const souk_sql_t sql_look = { "look", "", "SELECT 1 AS size" };
static const souk_query_t look = { .sql = &sql_look };
static const souk_ask_t question = {
    .operation = "other.look",
    .takes = &thing,
    .gives = &souk_nothing,
};

static bool handle(souk_call_t *call, const void *request, void *reply)
{
    return true;
}
static bool prepare(souk_call_t *call, void *request)
{
    return true;
}
static bool serve(souk_batch_t *batch)
{
    return true;
}
static bool open(souk_call_t *call, const void *request, void *state)
{
    return true;
}
static bool fill(souk_call_t *call, const void *state, void *asked)
{
    return true;
}
static bool answer(souk_call_t *call, const void *state, void *reply)
{
    return true;
}
static bool tick(souk_call_t *call)
{
    return true;
}
static bool passed(const void *state)
{
    return true;
}

#define ROW(...)                                                                                   \
    {                                                                                              \
        .name = "shop.look", .request = &thing, .reply = &thing, __VA_ARGS__                       \
    }
#define LETTER(...)                                                                                \
    {                                                                                              \
        .name = "shop.take", .request = &letter, .reply = &thing, .handler = handle,               \
        .role = "anyone", .signature = "Shop-Signature", __VA_ARGS__                               \
    }
#define SAGA(...)                                                                                  \
    ROW(.saga =                                                                                    \
            &(const souk_saga_t){ .state = &thing, .open = open, .answer = answer, __VA_ARGS__ })
#define STEP(...) SAGA(.steps = { { .name = "first", __VA_ARGS__ } })

/* An operation of the actor "shop", which has statements, and what is said of it. */
static const struct {
    souk_operation_t row;
    const char *why;
} wrong_rows[] = {
    { ROW(.http = NULL), "shop.look must have one of .handler, .batch and .saga" },
    { ROW(.handler = handle, .batch = serve),
        "shop.look must have one of .handler, .batch and .saga" },
    { { .name = "shop.look", .reply = &thing, .handler = handle },
        "shop.look needs .request and .reply" },
    { { .name = "shop.look", .request = &thing, .handler = handle },
        "shop.look needs .request and .reply" },
    { { .name = "shopping.look", .request = &thing, .reply = &thing, .handler = handle },
        "shopping.look does not begin with shop." },
    { { .name = "look", .request = &thing, .reply = &thing, .handler = handle },
        "look does not begin with shop." },
    { ROW(.batch = serve, .batch_max = SOUK_BATCH_MAX + 1), "shop.look: .batch_max is over 256" },
    { { .name = "shop.look", .request = &nameless, .reply = &thing, .handler = handle }, "name" },
    { { .name = "shop.look", .request = &thing, .reply = &nameless, .handler = handle }, "name" },

    { ROW(.handler = handle, .http = "FETCH /v1/things"),
        "shop.look: the route FETCH /v1/things is not METHOD /path" },
    { ROW(.handler = handle, .http = "GET v1/things"),
        "shop.look: the route GET v1/things is not METHOD /path" },
    { ROW(.handler = handle, .http = "GET"), "shop.look: the route GET is not METHOD /path" },
    { ROW(.handler = handle, .http = "GET /v1/{id}/{colour}"),
        "shop.look: the route GET /v1/{id}/{colour} names colour, which thing does not have" },

    { ROW(.handler = handle, .http = "GET /v1/{id"),
        "shop.look: the route GET /v1/{id leaves a brace open" },
    { ROW(.handler = handle, .http = "GET /v1/{id/name}"),
        "shop.look: the route GET /v1/{id/name} leaves a brace open" },

    { ROW(.handler = handle, .http = "GET /v1/things"),
        "shop.look is on HTTP, but does not say who may call (.role)" },
    { ROW(.handler = handle, .role = "owner"), "shop.look: there is no role owner" },
    { ROW(.handler = handle, .takes_key = true), "shop.look minds a key without .writes" },
    { ROW(.batch = serve, .prepare = prepare), "shop.look has .prepare without .handler" },
    { ROW(.handler = handle, .etag = "id"), "shop.look: .etag id is no number of its reply" },
    { ROW(.handler = handle, .if_match = "size"),
        "shop.look: .if_match size is no optional number of its request" },
    { ROW(.handler = handle, .if_match = "age"),
        "shop.look: .if_match age is no optional number of its request" },

    { LETTER(.http = NULL), "shop.take: what is signed (.signature) is a POST" },
    { LETTER(.http = "PUT /v1/letters"), "shop.take: what is signed (.signature) is a POST" },
    { ROW(.handler = handle, .http = "POST /v1/letters", .role = "anyone", .signature = "X"),
        "shop.look: .signature needs texts body and signature in thing" },
    { LETTER(.http = "POST /v1/letters", .writes = true, .takes_key = true),
        "shop.take is signed (.signature) and minds a key" },

    { ROW(.saga = &(const souk_saga_t){ .state = &thing }),
        "shop.look: a saga needs .state, .open, .steps and .answer" },
    { SAGA(.reject = serve), "shop.look: a saga needs .state, .open, .steps and .answer" },
    { STEP(.alone = true), "shop.look: step first must have one of .batch, .ask and .outside" },
    { STEP(.batch = serve, .outside = serve),
        "shop.look: step first must have one of .batch, .ask and .outside" },
    { STEP(.ask = &question), "shop.look: step first asks without .fill" },
    { STEP(.ask = &question, .fill = fill, .undo = &question),
        "shop.look: step first has an .undo without .ask and .fill_undo" },
    { STEP(.batch = serve, .undo = &question, .fill_undo = fill),
        "shop.look: step first has an .undo without .ask and .fill_undo" },
    { STEP(.ask = &question, .fill = fill, .no_return = true),
        "shop.look: step first is a point of no return without being a batch" },
    { SAGA(.steps = { { .name = "good", .batch = serve }, { .name = "bad" } }),
        "shop.look: step bad must have one of .batch, .ask and .outside" },
    { SAGA(.steps = { { .name = "first", .batch = serve } }, .stranded = &look),
        "shop.look: .stranded needs a .key that is a text of .state" },
    { SAGA(.steps = { { .name = "first", .batch = serve } }, .stranded = &look, .key = "size"),
        "shop.look: .stranded needs a .key that is a text of .state" },
    { SAGA(.steps = { { .name = "first", .batch = serve } }, .stranded = &look, .key = "name"),
        "shop.look: .stranded needs a .key that is a text of .state" },
    { SAGA(.steps = { { .name = "first", .batch = serve } }, .stranded = &look, .key = "id",
          .passed = passed),
        "shop.look: .passed needs a step that is a point of no return" },
    { ROW(.saga = &(const souk_saga_t){ .state = &nameless,
              .open = open,
              .answer = answer,
              .steps = { { .name = "first", .batch = serve } } }),
        "name" },
};

static const souk_operation_t right_rows[] = {
    ROW(.handler = handle, .http = "PATCH /v1/things/{id}/of/{size}", .role = "anyone"),
    ROW(.handler = handle, .writes = true, .takes_key = true, .role = "staff", .etag = "version",
        .if_match = "version"),
    ROW(.prepare = prepare, .handler = handle),
    LETTER(.http = "POST /v1/letters"),
    ROW(.batch = serve, .writes = true, .batch_max = SOUK_BATCH_MAX),
    STEP(.ask = &question, .fill = fill, .undo = &question, .fill_undo = fill),
    STEP(.outside = serve),
    SAGA(.steps = { { .name = "first", .batch = serve, .no_return = true } }, .stranded = &look,
        .key = "id", .passed = passed),
};

/* A key, and whether it must be a random UUID. */
static const struct {
    souk_operation_t row;
    bool uuid_key;
} keyed_rows[] = {
    { ROW(.takes_key = true, .role = "anyone"), false },
    { { .request = &secretive, .reply = &thing }, false },
    { { .request = &secretive, .reply = &thing, .takes_key = true }, true },
    { { .request = &thing, .reply = &secretive, .needs_key = true }, true },
    { { .request = &thing, .reply = &keeper, .needs_key = true }, true },
    { { .request = &souk_nothing, .reply = &thing, .takes_key = true, .role = "anyone" }, true },
    { { .request = &souk_nothing, .reply = &thing, .takes_key = true, .role = "staff" }, false },
};

static const souk_operation_t writing_rows[] = {
    ROW(.handler = handle, .writes = true),
    ROW(.batch = serve, .writes = true),
    STEP(.outside = serve),
};

static void must_say(const char *why, const char *part)
{
    if (!why || !strstr(why, part))
        fail_msg("expected \"%s\", but was told: %s", part, why ? why : "nothing");
    assert_null(strchr(why, '\n'));
}

static void what_does_not_fit_is_named(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    for (size_t i = 0; i < sizeof wrong_rows / sizeof *wrong_rows; i++) {
        souk_actor_t actor = { .name = "shop", .queries = { &look } };
        actor.operations[0] = wrong_rows[i].row;
        must_say(souk_actor_check(&actor, pool), wrong_rows[i].why);
    }
}

static void where_a_guess_would_be_worth_something_a_key_is_drawn_by_lot(void **state)
{
    for (size_t i = 0; i < sizeof keyed_rows / sizeof *keyed_rows; i++)
        assert_int_equal(souk_operation_uuid_key(&keyed_rows[i].row), keyed_rows[i].uuid_key);
}

static void what_fits_is_left_in_peace(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    for (size_t i = 0; i < sizeof right_rows / sizeof *right_rows; i++) {
        souk_actor_t actor = { .name = "shop", .queries = { &look } };
        actor.operations[0] = right_rows[i];
        const char *why = souk_actor_check(&actor, pool);
        if (why)
            fail_msg("row %zu: %s", i, why);
    }
}

static void an_operation_stands_there_once(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    const souk_actor_t actor = {
        .name = "shop",
        .operations = { ROW(.handler = handle), ROW(.handler = handle) },
    };
    must_say(souk_actor_check(&actor, pool), "shop.look stands there twice");
}

static void who_writes_has_statements(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    for (size_t i = 0; i < sizeof writing_rows / sizeof *writing_rows; i++) {
        souk_actor_t actor = { .name = "shop", .operations = { writing_rows[i] } };
        must_say(souk_actor_check(&actor, pool), "shop.look writes, but the actor has no .queries");
    }
    const souk_actor_t reading = { .name = "shop", .operations = { ROW(.handler = handle) } };
    assert_null(souk_actor_check(&reading, pool));
}

static void a_timer_says_how_often_and_has_statements(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_actor_t actor = { .name = "shop", .timers = { { "clean", 1000, tick } } };
    must_say(souk_actor_check(&actor, pool), "shop has timers, but no .queries");
    actor.queries[0] = &look;
    assert_null(souk_actor_check(&actor, pool));
    actor.timers[1] = (souk_timer_t){ "count", 0, tick };
    must_say(souk_actor_check(&actor, pool), "the timer count needs .every_ms");
    actor.timers[1] = (souk_timer_t){ "count", 1000, NULL };
    must_say(souk_actor_check(&actor, pool), "the timer count needs .every_ms and a .handler");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_fit_is_named),
        cmocka_unit_test(where_a_guess_would_be_worth_something_a_key_is_drawn_by_lot),
        cmocka_unit_test(what_fits_is_left_in_peace),
        cmocka_unit_test(an_operation_stands_there_once),
        cmocka_unit_test(who_writes_has_statements),
        cmocka_unit_test(a_timer_says_how_often_and_has_statements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
