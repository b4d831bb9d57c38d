/* The routing core: what happens, in the order in which it happens. */
#include "router.h"

#include "router_tables.h"

enum {
    CHECKS_PER_HEARTBEAT = 4
};

souk_router_t *souk_router_new(const struct souk_broker_settings *settings,
    const souk_router_output_t *output, struct souk_broker_stats *stats, uint64_t epoch,
    int64_t now_ms)
{
    souk_router_t *router = souk_sure(calloc(1, sizeof(*router)));
    router->settings = settings;
    router->output = output;
    router->stats = stats;
    router->epoch = epoch;
    router->woken_ms = router->checked_ms = now_ms;
    router->expiring.before = router_expires_before;
    return router;
}

static void discard(souk_router_t *router, struct call *call)
{
    router->output->discard(router->output->self, call->message);
    free(call);
}

static void discard_held(souk_router_t *router)
{
    struct call *call, *following;
    HASH_ITER(hh, router->held, call, following)
    {
        HASH_DEL(router->held, call);
        discard(router, call);
    }
}

static void discard_waiting(souk_router_t *router)
{
    struct call *call;
    while ((call = (struct call *)souk_heap_first(&router->expiring))) {
        router_queue_remove(router, call);
        discard(router, call);
    }
    souk_heap_clear(&router->expiring);
}

void souk_router_destroy(souk_router_t **self)
{
    souk_router_t *router = *self;
    if (!router)
        return;
    discard_held(router);
    discard_waiting(router);
    struct worker *worker, *next_worker;
    HASH_ITER(hh, router->workers, worker, next_worker)
    {
        HASH_DEL(router->workers, worker);
        free(worker);
    }
    struct service *service, *next_service;
    HASH_ITER(hh, router->services, service, next_service)
    router_service_free(router, service);
    free(router);
    *self = NULL;
}

static void count(struct souk_broker_stats *stats, const souk_error_t *error)
{
    if (error == &souk_busy)
        stats->busy++;
    else if (error == &souk_expired)
        stats->expired++;
    else if (error == &souk_unavailable)
        stats->unavailable++;
    else if (error == &souk_worker_lost)
        stats->worker_lost++;
}

void router_refuse(souk_router_t *router, struct call *call, const souk_error_t *error)
{
    count(router->stats, error);
    if (!router->output->refuse(router->output->self, call->message, call->calls, error))
        router->stats->dropped_replies++;
    free(call);
}

static struct call *new_call(souk_router_t *router, struct service *service, void *message,
    size_t calls)
{
    struct call *call = souk_sure(calloc(1, sizeof(*call)));
    call->service = service;
    call->message = message;
    call->calls = calls;
    call->number = ++router->calls;
    return call;
}

void souk_router_request(souk_router_t *router, souk_bytes_t name, void *message, size_t calls,
    int64_t now_ms)
{
    struct service *service = router_service_find(router, name);
    struct call *call = new_call(router, service, message, calls);
    if (!service || !router_service_alive(router, service, now_ms)) {
        router_refuse(router, call, &souk_unavailable);
        return;
    }
    /* Nobody overtakes those who wait. */
    struct worker *worker = service->waiting ? NULL : router_offer(router, service, call, now_ms);
    if (worker)
        router_hold(router, worker, call);
    else
        router_queue_add(router, call, now_ms);
}

static void refuse_worker(souk_router_t *router, souk_bytes_t identity, souk_bytes_t service,
    const char *why)
{
    router->output->note(router->output->self, why, service, 0);
    router_disconnect(router, identity);
}

/* NULL: there can be no worker for it, and *why is what the log says. */
static struct service *service_to_join(souk_router_t *router, souk_bytes_t name, const char **why)
{
    *why = "refused_name_is_reserved";
    if (souk_router_reserved(name))
        return NULL;
    *why = "refused_too_many_workers";
    if (HASH_COUNT(router->workers) >= (unsigned)router->settings->workers_max)
        return NULL;
    *why = "refused_too_many_services";
    struct service *service = router_service_find(router, name);
    return service ? service : router_service_add(router, name);
}

void souk_router_ready(souk_router_t *router, souk_bytes_t identity, souk_bytes_t name, int credit,
    int64_t now_ms)
{
    struct worker *worker = router_worker_find(router, identity);
    if (worker) {
        /* A second READY is an error (RFC 7): whoever it is now knows nothing of those calls. */
        router_worker_remove(router, worker, "lost", now_ms);
        refuse_worker(router, identity, name, "refused_second_ready");
        return;
    }
    const char *why;
    struct service *service = service_to_join(router, name, &why);
    if (!service) {
        refuse_worker(router, identity, name, why);
        return;
    }
    router_worker_add(router, identity, service, credit, now_ms);
    router_queue_serve(router, service, now_ms);
}

void souk_router_reply(souk_router_t *router, souk_bytes_t identity, souk_bytes_t ticket,
    void *reply, int64_t now_ms)
{
    struct worker *worker = router_worker_heard(router, identity, now_ms);
    struct call *call = worker ? router_held(router, worker, ticket) : NULL;
    if (!call) {
        router->stats->late_replies++;
        router->output->discard(router->output->self, reply);
        return;
    }
    if (!router->output->reply(router->output->self, call->message, reply))
        router->stats->dropped_replies++;
    struct service *service = call->service;
    router_release(router, call, now_ms);
    router_queue_serve(router, service, now_ms);
}

void souk_router_spoil(souk_router_t *router, souk_bytes_t identity, souk_bytes_t ticket,
    int64_t now_ms)
{
    struct worker *worker = router_worker_find(router, identity);
    struct call *call = worker ? router_held(router, worker, ticket) : NULL;
    if (!call)
        return;
    struct service *service = call->service;
    router_lose(router, call, now_ms);
    router_queue_serve(router, service, now_ms);
}

void souk_router_heartbeat(souk_router_t *router, souk_bytes_t identity, int64_t now_ms)
{
    struct worker *worker = router_worker_heard(router, identity, now_ms);
    if (worker)
        router_queue_serve(router, worker->service, now_ms);
}

void souk_router_disconnect(souk_router_t *router, souk_bytes_t identity, int64_t now_ms)
{
    struct worker *worker = router_worker_find(router, identity);
    if (worker)
        router_worker_leave(router, worker, now_ms);
}

static int64_t next_check_ms(const souk_router_t *router)
{
    int pace_ms = router->settings->heartbeat_ms / CHECKS_PER_HEARTBEAT;
    return router->checked_ms + (pace_ms ? pace_ms : 1);
}

void souk_router_tick(souk_router_t *router, int64_t now_ms)
{
    int64_t deaf_ms = now_ms - router->woken_ms;
    if (deaf_ms >= router->settings->heartbeat_ms)
        router_workers_forgive(router, deaf_ms, now_ms);
    router->woken_ms = now_ms;
    router_queue_expire(router, now_ms);
    if (now_ms < next_check_ms(router))
        return;
    router_workers_check(router, now_ms);
    router_services_forget(router, now_ms);
    router->checked_ms = now_ms;
}

int64_t souk_router_due(const souk_router_t *router)
{
    const struct call *call = (const struct call *)souk_heap_first(&router->expiring);
    int64_t check_ms = next_check_ms(router);
    return call && call->expires_ms < check_ms ? call->expires_ms : check_ms;
}

void souk_router_close(souk_router_t *router)
{
    struct call *call;
    while ((call = (struct call *)souk_heap_first(&router->expiring))) {
        router_queue_remove(router, call);
        router_refuse(router, call, &souk_unavailable);
    }
    struct worker *worker, *following;
    HASH_ITER(hh, router->workers, worker, following)
    {
        if (!worker->leaving)
            router_disconnect(router, (souk_bytes_t){ worker->identity, worker->identity_size });
        router_worker_remove(router, worker, "left", router->checked_ms);
    }
}

size_t souk_router_workers(const souk_router_t *router, souk_bytes_t name)
{
    const struct service *service = router_service_find(router, name);
    return service ? service->workers.count : 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct souk_service_stats *)a)->name,
        ((const struct souk_service_stats *)b)->name);
}

void souk_router_list(const souk_router_t *router, souk_pool_t *pool)
{
    souk_list_t list = { 0 };
    for (struct service *service = router->services; service; service = service->hh.next) {
        struct souk_service_stats *item = souk_list_add(&list, pool, sizeof(*item));
        *item = (struct souk_service_stats){
            .name = souk_pool_text(pool, service->name, service->name_size),
            .workers = (int)service->workers.count,
            .credit = service->credit,
            .waiting = service->waiting_count,
            .in_progress = service->in_progress,
            .served = service->served,
        };
    }
    if (list.count)
        qsort(list.items, list.count, sizeof(struct souk_service_stats), by_name);
    router->stats->services = list;
}

static bool begins(souk_bytes_t bytes, const char *text)
{
    size_t size = strlen(text);
    return bytes.size >= size && memcmp(bytes.data, text, size) == 0;
}

bool souk_router_reserved(souk_bytes_t service)
{
    return begins(service, "mmi.") || begins(service, "souk.") ||
        (service.size == 4 && begins(service, "souk"));
}
