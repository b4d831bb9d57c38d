/* Ids sort as they were made; tokens cannot be guessed. */
#include <pthread.h>
#include <stdlib.h>

#include "shapes.h"

enum {
    IDS = 20000,
    THREADS = 4
};

typedef struct {
    char text[SOUK_ID_SIZE];
} id_text_t;

static void an_id_is_a_uuid_of_version_7(void **state)
{
    char id[SOUK_ID_SIZE];

    (void)state;
    souk_id_new(id);
    assert_true(souk_format_fits(SOUK_UUID, id));
    assert_int_equal(id[14], '7');
    assert_non_null(strchr("89ab", id[19]));
}

static void a_uuid_that_was_drawn_by_lot_is_told_from_others(void **state)
{
    (void)state;
    assert_true(souk_uuid_is_random("b1cf2a6e-3a30-4d6b-9c4e-0f4fd7c1a2b3"));
    assert_true(souk_uuid_is_random("B1CF2A6E-3A30-4D6B-BC4E-0F4FD7C1A2B3"));
    assert_false(souk_uuid_is_random("018f0000-0000-7000-8000-00000000000a"));
    assert_false(souk_uuid_is_random("b1cf2a6e-3a30-4d6b-cc4e-0f4fd7c1a2b3"));
    assert_false(souk_uuid_is_random("00000000-0000-0000-0000-000000000000"));
    assert_false(souk_uuid_is_random("b1cf2a6e3a304d6b9c4e0f4fd7c1a2b3"));
    assert_false(souk_uuid_is_random("1"));
    assert_false(souk_uuid_is_random(""));
}

static void an_id_begins_with_the_time_it_was_made_at(void **state)
{
    char id[SOUK_ID_SIZE], hex[13] = "";
    int64_t before = souk_now().ms, ms;

    (void)state;
    souk_id_new(id);
    memcpy(hex, id, 8);
    memcpy(hex + 8, id + 9, 4);
    ms = strtoll(hex, NULL, 16);
    assert_in_range(ms, before, souk_now().ms + 1);
}

static void ids_sort_in_the_order_they_were_made(void **state)
{
    char id[SOUK_ID_SIZE], last[SOUK_ID_SIZE] = "";

    (void)state;
    for (int i = 0; i < IDS; i++) {
        souk_id_new(id);
        assert_true(strcmp(last, id) < 0);
        memcpy(last, id, sizeof last);
    }
}

static void *make_ids(void *argument)
{
    id_text_t *ids = argument;

    for (int i = 0; i < IDS; i++)
        souk_id_new(ids[i].text);
    return NULL;
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(((const id_text_t *)a)->text, ((const id_text_t *)b)->text);
}

static void threads_never_make_the_same_id(void **state)
{
    static id_text_t ids[THREADS * IDS];
    pthread_t threads[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_ids, ids + (size_t)i * IDS), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    qsort(ids, THREADS * IDS, sizeof *ids, compare_ids);
    for (int i = 1; i < THREADS * IDS; i++)
        assert_int_not_equal(strncmp(ids[i - 1].text, ids[i].text, 18), 0);
}

static void a_token_is_43_letters_that_fit_a_header(void **state)
{
    char token[SOUK_TOKEN_SIZE], other[SOUK_TOKEN_SIZE];
    const char *letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    (void)state;
    souk_token_new(token);
    souk_token_new(other);
    assert_int_equal(strspn(token, letters), 43);
    assert_int_equal(strlen(token), 43);
    assert_string_not_equal(token, other);
}

static void a_hash_is_sha_256_in_hex(void **state)
{
    char hex[SOUK_HASH_SIZE];

    (void)state;
    souk_hash((souk_bytes_t){ "abc", 3 }, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    souk_hash((souk_bytes_t){ NULL, 0 }, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_a_uuid_of_version_7),
        cmocka_unit_test(a_uuid_that_was_drawn_by_lot_is_told_from_others),
        cmocka_unit_test(an_id_begins_with_the_time_it_was_made_at),
        cmocka_unit_test(ids_sort_in_the_order_they_were_made),
        cmocka_unit_test(threads_never_make_the_same_id),
        cmocka_unit_test(a_token_is_43_letters_that_fit_a_header),
        cmocka_unit_test(a_hash_is_sha_256_in_hex),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
