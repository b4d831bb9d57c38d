/* Log lines: one an event, whatever the values hold. */
#include "log.h"

#include <fcntl.h>
#include <unistd.h>

#include "shapes.h"

/* What souk_log writes to stderr, read through a pipe. */
static size_t logged(souk_level_t level, const char *value, char *text, size_t size)
{
    int ends[2], terminal = dup(STDERR_FILENO);
    ssize_t got;

    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    souk_log(level, "inventory", "op=%s ms=%d", value, 3);
    dup2(terminal, STDERR_FILENO);
    close(terminal);
    close(ends[1]);
    got = read(ends[0], text, size - 1);
    close(ends[0]);
    assert_true(got >= 0);
    text[got] = '\0';
    return (size_t)got;
}

static void a_line_has_time_level_name_and_values(void **state)
{
    char text[4096];

    (void)state;
    logged(SOUK_LOG_WARNING, "inventory.check", text, sizeof text);
    assert_memory_equal(text, "time=20", 7);
    assert_string_equal(text + strlen("time=2026-01-31T23:59:59.123Z"),
        " level=warning name=inventory op=inventory.check ms=3\n");
}

static void a_value_cannot_start_a_line_of_its_own(void **state)
{
    char text[4096];

    (void)state;
    logged(SOUK_LOG_ERROR, "a\nlevel=error\x1b[2J", text, sizeof text);
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    assert_null(strchr(text, '\x1b'));
}

static void an_endless_line_is_cut(void **state)
{
    static char value[100000];
    char text[4096];

    (void)state;
    memset(value, 'x', sizeof value - 1);
    assert_int_equal(logged(SOUK_LOG_ERROR, value, text, sizeof text), 2048);
    assert_int_equal(text[2047], '\n');
}

static void what_is_less_important_is_left_out(void **state)
{
    char text[4096];

    (void)state;
    assert_int_equal(logged(SOUK_LOG_DEBUG, "x", text, sizeof text), 0);
    assert_true(souk_log_set("debug"));
    assert_true(logged(SOUK_LOG_DEBUG, "x", text, sizeof text) > 0);
    assert_true(souk_log_set("error"));
    assert_int_equal(logged(SOUK_LOG_WARNING, "x", text, sizeof text), 0);
    assert_false(souk_log_on(SOUK_LOG_INFO));
    assert_false(souk_log_set("loud"));
    assert_true(souk_log_set("info"));
}

static void values_are_quoted_where_they_must_be_and_cut(void **state)
{
    static const struct {
        const char *value, *told;
    } cases[] = {
        { "mug", "mug" },
        { NULL, "-" },
        { "", "\"\"" },
        { "two words", "\"two words\"" },
        { "say \"hi\"", "\"say \\\"hi\\\"\"" },
        { "a=b", "\"a=b\"" },
        { "a\nb", "\"a b\"" },
        { "ends with \\", "\"ends with \\\\\"" },
        { "012345678901234567890123456789",
            "012345678901234567890"
            "12" },
        { "0 2345678901234567890123456789", "\"0 234567890123456789\"" },
        { "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"", "\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\\\"\"" },
    };
    char buffer[24];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(souk_log_value(cases[i].value, buffer, sizeof buffer), cases[i].told);
}

/* A pipe that nobody reads, filled to its brim, in the place of stderr. */
static int fill_stderr(int ends[2])
{
    char page[4096] = { 0 };
    int terminal = dup(STDERR_FILENO);

    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    while (write(ends[1], page, sizeof page) > 0)
        continue;
    dup2(ends[1], STDERR_FILENO);
    return terminal;
}

static void a_log_that_nobody_reads_holds_up_nobody(void **state)
{
    static char text[1 << 20];
    int ends[2], terminal = fill_stderr(ends);

    (void)state;
    fcntl(ends[1], F_SETFL, 0);
    souk_log(SOUK_LOG_ERROR, "inventory", "one=1");
    souk_log(SOUK_LOG_ERROR, "inventory", "two=2");
    assert_true(read(ends[0], text, sizeof text) > 0);
    souk_log(SOUK_LOG_ERROR, "inventory", "three=3");
    dup2(terminal, STDERR_FILENO);
    close(terminal);
    ssize_t size = read(ends[0], text, sizeof text - 1);
    assert_true(size > 0);
    text[size] = '\0';
    close(ends[0]);
    close(ends[1]);
    assert_non_null(strstr(text, "level=warning name=log lines_dropped=2\n"));
    assert_non_null(strstr(text, "three=3\n"));
}

static void what_comes_too_often_is_told_now_and_then(void **state)
{
    souk_log_pace_t pace = { .second = souk_clock_ms() / 1000 + 1 };
    int told = 0;

    (void)state;
    for (int i = 0; i < 1000; i++)
        told += souk_log_may(&pace, "inventory");
    assert_in_range(told, SOUK_LOG_PACE, 2 * SOUK_LOG_PACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_time_level_name_and_values),
        cmocka_unit_test(a_value_cannot_start_a_line_of_its_own),
        cmocka_unit_test(an_endless_line_is_cut),
        cmocka_unit_test(what_is_less_important_is_left_out),
        cmocka_unit_test(values_are_quoted_where_they_must_be_and_cut),
        cmocka_unit_test(a_log_that_nobody_reads_holds_up_nobody),
        cmocka_unit_test(what_comes_too_often_is_told_now_and_then),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
