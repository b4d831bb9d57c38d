/* `souk seed`: puts the sample catalogue and its stock, through the operations that anybody would
   use. It runs a broker and the two actors inside itself, so that a shop is complete before its
   edge opens. Done twice it changes nothing. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../broker/broker.h"
#include "commands.h"
#include "settings.h"

enum {
    FILE_MAX = 4 << 20, /* bytes */
    TIMEOUT_MS = 15000, /* the actors connect to the database meanwhile */
};

static const char inside[] = "inproc://souk-seed";

static const struct {
    const char *file;
    const char *operation;
} sowings[] = {
    { "products.json", "product.put" },
    { "stock.json", "inventory.receive" },
};
enum {
    SOWINGS = sizeof sowings / sizeof sowings[0]
};

static bool read_file(const char *folder, const char *file, souk_bytes_t *bytes, souk_pool_t *pool)
{
    const char *path = souk_pool_format(pool, "%s/%s", folder, file);
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        fprintf(stderr, "souk seed: %s: %s\n", path, strerror(errno));
        return false;
    }
    char *text = souk_pool_alloc(pool, FILE_MAX);
    *bytes = (souk_bytes_t){ text, fread(text, 1, FILE_MAX, stream) };
    fclose(stream);
    return true;
}

static bool sow(const char *folder)
{
    owned(souk_pool) pool = souk_pool_new();
    owned(souk_client) client = souk_client_new(inside);
    for (size_t i = 0; i < SOWINGS; i++) {
        souk_errand_t errand = { .operation = sowings[i].operation, .timeout_ms = TIMEOUT_MS };
        if (!read_file(folder, sowings[i].file, &errand.json, pool))
            return false;
        json_t *reply = souk_errand_run(&errand, client);
        if (!reply)
            return false;
        json_decref(reply);
    }
    return true;
}

/* Its endpoints are its own: a broker that runs beside it is not disturbed. */
static void keep_inside(struct souk_broker_settings *broker)
{
    broker->bind = inside;
    broker->events_in = "inproc://souk-seed-events-in";
    broker->events_out = "inproc://souk-seed-events-out";
    souk_settings.brokers = inside;
}

int souk_command_seed(int argc, char **argv)
{
    struct souk_broker_settings broker;
    souk_crew_t crew = { 0 };
    souk_host_t host;
    owned(souk_pool) pool = souk_pool_new();

    if (!souk_command_broker_settings(&broker, pool))
        return SOUK_MISUSED_COMMAND;
    keep_inside(&broker);
    if (!souk_crew_add(&crew, "product") || !souk_crew_add(&crew, "inventory"))
        return SOUK_FAILED;
    if (!souk_crew_check(&crew))
        return SOUK_MISUSED_COMMAND;

    souk_part_t parts[] = {
        { .name = "broker", .run = souk_broker_actor, .args = &broker },
        { .name = "actors", .run = souk_crew_actor, .args = &crew },
    };
    souk_host_start(&host, parts, sizeof parts / sizeof parts[0]);
    bool sown = sow(argc > 1 ? argv[1] : "db/seed");
    souk_host_stop(&host);
    return sown ? SOUK_DONE : SOUK_FAILED;
}
