/* Which trace a request belongs to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../http-edge/trace.h"

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"
#define PARENT "00f067aa0ba902b7"

static void a_trace_that_was_begun_goes_on(void **state)
{
    static const char *const cases[] = {
        "00-" TRACE "-" PARENT "-01",
        "01-" TRACE "-" PARENT "-01",
        "cc-" TRACE "-" PARENT "-01-what-will-be-known",
    };
    char traceparent[SOUK_TRACEPARENT_SIZE], id[SOUK_TRACE_ID_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_trace_begin(cases[i], traceparent);
        assert_string_equal(traceparent, "00-" TRACE "-" PARENT "-01");
        souk_trace_id(traceparent, id);
        assert_string_equal(id, TRACE);
    }
}

static void what_is_no_trace_begins_one(void **state)
{
    static const char *const cases[] = {
        NULL,
        "",
        "00",
        "ff-" TRACE "-" PARENT "-01",
        "00-" TRACE "-" PARENT "-0",
        "00-" TRACE "-" PARENT "-01-more",
        "01-" TRACE "-" PARENT "-01more",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" PARENT "-01",
        "00-00000000000000000000000000000000-" PARENT "-01",
        "00-" TRACE "-0000000000000000-01",
        "00_" TRACE "-" PARENT "-01",
        "0x-" TRACE "-" PARENT "-01",
    };
    char before[SOUK_TRACEPARENT_SIZE] = "", traceparent[SOUK_TRACEPARENT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        souk_trace_begin(cases[i], traceparent);
        assert_int_equal(strlen(traceparent), SOUK_TRACEPARENT_SIZE - 1);
        assert_null(strstr(traceparent, TRACE));
        assert_string_not_equal(traceparent, before);
        memcpy(before, traceparent, sizeof before);
        souk_trace_begin(before, traceparent);
        assert_string_equal(traceparent, before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trace_that_was_begun_goes_on),
        cmocka_unit_test(what_is_no_trace_begins_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
