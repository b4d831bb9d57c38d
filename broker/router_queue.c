/* Services, and the calls that wait for them: first come, first served, within bounds. */
#include <utlist.h>

#include "router_tables.h"

struct service *router_service_find(const souk_router_t *router, souk_bytes_t name)
{
    struct service *service;
    HASH_FIND(hh, router->services, name.data, name.size, service);
    return service;
}

struct service *router_service_add(souk_router_t *router, souk_bytes_t name)
{
    if (HASH_COUNT(router->services) >= (unsigned)router->settings->services_max)
        return NULL;
    struct service *service = souk_sure(calloc(1, sizeof(*service)));
    service->workers.before = router_worker_before;
    service->name_size = name.size;
    memcpy(service->name, name.data, name.size);
    HASH_ADD(hh, router->services, name, name.size, service);
    return service;
}

bool router_service_alive(const souk_router_t *router, const struct service *service,
    int64_t now_ms)
{
    return service->workers.count ||
        now_ms - service->last_worker_ms <= router->settings->service_grace_ms;
}

void router_service_free(souk_router_t *router, struct service *service)
{
    HASH_DEL(router->services, service);
    souk_heap_clear(&service->workers);
    free(service);
}

static void give_up(souk_router_t *router, struct service *service)
{
    struct call *call;
    while ((call = service->waiting)) {
        router_queue_remove(router, call);
        router_refuse(router, call, &souk_unavailable);
    }
}

void router_services_forget(souk_router_t *router, int64_t now_ms)
{
    struct service *service, *following;
    HASH_ITER(hh, router->services, service, following)
    {
        if (router_service_alive(router, service, now_ms))
            continue;
        give_up(router, service);
        if (!service->in_progress)
            router_service_free(router, service);
    }
}

bool router_expires_before(const souk_heap_item_t *a, const souk_heap_item_t *b)
{
    return ((const struct call *)a)->expires_ms < ((const struct call *)b)->expires_ms;
}

static bool is_room(const souk_router_t *router, const struct call *call)
{
    const struct service *service = call->service;
    return service->waiting_count < router->settings->queue_max &&
        service->waiting_bytes + call->load.bytes <= (size_t)router->settings->queue_bytes_max;
}

static void set_expiry(const souk_router_t *router, struct call *call, int64_t now_ms)
{
    int64_t wait_ms = router->settings->queue_wait_ms;
    bool has_deadline = call->load.left_ms < wait_ms;
    call->expires_ms = now_ms + (has_deadline ? call->load.left_ms : wait_ms);
    call->too_late = has_deadline ? &souk_expired : &souk_unavailable;
}

void router_queue_add(souk_router_t *router, struct call *call, int64_t now_ms)
{
    router->output->weigh(router->output->self, call->message, &call->load);
    set_expiry(router, call, now_ms);
    if (call->expires_ms <= now_ms) {
        router_refuse(router, call, call->too_late);
        return;
    }
    if (!is_room(router, call)) {
        router_refuse(router, call, &souk_busy);
        return;
    }
    DL_APPEND(call->service->waiting, call);
    call->service->waiting_count++;
    call->service->waiting_bytes += call->load.bytes;
    souk_heap_add(&router->expiring, &call->item);
}

void router_queue_remove(souk_router_t *router, struct call *call)
{
    DL_DELETE(call->service->waiting, call);
    call->service->waiting_count--;
    call->service->waiting_bytes -= call->load.bytes;
    souk_heap_remove(&router->expiring, &call->item);
}

void router_queue_expire(souk_router_t *router, int64_t now_ms)
{
    struct call *call;
    while (
        (call = (struct call *)souk_heap_first(&router->expiring)) && call->expires_ms <= now_ms) {
        router_queue_remove(router, call);
        router_refuse(router, call, call->too_late);
    }
}

void router_queue_serve(souk_router_t *router, struct service *service, int64_t now_ms)
{
    if (service->waiting)
        router_queue_expire(router, now_ms);
    struct call *call;
    struct worker *worker;
    while ((call = service->waiting) && (worker = router_offer(router, service, call, now_ms))) {
        router_queue_remove(router, call);
        router_hold(router, worker, call);
    }
}
