/* What carriers say, and the carrier that is simulated. */
#include "parcels.h"

#include <string.h>

#include "../../lib/signature.h"

static const char secret[] = "sixteen letters, at least";

enum {
    DEMO_MS = 20,
};

/* What lies in the house is packed, as the parcel P1. */
static int begin(void **state)
{
    parcels_begin(state);
    souk_settings.carrier_secret = secret;
    plan(state);
    ask(state, "fulfilment.pack", "{'id': '%s', 'tracking_number': 'P1'}",
        shipment_at(state, "main"));
    as_customer(state, NULL);
    return 0;
}

static int begin_demo(void **state)
{
    parcels_begin(state);
    souk_settings.carrier_demo_ms = DEMO_MS;
    return 0;
}

static void say_signed(void **state, const char *signed_with, const char *body)
{
    owned(souk_pool) pool = souk_pool_new();
    char *json = souk_pool_text(pool, body, strlen(body));
    char *escaped = souk_pool_alloc(pool, 2 * strlen(body) + 1);
    size_t size = 0;

    for (char *c = json; *c; c++) {
        *c = (char)(*c == '\'' ? '"' : *c);
        if (*c == '"')
            escaped[size++] = '\\';
        escaped[size++] = *c;
    }
    ask(state, "fulfilment.hear", "{'body': '%s', 'signature': '%s'}", escaped,
        souk_signature_make(signed_with, souk_now(), json, pool));
}

static void say(void **state, const char *id, const char *status)
{
    char body[300];

    snprintf(body, sizeof body,
        "{'id': '%s', 'tracking_number': 'P1', 'status': '%s', 'at': '2026-01-01T00:00:00Z',"
        " 'depot': 'Hamburg'}",
        id, status);
    say_signed(state, secret, body);
}

static void a_parcel_is_picked_up_and_delivered(void **state)
{
    say(state, "e1", "picked_up");
    expect(state, "{'status': 'shipped'}");
    say(state, "e2", "delivered");
    expect(state, "{'status': 'delivered'}");
    expect_row(state, SHIPMENTS, "attic:pending main:delivered");
    assert_int_equal(asked(state, "inventory.commit"), 1);
    assert_int_equal(asked(state, "order.ship"), 1);
}

static void what_is_said_twice_is_answered_as_the_first_time(void **state)
{
    say(state, "e1", "picked_up");
    say(state, "e2", "delivered");
    say(state, "e1", "picked_up");
    expect(state, "{'status': 'shipped'}");
    say(state, "e2", "delivered");
    expect(state, "{'status': 'delivered'}");
    expect_row(state, "SELECT count(*) FROM fulfilment.carrier_event", "2");
    expect_row(state,
        "SELECT count(*) FROM fulfilment.told WHERE topic IN ('fulfilment.shipped',"
        " 'fulfilment.delivered')",
        "2");
}

static void what_comes_in_another_order_does_no_harm(void **state)
{
    say(state, "e2", "delivered");
    expect(state, "{'status': 'delivered'}");
    say(state, "e1", "picked_up");
    expect(state, "{'status': 'delivered'}");
    say(state, "e3", "returned");
    expect(state, "{'status': 'delivered'}");
    assert_int_equal(asked(state, "inventory.commit"), 1);
    expect_row(state,
        "SELECT string_agg(status, ' ' ORDER BY shipment_history.id) FROM"
        " fulfilment.shipment_history WHERE status IN ('shipped', 'delivered', 'returned')",
        "shipped delivered");
}

static void a_parcel_that_comes_back_waits_to_be_inspected(void **state)
{
    say(state, "e1", "picked_up");
    say(state, "e2", "returned");
    expect(state, "{'status': 'returned'}");
    expect_row(state, "SELECT format('%s %s', status, location) FROM fulfilment.order_return",
        "received main");
}

static void only_who_has_the_secret_is_believed(void **state)
{
    say_signed(state, "another secret of a stranger", "{'id': 'e1'}");
    expect_error(state, "unauthorized", "signature");
    ask(state, "fulfilment.hear", "{'body': '{}', 'signature': 'nothing'}");
    expect_error(state, "unauthorized", "signature");
    souk_settings.carrier_secret = NULL;
    say(state, "e1", "picked_up");
    expect_error(state, "no_carrier", "SOUK_CARRIER_SECRET");
    expect_row(state, SHIPMENTS, "attic:pending main:packed");
}

static void what_cannot_be_understood_is_named(void **state)
{
    say_signed(state, secret, "{'id': 'e1'");
    expect_error(state, "invalid", "");
    say_signed(state, secret,
        "{'id': 'e1', 'tracking_number': 'P1', 'status': 'lost', 'at': "
        "'2026-01-01T00:00:00Z'}");
    expect_error(state, "invalid", "");
    say_signed(state, secret,
        "{'id': 'e1', 'tracking_number': 'P2', 'status': 'picked_up', 'at': "
        "'2026-01-01T00:00:00Z'}");
    expect_error(state, "no_such_shipment", "");
}

static void what_must_not_leave_is_not_said_to_have_left(void **state)
{
    given_error(state, "order.ship", "not_shippable", "it is cancelling");
    say(state, "e1", "picked_up");
    expect_error(state, "not_shippable", "");
    expect_row(state, "SELECT count(*) FROM fulfilment.carrier_event", "0");
    held(state, "");
    say(state, "e1", "picked_up");
    expect(state, "{'status': 'shipped'}");
}

static void the_simulated_carrier_brings_everything(void **state)
{
    hear_confirmed(state, ORDER);
    expect_row_soon(state, SHIPMENTS, "attic:delivered main:delivered");
    assert_int_equal(asked(state, "inventory.commit"), 2);
    expect_row(state,
        "SELECT string_agg(shipment_history.status, ' ' ORDER BY shipment_history.id) FROM"
        " fulfilment.shipment_history JOIN fulfilment.shipment ON shipment.id = shipment_id"
        " WHERE location = 'attic'",
        "pending picking packed shipped delivered");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_parcel_is_picked_up_and_delivered, begin),
        cmocka_unit_test_setup(what_is_said_twice_is_answered_as_the_first_time, begin),
        cmocka_unit_test_setup(what_comes_in_another_order_does_no_harm, begin),
        cmocka_unit_test_setup(a_parcel_that_comes_back_waits_to_be_inspected, begin),
        cmocka_unit_test_setup(only_who_has_the_secret_is_believed, begin),
        cmocka_unit_test_setup(what_cannot_be_understood_is_named, begin),
        cmocka_unit_test_setup(what_must_not_leave_is_not_said_to_have_left, begin),
        cmocka_unit_test_setup(the_simulated_carrier_brings_everything, begin_demo),
    };
    return cmocka_run_group_tests(tests, parcels_open, conversation_close);
}
