/* A client that asks brokers written by hand. A question is two calls: one that the test names, and
   one that is always the same. */
#ifndef SOUK_TESTS_QUESTIONS_H
#define SOUK_TESTS_QUESTIONS_H

#include "by_hand.h"

#include "../../lib/client.h"

enum {
    LONG_MS = BOUND_MS,
};

static const char second_call[] = "second";

static inline bool try_to_send(souk_client_t *client, int *tag, const char *call, int timeout_ms)
{
    souk_bytes_t calls[2] = { { call, strlen(call) }, { second_call, strlen(second_call) } };
    return souk_client_send(client,
        &(souk_question_t){
            .operation = "shop.look",
            .calls = calls,
            .count = 2,
            .timeout_ms = timeout_ms,
            .tag = tag,
        });
}

/* As soon as there is a broker. */
static inline void post(souk_client_t *client, int *tag, const char *call, int timeout_ms)
{
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    while (!try_to_send(client, tag, call, timeout_ms)) {
        assert_true(souk_clock_ms() < until_ms);
        let_pass(1);
    }
}

static inline souk_answer_t await_answer(souk_client_t *client)
{
    souk_answer_t answer;
    zmq_pollitem_t items[ROUTERS_MAX];
    int64_t until_ms = souk_clock_ms() + BOUND_MS;
    while (!souk_client_next(client, &answer)) {
        assert_true(souk_clock_ms() < until_ms);
        int count = (int)souk_client_poll(client, items, ROUTERS_MAX);
        zmq_poll(items, count, souk_client_wait_ms(client));
    }
    return answer;
}

static inline void expect_answer(souk_client_t *client, const int *tag, const char *text)
{
    souk_answer_t answer = await_answer(client);
    assert_null(answer.error);
    assert_ptr_equal(answer.tag, tag);
    assert_int_equal(answer.count, 2);
    assert_int_equal(answer.frames[0].size, strlen(text));
    assert_memory_equal(answer.frames[0].data, text, strlen(text));
}

static inline void expect_error(souk_client_t *client, const int *tag, const souk_error_t *error)
{
    souk_answer_t answer = await_answer(client);
    assert_ptr_equal(answer.tag, tag);
    assert_ptr_equal(answer.error, error);
}

static inline void expect_nothing(souk_client_t *client)
{
    souk_answer_t answer;
    assert_false(souk_client_next(client, &answer));
}

/* The answer to what was heard, with these frames. */
static inline void answer_with(zsock_t *router, const souk_message_t *heard,
    const char *const *frames)
{
    souk_message_t *message = message_to(heard);
    souk_message_add(message, souk_message_frame(heard, 1));
    add_texts(message, TEXTS("", SOUK_MDP_CLIENT, "shop"));
    add_texts(message, frames);
    put(router, message);
}

#endif
