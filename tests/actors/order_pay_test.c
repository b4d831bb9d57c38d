/* Orders whose first payment failed for now: paid after all, by hand or by themselves, or given up;
   and money is never kept for one that was cancelled. */
#include <stdio.h>

#include "../../lib/settings.h"
#include "mugs.h"

extern const souk_actor_t order_actor;

#define ALICE "018f0000-0000-7000-8000-00000000000a"
#define BOB "018f0000-0000-7000-8000-00000000000b"
#define PAYMENT "018f0000-0000-7000-8000-0000000000ff"
#define RECEIPT(status) "{'payment_id': '" PAYMENT "', 'status': '" status "'}"

static int open(void **state)
{
    int failed = conversation_open(state, &order_actor);
    souk_settings.due_ms = 20;
    return failed;
}

static int begin(void **state)
{
    conversation_begin(state);
    as_customer(state, ALICE);
    two_mugs_are_sold(state);
    given(state, "payment.charge", RECEIPT("insufficient"));
    given(state, "payment.charge_again", RECEIPT("captured"));
    given(state, "inventory.keep", "{'held': true}");
    return 0;
}

static const char *place(void **state)
{
    under_key(state, "first");
    ask(state, "order.place",
        "{'lines': [{'sku': 'mug', 'quantity': 2}], 'payment_method': 'pm_sim_insufficient'}");
    expect(state, "{'status': 'awaiting_payment'}");
    return told(state, "id");
}

static void pay(void **state, const char *id)
{
    under_key(state, "second");
    ask(state, "order.pay", "{'id': '%s', 'payment_method': 'pm_sim_ok'}", id);
}

static void cancel(void **state, const char *id)
{
    under_key(state, NULL);
    ask(state, "order.cancel", "{'id': '%s'}", id);
}

static void hear_captured(void **state, const char *id, const char *late)
{
    char json[300];
    snprintf(json, sizeof json,
        "{'payment_id': '" PAYMENT "', 'order_id': '%s', 'late': %s,"
        " 'amount': {'amount': 1200, 'currency': 'EUR'}}",
        id, late);
    hear(state, "payment.captured", json);
}

static void hear_given_up(void **state, const char *id, int tries)
{
    char json[300];
    snprintf(json, sizeof json,
        "{'payment_id': '" PAYMENT "', 'order_id': '%s', 'status': 'insufficient', 'tries': %d,"
        " 'amount': {'amount': 1200, 'currency': 'EUR'}}",
        id, tries);
    hear(state, "payment.given_up", json);
}

static void expect_confirmed_once(void **state)
{
    expect_row_soon(state, "SELECT status FROM \"order\".orders", "confirmed");
    expect_row(state,
        "SELECT string_agg(status || ' ' || who, ', ' ORDER BY id) FROM \"order\".order_history",
        "awaiting_payment order.place, confirmed order.pay");
    expect_row(state, "SELECT count(*) FROM \"order\".told WHERE topic = 'order.confirmed'", "1");
    expect_row(state, "SELECT count(*) FROM \"order\".awaiting", "0");
    assert_int_equal(asked(state, "payment.void"), 0);
}

static void whoever_pays_with_another_method_has_the_order(void **state)
{
    const char *id = place(state);
    pay(state, id);
    expect(state, "{'status': 'confirmed'}");
    expect_confirmed_once(state);
    assert_int_equal(asked(state, "inventory.keep"), 1);
    pay(state, id);
    expect(state, "{'status': 'confirmed'}");
    assert_int_equal(asked(state, "payment.charge_again"), 1);
}

static void whoever_is_refused_may_pay_otherwise(void **state)
{
    static const struct {
        const char *reply, *code;
    } refusals[] = {
        { RECEIPT("declined"), "card_declined" },
        { RECEIPT("insufficient"), "payment_failed" },
        { RECEIPT("authentication_required"), "authentication_required" },
    };
    const char *id = place(state);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        given(state, "payment.charge_again", refusals[i].reply);
        pay(state, id);
        expect_error(state, refusals[i].code, "");
    }
    given_error(state, "payment.charge_again", "unknown_payment_method", "no such thing");
    pay(state, id);
    expect_error(state, "unknown_payment_method", "no such thing");
    expect_row(state, "SELECT status FROM \"order\".orders", "awaiting_payment");
    given(state, "payment.charge_again", RECEIPT("captured"));
    pay(state, id);
    expect(state, "{'status': 'confirmed'}");
    expect_confirmed_once(state);
}

static void nobody_pays_the_order_of_another(void **state)
{
    const char *id = place(state);
    as_customer(state, BOB);
    pay(state, id);
    expect_error(state, "no_such_order", "");
    as_staff(state);
    pay(state, id);
    expect_error(state, "no_such_order", "");
    as_customer(state, ALICE);
    under_key(state, NULL);
    ask(state, "order.pay", "{'id': '%s', 'payment_method': 'pm_sim_ok'}", id);
    expect_error(state, "key_missing", "");
    assert_int_equal(asked(state, "payment.charge_again"), 0);
}

static void what_is_cancelled_cannot_be_paid(void **state)
{
    const char *id = place(state);
    cancel(state, id);
    pay(state, id);
    expect_error(state, "not_payable", "is cancelled");
    assert_int_equal(asked(state, "payment.charge_again"), 0);
}

static void what_is_charged_later_is_confirmed(void **state)
{
    const char *id = place(state);
    hear_captured(state, id, "true");
    expect_confirmed_once(state);
    assert_int_equal(asked(state, "inventory.keep"), 1);
    assert_int_equal(asked(state, "payment.charge_again"), 0);
    hear_captured(state, id, "true");
    expect_confirmed_once(state);
}

static void what_is_charged_at_once_is_left_to_who_placed_it(void **state)
{
    hear_captured(state, place(state), "false");
    expect_row(state, "SELECT count(*) FROM \"order\".awaiting WHERE paid_touched_at IS NULL", "1");
}

/* It is told of before the order knows that it is to wait. */
static void what_is_charged_before_the_order_waits_is_confirmed_when_it_does(void **state)
{
    const char *id = place(state);
    run_sql(state,
        "WITH moved AS (UPDATE \"order\".orders SET status = 'placing'),"
        " gone AS (DELETE FROM \"order\".awaiting) INSERT INTO \"order\".in_flight (order_id)"
        " SELECT id FROM \"order\".orders");
    hear_captured(state, id, "true");
    expect_row(state, "SELECT status FROM \"order\".orders", "placing");
    run_sql(state,
        "WITH gone AS (DELETE FROM \"order\".in_flight)"
        " UPDATE \"order\".orders SET status = 'awaiting_payment'");
    expect_confirmed_once(state);
}

static void what_is_given_up_is_cancelled(void **state)
{
    const char *id = place(state);
    hear_given_up(state, id, 1);
    expect_row(state, "SELECT until > now() FROM \"order\".awaiting", "t");
    hear_given_up(state, id, 8);
    expect_row_soon(state, "SELECT status FROM \"order\".orders", "cancelled");
    assert_int_equal(asked(state, "payment.void"), 1);
    assert_int_equal(asked(state, "inventory.release"), 1);
    assert_int_equal(asked(state, "pricing.give_back"), 1);
    expect_row(state, "SELECT count(*) FROM \"order\".told WHERE topic = 'order.cancelled'", "1");
}

/* The money comes after the cancellation has begun, which gives it back. */
static void what_is_charged_too_late_stays_cancelled(void **state)
{
    const char *id = place(state);
    cancel(state, id);
    expect(state, "{'status': 'cancelled'}");
    hear_captured(state, id, "true");
    row(state, "SELECT pg_sleep(0.2)");
    expect_row(state, "SELECT status FROM \"order\".orders", "cancelled");
    expect_row(state, "SELECT count(*) FROM \"order\".told WHERE topic = 'order.confirmed'", "0");
    assert_int_equal(asked(state, "inventory.keep"), 0);
}

/* Between the money and the confirmation: nobody asked about stock knows that yet. */
static void what_is_cancelled_while_it_is_confirmed_is_one_of_both(void **state)
{
    const char *id = place(state);
    given_error(state, "inventory.keep", "busy", "later");
    hear_captured(state, id, "true");
    expect_row_soon(state,
        "SELECT paid_touched_at > now() - interval '1 h' FROM \"order\".awaiting", "t");
    cancel(state, id);
    expect(state, "{'status': 'cancelled'}");
    given(state, "inventory.keep", "{'held': true}");
    expect_row_soon(state, "SELECT count(*) FROM \"order\".awaiting", "0");
    expect_row(state, "SELECT status FROM \"order\".orders", "cancelled");
    expect_row(state, "SELECT count(*) FROM \"order\".told WHERE topic = 'order.confirmed'", "0");
    assert_int_equal(asked(state, "payment.void"), 1);
}

static void what_is_paid_does_not_lapse_while_it_is_confirmed(void **state)
{
    const char *id = place(state);
    given_error(state, "inventory.keep", "busy", "later");
    hear_captured(state, id, "true");
    run_sql(state, "UPDATE \"order\".awaiting SET until = now() - interval '1 h'");
    row(state, "SELECT pg_sleep(1)");
    given(state, "inventory.keep", "{'held': true}");
    expect_confirmed_once(state);
}

static void what_is_paid_when_its_stock_is_gone_is_cancelled(void **state)
{
    const char *id = place(state);
    given(state, "inventory.keep", "{'held': false}");
    pay(state, id);
    expect(state, "{'status': 'awaiting_payment'}");
    expect_row_soon(state, "SELECT status FROM \"order\".orders", "cancelled");
    assert_int_equal(asked(state, "payment.void"), 1);
}

static void what_a_crash_left_amid_its_confirmation_is_confirmed(void **state)
{
    place(state);
    run_sql(state, "UPDATE \"order\".awaiting SET paid_touched_at = now() - interval '1 minute'");
    expect_confirmed_once(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(whoever_pays_with_another_method_has_the_order, begin),
        cmocka_unit_test_setup(whoever_is_refused_may_pay_otherwise, begin),
        cmocka_unit_test_setup(nobody_pays_the_order_of_another, begin),
        cmocka_unit_test_setup(what_is_cancelled_cannot_be_paid, begin),
        cmocka_unit_test_setup(what_is_charged_later_is_confirmed, begin),
        cmocka_unit_test_setup(what_is_charged_at_once_is_left_to_who_placed_it, begin),
        cmocka_unit_test_setup(what_is_charged_before_the_order_waits_is_confirmed_when_it_does,
            begin),
        cmocka_unit_test_setup(what_is_given_up_is_cancelled, begin),
        cmocka_unit_test_setup(what_is_charged_too_late_stays_cancelled, begin),
        cmocka_unit_test_setup(what_is_cancelled_while_it_is_confirmed_is_one_of_both, begin),
        cmocka_unit_test_setup(what_is_paid_does_not_lapse_while_it_is_confirmed, begin),
        cmocka_unit_test_setup(what_is_paid_when_its_stock_is_gone_is_cancelled, begin),
        cmocka_unit_test_setup(what_a_crash_left_amid_its_confirmation_is_confirmed, begin),
    };
    return cmocka_run_group_tests(tests, open, conversation_close);
}
