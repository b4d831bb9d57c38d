/* Services that come, go, are unwell or hang, and an edge that comes and goes. */
#include "market.h"

static void the_edge_is_ready_while_its_services_are_well(void **state)
{
    market_t *market = *state;

    atomic_store(&stall_is_unwell, true);
    await_status(market, GET("/readyz"), 503);
    expect(market, GET("/readyz"), 503, "there, but not well (see their health): stall");
    atomic_store(&stall_is_unwell, false);
    await_status(market, GET("/readyz"), 200);
}

/* What may be at an address is known once the services have said so. */
static void before_services_have_told_what_they_offer_nothing_is_not_found(void **state)
{
    market_t *market = *state;
    zactor_t *other;

    zactor_destroy(&market->stall);
    await_status(market, GET("/v1/wares/mug"), 503);
    market->settings.port = free_port();
    other = zactor_new(souk_edge_actor, &market->settings);
    expect(market, GET("/v1/wares/mug"), 503, "\"code\":\"not_ready\"");
    open_stall(market, &stall);
    await_status(market, GET("/v1/wares/mug"), 200);
    await_status(market, GET("/v1/nothing"), 404);
    zactor_destroy(&other);
}

static void right_after_its_start_the_edge_looks_oftener(void **state)
{
    market_t *market = *state;
    zactor_t *other;

    zactor_destroy(&market->stall);
    await_status(market, GET("/readyz"), 503);
    market->settings.port = free_port();
    market->settings.refresh_ms = 60000;
    other = zactor_new(souk_edge_actor, &market->settings);
    expect(market, GET("/readyz"), 503, "not there (yet): stall");
    open_stall(market, &stall);
    await_status(market, GET("/readyz"), 200);
    zactor_destroy(&other);
}

static void a_service_may_go_and_come_back_as_another(void **state)
{
    static souk_actor_t renewed;
    market_t *market = *state;

    zactor_destroy(&market->stall);
    await_status(market, GET("/readyz"), 503);
    expect(market, GET("/readyz"), 503, "not there (yet): stall");
    expect(market, GET("/livez"), 200, "alive");
    await_status(market, GET("/v1/wares/mug"), 503);
    expect(market, GET("/v1/wares/mug"), 503, "Retry-After: 1\r\n");

    renewed = stall;
    renewed.operations[0].http = "GET /v2/wares/{id}";
    open_stall(market, &renewed);
    await_status(market, GET("/v2/wares/mug"), 200);
    expect(market, GET("/v1/wares/mug"), 405, "Allow: POST, DELETE, OPTIONS\r\n");
    expect(market, GET("/openapi.json"), 200, "\"/v2/wares/{id}\"");
}

/* The broker's heartbeats are no questions. */
static bool is_asked(zsock_t *worker, int64_t until_ms)
{
    bool asked = false;

    while (!asked && souk_clock_ms() < until_ms) {
        if (!is_there(worker, 50))
            continue;
        souk_message_t *message = souk_message_receive(zsock_resolve(worker));
        asked = souk_message_is(message, 2, SOUK_MDP_REQUEST) &&
            souk_message_is(message, 5, "mute.describe");
        souk_message_destroy(&message);
        say(worker, "", SOUK_MDP_WORKER, SOUK_MDP_HEARTBEAT);
    }
    return asked;
}

static void a_service_that_answers_nothing_is_left_in_peace(void **state)
{
    market_t *market = *state;
    zsock_t *worker = join_worker(market->party, "mute", "10");

    for (int i = 0; i < 3; i++)
        assert_true(is_asked(worker, souk_clock_ms() + BOUND_MS));
    assert_false(is_asked(worker, souk_clock_ms() + 3000));
    expect(market, GET("/v1/wares/mug"), 200, "mug");
}

static void who_is_being_served_is_served_before_the_edge_stops(void **state)
{
    market_t *market = *state;
    int hanging = visit(market), idle = visit(market), late = visit(market);
    owned(souk_pool) pool = souk_pool_new();

    put_text(hanging, GET("/v1/hang"));
    put_text(late, "GET /v1/wares/mug HTTP/1.1\r\n");
    expect(market, GET("/livez"), 200, "alive");
    zstr_send(market->edge, "$TERM");
    put_text(late, "Host: souk\r\n\r\n");
    assert_non_null(strstr(read_rest(late, pool), "Connection: close\r\n"));
    assert_non_null(strstr(read_rest(hanging, pool), "\"code\":\"unavailable\""));
    assert_string_equal(read_rest(idle, pool), "");
    close(hanging);
    close(idle);
    close(late);
}

static void a_port_that_is_taken_is_said_to_be(void **state)
{
    market_t *market = *state;
    zsock_t *inner, *outer = zsys_create_pipe(&inner);

    zstr_send(outer, "$TERM"); /* ends it, should it listen in spite of all */
    souk_edge_actor(inner, &market->settings);
    assert_int_equal(zsock_wait(outer), (byte)-1);
    zsock_destroy(&inner);
    zsock_destroy(&outer);
    expect(market, GET("/livez"), 200, "alive");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MARKET_TEST(the_edge_is_ready_while_its_services_are_well),
        MARKET_TEST(before_services_have_told_what_they_offer_nothing_is_not_found),
        MARKET_TEST(right_after_its_start_the_edge_looks_oftener),
        MARKET_TEST(a_service_may_go_and_come_back_as_another),
        MARKET_TEST(a_service_that_answers_nothing_is_left_in_peace),
        MARKET_TEST(who_is_being_served_is_served_before_the_edge_stops),
        MARKET_TEST(a_port_that_is_taken_is_said_to_be),
    };

    zsys_handler_set(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
