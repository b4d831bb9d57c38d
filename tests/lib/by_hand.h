/* Brokers written by hand: ROUTER sockets in a folder of their own, which say what a test wants. */
#ifndef SOUK_TESTS_BY_HAND_H
#define SOUK_TESTS_BY_HAND_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <czmq.h>

#include "../../lib/log.h"
#include "../../lib/majordomo.h"
#include "../../lib/message.h"
#include "../../lib/pool.h"

enum {
    BOUND_MS = 10000, /* nothing that is waited for takes so long */
    ROUTERS_MAX = 2,
};

typedef struct {
    char folder[40];
    char endpoints[ROUTERS_MAX][60];
    char both[130]; /* the endpoints, as a client is told */
    zsock_t *routers[ROUTERS_MAX]; /* NULL: not there */
    souk_pool_t *pool;
} by_hand_t;

static inline zsock_t *bind_router(by_hand_t *it, size_t i)
{
    it->routers[i] = zsock_new(ZMQ_ROUTER);
    assert_non_null(it->routers[i]);
    assert_int_equal(zsock_bind(it->routers[i], "%s", it->endpoints[i]), 0);
    return it->routers[i];
}

/* Neither broker is there. */
static inline int open_without(void **state)
{
    by_hand_t *it = *state = calloc(1, sizeof *it);
    assert_non_null(it);
    zsys_handler_set(NULL);
    assert_true(souk_log_set("error"));
    snprintf(it->folder, sizeof it->folder, "/tmp/souk-by-hand-XXXXXX");
    assert_non_null(mkdtemp(it->folder));
    for (size_t i = 0; i < ROUTERS_MAX; i++)
        snprintf(it->endpoints[i], sizeof it->endpoints[i], "ipc://%s/%zu", it->folder, i);
    snprintf(it->both, sizeof it->both, "%s %s", it->endpoints[0], it->endpoints[1]);
    it->pool = souk_pool_new();
    return 0;
}

/* The first broker is there, the second is not. */
static inline int open_by_hand(void **state)
{
    open_without(state);
    bind_router(*state, 0);
    return 0;
}

static inline int close_by_hand(void **state)
{
    by_hand_t *it = *state;
    for (size_t i = 0; i < ROUTERS_MAX; i++)
        zsock_destroy(&it->routers[i]);
    souk_pool_destroy(&it->pool);
    zdir_t *folder = zdir_new(it->folder, NULL);
    zdir_remove(folder, true);
    zdir_destroy(&folder);
    free(it);
    return 0;
}

static inline bool is_readable(void *socket, int wait_ms)
{
    zmq_pollitem_t item = { .socket = socket, .events = ZMQ_POLLIN };
    return zmq_poll(&item, 1, wait_ms) == 1;
}

static inline void let_pass(int ms)
{
    zmq_poll(NULL, 0, ms);
}

/* What came to the router, NULL where nothing did in time: the first frame is who said it. */
static inline souk_message_t *hear_within(zsock_t *router, int wait_ms)
{
    void *socket = zsock_resolve(router);
    return is_readable(socket, wait_ms) ? souk_message_receive(socket) : NULL;
}

static inline souk_message_t *hear(zsock_t *router)
{
    souk_message_t *message = hear_within(router, BOUND_MS);
    assert_non_null(message);
    return message;
}

/* To whom the first frame of heard names. */
static inline souk_message_t *message_to(const souk_message_t *heard)
{
    souk_message_t *message = souk_message_new();
    souk_message_add_frame(message, &heard->frames[0]);
    return message;
}

static inline void add_texts(souk_message_t *message, const char *const *texts)
{
    for (; *texts; texts++)
        souk_message_add_text(message, *texts);
}

/* Takes it. */
static inline void put(zsock_t *router, souk_message_t *message)
{
    assert_true(souk_message_send(&message, zsock_resolve(router)));
}

static inline void say_texts(zsock_t *router, const souk_message_t *heard, const char *const *texts)
{
    souk_message_t *message = message_to(heard);
    add_texts(message, texts);
    put(router, message);
}

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })
/* These frames go to who said what was heard. */
#define say(router, heard, ...) say_texts(router, heard, TEXTS(__VA_ARGS__))

static inline const char *text_of(by_hand_t *it, const souk_message_t *message, size_t i)
{
    souk_bytes_t frame = souk_message_frame(message, i);
    return souk_pool_text(it->pool, frame.data, frame.size);
}

#define test(name) cmocka_unit_test_setup_teardown(name, open_by_hand, close_by_hand)

#endif
