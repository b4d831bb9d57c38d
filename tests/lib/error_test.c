/* Errors that every service shares. */
#include "error.h"

#include "shapes.h"

static void every_kind_is_found_by_its_name(void **state)
{
    souk_kind_t kind;

    (void)state;
    for (int i = 0; i < SOUK_KINDS; i++) {
        const souk_kind_row_t *row = souk_kind((souk_kind_t)i);

        assert_true(souk_kind_named(row->name, &kind));
        assert_int_equal(kind, i);
        assert_in_range(row->http_status, 400, 599);
    }
    assert_false(souk_kind_named("weather", &kind));
}

static void asking_again_is_safe_only_where_nothing_was_done(void **state)
{
    (void)state;
    for (int i = 0; i < SOUK_KINDS; i++)
        assert_int_equal(souk_kind((souk_kind_t)i)->ask_again,
            i == SOUK_BUSY || i == SOUK_UNAVAILABLE || i == SOUK_EXPIRED);
}

static void the_errors_of_the_library_are_found_by_their_code(void **state)
{
    (void)state;
    assert_ptr_equal(souk_error_common("busy"), &souk_busy);
    assert_ptr_equal(souk_error_common("no_such_operation"), &souk_no_such_operation);
    assert_int_equal(souk_error_common("worker_lost")->kind, SOUK_UNKNOWN);
    assert_null(souk_error_common("out_of_stock"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_found_by_its_name),
        cmocka_unit_test(asking_again_is_safe_only_where_nothing_was_done),
        cmocka_unit_test(the_errors_of_the_library_are_found_by_their_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
