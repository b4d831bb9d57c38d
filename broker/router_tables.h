/* What the router remembers; shared by its own files only. */
#ifndef SOUK_ROUTER_TABLES_H
#define SOUK_ROUTER_TABLES_H

#include <uthash.h>

#include "../lib/majordomo.h"
#include "../lib/memory.h"
#include "heap.h"
#include "router.h"

/* A client's message, from its arrival to its answer. It either waits for a worker, in the
   service's queue and in router->expiring, or is held by one, in the worker's list and in
   router->held. */
struct call {
    souk_heap_item_t item; /* first; in router->expiring */
    struct call *prev, *next;
    struct service *service;
    struct worker *worker;
    void *message;
    size_t calls;
    souk_load_t load;
    int64_t expires_ms;
    const souk_error_t *too_late; /* what it is answered then */
    uint64_t number;
    UT_hash_handle hh;
};

struct worker {
    souk_heap_item_t item; /* first; in service->workers unless it is leaving */
    struct service *service;
    struct call *held;
    int held_count;
    int credit;
    bool plain;
    bool full; /* takes nothing until it is heard again */
    bool leaving; /* said DISCONNECT and finishes what it holds */
    uint64_t turn; /* when it was last given a call: fairness among equals */
    int64_t heard_ms, told_ms;
    UT_hash_handle hh;
    size_t identity_size;
    unsigned char identity[SOUK_PATH_FRAME_SIZE];
};

struct service {
    souk_heap_t workers; /* the one with most credit left first */
    struct call *waiting;
    int waiting_count;
    size_t waiting_bytes;
    int credit, in_progress;
    int64_t served;
    int64_t last_worker_ms; /* when there was one, while there is none */
    UT_hash_handle hh;
    size_t name_size;
    char name[SOUK_SERVICE_NAME_MAX];
};

struct souk_router {
    const struct souk_broker_settings *settings;
    const souk_router_output_t *output;
    struct souk_broker_stats *stats;
    uint64_t epoch, calls, turns;
    struct service *services;
    struct worker *workers;
    struct call *held;
    souk_heap_t expiring;
    int64_t woken_ms; /* when it was last given a chance to run */
    int64_t checked_ms; /* when it last looked after its workers */
};

/* router_queue.c: services and what waits for them */

struct service *router_service_find(const souk_router_t *router, souk_bytes_t name);
/* NULL: there are too many. */
struct service *router_service_add(souk_router_t *router, souk_bytes_t name);
void router_service_free(souk_router_t *router, struct service *service);
/* Whether there is hope: a worker, or one a moment ago. */
bool router_service_alive(const souk_router_t *router, const struct service *service,
    int64_t now_ms);
/* Services whose workers did not come back: what waits for them is unavailable, and they are
   forgotten. */
void router_services_forget(souk_router_t *router, int64_t now_ms);
/* Puts the call in the queue, or answers it where there is no place or no time. */
void router_queue_add(souk_router_t *router, struct call *call, int64_t now_ms);
void router_queue_remove(souk_router_t *router, struct call *call);
/* The order in router->expiring. */
bool router_expires_before(const souk_heap_item_t *a, const souk_heap_item_t *b);
/* Answers what has waited too long. */
void router_queue_expire(souk_router_t *router, int64_t now_ms);
/* Hands out what waits for service, as far as its workers' credit goes. */
void router_queue_serve(souk_router_t *router, struct service *service, int64_t now_ms);

/* router_worker.c: workers and what they hold */

/* The order in service->workers. */
bool router_worker_before(const souk_heap_item_t *a, const souk_heap_item_t *b);
struct worker *router_worker_find(const souk_router_t *router, souk_bytes_t identity);
void router_worker_add(souk_router_t *router, souk_bytes_t identity, struct service *service,
    int credit, int64_t now_ms);
/* Forgets the worker; calls that it holds are answered worker_lost. what is for the log. */
void router_worker_remove(souk_router_t *router, struct worker *worker, const char *what,
    int64_t now_ms);
/* No more calls for this worker; it goes when it has answered those that it holds. */
void router_worker_leave(souk_router_t *router, struct worker *worker, int64_t now_ms);
/* Something came from this identity. NULL: from no worker that is known, and it was told so. */
struct worker *router_worker_heard(souk_router_t *router, souk_bytes_t identity, int64_t now_ms);
/* The broker heard nobody for so long, since it did not run: that is held against no worker. */
void router_workers_forgive(souk_router_t *router, int64_t deaf_ms, int64_t now_ms);
/* Heartbeats, and the end of those who are silent or gone. */
void router_workers_check(souk_router_t *router, int64_t now_ms);
/* Tells it to start afresh. */
void router_disconnect(souk_router_t *router, souk_bytes_t identity);
/* Sends the call to the service's freest worker, which the caller then makes hold it; NULL: none
   can take it. */
struct worker *router_offer(souk_router_t *router, struct service *service, const struct call *call,
    int64_t now_ms);
void router_hold(souk_router_t *router, struct worker *worker, struct call *call);
/* NULL: the worker does not hold such a call. */
struct call *router_held(const souk_router_t *router, const struct worker *worker,
    souk_bytes_t ticket);
/* Takes an answered call from its worker, and frees it. */
void router_release(souk_router_t *router, struct call *call, int64_t now_ms);
/* The same, where its caller is to be told that nobody knows what became of it. */
void router_lose(souk_router_t *router, struct call *call, int64_t now_ms);

/* router.c */

/* Answers the call in a worker's stead and frees it; the caller has taken it off all lists. */
void router_refuse(souk_router_t *router, struct call *call, const souk_error_t *error);

#endif
