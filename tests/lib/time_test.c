/* Moments as texts. */
#include "shapes.h"

static void a_time_is_told_with_milliseconds_in_utc(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } cases[] = {
        { 0, "1970-01-01T00:00:00.000Z" },
        { 1, "1970-01-01T00:00:00.001Z" },
        { -1, "1969-12-31T23:59:59.999Z" },
        { 951782400000, "2000-02-29T00:00:00.000Z" },
        { 1769903999123, "2026-01-31T23:59:59.123Z" },
        { 253402300799999, "9999-12-31T23:59:59.999Z" },
        { INT64_MAX, "9999-12-31T23:59:59.999Z" },
        { INT64_MIN, "0000-01-01T00:00:00.000Z" },
    };
    char text[SOUK_TIME_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_time_print((souk_time_t){ cases[i].ms }, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void all_that_rfc_3339_allows_is_understood(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } cases[] = {
        { "1970-01-01T00:00:00Z", 0 },
        { "1970-01-01t00:00:00z", 0 },
        { "1970-01-01T00:00:00-00:00", 0 },
        { "2026-01-31T23:59:59.123Z", 1769903999123 },
        { "2026-01-31T23:59:59.1239999999Z", 1769903999123 },
        { "2026-01-31T23:59:59.1Z", 1769903999100 },
        { "2026-02-01T01:29:59.123+01:30", 1769903999123 },
        { "2026-01-31T18:59:59.123-05:00", 1769903999123 },
        { "2000-02-29T00:00:00Z", 951782400000 },
        { "1990-12-31T23:59:60Z", 662688000000 },
        { "1990-12-31T15:59:60-08:00", 662688000000 },
    };
    souk_time_t time;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(souk_time_parse(cases[i].text, &time));
        assert_int_equal(time.ms, cases[i].ms);
    }
}

static void what_is_no_rfc_3339_time_is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "now",
        "2026-01-31",
        "2026-01-31T23:59:59",
        "2026-01-31 23:59:59Z",
        "2026-1-31T23:59:59Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-00-10T00:00:00Z",
        "2026-13-10T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T23:60:00Z",
        "2026-01-31T23:59:61Z",
        "2026-01-31T12:00:60Z",
        "2026-01-31T23:59:59.Z",
        "2026-01-31T23:59:59+1:00",
        "2026-01-31T23:59:59+24:00",
        "2026-01-31T23:59:59ZZ",
        "2026-01-31T23:59:59Z ",
        "+026-01-31T23:59:59Z",
        "0000-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
    };
    souk_time_t time;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (souk_time_parse(cases[i], &time))
            fail_msg("taken: %s", cases[i]);
}

static void every_time_told_is_understood_again(void **state)
{
    uint64_t seed = 1;
    char text[SOUK_TIME_TEXT_SIZE];
    souk_time_t back;

    (void)state;
    for (int i = 0; i < 10000; i++) {
        int64_t ms = (int64_t)next_random(&seed) * next_random(&seed) % 253402300800000;

        souk_time_print((souk_time_t){ ms }, text);
        assert_true(souk_time_parse(text, &back));
        assert_int_equal(back.ms, ms);
    }
}

static void the_clocks_go_forwards(void **state)
{
    int64_t before = souk_clock_ms();

    (void)state;
    assert_true(souk_clock_ms() >= before);
    assert_true(souk_now().ms > 1700000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_told_with_milliseconds_in_utc),
        cmocka_unit_test(all_that_rfc_3339_allows_is_understood),
        cmocka_unit_test(what_is_no_rfc_3339_time_is_refused),
        cmocka_unit_test(every_time_told_is_understood_again),
        cmocka_unit_test(the_clocks_go_forwards),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
