/* What is told of payments: once, and of nothing that did not happen. */
#include "money.h"

/* All topics so far, without "payment.". */
static void expect_told(void **state, const char *topics)
{
    expect_row(state,
        "SELECT coalesce(string_agg(substr(topic, 9), ' ' ORDER BY at, topic), '')"
        " FROM payment.told",
        topics);
}

static void expect_amount(void **state, const char *topic, const char *amount)
{
    assert_string_equal(row(state,
                            "SELECT string_agg(body #>> '{amount,amount}', ' ' ORDER BY at)"
                            " FROM payment.told WHERE topic = 'payment.%s'",
                            topic),
        amount);
}

static void what_is_charged_is_told_once(void **state)
{
    charge(state, "pm_sim_ok");
    charge(state, "pm_sim_ok");
    expect_told(state, "captured");
    expect_row(state,
        "SELECT body = jsonb_build_object('payment_id', id, 'order_id', order_id, 'user_id', NULL, "
        "'late', false,"
        " 'amount', '{\"amount\": 1200, \"currency\": \"EUR\"}'::jsonb)"
        " FROM payment.told, payment.payment",
        "t");
}

static void what_is_charged_many_times_at_once_is_told_once(void **state)
{
    ask_often(state, 30, "payment.charge",
        "{'order_id': '" ORDER
        "', 'amount': {'amount': 1200, 'currency': 'EUR'}, 'method': 'pm_sim_slow'}");
    expect_told(state, "captured");
}

static void what_is_declined_is_told_with_its_reason(void **state)
{
    charge(state, "pm_sim_declined");
    expect_told(state, "failed given_up");
    expect_row(state, "SELECT string_agg(body ->> 'status', ' ') FROM payment.told",
        "declined declined");
}

static void what_is_set_aside_and_taken_is_told_with_its_amounts(void **state)
{
    authorize(state, "pm_sim_ok");
    capture(state, 700);
    capture(state, 700);
    expect_told(state, "authorized captured");
    expect_amount(state, "authorized", "1200");
    expect_amount(state, "captured", "700");
}

static void what_is_given_back_is_told_with_its_amounts(void **state)
{
    charge(state, "pm_sim_ok");
    refund(state, "one", 200);
    refund(state, "two", 300);
    refund(state, "two", 300);
    void_charge(state);
    void_charge(state);
    expect_told(state, "captured refunded refunded voided");
    expect_amount(state, "refunded", "200 300");
    expect_amount(state, "voided", "700");
    expect_row(state,
        "SELECT count(*) FROM payment.told JOIN payment.refund ON body ->> 'refund_id' = id::text",
        "2");
}

static void what_is_voided_before_it_was_asked_for_is_not_told(void **state)
{
    void_charge(state);
    void_charge(state);
    expect_told(state, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_charged_is_told_once, conversation_begin),
        cmocka_unit_test_setup(what_is_charged_many_times_at_once_is_told_once, conversation_begin),
        cmocka_unit_test_setup(what_is_declined_is_told_with_its_reason, conversation_begin),
        cmocka_unit_test_setup(what_is_set_aside_and_taken_is_told_with_its_amounts,
            conversation_begin),
        cmocka_unit_test_setup(what_is_given_back_is_told_with_its_amounts, conversation_begin),
        cmocka_unit_test_setup(what_is_voided_before_it_was_asked_for_is_not_told,
            conversation_begin),
    };
    return cmocka_run_group_tests(tests, money_open, conversation_close);
}
