/* `souk call SERVICE.OPERATION JSON`: asks one operation and prints its reply. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "settings.h"

enum {
    TIMEOUT_MS = 5000,
    TIMEOUT_MAX_MS = 3600000,
};

static int usage(const char *what)
{
    fprintf(stderr,
        "souk call: %s\nusage: souk call SERVICE.OPERATION [JSON or - for stdin]"
        " [--key K] [--user U] [--role R]... [--timeout MS]\n",
        what);
    return SOUK_MISUSED_COMMAND;
}

static bool set_timeout(const char *text, int *timeout_ms)
{
    char *end = NULL;
    long value = strtol(text, &end, 10);
    if (end == text || *end || value < 1 || value > TIMEOUT_MAX_MS)
        return false;
    *timeout_ms = (int)value;
    return true;
}

static bool take_option(souk_errand_t *errand, const char *name, const char *value,
    souk_pool_t *pool)
{
    if (!value)
        return false;
    if (strcmp(name, "--key") == 0)
        errand->caller.key = value;
    else if (strcmp(name, "--user") == 0)
        errand->caller.user = value;
    else if (strcmp(name, "--role") == 0)
        *(const char **)souk_list_add(&errand->caller.roles, pool, sizeof value) = value;
    else if (strcmp(name, "--timeout") == 0)
        return set_timeout(value, &errand->timeout_ms);
    else
        return false;
    return true;
}

/* NULL: all words are taken; else the one that makes no sense. */
static const char *take_words(int argc, char **argv, souk_errand_t *errand, const char **json,
    souk_pool_t *pool)
{
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0) {
            if (!take_option(errand, argv[i], argv[i + 1], pool))
                return argv[i];
            i++;
        } else if (!errand->operation)
            errand->operation = argv[i];
        else if (!*json)
            *json = argv[i];
        else
            return argv[i];
    }
    return NULL;
}

int souk_command_call(int argc, char **argv)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_errand_t errand = { .timeout_ms = TIMEOUT_MS };
    const char *json = NULL;
    const char *wrong = take_words(argc, argv, &errand, &json, pool);
    if (wrong)
        return usage(souk_pool_format(pool, "%s makes no sense here, or lacks its value", wrong));
    if (!errand.operation)
        return usage("which operation?");

    json = json ? json : "{}";
    errand.json = (souk_bytes_t){ json, strlen(json) };
    if (strcmp(json, "-") == 0 && !souk_command_read_file(json, &errand.json, pool))
        return SOUK_FAILED;
    owned(souk_client) client = souk_client_new(souk_settings.brokers);
    json_t *reply = souk_errand_run(&errand, client);
    if (!reply)
        return SOUK_FAILED;
    json_dumpf(reply, stdout, JSON_INDENT(2));
    puts("");
    json_decref(reply);
    return SOUK_DONE;
}
