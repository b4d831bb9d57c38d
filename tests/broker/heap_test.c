/* Things in order, whatever is put in, taken out and changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../broker/heap.h"

enum {
    NUMBERS = 500
};

struct number {
    souk_heap_item_t item;
    unsigned value;
};

static bool is_smaller(const souk_heap_item_t *a, const souk_heap_item_t *b)
{
    return ((const struct number *)a)->value < ((const struct number *)b)->value;
}

static unsigned draw(unsigned below)
{
    static uint64_t seed = 42;
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % below;
}

static unsigned smallest(const struct number *numbers)
{
    unsigned least = UINT32_MAX;
    for (int i = 0; i < NUMBERS; i++)
        if (numbers[i].item.place && numbers[i].value < least)
            least = numbers[i].value;
    return least;
}

static void the_smallest_comes_first(void **state)
{
    (void)state;
    static struct number numbers[NUMBERS];
    souk_heap_t heap = { .before = is_smaller };
    assert_null(souk_heap_first(&heap));
    for (int turn = 0; turn < 20000; turn++) {
        struct number *number = &numbers[draw(NUMBERS)];
        bool is_in = number->item.place != 0;
        bool is_to_go = is_in && draw(2);
        if (is_to_go)
            souk_heap_remove(&heap, &number->item);
        number->value = is_to_go ? number->value : draw(1000);
        if (!is_in)
            souk_heap_add(&heap, &number->item);
        else if (!is_to_go)
            souk_heap_moved(&heap, &number->item);
        if (heap.count)
            assert_int_equal(((struct number *)souk_heap_first(&heap))->value, smallest(numbers));
    }
    souk_heap_clear(&heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_smallest_comes_first) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
