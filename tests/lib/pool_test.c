/* Memory that goes away together. */
#include <stdalign.h>

#include "shapes.h"

static void memory_is_zeroed_aligned_and_its_own(void **state)
{
    uint64_t seed = 7;
    char *earlier = NULL;
    size_t earlier_size = 0;

    for (int i = 0; i < 2000; i++) {
        size_t size = next_random(&seed) % (i % 50 ? 300 : 20000);
        char *memory = souk_pool_alloc(*state, size);

        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t j = 0; j < size; j++)
            assert_int_equal(memory[j], 0);
        memset(memory, 0xff, size);
        for (size_t j = 0; j < earlier_size; j++)
            assert_int_equal((unsigned char)earlier[j], 0xff);
        earlier = memory;
        earlier_size = size;
    }
}

static void a_text_is_copied_with_a_nul_behind(void **state)
{
    assert_string_equal(souk_pool_text(*state, "mug-blue", 3), "mug");
    assert_string_equal(souk_pool_text(*state, NULL, 0), "");
    assert_string_equal(souk_pool_format(*state, "%s: %d left", "mug", 3), "mug: 3 left");
}

static void what_was_taken_last_grows_and_shrinks_with_its_content(void **state)
{
    char *text = souk_pool_alloc(*state, 10);

    memcpy(text, "blue mugs", 10);
    for (size_t size = 10; size < 100000; size = size * 2 + 1) {
        text = souk_pool_resize(*state, text, size, size * 2 + 1);
        assert_string_equal(text, "blue mugs");
        for (size_t i = 10; i < size * 2 + 1; i++)
            assert_int_equal(text[i], 0);
    }
    text = souk_pool_resize(*state, text, 100000, 10);
    memset(souk_pool_alloc(*state, 100), 0xff, 100);
    assert_string_equal(text, "blue mugs");
}

static void a_list_keeps_its_items_as_it_grows(void **state)
{
    souk_list_t list = { 0 }, other = { 0 };

    for (int i = 0; i < 5000; i++) {
        int *item = souk_list_add(&list, *state, sizeof *item);

        assert_int_equal(*item, 0);
        *item = i;
        *(char *)souk_list_add(&other, *state, 1) = 'x';
    }
    assert_int_equal(list.count, 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(((int *)list.items)[i], i);
}

static void a_list_made_at_once_may_grow_too(void **state)
{
    for (size_t count = 0; count < 70; count++) {
        souk_list_t list = souk_list_new(*state, count, sizeof(int64_t));

        memset(list.items ? list.items : &list.count, 0, count * sizeof(int64_t));
        *(int64_t *)souk_list_add(&list, *state, sizeof(int64_t)) = 5;
        assert_int_equal(list.count, count + 1);
        assert_int_equal(((int64_t *)list.items)[count], 5);
    }
}

static void nothing_is_destroyed_twice(void **state)
{
    souk_pool_t *pool = souk_pool_new();

    (void)state;
    souk_pool_destroy(&pool);
    assert_null(pool);
    souk_pool_destroy(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        POOLED(memory_is_zeroed_aligned_and_its_own),
        POOLED(a_text_is_copied_with_a_nul_behind),
        POOLED(what_was_taken_last_grows_and_shrinks_with_its_content),
        POOLED(a_list_keeps_its_items_as_it_grows),
        POOLED(a_list_made_at_once_may_grow_too),
        cmocka_unit_test(nothing_is_destroyed_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
