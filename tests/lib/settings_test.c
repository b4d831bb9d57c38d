/* Settings come from the environment, and a bad one is named. */
#include "settings.h"

#include <stdlib.h>

#include "shapes.h"

static bool read_settings(struct souk_settings *settings, souk_pool_t *pool, const char **why)
{
    return souk_settings_read(&souk_settings_record, settings, pool, why);
}

static int with_empty_environment(void **state)
{
    clearenv();
    return with_pool(state);
}

static void nothing_needs_to_be_set(void **state)
{
    struct souk_settings settings;
    const char *why;

    assert_null(souk_record_check(&souk_settings_record, *state));
    assert_true(read_settings(&settings, *state, &why));
    assert_string_equal(settings.brokers, "ipc://var/run/broker.ipc");
    assert_string_equal(settings.log, "info");
    assert_int_equal(settings.heartbeat_ms, 500);
    assert_int_equal(settings.ask_timeout_ms, 2000);
    assert_int_equal(settings.credit, 1024);
}

static void what_is_set_wins_over_the_default(void **state)
{
    struct souk_settings settings;
    const char *why;

    setenv("SOUK_CREDIT", "7", 1);
    setenv("SOUK_LOG", "debug", 1);
    setenv("SOUK_BROKERS", "", 1);
    assert_true(read_settings(&settings, *state, &why));
    assert_int_equal(settings.credit, 7);
    assert_string_equal(settings.log, "debug");
    assert_string_equal(settings.brokers, "ipc://var/run/broker.ipc");
}

static void a_bad_setting_is_named(void **state)
{
    static const struct {
        const char *name, *value, *why;
    } cases[] = {
        { "SOUK_CREDIT", "many", "SOUK_CREDIT must be a whole number" },
        { "SOUK_CREDIT", "0", "SOUK_CREDIT must be at least 1" },
        { "SOUK_CREDIT", "100001", "SOUK_CREDIT must be at most 100000" },
        { "SOUK_LOG", "loud", "SOUK_LOG must be one of: error, warning, info, debug" },
        { "SOUK_DSN", "host=\xff", "SOUK_DSN must be UTF-8 without NUL" },
    };
    struct souk_settings settings;
    const char *why;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        setenv(cases[i].name, cases[i].value, 1);
        assert_false(read_settings(&settings, *state, &why));
        assert_string_equal(why, cases[i].why);
        unsetenv(cases[i].name);
    }
}

static void each_service_may_have_a_database_of_its_own(void **state)
{
    souk_settings.dsn = "host=db user=souk_{service} application_name={service}";
    assert_string_equal(souk_settings_dsn("order", *state),
        "host=db user=souk_order application_name=order");
    setenv("SOUK_DSN_ORDER", "host=other user={service}", 1);
    assert_string_equal(souk_settings_dsn("order", *state), "host=other user=order");
    assert_string_equal(souk_settings_dsn("user", *state),
        "host=db user=souk_user application_name=user");
}

#define ALONE(test) cmocka_unit_test_setup_teardown(test, with_empty_environment, without_pool)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(nothing_needs_to_be_set),
        ALONE(what_is_set_wins_over_the_default),
        ALONE(a_bad_setting_is_named),
        ALONE(each_service_may_have_a_database_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
