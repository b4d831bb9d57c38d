/* Of whom the shop takes no money, or only so much. */
#include "money.h"

static void set_terms(void **state, const char *json)
{
    as_staff(state);
    ask(state, "payment.set_terms", "{'user_id': '" CUSTOMER "', %s}", json);
    expect(state, "{}");
    as_customer(state, CUSTOMER);
}

static void charge_order(void **state, int order, int amount, const char *method)
{
    ask(state, "payment.charge",
        "{'order_id': '018f0000-0000-7000-8000-0000000000%02d', 'method': '%s',"
        " 'amount': {'amount': %d, 'currency': 'EUR'}}",
        order, method, amount);
}

static void whoever_is_blocked_pays_nothing(void **state)
{
    as_customer(state, CUSTOMER);
    charge_order(state, 10, 100, "pm_sim_ok");
    set_terms(state, "'blocked': true, 'reason': 'chargebacks'");
    charge_order(state, 11, 100, "pm_sim_ok");
    expect_error(state, "not_eligible", "");
    expect_row(state, "SELECT count(*) FROM payment.payment", "1");
    charge_order(state, 10, 100, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    set_terms(state, "'blocked': false");
    charge_order(state, 11, 100, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    as_staff(state);
    ask(state, "payment.get_terms", "{'user_id': '" STRANGER "'}");
    expect(state, "{'blocked': false, 'per_day': 0}");
}

static void nobody_pays_more_than_the_limits(void **state)
{
    set_terms(state, "'blocked': false, 'per_charge': 500, 'per_day': 900, 'currency': 'EUR'");
    charge_order(state, 10, 501, "pm_sim_ok");
    expect_error(state, "limit_exceeded", "");
    charge_order(state, 11, 500, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    charge_order(state, 12, 400, "pm_sim_declined");
    expect(state, "{'status': 'declined'}");
    charge_order(state, 15, 400, "pm_sim_authentication");
    expect(state, "{'status': 'authentication_required'}");
    charge_order(state, 13, 401, "pm_sim_ok");
    expect_error(state, "limit_exceeded", "");
    charge_order(state, 14, 400, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    run_sql(state, "UPDATE payment.terms SET spent_on = spent_on - 1");
    charge_order(state, 13, 401, "pm_sim_ok");
    expect(state, "{'status': 'captured'}");
    ask(state, "payment.charge",
        "{'order_id': '" ORDER "', 'amount': {'amount': 1, 'currency': 'USD'},"
        " 'method': 'pm_sim_ok'}");
    expect_error(state, "not_eligible", "");
}

static void a_limit_needs_its_currency(void **state)
{
    as_staff(state);
    ask(state, "payment.set_terms", "{'user_id': '" CUSTOMER "', 'blocked': false, 'per_day': 1}");
    expect_error(state, "invalid", "required where there is a limit");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(whoever_is_blocked_pays_nothing, conversation_begin),
        cmocka_unit_test_setup(nobody_pays_more_than_the_limits, conversation_begin),
        cmocka_unit_test_setup(a_limit_needs_its_currency, conversation_begin),
    };
    return cmocka_run_group_tests(tests, money_open, conversation_close);
}
