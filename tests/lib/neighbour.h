/* Another service, "other", which answers as a test says: a thread that serves in its place. Its
   operations take a word and give it back. */
#ifndef SOUK_TESTS_NEIGHBOUR_H
#define SOUK_TESTS_NEIGHBOUR_H

#include <czmq.h>
#include <pthread.h>

#include "../../lib/client.h"
#include "../../lib/link.h"
#include "../../lib/settings.h"
#include "../../lib/wire.h"

struct word {
    const char *word;
};
static const souk_record_t word = {
    .name = "word",
    .size = sizeof(struct word),
    .fields = { FIELD(word, word) },
};

enum {
    PARTS_MAX = 16,
    CODES_MAX = 8,
    HELD_MAX = 16,
    LOOK_MS = 5,
};

/* How an operation is answered: with one code after the other, the last again and again. "" is no
   answer at all, "hold" an answer that waits for release. Without codes all is well. */
typedef struct {
    char operation[40];
    const char *codes[CODES_MAX];
    size_t next;
    int calls, messages;
} part_t;

typedef struct {
    pthread_mutex_t lock; /* of what follows */
    part_t parts[PARTS_MAX];
    size_t part_count;
    char log[4000]; /* "operation word;" for each call */
    bool released;

    souk_link_t *link;
    souk_return_t held_for[HELD_MAX];
    souk_message_t *held[HELD_MAX];
    size_t held_count;
    zactor_t *thread;
} neighbour_t;

/* The lock is held. */
static inline part_t *part_of(neighbour_t *it, const char *operation)
{
    for (size_t i = 0; i < it->part_count; i++)
        if (strcmp(it->parts[i].operation, operation) == 0)
            return &it->parts[i];
    part_t *part = &it->parts[it->part_count++];
    *part = (part_t){ 0 };
    snprintf(part->operation, sizeof part->operation, "%s", operation);
    return part;
}

static inline souk_bytes_t answer_word(const char *code, const struct word *asked,
    souk_pool_t *pool)
{
    struct souk_refusal refusal = { .message = souk_pool_format(pool, "no %s", asked->word) };
    if (strcmp(code, "ok") == 0 || strcmp(code, "accepted") == 0)
        return souk_wire_encode_reply(code, &word, asked, pool);
    return souk_wire_encode_reply(code, &souk_refusal, &refusal, pool);
}

/* The lock is held. The code is that of the whole message. */
static inline const char *next_code(part_t *part)
{
    const char *code = part->codes[part->next];
    if (code && part->next + 1 < CODES_MAX && part->codes[part->next + 1])
        part->next++;
    return code ? code : "ok";
}

static inline souk_message_t *write_reply(neighbour_t *it, const souk_message_t *body, part_t *part,
    const char *code)
{
    owned(souk_pool) pool = souk_pool_new();
    souk_message_t *reply = souk_message_new();
    for (size_t i = 2; i < body->count; i++) {
        struct word asked = { 0 };
        souk_flaws_t flaws = { 0 };
        if (!souk_wire_decode(&word, souk_message_frame(body, i), &asked, pool, &flaws))
            asked.word = "nonsense";
        size_t used = strlen(it->log);
        snprintf(it->log + used, sizeof it->log - used, "%s %s;", strchr(part->operation, '.') + 1,
            asked.word);
        part->calls++;
        souk_message_add(reply, answer_word(code, &asked, pool));
    }
    return reply;
}

/* The lock is held. */
static inline void serve_body(neighbour_t *it, const souk_message_t *body, const souk_return_t *to)
{
    char operation[40];
    souk_bytes_t name = souk_message_frame(body, 0);
    snprintf(operation, sizeof operation, "%.*s", (int)name.size, (const char *)name.data);
    part_t *part = part_of(it, operation);
    const char *code = next_code(part);
    bool hold = strcmp(code, "hold") == 0;
    souk_message_t *reply = write_reply(it, body, part, hold ? "ok" : code);
    part->messages++;
    if (hold && !it->released && it->held_count < HELD_MAX) {
        it->held_for[it->held_count] = *to;
        it->held[it->held_count++] = reply;
    } else if (*code) {
        souk_link_reply(it->link, to, &reply);
    } else {
        souk_message_destroy(&reply);
    }
}

static inline void look_around(neighbour_t *it)
{
    souk_return_t to;
    pthread_mutex_lock(&it->lock);
    while (true) {
        owned(souk_message) body = souk_link_next(it->link, &to);
        if (!body)
            break;
        serve_body(it, body, &to);
    }
    while (it->released && it->held_count > 0) {
        it->held_count--;
        souk_link_reply(it->link, &it->held_for[it->held_count], &it->held[it->held_count]);
    }
    souk_link_tick(it->link);
    pthread_mutex_unlock(&it->lock);
}

static inline void run_neighbour(zsock_t *pipe, void *argument)
{
    neighbour_t *it = argument;
    it->link = souk_link_new(souk_settings.brokers, "other", 100, souk_settings.heartbeat_ms);
    zsock_signal(pipe, 0);
    zmq_pollitem_t items[2] = { { zsock_resolve(pipe), 0, ZMQ_POLLIN, 0 } };
    while (!(items[0].revents & ZMQ_POLLIN)) {
        look_around(it);
        items[1] = (zmq_pollitem_t){ souk_link_socket(it->link), 0, ZMQ_POLLIN, 0 };
        zmq_poll(items, 2, LOOK_MS);
    }
    for (size_t i = 0; i < it->held_count; i++)
        souk_message_destroy(&it->held[i]);
    souk_link_destroy(&it->link);
}

static inline neighbour_t *neighbour_new(void)
{
    neighbour_t *it = calloc(1, sizeof *it);
    assert_non_null(it);
    pthread_mutex_init(&it->lock, NULL);
    it->thread = zactor_new(run_neighbour, it);
    return it;
}

static inline void neighbour_destroy(neighbour_t **self)
{
    neighbour_t *it = *self;
    zactor_destroy(&it->thread);
    pthread_mutex_destroy(&it->lock);
    free(it);
    *self = NULL;
}

static inline void neighbour_answers(neighbour_t *it, const char *operation,
    const char *const *codes)
{
    pthread_mutex_lock(&it->lock);
    part_t *part = part_of(it, operation);
    memset(part->codes, 0, sizeof part->codes);
    part->next = 0;
    for (size_t i = 0; codes[i]; i++)
        part->codes[i] = codes[i];
    pthread_mutex_unlock(&it->lock);
}

/* What it was asked and told so far. */
static inline void neighbour_forget(neighbour_t *it)
{
    pthread_mutex_lock(&it->lock);
    it->part_count = 0;
    it->log[0] = '\0';
    pthread_mutex_unlock(&it->lock);
}

static inline void neighbour_release(neighbour_t *it)
{
    pthread_mutex_lock(&it->lock);
    it->released = true;
    pthread_mutex_unlock(&it->lock);
}

static inline part_t neighbour_asked(neighbour_t *it, const char *operation)
{
    pthread_mutex_lock(&it->lock);
    part_t part = *part_of(it, operation);
    pthread_mutex_unlock(&it->lock);
    return part;
}

static inline void neighbour_log(neighbour_t *it, char *log, size_t size)
{
    pthread_mutex_lock(&it->lock);
    snprintf(log, size, "%s", it->log);
    pthread_mutex_unlock(&it->lock);
}

#endif
