/* Taxes: by country, region and day. */
#include "till.h"

static void tax_is_in_the_prices_or_on_top_as_the_country_has_it(void **state)
{
    tax_germany(state, true);
    ask(state, "pricing.total", "{" MUGS ", 'country': 'DE'}");
    expect(state,
        "{'tax': {'amount': 192, 'currency': 'EUR'}, 'tax_included': true, 'total': {'amount': "
        "1200, 'currency': 'EUR'}}");
    as_staff(state);
    ask(state, "pricing.set_tax_country", "{'country': 'DE', 'included': false}");
    ask(state, "pricing.total", "{" MUGS ", 'country': 'DE'}");
    expect(state,
        "{'tax': {'amount': 228, 'currency': 'EUR'}, 'tax_included': false, 'total': {'amount': "
        "1428, 'currency': 'EUR'}}");
    ask(state, "pricing.total", "{" MUGS ", 'country': 'AT'}");
    expect(state,
        "{'tax': {'amount': 0, 'currency': 'EUR'}, 'total': {'amount': 1200, 'currency': 'EUR'}}");
}

static void a_region_may_have_a_rate_of_its_own_and_the_latest_one_holds(void **state)
{
    tax_germany(state, false);
    as_staff(state);
    ask(state, "pricing.add_tax_rate", "{'country': 'DE', 'region': 'HE', 'rate': 100000}");
    ask(state, "pricing.add_tax_rate",
        "{'country': 'DE', 'rate': 500000, 'starts_at': '2999-01-01T00:00:00Z'}");
    ask(state, "pricing.add_tax_rate", "{'country': 'DE', 'rate': 200000}");
    ask(state, "pricing.total", "{" MUGS ", 'country': 'DE', 'region': 'HE'}");
    expect(state, "{'tax': {'amount': 120, 'currency': 'EUR'}}");
    ask(state, "pricing.total", "{" MUGS ", 'country': 'DE', 'region': 'BY'}");
    expect(state, "{'tax': {'amount': 240, 'currency': 'EUR'}}");
    ask(state, "pricing.list_tax_rates", "{'country': 'DE'}");
    ask(state, "pricing.remove_tax_rate", "{'id': '%s'}", told_first(state, "id"));
    expect_row(state, "SELECT count(*) FROM pricing.tax_rate", "3");
}

static void where_regions_have_taxes_of_their_own_no_order_goes_to_none_of_them(void **state)
{
    tax_germany(state, false);
    ask(state, "pricing.total", "{" MUGS ", 'country': 'DE'}");
    expect(state, "{'region_flaw': null}");
    ask(state, "pricing.total", "{" MUGS ", 'country': 'DE', 'region': 'XX'}");
    expect(state, "{'region_flaw': null}");
    as_staff(state);
    ask(state, "pricing.add_tax_rate", "{'country': 'DE', 'region': 'XX', 'rate': 100000}");
    expect_error(state, "invalid", "no such region in DE");
    ask(state, "pricing.add_tax_rate", "{'country': 'DE', 'region': 'HE', 'rate': 100000}");
    ask(state, "pricing.total", "{" MUGS ", 'country': 'DE'}");
    expect(state, "{'region_flaw': 'is required for DE, where it decides the tax'}");
    ask(state, "pricing.total", "{" MUGS ", 'country': 'DE', 'region': 'XX'}");
    expect(state, "{'region_flaw': 'there is no such region in DE'}");
    ask(state, "pricing.total", "{" MUGS ", 'country': 'AT'}");
    expect(state, "{'region_flaw': null}");
    ask(state, "pricing.preview", "{" MUGS ", 'country': 'DE'}");
    expect(state, "{'refusals': [{'about': 'region', 'code': 'invalid'}]}");
}

static void a_rate_needs_a_country_whose_prices_are_known(void **state)
{
    as_staff(state);
    ask(state, "pricing.add_tax_rate", "{'country': 'FR', 'rate': 200000}");
    expect_error(state, "unknown_tax_country", "");
    ask(state, "pricing.remove_tax_rate", "{'id': '" FIRST "'}");
    expect_error(state, "no_such_tax_rate", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(tax_is_in_the_prices_or_on_top_as_the_country_has_it,
            conversation_begin),
        cmocka_unit_test_setup(a_region_may_have_a_rate_of_its_own_and_the_latest_one_holds,
            conversation_begin),
        cmocka_unit_test_setup(where_regions_have_taxes_of_their_own_no_order_goes_to_none_of_them,
            conversation_begin),
        cmocka_unit_test_setup(a_rate_needs_a_country_whose_prices_are_known, conversation_begin),
    };
    return cmocka_run_group_tests(tests, till_open, conversation_close);
}
