/* `souk reconcile`: what the payment provider has done is held against the shop's books, hour by
   hour; a line for each difference. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "settings.h"

enum {
    TIMEOUT_MS = 60000,
    HOUR_MS = 3600 * 1000,
    DAY_MS = 24 * HOUR_MS,
    SETTLING_MS = 60 * 1000, /* what is younger may be under way */
};

static int usage(void)
{
    fprintf(stderr,
        "usage: souk reconcile [--from TIME] [--until TIME]   such as 2026-11-25T00:00:00Z; "
        "of the last day\n");
    return SOUK_MISUSED_COMMAND;
}

static bool take_words(int argc, char **argv, souk_time_t *from, souk_time_t *until)
{
    for (int i = 1; i < argc; i += 2) {
        souk_time_t *time = strcmp(argv[i], "--from") == 0 ? from
            : strcmp(argv[i], "--until") == 0              ? until
                                                           : NULL;
        if (!time || i + 1 == argc || !souk_time_parse(argv[i + 1], time))
            return false;
    }
    until->ms = until->ms ? until->ms : souk_now().ms - SETTLING_MS;
    from->ms = from->ms ? from->ms : until->ms - DAY_MS;
    return from->ms < until->ms;
}

static const char *text_of(const json_t *difference, const char *name)
{
    const char *text = json_string_value(json_object_get(difference, name));
    return text ? text : "-";
}

static void show(const json_t *reply)
{
    size_t i;
    const json_t *it;

    json_array_foreach(json_object_get(reply, "differences"), i, it)
    {
        printf("%s order %s charge %s\n    here  %s\n    there %s\n", text_of(it, "kind"),
            text_of(it, "order_id"), text_of(it, "reference"), text_of(it, "here"),
            text_of(it, "there"));
    }
}

/* NULL: the reason was told. */
static json_t *ask(souk_client_t *client, souk_time_t from, souk_time_t until)
{
    static const char *roles[] = { "staff" };
    owned(souk_pool) pool = souk_pool_new();
    char first[SOUK_TIME_TEXT_SIZE], last[SOUK_TIME_TEXT_SIZE];
    souk_errand_t errand = {
        .operation = "payment.reconcile",
        .caller = { .user = "operator", .roles = { roles, 1 } },
        .timeout_ms = TIMEOUT_MS,
    };

    souk_time_print(from, first);
    souk_time_print(until, last);
    const char *json = souk_pool_format(pool, "{\"from\":\"%s\",\"until\":\"%s\"}", first, last);
    errand.json = (souk_bytes_t){ json, strlen(json) };
    return souk_errand_run(&errand, client);
}

static long long number_of(const json_t *reply, const char *name)
{
    return json_integer_value(json_object_get(reply, name));
}

int souk_command_reconcile(int argc, char **argv)
{
    souk_time_t from = { 0 }, until = { 0 };
    long long compared = 0, differences = 0;

    if (!take_words(argc, argv, &from, &until))
        return usage();
    owned(souk_client) client = souk_client_new(souk_settings.brokers);
    while (from.ms < until.ms) {
        int64_t end_ms = from.ms + HOUR_MS < until.ms ? from.ms + HOUR_MS : until.ms;
        json_t *reply = ask(client, from, (souk_time_t){ end_ms });
        if (!reply)
            return SOUK_FAILED;
        show(reply);
        compared += number_of(reply, "compared");
        differences += number_of(reply, "count");
        json_decref(reply);
        from.ms = end_ms;
    }
    printf("%lld charges compared, %lld differences\n", compared, differences);
    return differences ? SOUK_FAILED : SOUK_DONE;
}
