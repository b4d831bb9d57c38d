/* Which services there are and what they offer. */
#include "directory.h"

#include <stdlib.h>
#include <string.h>

#include "../broker/stats.h"
#include "../lib/log.h"
#include "../lib/memory.h"
#include "../lib/wire.h"
#include "openapi.h"

enum {
    SERVICES_MAX = 256,
    FIRST_PAUSE_MS = 20,
    FORGET_MS = 60000, /* after which a service that is gone is offered no more */
    ASK_MS = 2000,
    DESCRIBE_AGAIN_MS = 5000, /* a newer version may have taken the place of an older one */
    DESCRIBE_LATER_MS = 60000, /* at the most, where a service does not say what it is */
    UNANSWERED_MAX = 3, /* questions that a service lets run out, and keeps the credit for */
};

struct entry {
    souk_tag_t tag; /* of the `describe` that is under way */
    souk_directory_t *directory;
    char *name;
    souk_service_t *service; /* NULL: it has not described itself yet */
    bool there, asking;
    int workers;
    unsigned round; /* of the directory, when it was seen last */
    int failures; /* to describe itself, one after the other */
    int unanswered; /* of those, without any answer */
    int64_t next_ms; /* when it is asked to describe itself */
    int64_t gone_ms; /* since when the broker has known nobody who serves it; 0: it does */
};

struct souk_directory {
    souk_tag_t tag; /* of the souk.stats that is under way */
    const struct souk_edge_settings *settings;
    souk_client_t *client;
    struct entry *entries[SERVICES_MAX];
    size_t count;
    bool asking;
    unsigned round; /* counts the answers to souk.stats */
    int pause_ms;
    int64_t next_ms;
    souk_pool_t *pool; /* of routes and document */
    souk_routes_t *routes;
    souk_bytes_t document;
};

bool souk_edge_ask(souk_client_t *client, const char *operation, souk_tag_t *tag)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_bytes_t nothing = souk_wire_encode(&souk_nothing, &(struct souk_nothing){ 0 }, pool);
    souk_question_t question = {
        .operation = operation,
        .calls = &nothing,
        .count = 1,
        .timeout_ms = ASK_MS,
        .tag = tag,
    };
    return souk_client_send(client, &question);
}

static void add_offers(souk_directory_t *directory, const souk_service_t *service, bool tell)
{
    const souk_offer_t *offers = service->offers.items;
    for (size_t i = 0; i < service->offers.count; i++) {
        const souk_offer_t *other = souk_routes_add(directory->routes, &offers[i]);
        if (other && tell)
            souk_log(SOUK_LOG_WARNING, "edge", "op=%s route=taken by=%s", offers[i].operation->name,
                other->operation->name);
    }
}

/* Routes and document from what is known now. What is odd about the newcomer (NULL: there is none)
   is logged. */
static void make_anew(souk_directory_t *directory, const souk_service_t *newcomer)
{
    souk_list_t services = { 0 };
    souk_pool_destroy(&directory->pool);
    directory->pool = souk_pool_new();
    directory->routes = souk_routes_new(directory->pool);
    for (size_t i = 0; i < directory->count; i++) {
        souk_service_t *service = directory->entries[i]->service;
        if (!service)
            continue;
        add_offers(directory, service, service == newcomer);
        *(souk_service_t **)souk_list_add(&services, directory->pool, sizeof service) = service;
    }
    directory->document = souk_openapi(&services, directory->pool);
}

static void log_oddities(const souk_service_t *service)
{
    const char *const *oddities = service->oddities.items;
    char buffer[SOUK_EDGE_LOG_SIZE];

    for (size_t i = 0; i < service->oddities.count; i++)
        souk_log(SOUK_LOG_WARNING, "edge", "service=%s not_offered=%s", service->name,
            souk_log_value(oddities[i], buffer, sizeof buffer));
}

static bool is_known(const struct entry *entry, souk_bytes_t description)
{
    const souk_service_t *service = entry->service;
    return service && service->told.size == description.size &&
        memcmp(service->told.data, description.data, description.size) == 0;
}

static void learn(struct entry *entry, souk_bytes_t description, souk_pool_t *pool)
{
    const char *why = NULL;
    char buffer[SOUK_EDGE_LOG_SIZE];
    souk_service_t *service;

    if (is_known(entry, description))
        return;
    service = souk_service_new(entry->name, description, pool, &why);
    if (!service) {
        souk_log(SOUK_LOG_WARNING, "edge", "service=%s description=refused why=%s", entry->name,
            souk_log_value(why, buffer, sizeof buffer));
        return;
    }
    log_oddities(service);
    souk_service_release(&entry->service);
    entry->service = service;
    make_anew(entry->directory, service);
}

/* A service that is not one of Souk's is left in peace, the longer the oftener it has been asked.
 */
static int64_t pause_ms(const struct entry *entry)
{
    int64_t pause = entry->directory->settings->refresh_ms;

    for (int i = 0; i < entry->failures && pause < DESCRIBE_LATER_MS; i++)
        pause *= 2;
    return pause < DESCRIBE_LATER_MS ? pause : DESCRIBE_LATER_MS;
}

/* Each question that is never answered costs a worker one of its credits for good, so there is an
   end to them, until other workers come. */
static void note_failure(struct entry *entry, const souk_error_t *error)
{
    if (entry->failures == 0)
        souk_log(SOUK_LOG_INFO, "edge", "service=%s description=none why=%s", entry->name,
            error->code);
    entry->next_ms = souk_clock_ms() + pause_ms(entry);
    entry->failures++;
    if (error->kind == SOUK_UNKNOWN && ++entry->unanswered >= UNANSWERED_MAX && !entry->service)
        entry->next_ms = INT64_MAX;
}

static void take_description(souk_tag_t *tag, const souk_answer_t *answer)
{
    struct entry *entry = (struct entry *)tag;
    owned(souk_pool) pool = souk_pool_new();
    souk_outcome_t outcome = souk_outcome_read(answer, answer->frames, NULL, pool);

    entry->asking = false;
    if (outcome.error) {
        note_failure(entry, outcome.error);
        return;
    }
    entry->next_ms = souk_clock_ms() + DESCRIBE_AGAIN_MS;
    entry->failures = entry->unanswered = 0;
    learn(entry, outcome.value, pool);
}

static struct entry *find_entry(const souk_directory_t *directory, const char *name, size_t size)
{
    for (size_t i = 0; i < directory->count; i++) {
        struct entry *entry = directory->entries[i];
        if (strlen(entry->name) == size && memcmp(entry->name, name, size) == 0)
            return entry;
    }
    return NULL;
}

/* Names with a dot or worse are no services that could name their operations after themselves. */
static bool is_plain(const char *name)
{
    return *name &&
        !name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")];
}

static struct entry *add_entry(souk_directory_t *directory, const char *name)
{
    struct entry *entry;

    if (directory->count == SERVICES_MAX || !is_plain(name))
        return NULL;
    entry = souk_sure(calloc(1, sizeof *entry));
    entry->tag.take = take_description;
    entry->directory = directory;
    entry->name = souk_sure(strdup(name));
    return directory->entries[directory->count++] = entry;
}

static void describe(struct entry *entry)
{
    owned(souk_pool) pool = souk_pool_new();

    entry->asking = souk_edge_ask(entry->directory->client,
        souk_pool_format(pool, "%s.describe", entry->name), &entry->tag);
}

/* Other workers may be of another version. */
static void note_service(souk_directory_t *directory, const struct souk_service_stats *stats)
{
    struct entry *entry = find_entry(directory, stats->name, strlen(stats->name));
    int64_t now_ms = souk_clock_ms();

    if (!entry && stats->workers > 0)
        entry = add_entry(directory, stats->name);
    if (!entry || stats->workers <= 0)
        return;
    if (entry->workers != stats->workers && (!entry->failures || entry->unanswered)) {
        entry->next_ms = now_ms;
        entry->unanswered = entry->failures = 0;
    }
    entry->workers = stats->workers;
    entry->there = true;
    entry->gone_ms = 0;
    entry->round = directory->round;
    if (!entry->asking && now_ms >= entry->next_ms)
        describe(entry);
}

static void drop_entry(struct entry *entry)
{
    souk_service_release(&entry->service);
    free(entry->name);
    free(entry);
}

static void note_absence(struct entry *entry)
{
    entry->there = false;
    entry->workers = 0;
    if (!entry->gone_ms)
        entry->gone_ms = souk_clock_ms();
}

static bool is_to_be_forgotten(const struct entry *entry)
{
    return entry->gone_ms && !entry->asking && souk_clock_ms() - entry->gone_ms > FORGET_MS;
}

/* What was offered stays so for a while and gets 503. */
static void note_absent(souk_directory_t *directory)
{
    bool changed = false;

    for (size_t i = directory->count; i-- > 0;) {
        struct entry *entry = directory->entries[i];
        if (entry->round != directory->round)
            note_absence(entry);
        if (!is_to_be_forgotten(entry))
            continue;
        drop_entry(entry);
        directory->entries[i] = directory->entries[--directory->count];
        changed = true;
    }
    if (changed)
        make_anew(directory, NULL);
}

/* While no broker answers nobody is there, but nobody is known to be gone either. */
static void note_silence(souk_directory_t *directory)
{
    for (size_t i = 0; i < directory->count; i++)
        directory->entries[i]->there = false;
}

static void take_stats(souk_tag_t *tag, const souk_answer_t *answer)
{
    souk_directory_t *directory = (souk_directory_t *)tag;
    owned(souk_pool) pool = souk_pool_new();
    struct souk_broker_stats stats = { 0 };
    const struct souk_service_stats *services;
    souk_flaws_t flaws = { 0 };
    souk_outcome_t outcome = souk_outcome_read(answer, answer->frames, NULL, pool);

    directory->asking = false;
    if (outcome.error ||
        !souk_wire_decode(&souk_broker_stats, outcome.value, &stats, pool, &flaws)) {
        note_silence(directory);
        return;
    }
    directory->round++;
    services = stats.services.items;
    for (size_t i = 0; i < stats.services.count; i++)
        note_service(directory, &services[i]);
    note_absent(directory);
}

souk_directory_t *souk_directory_new(const struct souk_edge_settings *settings,
    souk_client_t *client)
{
    souk_directory_t *directory = souk_sure(calloc(1, sizeof *directory));

    directory->tag.take = take_stats;
    directory->settings = settings;
    directory->client = client;
    make_anew(directory, NULL);
    return directory;
}

void souk_directory_destroy(souk_directory_t **self)
{
    souk_directory_t *directory = *self;
    if (!directory)
        return;
    for (size_t i = 0; i < directory->count; i++)
        drop_entry(directory->entries[i]);
    souk_pool_destroy(&directory->pool);
    free(directory);
    *self = NULL;
}

int souk_refresh_pause_ms(const struct souk_edge_settings *settings, int before_ms)
{
    int pause_ms = before_ms ? 2 * before_ms : FIRST_PAUSE_MS;

    return pause_ms < settings->refresh_ms ? pause_ms : settings->refresh_ms;
}

void souk_directory_turn(souk_directory_t *directory)
{
    int64_t now_ms = souk_clock_ms();
    if (directory->asking || now_ms < directory->next_ms)
        return;
    directory->asking = souk_edge_ask(directory->client, "souk.stats", &directory->tag);
    if (!directory->asking)
        note_silence(directory);
    directory->pause_ms = souk_refresh_pause_ms(directory->settings, directory->pause_ms);
    directory->next_ms = now_ms + directory->pause_ms;
}

int souk_directory_wait_ms(const souk_directory_t *directory)
{
    int64_t left_ms = directory->next_ms - souk_clock_ms();
    return directory->asking || left_ms > directory->settings->refresh_ms
        ? directory->settings->refresh_ms
        : (int)(left_ms > 0 ? left_ms : 0);
}

const souk_routes_t *souk_directory_routes(const souk_directory_t *directory)
{
    return directory->routes;
}

const struct souk_operation_description *souk_directory_operation(const souk_directory_t *directory,
    const char *name)
{
    const struct entry *entry = find_entry(directory, name, strcspn(name, "."));
    const struct souk_operation_description *operations;

    if (!entry || !entry->service)
        return NULL;
    operations = entry->service->description.operations.items;
    for (size_t i = 0; i < entry->service->description.operations.count; i++)
        if (strcmp(operations[i].name, name) == 0)
            return &operations[i];
    return NULL;
}

bool souk_directory_knows(const souk_directory_t *directory, const char *name)
{
    const struct entry *entry = find_entry(directory, name, strlen(name));

    return entry && entry->service;
}

bool souk_directory_has(const souk_directory_t *directory, const char *name)
{
    return souk_directory_knows(directory, name) &&
        find_entry(directory, name, strlen(name))->there;
}

souk_bytes_t souk_directory_openapi(const souk_directory_t *directory)
{
    return directory->document;
}
