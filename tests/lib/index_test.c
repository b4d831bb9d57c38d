/* Rows found again by a text of theirs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "../../lib/index.h"

enum {
    MANY = 1000
};

struct row {
    int number;
    const char *name;
};
static const souk_record_t row = {
    .name = "row",
    .size = sizeof(struct row),
    .fields = {
        FIELD(row, number),
        FIELD(row, name),
    },
};

static void every_row_is_found_by_its_name(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_list_t rows = { 0 };
    for (int i = 0; i < MANY; i++)
        *(struct row *)souk_list_add(&rows, pool, sizeof(struct row)) =
            (struct row){ i, souk_pool_format(pool, "row %d", i) };
    souk_index_t *index = souk_index_of(&rows, &row, "name", pool);
    for (int i = 0; i < MANY; i++) {
        const struct row *found = souk_index_find(index, souk_pool_format(pool, "row %d", i));
        assert_non_null(found);
        assert_int_equal(found->number, i);
    }
    assert_null(souk_index_find(index, "row"));
    assert_null(souk_index_find(index, ""));
}

static void of_two_rows_of_a_name_the_first_is_found(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    struct row twins[] = { { 1, "twin" }, { 2, "twin" } };
    souk_index_t *index = souk_index_of(&(souk_list_t){ twins, 2 }, &row, "name", pool);
    assert_ptr_equal(souk_index_find(index, "twin"), &twins[0]);
}

static void among_no_rows_nothing_is_found(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_index_t *index = souk_index_of(&(souk_list_t){ 0 }, &row, "name", pool);
    assert_null(souk_index_find(index, "row"));
}

static void of_rows_in_order_those_of_one_name_are_found_together(void **state)
{
    struct row rows[] = { { 1, "a" }, { 2, "c" }, { 3, "c" }, { 4, "c" }, { 5, "d" } };
    static const struct {
        const char *name;
        int first, count;
    } cases[] = { { "a", 1, 1 }, { "c", 2, 3 }, { "d", 5, 1 }, { "", 0, 0 }, { "b", 0, 0 },
        { "e", 0, 0 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_list_t found = souk_rows_of(&(souk_list_t){ rows, 5 }, &row, "name", cases[i].name);
        assert_int_equal(found.count, cases[i].count);
        if (found.count)
            assert_int_equal(((const struct row *)found.items)->number, cases[i].first);
    }
    assert_int_equal(souk_rows_of(&(souk_list_t){ 0 }, &row, "name", "a").count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_found_by_its_name),
        cmocka_unit_test(of_two_rows_of_a_name_the_first_is_found),
        cmocka_unit_test(among_no_rows_nothing_is_found),
        cmocka_unit_test(of_rows_in_order_those_of_one_name_are_found_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
