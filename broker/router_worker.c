/* Workers: who gets the next call, what each holds, and who is dead. */
#include <endian.h>
#include <utlist.h>

#include "router_tables.h"

static souk_bytes_t identity_of(const struct worker *worker)
{
    return (souk_bytes_t){ worker->identity, worker->identity_size };
}

static souk_bytes_t name_of(const struct service *service)
{
    return (souk_bytes_t){ service->name, service->name_size };
}

static int credit_left(const struct worker *worker)
{
    return worker->full ? 0 : worker->credit - worker->held_count;
}

bool router_worker_before(const souk_heap_item_t *a, const souk_heap_item_t *b)
{
    const struct worker *one = (const struct worker *)a;
    const struct worker *other = (const struct worker *)b;
    int more = credit_left(one) - credit_left(other);
    return more > 0 || (more == 0 && one->turn < other->turn);
}

static void moved(struct worker *worker)
{
    if (!worker->leaving)
        souk_heap_moved(&worker->service->workers, &worker->item);
}

static souk_sent_t tell(souk_router_t *router, struct worker *worker, const char *command,
    int64_t now_ms)
{
    worker->told_ms = now_ms;
    return router->output->command(router->output->self, identity_of(worker), command);
}

void router_disconnect(souk_router_t *router, souk_bytes_t identity)
{
    router->stats->disconnected++;
    router->output->command(router->output->self, identity, SOUK_MDP_DISCONNECT);
}

struct worker *router_worker_find(const souk_router_t *router, souk_bytes_t identity)
{
    struct worker *worker;
    HASH_FIND(hh, router->workers, identity.data, identity.size, worker);
    return worker;
}

void router_worker_add(souk_router_t *router, souk_bytes_t identity, struct service *service,
    int credit, int64_t now_ms)
{
    struct worker *worker = souk_sure(calloc(1, sizeof(*worker)));
    worker->service = service;
    worker->plain = credit == 0;
    worker->credit = worker->plain ? 1 : credit;
    worker->heard_ms = worker->told_ms = now_ms;
    worker->identity_size = identity.size;
    memcpy(worker->identity, identity.data, identity.size);
    HASH_ADD(hh, router->workers, identity, identity.size, worker);
    souk_heap_add(&service->workers, &worker->item);
    service->credit += worker->credit;
    router->output->note(router->output->self, "joined", name_of(service), 0);
}

static void retire(struct worker *worker, int64_t now_ms)
{
    struct service *service = worker->service;
    if (!worker->leaving)
        souk_heap_remove(&service->workers, &worker->item);
    if (!worker->leaving && !service->workers.count)
        service->last_worker_ms = now_ms;
    service->credit -= worker->leaving ? 0 : worker->credit;
    worker->leaving = true;
}

static void unhold(souk_router_t *router, struct call *call)
{
    HASH_DEL(router->held, call);
    DL_DELETE(call->worker->held, call);
    call->worker->held_count--;
    call->service->in_progress--;
}

void router_worker_remove(souk_router_t *router, struct worker *worker, const char *what,
    int64_t now_ms)
{
    retire(worker, now_ms);
    int lost = worker->held_count;
    while (worker->held) {
        struct call *call = worker->held;
        unhold(router, call);
        router_refuse(router, call, &souk_worker_lost);
    }
    router->output->note(router->output->self, what, name_of(worker->service), (size_t)lost);
    HASH_DEL(router->workers, worker);
    free(worker);
}

void router_worker_leave(souk_router_t *router, struct worker *worker, int64_t now_ms)
{
    retire(worker, now_ms);
    if (worker->plain || !worker->held)
        router_worker_remove(router, worker, "left", now_ms);
}

struct worker *router_worker_heard(souk_router_t *router, souk_bytes_t identity, int64_t now_ms)
{
    struct worker *worker = router_worker_find(router, identity);
    if (!worker) {
        router_disconnect(router, identity);
        return NULL;
    }
    worker->heard_ms = now_ms;
    if (worker->full) {
        worker->full = false;
        moved(worker);
    }
    return worker;
}

static bool is_silent(const souk_router_t *router, const struct worker *worker, int64_t now_ms)
{
    int expiry_ms = worker->plain ? router->settings->plain_worker_expiry_ms
                                  : router->settings->worker_expiry_ms;
    return now_ms - worker->heard_ms >= expiry_ms;
}

/* One that is leaving asked for silence. */
static bool is_gone(souk_router_t *router, struct worker *worker, int64_t now_ms)
{
    return !worker->leaving && now_ms - worker->told_ms >= router->settings->heartbeat_ms &&
        tell(router, worker, SOUK_MDP_HEARTBEAT, now_ms) == SOUK_GONE;
}

void router_workers_forgive(souk_router_t *router, int64_t deaf_ms, int64_t now_ms)
{
    for (struct worker *worker = router->workers; worker; worker = worker->hh.next) {
        int64_t heard_ms = worker->heard_ms + deaf_ms;
        worker->heard_ms = heard_ms < now_ms ? heard_ms : now_ms;
    }
}

void router_workers_check(souk_router_t *router, int64_t now_ms)
{
    struct worker *worker, *following;
    HASH_ITER(hh, router->workers, worker, following)
    if (is_silent(router, worker, now_ms) || is_gone(router, worker, now_ms))
        router_worker_remove(router, worker, "lost", now_ms);
}

static void make_ticket(const souk_router_t *router, uint64_t number,
    unsigned char ticket[SOUK_TICKET_SIZE])
{
    uint64_t halves[2] = { htobe64(router->epoch), htobe64(number) };
    memcpy(ticket, halves, SOUK_TICKET_SIZE);
}

static struct worker *freest(const struct service *service)
{
    struct worker *worker = (struct worker *)souk_heap_first(&service->workers);
    return worker && credit_left(worker) > 0 ? worker : NULL;
}

struct worker *router_offer(souk_router_t *router, struct service *service, const struct call *call,
    int64_t now_ms)
{
    unsigned char ticket[SOUK_TICKET_SIZE];
    make_ticket(router, call->number, ticket);
    struct worker *worker;
    while ((worker = freest(service))) {
        souk_sent_t sent = router->output->request(router->output->self, identity_of(worker),
            ticket, call->message);
        if (sent == SOUK_SENT) {
            worker->told_ms = now_ms;
            return worker;
        }
        if (sent == SOUK_FULL) {
            worker->full = true;
            moved(worker);
        } else {
            router_worker_remove(router, worker, "lost", now_ms);
        }
    }
    return NULL;
}

void router_hold(souk_router_t *router, struct worker *worker, struct call *call)
{
    call->worker = worker;
    HASH_ADD(hh, router->held, number, sizeof(call->number), call);
    DL_APPEND(worker->held, call);
    worker->held_count++;
    worker->turn = ++router->turns;
    worker->service->in_progress++;
    moved(worker);
}

struct call *router_held(const souk_router_t *router, const struct worker *worker,
    souk_bytes_t ticket)
{
    uint64_t halves[2];
    if (ticket.size != sizeof(halves))
        return NULL;
    memcpy(halves, ticket.data, sizeof(halves));
    uint64_t number = be64toh(halves[1]);
    if (be64toh(halves[0]) != router->epoch)
        return NULL;
    struct call *call;
    HASH_FIND(hh, router->held, &number, sizeof(number), call);
    return call && call->worker == worker ? call : NULL;
}

static void go_on(souk_router_t *router, struct worker *worker, int64_t now_ms)
{
    if (worker->leaving && !worker->held)
        router_worker_remove(router, worker, "left", now_ms);
    else
        moved(worker);
}

void router_release(souk_router_t *router, struct call *call, int64_t now_ms)
{
    struct worker *worker = call->worker;
    unhold(router, call);
    call->service->served++;
    free(call);
    go_on(router, worker, now_ms);
}

void router_lose(souk_router_t *router, struct call *call, int64_t now_ms)
{
    struct worker *worker = call->worker;
    unhold(router, call);
    router_refuse(router, call, &souk_worker_lost);
    go_on(router, worker, now_ms);
}
