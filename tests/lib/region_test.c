/* The regions that countries are divided into. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../lib/region.h"

static void a_region_is_one_of_its_country(void **state)
{
    static const struct {
        const char *country, *region;
        bool exists;
    } cases[] = {
        { "US", "CA", true },
        { "DE", "BY", true },
        { "FR", "ARA", true },
        { "AT", "9", true },
        { "AD", "02", true },
        { "ZW", "MW", true },
        { "DE", "CA", false },
        { "US", "XX", false },
        { "US", "", false },
        { "", "CA", false },
        { "US", "CALIFORNIA", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(souk_region_exists(cases[i].country, cases[i].region), cases[i].exists);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_region_is_one_of_its_country),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
