/* Which step a saga's actor serves next: the fullest, yet nobody is passed over for long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../lib/journey.h"

enum {
    PLACES = 3,
    TURNS = 1000,
};

static void the_fullest_is_next(void **state)
{
    assert_int_equal(souk_saga_weight(0, 0), 0);
    assert_int_equal(souk_saga_weight(0, TURNS), 0);
    assert_true(souk_saga_weight(20, 1) > souk_saga_weight(5, 2));
    assert_true(souk_saga_weight(5, 1) > souk_saga_weight(4, SOUK_PASSED_OVER_MAX));
}

static void more_than_a_batch_weighs_no_more(void **state)
{
    assert_int_equal(souk_saga_weight(SOUK_BATCH_MAX + 1, 1), souk_saga_weight(SOUK_BATCH_MAX, 1));
}

/* Two places that are always full, and one call that stands alone. */
static void one_that_stands_alone_has_its_turn(void **state)
{
    const size_t waiting[PLACES] = { 4 * SOUK_BATCH_MAX, 1, 4 * SOUK_BATCH_MAX };
    size_t passed_over[PLACES] = { 0 }, longest = 0;

    for (int turn = 0; turn < TURNS; turn++) {
        int next = 0;
        for (int i = 0; i < PLACES; i++) {
            passed_over[i]++;
            if (souk_saga_weight(waiting[i], passed_over[i]) >
                souk_saga_weight(waiting[next], passed_over[next]))
                next = i;
        }
        longest = passed_over[1] > longest ? passed_over[1] : longest;
        passed_over[next] = 0;
    }
    assert_in_range(longest, 2, SOUK_PASSED_OVER_MAX + PLACES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fullest_is_next),
        cmocka_unit_test(more_than_a_batch_weighs_no_more),
        cmocka_unit_test(one_that_stands_alone_has_its_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
