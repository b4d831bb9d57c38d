/* The HTTP edge: a zactor function, so that `souk edge` and `souk all` run the same. */
#ifndef SOUK_EDGE_H
#define SOUK_EDGE_H

#include <czmq.h>

#include "../lib/record.h"

struct souk_edge_settings {
    const char *host;
    int port;
    const char *authenticate; /* the operation that tells whose a bearer token is */
    const char *needs; /* services that /readyz waits for, with blanks between them */
    const char *proxies; /* addresses that are believed whom they ask for, likewise */
    int deadline_ms; /* of one request, from its last byte to its answer */
    int connections_max;
    int connections_per_ip_max;
    int idle_s; /* after which a silent connection is closed */
    int body_max; /* bytes */
    int bodies_max; /* bytes of all that are on their way; 503 past it */
    int refresh_ms; /* how often the services are looked at anew */
    int stop_ms; /* how long requests under way may still take after SIGTERM */
    bool share_port; /* so that several edges listen on one port */
};
extern const souk_record_t souk_edge_settings_record;

/* args is a const struct souk_edge_settings *, copied before the actor signals that it listens.
   Signals -1 where it cannot (the log says why). Ends on $TERM. */
void souk_edge_actor(zsock_t *pipe, void *args);

#endif
