/* How an actor begins: it is asked nothing before it can ask others. */
#include "trip.h"

enum {
    TIMES = 10,
    LATE_MS = 30, /* the broker comes, so that everybody has to connect once more */
};

static void open_before_the_broker(stage_t *it, const char *folder)
{
    const char *why = "";
    begin_trips((void **)&it);
    souk_settings.brokers = souk_pool_format(it->pool, "ipc://%s/%d", folder, it->broker_count);
    it->runtime = souk_runtime_start(it->actor, it->pool, &why);
    if (!it->runtime)
        fail_msg("%s", why);
    zmq_poll(NULL, 0, LATE_MS);
}

static void remove_folder(const char *name)
{
    zdir_t *folder = zdir_new(name, NULL);
    zdir_remove(folder, true);
    zdir_destroy(&folder);
}

static void who_is_there_can_ask_others(void **state)
{
    char folder[] = "/tmp/souk-start-XXXXXX";
    assert_non_null(mkdtemp(folder));
    for (int i = 0; i < TIMES; i++) {
        open_before_the_broker(*state, folder);
        stage_open_around(*state);
        await_service(*state, "trip.health");
        ask(*state, "trip.go", "$rome"); /* whose price is asked first */
        expect_status(*state, 0, "ok", "done");
        stage_close(state);
    }
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_is_there_can_ask_others),
    };
    return cmocka_run_group_tests(tests, make_trips, stage_drop);
}
