/* Questions of one turn that ask the same operation for nobody in particular travel in one message.
 */
#include <string.h>

#include <utlist.h>

#include "request.h"

enum {
    TOGETHER_MAX = 16, /* so that the first are answered while the service is at the others */
};

/* One message under way, and whose calls are in it. Lives in the memory of its first request, which
   waits for it as all others do. */
struct asked {
    souk_tag_t tag;
    size_t count;
    souk_request_t *requests[];
};

void souk_request_join(souk_request_t *request, const char *operation, souk_bytes_t call,
    souk_take_fn *take)
{
    request->joined.operation = operation;
    request->joined.call = call;
    request->joined.take = take;
    DL_APPEND(request->edge->joined, request);
}

static void take_answer(souk_tag_t *tag, const souk_answer_t *answer)
{
    const struct asked *asked = (const struct asked *)tag;

    for (size_t i = 0; i < asked->count; i++) {
        if (answer->error)
            souk_request_fail(asked->requests[i], answer->error, NULL);
        else
            asked->requests[i]->joined.take(asked->requests[i], answer->frames[i]);
    }
}

static bool asks_the_same(const souk_request_t *one, const souk_request_t *other)
{
    return strcmp(one->joined.operation, other->joined.operation) == 0;
}

static size_t count_joined(const souk_request_t *first)
{
    const souk_request_t *request = first;
    size_t count = 0;

    for (; request && count < TOGETHER_MAX; request = request->next)
        count += asks_the_same(request, first);
    return count;
}

/* Those that ask the same as the first, itself included. */
static struct asked *gather(souk_edge_t *edge, souk_bytes_t **calls)
{
    souk_request_t *first = edge->joined, *request, *next;
    size_t count = count_joined(first);
    struct asked *asked =
        souk_pool_alloc(first->pool, sizeof *asked + count * sizeof *asked->requests);

    *calls = souk_pool_alloc(first->pool, count * sizeof **calls);
    asked->tag.take = take_answer;
    for (request = first; request && asked->count < count; request = next) {
        next = request->next;
        if (!asks_the_same(request, first))
            continue;
        DL_DELETE(edge->joined, request);
        (*calls)[asked->count] = request->joined.call;
        asked->requests[asked->count++] = request;
    }
    return asked;
}

/* All of one turn have nearly the same deadline, the last one the latest. One trace stands for all.
 */
static void ask(souk_edge_t *edge)
{
    souk_bytes_t *calls;
    struct asked *asked = gather(edge, &calls);
    souk_caller_t caller = { .traceparent = asked->requests[0]->traceparent };
    souk_question_t question = {
        .operation = asked->requests[0]->joined.operation,
        .caller = &caller,
        .calls = calls,
        .count = asked->count,
        .timeout_ms = souk_request_left_ms(asked->requests[asked->count - 1]),
        .tag = &asked->tag,
    };

    if (souk_client_send(edge->client, &question))
        return;
    for (size_t i = 0; i < asked->count; i++)
        souk_request_fail(asked->requests[i], &souk_unavailable, NULL);
}

void souk_ask_joined(souk_edge_t *edge)
{
    while (edge->joined)
        ask(edge);
}
