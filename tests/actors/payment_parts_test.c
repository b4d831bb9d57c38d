/* Money that is set aside, taken in part and given back in parts: together never more than there
   is. */
#include "money.h"

static void what_is_set_aside_is_not_taken(void **state)
{
    authorize(state, "pm_sim_ok");
    expect(state, "{'status': 'authorized'}");
    expect_kept(state, "0");
    expect_row(state, "SELECT count(*) FROM payment.in_flight", "0");
}

static void a_part_of_what_is_set_aside_is_taken_once(void **state)
{
    authorize(state, "pm_sim_ok");
    capture(state, 1201);
    expect_error(state, "too_much", "1200");
    capture(state, 700);
    expect(state, "{'status': 'captured'}");
    capture(state, 700);
    expect(state, "{'status': 'captured'}");
    capture(state, 500);
    expect_error(state, "already_captured", "700");
    expect_kept(state, "700");
}

static void without_an_amount_all_is_taken(void **state)
{
    authorize(state, "pm_sim_ok");
    ask(state, "payment.capture", "{'order_id': '" ORDER "'}");
    expect(state, "{'status': 'captured'}");
    expect_kept(state, "1200");
}

static void what_is_captured_often_at_once_is_taken_once(void **state)
{
    authorize(state, "pm_sim_ok");
    ask_often(state, 20, "payment.capture", "{'order_id': '" ORDER "', 'amount': 300}");
    assert_int_equal(answers(state, "ok") + answers(state, "running"), 20);
    assert_true(answers(state, "ok") >= 1);
    expect_kept(state, "300");
    expect_row(state, "SELECT count(*) FROM payment.ledger", "2");
}

static void only_what_is_set_aside_can_be_captured(void **state)
{
    capture(state, 1);
    expect_error(state, "no_such_payment", "");
    authorize(state, "pm_sim_declined");
    expect(state, "{'status': 'declined'}");
    capture(state, 1);
    expect_error(state, "not_authorized", "declined");
}

static void what_is_set_aside_is_let_go_when_it_is_voided(void **state)
{
    authorize(state, "pm_sim_ok");
    void_charge(state);
    expect(state, "{}");
    expect_row(state, "SELECT status FROM payment.payment", "voided");
    expect_row(state, "SELECT count(*) FROM payment.ledger", "0");
    expect_row(state, "SELECT count(*) FROM simulator.charge WHERE refunded_at IS NOT NULL", "1");
    capture(state, 1);
    expect_error(state, "not_authorized", "voided");
}

static void money_is_given_back_in_parts(void **state)
{
    charge(state, "pm_sim_ok");
    refund(state, "one", 500);
    expect(state, "{'status': 'refunded', 'amount': {'amount': 500, 'currency': 'EUR'}}");
    expect_row(state, "SELECT status FROM payment.payment", "partially_refunded");
    expect_kept(state, "700");
    refund(state, "two", 701);
    expect_error(state, "too_much", "700 is left");
    refund(state, "three", 700);
    expect(state, "{'status': 'refunded'}");
    expect_row(state, "SELECT status FROM payment.payment", "refunded");
    expect_kept(state, "0");
    charge(state, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
}

static void a_refund_is_made_once_by_its_key(void **state)
{
    charge(state, "pm_sim_ok");
    refund(state, "one", 500);
    refund(state, "one", 500);
    expect(state, "{'status': 'refunded'}");
    refund(state, "one", 400);
    expect_error(state, "key_reused", "another amount");
    expect_kept(state, "700");
    expect_row(state, "SELECT count(*) FROM payment.refund", "1");
}

static void a_refund_that_is_asked_for_often_at_once_is_made_once(void **state)
{
    charge(state, "pm_sim_ok");
    ask_often(state, 30, "payment.refund",
        "{'order_id': '" ORDER "', 'key': 'one', 'amount': {'amount': 500, 'currency': 'EUR'}}");
    assert_int_equal(answers(state, "ok"), 30);
    expect_kept(state, "700");
    expect_row(state, "SELECT count(*) FROM simulator.refund", "1");
}

static void nothing_is_given_back_that_was_not_taken(void **state)
{
    refund(state, "one", 1);
    expect_error(state, "no_such_payment", "");
    charge(state, "pm_sim_declined");
    refund(state, "one", 1);
    expect_error(state, "not_refundable", "declined");
    refund(state, "one", 0);
    expect_error(state, "invalid", "at least 1");
}

static void money_is_given_back_in_the_currency_it_came_in(void **state)
{
    charge(state, "pm_sim_ok");
    ask(state, "payment.refund",
        "{'order_id': '" ORDER "', 'key': 'one', 'amount': {'amount': 500, 'currency': 'USD'}}");
    expect_error(state, "too_much", "EUR");
    expect_kept(state, "1200");
}

static void what_is_voided_after_a_refund_gives_back_the_rest(void **state)
{
    charge(state, "pm_sim_ok");
    refund(state, "one", 500);
    void_charge(state);
    expect(state, "{}");
    expect_row(state, "SELECT status FROM payment.payment", "voided");
    expect_kept(state, "0");
    refund(state, "two", 1);
    expect_error(state, "not_refundable", "voided");
}

static void what_is_being_given_back_cannot_be_voided_yet(void **state)
{
    charge(state, "pm_sim_ok");
    run_sql(state,
        "WITH made AS (INSERT INTO payment.refund (id, payment_id, key, amount, who, status)"
        " SELECT gen_random_uuid(), id, 'one', 500, 'system', 'refunding' FROM payment.payment"
        " RETURNING amount) UPDATE payment.payment SET refunding = 500");
    void_charge(state);
    expect_error(state, "running", ORDER);
    refund(state, "two", 701);
    expect_error(state, "too_much", "700 is left");
    refund(state, "one", 500);
    expect(state, "{'status': 'refunded'}");
    expect_kept(state, "700");
}

static void staff_give_money_back_and_see_it(void **state)
{
    as_customer(state, CUSTOMER);
    charge(state, "pm_sim_ok");
    as_staff(state);
    under_key(state, "k1");
    for (int i = 0; i < 2; i++) {
        ask(state, "payment.give_back",
            "{'order_id': '" ORDER
            "', 'amount': {'amount': 200, 'currency': 'EUR'}, 'reason': 'a scratch'}");
        expect(state, "{'status': 'refunded'}");
    }
    ask(state, "payment.get", "{'order_id': '" ORDER "'}");
    expect(state,
        "{'status': 'partially_refunded', 'amount': {'amount': 1200}, 'captured': 1200,"
        " 'refunded': 200, 'refunding': 0, 'refunds': [{'status': 'refunded',"
        " 'reason': 'a scratch', 'amount': {'amount': 200}, 'who': '" STAFF "'}],"
        " 'entries': [{'cause': 'charge', 'account': 'provider', 'amount': 1200},"
        " {'cause': 'charge', 'account': 'sales', 'amount': -1200},"
        " {'account': 'provider', 'amount': -200}, {'account': 'refunds', 'amount': 200}]}");
    ask(state, "payment.get", "{'order_id': '" PAYMENT "'}");
    expect_error(state, "no_such_payment", "");
    as_customer(state, CUSTOMER);
    ask(state, "payment.get", "{'order_id': '" ORDER "'}");
    expect_error(state, "forbidden", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_set_aside_is_not_taken, conversation_begin),
        cmocka_unit_test_setup(a_part_of_what_is_set_aside_is_taken_once, conversation_begin),
        cmocka_unit_test_setup(without_an_amount_all_is_taken, conversation_begin),
        cmocka_unit_test_setup(what_is_captured_often_at_once_is_taken_once, conversation_begin),
        cmocka_unit_test_setup(only_what_is_set_aside_can_be_captured, conversation_begin),
        cmocka_unit_test_setup(what_is_set_aside_is_let_go_when_it_is_voided, conversation_begin),
        cmocka_unit_test_setup(money_is_given_back_in_parts, conversation_begin),
        cmocka_unit_test_setup(a_refund_is_made_once_by_its_key, conversation_begin),
        cmocka_unit_test_setup(a_refund_that_is_asked_for_often_at_once_is_made_once,
            conversation_begin),
        cmocka_unit_test_setup(nothing_is_given_back_that_was_not_taken, conversation_begin),
        cmocka_unit_test_setup(money_is_given_back_in_the_currency_it_came_in, conversation_begin),
        cmocka_unit_test_setup(what_is_voided_after_a_refund_gives_back_the_rest,
            conversation_begin),
        cmocka_unit_test_setup(what_is_being_given_back_cannot_be_voided_yet, conversation_begin),
        cmocka_unit_test_setup(staff_give_money_back_and_see_it, conversation_begin),
    };
    return cmocka_run_group_tests(tests, money_open, conversation_close);
}
