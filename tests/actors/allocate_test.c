/* Who gets what is left, as rows of cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../actors/inventory/records.h"

enum {
    LINES = 3
};

static const struct {
    int mugs, caps; /* there are */
    struct demand lines[LINES];
    const char *missing;
    int left; /* of what is missing */
    int mugs_taken, caps_taken;
} cases[] = {
    { 5, 5, { { "mug", 2 }, { "cap", 1 } }, NULL, 0, 2, 1 },
    { 5, 5, { { "mug", 5 } }, NULL, 0, 5, 0 },
    { 5, 5, { { "mug", 6 } }, "mug", 5, 0, 0 },
    { 5, 0, { { "mug", 2 }, { "cap", 1 } }, "cap", 0, 0, 0 },
    { 5, 5, { { "mug", 3 }, { "mug", 2 } }, NULL, 0, 5, 0 },
    { 5, 5, { { "mug", 3 }, { "mug", 3 } }, "mug", 5, 0, 0 },
    { 5, 5, { { "mug", 3 }, { "cap", 5 }, { "mug", 3 } }, "mug", 5, 0, 0 },
    { 5, 5, { { "pen", 1 } }, "pen", 0, 0, 0 },
    { 0, 0, { { "mug", 1 } }, "mug", 0, 0, 0 },
};

static size_t lines_of(const struct demand *lines)
{
    size_t count = 0;
    while (count < LINES && lines[count].sku)
        count++;
    return count;
}

static void an_order_gets_all_or_nothing(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        owned(souk_pool) pool = souk_pool_new();
        struct stock rows[] = { { "cap", cases[i].caps, 0 }, { "mug", cases[i].mugs, 0 } };
        souk_list_t lines = { (void *)cases[i].lines, lines_of(cases[i].lines) };
        const souk_index_t *shelf = souk_index_of(&(souk_list_t){ rows, 2 }, &stock, "sku", pool);
        int left = 0;
        const struct demand *missing = inventory_allocate(shelf, &lines, &left);

        if (cases[i].missing)
            assert_string_equal(missing->sku, cases[i].missing);
        else
            assert_null(missing);
        assert_int_equal(left, cases[i].left);
        assert_int_equal(rows[1].taken, cases[i].mugs_taken);
        assert_int_equal(rows[0].taken, cases[i].caps_taken);
    }
}

static void what_one_order_took_the_next_does_not_get(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    struct stock rows[] = { { "mug", 3, 0 } };
    struct demand two[] = { { "mug", 2 } }, one[] = { { "mug", 1 } };
    const souk_index_t *shelf = souk_index_of(&(souk_list_t){ rows, 1 }, &stock, "sku", pool);
    int left;

    assert_null(inventory_allocate(shelf, &(souk_list_t){ two, 1 }, &left));
    assert_non_null(inventory_allocate(shelf, &(souk_list_t){ two, 1 }, &left));
    assert_int_equal(left, 1);
    assert_null(inventory_allocate(shelf, &(souk_list_t){ one, 1 }, &left));
    assert_int_equal(rows[0].taken, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_gets_all_or_nothing),
        cmocka_unit_test(what_one_order_took_the_next_does_not_get),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
