/* What comes from outside and says who has signed it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../lib/signature.h"

static const char secret[] = "whsec_of_a_carrier";
static const souk_time_t now = { 1700000000000 };

static void a_signature_is_hmac_sha256_over_time_and_body(void **state)
{
    owned(souk_pool) pool = souk_pool_new();

    /* printf '1700000000.{"id":1}' | openssl dgst -sha256 -hmac whsec_of_a_carrier */
    assert_string_equal(souk_signature_make(secret, now, "{\"id\":1}", pool),
        "t=1700000000,v1="
        "4674a6cd565eb1ca4e1de7ca7a9f7ee266fe61c785734c1f45333cf4f6fde503");
}

/* In signature, %s stands for the right "v1=...". */
static void what_does_not_fit_is_refused(void **state)
{
    static const struct {
        const char *signature;
        bool fits;
    } cases[] = {
        { "t=1700000000,%s", true },
        { "%s,t=1700000000", true },
        { "t=1700000000,v1=00,%s,v0=11", true },
        { "t=1700000001,%s", false },
        { "%s", false },
        { "t=1700000000", false },
        { "t=1700000000,v1=", false },
        { "t=1700000000,v2%s", false },
        { "t=1700000000,%s00", false },
        { "t=,%s", false },
        { "t=-1,%s", false },
        { "t=99999999999999999999,%s", false },
        { "", false },
        { ",", false },
    };
    owned(souk_pool) pool = souk_pool_new();
    const char *right = strchr(souk_signature_make(secret, now, "{}", pool), ',') + 1;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *signature = cases[i].signature, *gap = strstr(signature, "%s");
        if (gap)
            signature = souk_pool_format(pool, "%.*s%s%s", (int)(gap - signature), signature, right,
                gap + 2);
        if (souk_signature_fits(secret, now, "{}", signature) != cases[i].fits)
            fail_msg("%s", signature);
    }
}

static void body_secret_and_time_matter(void **state)
{
    static const struct {
        const char *secret, *body;
        int later_s;
        bool fits;
    } cases[] = {
        { secret, "{}", 0, true },
        { secret, "{}", SOUK_SIGNED_FOR_S, true },
        { secret, "{}", -SOUK_SIGNED_FOR_S, true },
        { secret, "{}", SOUK_SIGNED_FOR_S + 1, false },
        { secret, "{}", -SOUK_SIGNED_FOR_S - 1, false },
        { secret, "{ }", 0, false },
        { "another", "{}", 0, false },
    };
    owned(souk_pool) pool = souk_pool_new();
    const char *signature = souk_signature_make(secret, now, "{}", pool);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_time_t when = { now.ms + (int64_t)cases[i].later_s * 1000 };
        assert_int_equal(souk_signature_fits(cases[i].secret, when, cases[i].body, signature),
            cases[i].fits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_is_hmac_sha256_over_time_and_body),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(body_secret_and_time_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
