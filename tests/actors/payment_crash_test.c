/* What a crash left of payments is brought to its end, by one at a time. */
#include <stdio.h>

#include "../../lib/settings.h"
#include "money.h"

static void a_charge_that_a_crash_left_is_brought_to_its_end(void **state)
{
    run_sql(state,
        "INSERT INTO payment.payment (id, order_id, amount, currency, method, status)"
        " VALUES ('" PAYMENT "', '" ORDER "', 1200, 'EUR', 'pm_sim_ok', 'opened')");
    run_sql(state,
        "INSERT INTO payment.in_flight VALUES ('" PAYMENT "', now() - interval '1 minute')");
    expect_row_soon(state, "SELECT status FROM payment.payment", "captured");
    expect_kept(state, "1200");
    expect_row(state, "SELECT count(*) FROM payment.in_flight", "0");
}

static void a_void_that_a_crash_left_is_brought_to_its_end(void **state)
{
    charge(state, "pm_sim_ok");
    run_sql(state, "UPDATE payment.payment SET status = 'voiding'");
    run_sql(state,
        "INSERT INTO payment.in_flight SELECT id, now() - interval '1 minute' FROM "
        "payment.payment");
    expect_row_soon(state, "SELECT status FROM payment.payment", "voided");
    expect_kept(state, "0");
}

static void a_refund_that_a_crash_left_is_brought_to_its_end(void **state)
{
    charge(state, "pm_sim_ok");
    run_sql(state,
        "WITH made AS (INSERT INTO payment.refund"
        " (id, payment_id, key, amount, who, status, touched_at)"
        " SELECT gen_random_uuid(), id, 'one', 500, 'system', 'refunding',"
        " now() - interval '1 minute' FROM payment.payment"
        " RETURNING amount) UPDATE payment.payment SET refunding = 500");
    expect_row_soon(state, "SELECT status FROM payment.payment", "partially_refunded");
    expect_kept(state, "700");
}

static void a_capture_that_a_crash_left_is_brought_to_its_end(void **state)
{
    authorize(state, "pm_sim_ok");
    run_sql(state, "UPDATE payment.payment SET status = 'capturing', captured = 400");
    run_sql(state,
        "INSERT INTO payment.in_flight SELECT id, now() - interval '1 minute' FROM "
        "payment.payment");
    expect_row_soon(state, "SELECT status FROM payment.payment", "captured");
    expect_kept(state, "400");
}

static void an_authorization_that_a_crash_left_is_no_charge(void **state)
{
    run_sql(state,
        "INSERT INTO payment.payment (id, order_id, amount, currency, method, manual, status)"
        " VALUES ('" PAYMENT "', '" ORDER "', 1200, 'EUR', 'pm_sim_ok', true, 'opened')");
    run_sql(state,
        "INSERT INTO payment.in_flight VALUES ('" PAYMENT "', now() - interval '1 minute')");
    expect_row_soon(state, "SELECT status FROM payment.payment", "authorized");
    expect_kept(state, "0");
}

/* The ids of these payments are the other way round than those of their orders. They are stranded
   in a second. */
static void leave_two_under_way(void **state, const char *status)
{
    row(state,
        "WITH made AS (INSERT INTO payment.payment"
        " (id, order_id, amount, currency, method, status, captured)"
        " SELECT (left('" PAYMENT "', -1) || number)::uuid, (left('" ORDER
        "', -1) || 3 - number)::uuid, 9, 'EUR', 'pm_sim_ok', '%s', CASE '%s' WHEN 'opened' THEN 0"
        " ELSE 9 END FROM generate_series(1, 2) AS number RETURNING id), noted AS ("
        "INSERT INTO payment.in_flight SELECT id, now() - %d * interval '1 millisecond' FROM made"
        " RETURNING 1) SELECT count(*) FROM noted",
        status, status, souk_settings.stranded_ms - 1000);
}

/* Whoever waits for the first order's payment holds no other. */
static void expect_locks_in_the_order_of_orders(void **state, const char *status)
{
    conversation_begin(state);
    leave_two_under_way(state, status);
    run_sql(state, "BEGIN");
    run_sql(state, "UPDATE payment.payment SET made_at = now() WHERE order_id = '" ORDER "'");
    expect_row_soon(state,
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND datname = current_database()",
        "1");
    run_sql(state,
        "SELECT id FROM payment.payment WHERE order_id <> '" ORDER "' FOR UPDATE NOWAIT");
    run_sql(state, "COMMIT");
    expect_row_soon(state, "SELECT count(*) FROM payment.in_flight", "0");
}

static void payments_are_locked_in_the_order_of_their_orders(void **state)
{
    expect_locks_in_the_order_of_orders(state, "opened");
    expect_locks_in_the_order_of_orders(state, "capturing");
    expect_locks_in_the_order_of_orders(state, "voiding");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_charge_that_a_crash_left_is_brought_to_its_end,
            conversation_begin),
        cmocka_unit_test_setup(a_void_that_a_crash_left_is_brought_to_its_end, conversation_begin),
        cmocka_unit_test_setup(a_refund_that_a_crash_left_is_brought_to_its_end,
            conversation_begin),
        cmocka_unit_test_setup(a_capture_that_a_crash_left_is_brought_to_its_end,
            conversation_begin),
        cmocka_unit_test_setup(an_authorization_that_a_crash_left_is_no_charge, conversation_begin),
        cmocka_unit_test_setup(payments_are_locked_in_the_order_of_their_orders,
            conversation_begin),
    };
    return cmocka_run_group_tests(tests, money_open, conversation_close);
}
