/* `souk dead-letters`: events that a service could not deal with, and dealing with one once more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "settings.h"

enum {
    TIMEOUT_MS = 5000,
};

static int usage(void)
{
    fprintf(stderr,
        "usage: souk dead-letters [SERVICE]                       what could not be dealt with\n"
        "       souk dead-letters retry SERVICE SOURCE NUMBER   deals with one once more\n");
    return SOUK_MISUSED_COMMAND;
}

/* NULL: the reason was told. Takes arguments; the caller owns the reply. */
static json_t *ask(souk_client_t *client, const char *service, const char *what, json_t *arguments)
{
    owned(souk_pool) pool = souk_pool_new();
    char *json = json_dumps(arguments, JSON_COMPACT);
    souk_errand_t errand = {
        .operation = souk_pool_format(pool, "%s.%s", service, what),
        .json = { json, strlen(json) },
        .timeout_ms = TIMEOUT_MS,
    };
    json_t *reply = souk_errand_run(&errand, client);
    free(json);
    json_decref(arguments);
    return reply;
}

static void show(const char *service, const json_t *letter)
{
    char *data = json_dumps(json_object_get(letter, "data"), JSON_COMPACT | JSON_ENCODE_ANY);
    printf("%s %s %" JSON_INTEGER_FORMAT " %s %s %s\n    %s\n",
        json_string_value(json_object_get(letter, "at")), service,
        json_integer_value(json_object_get(letter, "seq")),
        json_string_value(json_object_get(letter, "source")),
        json_string_value(json_object_get(letter, "topic")), data,
        json_string_value(json_object_get(letter, "error")));
    free(data);
}

/* All pages; false: the reason was told. */
static bool show_all(souk_client_t *client, const char *service)
{
    json_t *page = ask(client, service, "dead_letters", json_object());
    while (page) {
        json_t *items = json_object_get(page, "items");
        size_t count = json_array_size(items);
        const json_t *last = json_array_get(items, count - 1);
        for (size_t i = 0; i < count; i++)
            show(service, json_array_get(items, i));
        if (!json_is_true(json_object_get(page, "more"))) {
            json_decref(page);
            return true;
        }
        json_t *next = json_pack("{s:O, s:O}", "source", json_object_get(last, "source"), "after",
            json_object_get(last, "seq"));
        json_decref(page);
        page = ask(client, service, "dead_letters", next);
    }
    return false;
}

/* Of one service, which may be one that others wrote; else of all here that follow anybody. */
static int show_letters(souk_client_t *client, const char *service)
{
    bool shown = !service || show_all(client, service);
    for (const souk_actor_t *const *actor = souk_actors; !service && *actor; actor++)
        if ((*actor)->follows[0].topic)
            shown = show_all(client, (*actor)->name) && shown;
    return shown ? SOUK_DONE : SOUK_FAILED;
}

static int retry(souk_client_t *client, char **words)
{
    char *end = NULL;
    json_int_t seq = strtoll(words[2], &end, 10);
    if (end == words[2] || *end)
        return usage();
    json_t *done =
        ask(client, words[0], "retry", json_pack("{s:s, s:I}", "source", words[1], "seq", seq));
    json_decref(done);
    return done ? SOUK_DONE : SOUK_FAILED;
}

int souk_command_dead_letters(int argc, char **argv)
{
    owned(souk_client) client = souk_client_new(souk_settings.brokers);
    if (argc == 5 && strcmp(argv[1], "retry") == 0)
        return retry(client, argv + 2);
    if (argc > 2 || (argc == 2 && strcmp(argv[1], "retry") == 0))
        return usage();
    return show_letters(client, argv[1]);
}
