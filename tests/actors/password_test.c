/* Passwords: what is kept of them, and what their check gives away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <time.h>

#include "../../actors/auth/password.h"
#include "../../lib/call_internal.h"

enum {
    TRIES = 5
};

static const char *hash_of(souk_call_t *call, const char *password)
{
    const char *hash = auth_password_hash(call, password);
    assert_non_null(hash);
    return hash;
}

static void only_the_right_password_fits(void **state)
{
    owned(souk_call) call = souk_call_new(NULL);
    const char *hash = hash_of(call, "correct horse");
    assert_true(auth_password_fits(hash, "correct horse"));
    assert_false(auth_password_fits(hash, "correct hors"));
    assert_false(auth_password_fits(hash, "correct horse "));
    assert_false(auth_password_fits(hash, ""));
    assert_false(auth_password_fits(NULL, "correct horse"));
}

static void what_is_kept_is_argon2id_and_tells_nothing(void **state)
{
    owned(souk_call) call = souk_call_new(NULL);
    const char *hash = hash_of(call, "correct horse");
    assert_int_equal(strncmp(hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31), 0);
    assert_null(strstr(hash, "horse"));
    assert_string_not_equal(hash, hash_of(call, "correct horse"));
}

/* Of the processor's time, which other work does not make longer. */
static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static int64_t shortest_us(const char *hash)
{
    int64_t shortest = INT64_MAX;
    for (int i = 0; i < TRIES; i++) {
        int64_t from_us = now_us();
        assert_false(auth_password_fits(hash, "wrong horse"));
        int64_t took_us = now_us() - from_us;
        shortest = took_us < shortest ? took_us : shortest;
    }
    return shortest;
}

static void nobodys_password_takes_as_long_as_somebodys(void **state)
{
    owned(souk_call) call = souk_call_new(NULL);
    int64_t known_us = shortest_us(hash_of(call, "correct horse"));
    assert_true(shortest_us(NULL) >= known_us / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_right_password_fits),
        cmocka_unit_test(what_is_kept_is_argon2id_and_tells_nothing),
        cmocka_unit_test(nobodys_password_takes_as_long_as_somebodys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
