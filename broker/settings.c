/* The broker's settings, with their limits and what they are where nobody sets them. */
#include "settings.h"

#include <assert.h>

#include "../lib/settings.h"

enum {
    ENDPOINTS_MAX = 8
};

#define SETTING(member, ...) FIELD(souk_broker_settings, member, __VA_ARGS__)

const souk_record_t souk_broker_settings_record = {
    .name = "broker_settings",
    .size = sizeof(struct souk_broker_settings),
    .fields = {
        SETTING(bind, .env = "SOUK_BROKER_BIND", .fallback = "ipc://var/run/broker.ipc", .min = 1,
            .doc = "endpoints that clients and workers connect to, with blanks between them"),
        SETTING(events_in, .env = "SOUK_EVENTS_IN", .fallback = "ipc://var/run/events-in.ipc",
            .min = 1, .doc = "endpoint that publishers of events connect to"),
        SETTING(events_out, .env = "SOUK_EVENTS_OUT", .fallback = "ipc://var/run/events-out.ipc",
            .min = 1, .doc = "endpoint that subscribers to events connect to"),
        SETTING(heartbeat_ms, .env = "SOUK_HEARTBEAT_MS", .fallback = "500", .min = 10,
            .max = 60000, .doc = "how often idle workers are told that the broker lives"),
        SETTING(worker_expiry_ms, .env = "SOUK_WORKER_EXPIRY_MS", .fallback = "1500", .min = 20,
            .max = 600000, .doc = "silence after which a worker with credit is taken for dead"),
        SETTING(plain_worker_expiry_ms, .env = "SOUK_PLAIN_WORKER_EXPIRY_MS", .fallback = "10000",
            .min = 20, .max = 600000,
            .doc = "silence after which a worker that said READY without credit is taken for dead"),
        SETTING(queue_max, .env = "SOUK_QUEUE_MAX", .fallback = "10000", .min = 1, .max = 10000000,
            .doc = "messages that may wait for a service; more are answered busy"),
        SETTING(queue_bytes_max, .env = "SOUK_QUEUE_BYTES_MAX", .fallback = "67108864",
            .min = 4096, .max = INT32_MAX,
            .doc = "bytes that may wait for a service; more are answered busy"),
        SETTING(queue_wait_ms, .env = "SOUK_QUEUE_WAIT_MS", .fallback = "5000", .min = 1,
            .max = 3600000, .doc = "how long a call may wait for a worker; then it is unavailable"),
        SETTING(service_grace_ms, .env = "SOUK_SERVICE_GRACE_MS", .fallback = "2000", .min = 1,
            .max = 600000,
            .doc = "how long calls queue for a service whose last worker left: "
                   "it may be restarting"),
        SETTING(services_max, .env = "SOUK_SERVICES_MAX", .fallback = "256", .min = 1,
            .max = SOUK_LIST_MAX, .doc = "services that workers may offer; more are disconnected"),
        SETTING(workers_max, .env = "SOUK_WORKERS_MAX", .fallback = "4096", .min = 1,
            .max = 1000000, .doc = "workers of all services; more are disconnected"),
        SETTING(message_max, .env = "SOUK_MESSAGE_MAX", .fallback = "4194304", .min = 1024,
            .max = 1 << 30, .doc = "bytes of one frame; who sends more is cut off"),
        SETTING(peer_max, .env = "SOUK_PEER_MAX", .fallback = "10000", .min = 10, .max = 10000000,
            .doc = "messages kept for a peer that does not read; more are dropped"),
    },
};

const char *souk_broker_settings_check(const struct souk_broker_settings *settings,
    souk_pool_t *pool)
{
    const char *const endpoints[][2] = {
        { "SOUK_BROKER_BIND", settings->bind },
        { "SOUK_EVENTS_IN", settings->events_in },
        { "SOUK_EVENTS_OUT", settings->events_out },
    };
    const char *why = NULL;
    for (size_t i = 0; !why && i < sizeof endpoints / sizeof *endpoints; i++)
        why = souk_settings_check_endpoints(endpoints[i][0], endpoints[i][1], ENDPOINTS_MAX, pool);
    if (why)
        return why;
    if (settings->worker_expiry_ms <= settings->heartbeat_ms)
        return "SOUK_WORKER_EXPIRY_MS must be more than SOUK_HEARTBEAT_MS";
    if (settings->plain_worker_expiry_ms <= settings->heartbeat_ms)
        return "SOUK_PLAIN_WORKER_EXPIRY_MS must be more than SOUK_HEARTBEAT_MS";
    return NULL;
}

void souk_broker_settings_complete(struct souk_broker_settings *settings)
{
    const souk_field_t *fields = souk_broker_settings_record.fields;
    for (size_t i = 0; i < souk_record_count(&souk_broker_settings_record); i++) {
        int *number = (int *)((char *)settings + fields[i].offset);
        if (fields[i].type == SOUK_INT && *number == 0) {
            bool parsed = souk_field_parse(&fields[i], fields[i].fallback, number);
            assert(parsed);
            (void)parsed;
        }
    }
}
