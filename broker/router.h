/* The routing core: which worker gets which call, what waits, who is dead, and what the broker
   answers in a worker's stead. No sockets and no clock: what happens comes in as function calls
   with the time (souk_clock_ms) in them, what is to be done goes out through souk_router_output_t.
 */
#ifndef SOUK_ROUTER_H
#define SOUK_ROUTER_H

#include "../lib/error.h"
#include "settings.h"
#include "stats.h"

typedef struct souk_router souk_router_t;

typedef enum {
    SOUK_SENT,
    SOUK_FULL, /* the peer does not read; nothing was sent */
    SOUK_GONE, /* there is no such peer any more */
} souk_sent_t;

/* What a call weighs while it waits. */
typedef struct {
    size_t bytes;
    int64_t left_ms; /* to its deadline; INT64_MAX: it has none */
} souk_load_t;

/* What the router does. It never looks into a message: those that come with a call or a reply are
   its own until it gives them to .reply, .refuse or .discard. self is handed to each. */
typedef struct {
    void *self;
    /* Hands the call to the worker, under a ticket of SOUK_TICKET_SIZE bytes. Unless it was sent
       the message is as before. */
    souk_sent_t (*request)(void *self, souk_bytes_t worker, const void *ticket, void *call);
    /* HEARTBEAT or DISCONNECT. */
    souk_sent_t (*command)(void *self, souk_bytes_t worker, const char *command);
    /* The worker's answer, or the broker's own, goes to whoever sent call. Takes both messages.
       False: nobody is there to take it. */
    bool (*reply)(void *self, void *call, void *reply);
    bool (*refuse)(void *self, void *call, size_t calls, const souk_error_t *error);
    void (*discard)(void *self, void *message);
    void (*weigh)(void *self, void *call, souk_load_t *load);
    /* For the log: a worker "joined", "left", was "lost" with so many calls, or was "refused_...".
     */
    void (*note)(void *self, const char *what, souk_bytes_t service, size_t calls);
} souk_router_output_t;

/* All three are borrowed. epoch is random, so that no ticket of an earlier broker fits. */
souk_router_t *souk_router_new(const struct souk_broker_settings *settings,
    const souk_router_output_t *output, struct souk_broker_stats *stats, uint64_t epoch,
    int64_t now_ms);
/* Discards what is still there, without a word to anybody. */
void souk_router_destroy(souk_router_t **router);
OWNED(souk_router)

/* A client's message of so many calls. */
void souk_router_request(souk_router_t *router, souk_bytes_t service, void *call, size_t calls,
    int64_t now_ms);

/* What a worker says. credit 0: it did not name any. */
void souk_router_ready(souk_router_t *router, souk_bytes_t worker, souk_bytes_t service, int credit,
    int64_t now_ms);
void souk_router_reply(souk_router_t *router, souk_bytes_t worker, souk_bytes_t ticket, void *reply,
    int64_t now_ms);
/* The worker's answer is one that cannot be passed on: nobody must wait for another. */
void souk_router_spoil(souk_router_t *router, souk_bytes_t worker, souk_bytes_t ticket,
    int64_t now_ms);
void souk_router_heartbeat(souk_router_t *router, souk_bytes_t worker, int64_t now_ms);
void souk_router_disconnect(souk_router_t *router, souk_bytes_t worker, int64_t now_ms);

/* Does what time asks for: heartbeats, dead workers, calls that waited too long. To be called at
   souk_router_due at the latest, after all that has come in was handed over. */
void souk_router_tick(souk_router_t *router, int64_t now_ms);
int64_t souk_router_due(const souk_router_t *router);

/* Answers every call, as unavailable or worker_lost, and tells all workers to go. */
void souk_router_close(souk_router_t *router);

/* How many workers take calls for service. */
size_t souk_router_workers(const souk_router_t *router, souk_bytes_t service);
/* Fills stats->services, in pool. */
void souk_router_list(const souk_router_t *router, souk_pool_t *pool);
/* Services that the broker answers itself: mmi.*, souk and souk.*. */
bool souk_router_reserved(souk_bytes_t service);

#endif
