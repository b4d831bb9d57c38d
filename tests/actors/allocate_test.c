/* Who gets what is left, and where from, as rows of cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../actors/inventory/records.h"

enum {
    LINES = 3,
    ROWS = 3,
};

static const souk_record_t stock = {
    .name = "stock",
    .size = sizeof(struct stock),
    .fields = {
        FIELD(stock, sku),
    },
};

/* Caps lie in the attic only, mugs in the shop, which is taken from first, and in the attic. */
static const struct {
    int caps, shop, attic; /* there are */
    struct demand lines[LINES];
    const char *missing;
    int left; /* of what is missing */
    int taken[ROWS];
    size_t pieces;
} cases[] = {
    { 5, 5, 0, { { "mug", 2 }, { "cap", 1 } }, NULL, 0, { 1, 2, 0 }, 2 },
    { 5, 5, 0, { { "mug", 5 } }, NULL, 0, { 0, 5, 0 }, 1 },
    { 5, 5, 0, { { "mug", 6 } }, "mug", 5, { 0, 0, 0 }, 0 },
    { 0, 5, 0, { { "mug", 2 }, { "cap", 1 } }, "cap", 0, { 0, 0, 0 }, 0 },
    { 5, 5, 0, { { "mug", 3 }, { "mug", 2 } }, NULL, 0, { 0, 5, 0 }, 2 },
    { 5, 5, 0, { { "mug", 3 }, { "mug", 3 } }, "mug", 5, { 0, 0, 0 }, 0 },
    { 5, 5, 0, { { "mug", 3 }, { "cap", 5 }, { "mug", 3 } }, "mug", 5, { 0, 0, 0 }, 0 },
    { 5, 5, 0, { { "pen", 1 } }, "pen", 0, { 0, 0, 0 }, 0 },
    { 0, 0, 0, { { "mug", 1 } }, "mug", 0, { 0, 0, 0 }, 0 },
    { 0, 5, 5, { { "mug", 3 } }, NULL, 0, { 0, 3, 0 }, 1 },
    { 0, 2, 5, { { "mug", 3 } }, NULL, 0, { 0, 0, 3 }, 1 },
    { 0, 2, 5, { { "mug", 6 } }, NULL, 0, { 0, 2, 4 }, 2 },
    { 0, 0, 5, { { "mug", 5 } }, NULL, 0, { 0, 0, 5 }, 1 },
    { 0, 2, 5, { { "mug", 8 } }, "mug", 7, { 0, 0, 0 }, 0 },
    { 1, 2, 5, { { "mug", 7 }, { "cap", 2 } }, "cap", 1, { 0, 0, 0 }, 0 },
    { 0, 2, 5, { { "mug", 4 }, { "mug", 3 } }, NULL, 0, { 0, 2, 5 }, 3 },
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
        struct stock rows[ROWS] = {
            { "cap", "attic", cases[i].caps },
            { "mug", "shop", cases[i].shop },
            { "mug", "attic", cases[i].attic },
        };
        souk_list_t shelf = { rows, ROWS }, pieces = { 0 };
        souk_list_t lines = { (void *)cases[i].lines, lines_of(cases[i].lines) };
        int left = 0;
        inventory_link(&shelf);
        const struct demand *missing =
            inventory_allocate(souk_index_of(&shelf, &stock, "sku", pool), &lines, &pieces, pool,
                &left);

        if (cases[i].missing)
            assert_string_equal(missing->sku, cases[i].missing);
        else
            assert_null(missing);
        assert_int_equal(left, cases[i].left);
        assert_int_equal(pieces.count, cases[i].pieces);
        for (size_t k = 0; k < ROWS; k++)
            assert_int_equal(rows[k].taken, cases[i].taken[k]);
    }
}

static void what_one_order_took_the_next_does_not_get(void **state)
{
    owned(souk_pool) pool = souk_pool_new();
    struct stock rows[] = { { "mug", "shop", 3 } };
    struct demand two[] = { { "mug", 2 } }, one[] = { { "mug", 1 } };
    const souk_index_t *shelf = souk_index_of(&(souk_list_t){ rows, 1 }, &stock, "sku", pool);
    souk_list_t pieces = { 0 };
    int left;

    assert_null(inventory_allocate(shelf, &(souk_list_t){ two, 1 }, &pieces, pool, &left));
    assert_non_null(inventory_allocate(shelf, &(souk_list_t){ two, 1 }, &pieces, pool, &left));
    assert_int_equal(left, 1);
    assert_null(inventory_allocate(shelf, &(souk_list_t){ one, 1 }, &pieces, pool, &left));
    assert_int_equal(rows[0].taken, 3);
    assert_int_equal(pieces.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_gets_all_or_nothing),
        cmocka_unit_test(what_one_order_took_the_next_does_not_get),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
