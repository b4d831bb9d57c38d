/* What can be set about the broker. */
#ifndef SOUK_BROKER_SETTINGS_H
#define SOUK_BROKER_SETTINGS_H

#include "../lib/record.h"

struct souk_broker_settings {
    const char *bind; /* endpoints for requests, with blanks between them */
    const char *events_in; /* XSUB endpoint: publishers connect here */
    const char *events_out; /* XPUB endpoint: subscribers connect here */
    int heartbeat_ms; /* how often workers are told that the broker lives */
    int worker_expiry_ms; /* silence after which a worker with credit is dead */
    int plain_worker_expiry_ms; /* the same for workers that say READY without credit */
    int queue_max; /* messages that wait for a service; more get busy */
    int queue_bytes_max; /* the same, counted in bytes */
    int queue_wait_ms; /* how long a call waits at the most; then unavailable */
    int service_grace_ms; /* how long a service without workers is taken to be restarting */
    int services_max;
    int workers_max;
    int message_max; /* bytes of one frame */
    int peer_max; /* messages that wait for one peer to read them; more are dropped */
};
extern const souk_record_t souk_broker_settings_record;

/* What no field can say alone: NULL where all is well, else a line that names the variable. */
const char *souk_broker_settings_check(const struct souk_broker_settings *settings,
    souk_pool_t *pool);

/* Numbers that are 0 become the record's fallback, so that only what differs must be filled in. */
void souk_broker_settings_complete(struct souk_broker_settings *settings);

#endif
