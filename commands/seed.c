/* `souk seed`: puts the sample catalogue, where there is none, and its stock, through the
   operations that anybody would use. It runs a broker and the two actors inside itself, so that a
   shop is complete before its edge opens. Done twice it changes nothing. */
#include <stdio.h>
#include <string.h>

#include "../broker/broker.h"
#include "commands.h"
#include "log.h"
#include "settings.h"

enum {
    TIMEOUT_MS = 15000, /* the actors connect to the database meanwhile */
};

static const char inside[] = "inproc://souk-seed";

static json_t *run(souk_client_t *client, const char *operation, souk_bytes_t json)
{
    static const char *const roles[] = { "staff" };
    souk_errand_t errand = {
        .operation = operation,
        .json = json,
        .caller.roles = { (void *)roles, 1 },
        .timeout_ms = TIMEOUT_MS,
    };
    return souk_errand_run(&errand, client);
}

static bool sow_one(souk_client_t *client, const char *folder, const char *file,
    const char *operation)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_bytes_t json;
    if (!souk_command_read_file(souk_pool_format(pool, "%s/%s", folder, file), &json, pool))
        return false;
    json_t *reply = run(client, operation, json);
    bool done = reply;
    json_decref(reply);
    return done;
}

/* A catalogue that is there is somebody's, who may have changed its prices or withdrawn all of it.
 */
static bool has_catalogue(souk_client_t *client, bool *has)
{
    static const char *const first[] = {
        "{\"limit\":1}",
        "{\"limit\":1,\"status\":\"unpublished\"}",
        "{\"limit\":1,\"status\":\"archived\"}",
    };
    bool done = true;
    *has = false;
    for (size_t i = 0; done && !*has && i < sizeof first / sizeof *first; i++) {
        json_t *reply = run(client, "product.list", (souk_bytes_t){ first[i], strlen(first[i]) });
        done = reply;
        *has = json_array_size(json_object_get(reply, "items")) > 0;
        json_decref(reply);
    }
    return done;
}

/* Stock is booked by a key, which does it once. */
static bool sow(const char *folder)
{
    bool has;
    owned(souk_client) client = souk_client_new(inside);
    return has_catalogue(client, &has) &&
        (has || sow_one(client, folder, "products.json", "product.put")) &&
        sow_one(client, folder, "stock.json", "inventory.receive");
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
    if (!souk_log_set("warning"))
        return SOUK_FAILED;
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
    if (sown)
        puts("the catalogue and its stock are there");
    return sown ? SOUK_DONE : SOUK_FAILED;
}
