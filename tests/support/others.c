/* The other services, as a test says they answer: a thread that serves in their place. */
#include "others.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "../../lib/builtin.h"
#include "../../lib/client.h"
#include "../../lib/link.h"
#include "../../lib/settings.h"
#include "../../lib/wire.h"

enum {
    SERVICES_MAX = 8,
    OPERATIONS_MAX = 64,
    CREDIT = 100,
    TICK_MS = 50,
    NAME_SIZE = 64,
};

/* What is known of one operation; without a frame nobody has said how it is answered. */
typedef struct {
    char name[NAME_SIZE];
    souk_bytes_t frame;
    int asked;
} part_t;

struct souk_others {
    pthread_mutex_t lock; /* of what follows */
    part_t parts[OPERATIONS_MAX];
    size_t part_count;
    souk_pool_t *pool;

    char services[SERVICES_MAX][NAME_SIZE];
    size_t service_count;
    zactor_t *thread;
};

/* One that actors have without naming it, such as "order.retry". */
static const souk_operation_t *find_builtin(const souk_actor_t *actor, const char *name)
{
    const souk_operation_t *row = NULL;
    size_t size = strlen(actor->name);

    if (strncmp(actor->name, name, size) != 0 || name[size] != '.')
        return NULL;
    for (size_t i = 0; (row = souk_builtin(actor, i)); i++)
        if (strcmp(row->name, name + size + 1) == 0)
            break;
    return row;
}

const souk_operation_t *souk_others_operation(const char *name)
{
    const souk_operation_t *builtin;
    for (size_t i = 0; souk_actors[i]; i++)
        for (const souk_operation_t *row = souk_actors[i]->operations; row->name; row++)
            if (strcmp(row->name, name) == 0)
                return row;
    for (size_t i = 0; souk_actors[i]; i++)
        if ((builtin = find_builtin(souk_actors[i], name)))
            return builtin;
    fprintf(stderr, "no actor has the operation %s\n", name);
    abort();
}

/* The lock is held. */
static part_t *part_of(souk_others_t *others, const char *operation)
{
    for (size_t i = 0; i < others->part_count; i++)
        if (strcmp(others->parts[i].name, operation) == 0)
            return &others->parts[i];
    assert(others->part_count < OPERATIONS_MAX);
    part_t *part = &others->parts[others->part_count++];
    *part = (part_t){ 0 };
    snprintf(part->name, sizeof part->name, "%s", operation);
    return part;
}

static souk_bytes_t refuse(const char *operation, souk_pool_t *pool)
{
    struct souk_refusal refusal = {
        .message = souk_pool_format(pool, "nobody has said how %s is answered", operation),
    };
    fprintf(stderr, "%s\n", refusal.message);
    return souk_wire_encode_reply(souk_internal.code, &souk_refusal, &refusal, pool);
}

static souk_bytes_t answer_to(souk_others_t *others, const char *operation, souk_pool_t *pool)
{
    const struct souk_nothing nothing = { 0 };
    part_t *part = part_of(others, operation);
    part->asked++;
    if (part->frame.size)
        return part->frame;
    if (souk_others_operation(operation)->reply == &souk_nothing)
        return souk_wire_encode_reply("ok", &souk_nothing, &nothing, pool);
    return refuse(operation, pool);
}

static void serve(souk_others_t *others, souk_link_t *link)
{
    souk_return_t to;
    souk_message_t *body;
    while ((body = souk_link_next(link, &to))) {
        owned(souk_pool) pool = souk_pool_new();
        souk_message_t *reply = souk_message_new();
        souk_bytes_t name = souk_message_frame(body, 0);
        const char *operation = souk_pool_text(pool, name.data, name.size);
        pthread_mutex_lock(&others->lock);
        for (size_t i = 2; i < body->count; i++)
            souk_message_add(reply, answer_to(others, operation, pool));
        pthread_mutex_unlock(&others->lock);
        souk_link_reply(link, &to, &reply);
        souk_message_destroy(&body);
    }
}

static void run(zsock_t *pipe, void *argument)
{
    souk_others_t *others = argument;
    souk_link_t *links[SERVICES_MAX];
    for (size_t i = 0; i < others->service_count; i++)
        links[i] = souk_link_new(souk_settings.brokers, others->services[i], CREDIT,
            souk_settings.heartbeat_ms);
    zsock_signal(pipe, 0);

    zmq_pollitem_t items[SERVICES_MAX + 1] = { { zsock_resolve(pipe), 0, ZMQ_POLLIN, 0 } };
    while (!(items[0].revents & ZMQ_POLLIN)) {
        for (size_t i = 0; i < others->service_count; i++) {
            serve(others, links[i]);
            souk_link_tick(links[i]);
            items[i + 1] = (zmq_pollitem_t){ souk_link_socket(links[i]), 0, ZMQ_POLLIN, 0 };
        }
        zmq_poll(items, (int)others->service_count + 1, TICK_MS);
    }
    for (size_t i = 0; i < others->service_count; i++)
        souk_link_destroy(&links[i]);
}

static void add_service(souk_others_t *others, const souk_ask_t *ask)
{
    if (!ask)
        return;
    size_t size = strcspn(ask->operation, ".");
    for (size_t i = 0; i < others->service_count; i++)
        if (strncmp(others->services[i], ask->operation, size) == 0)
            return;
    snprintf(others->services[others->service_count++], NAME_SIZE, "%.*s", (int)size,
        ask->operation);
}

static void add_services(souk_others_t *others, const souk_operation_t *row)
{
    for (size_t i = 0; i < SOUK_ASKS_MAX; i++)
        add_service(others, row->asks[i]);
    for (const souk_step_t *step = row->saga ? row->saga->steps : NULL; step && step->name;
         step++) {
        add_service(others, step->ask);
        add_service(others, step->undo);
    }
}

souk_others_t *souk_others_new(const souk_actor_t *actor)
{
    souk_others_t *others = calloc(1, sizeof *others);
    assert(others);
    pthread_mutex_init(&others->lock, NULL);
    others->pool = souk_pool_new();
    for (const souk_operation_t *row = actor->operations; row->name; row++)
        add_services(others, row);
    others->thread = zactor_new(run, others);
    return others;
}

void souk_others_destroy(souk_others_t **self)
{
    souk_others_t *others = *self;
    if (!others)
        return;
    zactor_destroy(&others->thread);
    souk_pool_destroy(&others->pool);
    pthread_mutex_destroy(&others->lock);
    free(others);
    *self = NULL;
}

void souk_others_answer(souk_others_t *others, const char *operation, souk_bytes_t frame)
{
    pthread_mutex_lock(&others->lock);
    part_of(others, operation)->frame =
        (souk_bytes_t){ souk_pool_text(others->pool, frame.data, frame.size), frame.size };
    pthread_mutex_unlock(&others->lock);
}

void souk_others_forget(souk_others_t *others)
{
    pthread_mutex_lock(&others->lock);
    others->part_count = 0;
    pthread_mutex_unlock(&others->lock);
}

int souk_others_asked(souk_others_t *others, const char *operation)
{
    pthread_mutex_lock(&others->lock);
    int asked = part_of(others, operation)->asked;
    pthread_mutex_unlock(&others->lock);
    return asked;
}
