/* Frames on their way out. A client's message keeps its first frames, from the return path to the
   service's name, while its body is with a worker: put before a reply's body, they are the reply.
 */
#include "post.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "../lib/client.h"
#include "../lib/log.h"
#include "../lib/majordomo.h"
#include "../lib/memory.h"
#include "../lib/wire.h"

enum {
    ERRORS_MAX = 8,
    REPLY_BODY = 6, /* [worker][empty][MDPW01][REPLY][ticket][empty][body]... */
};

struct souk_post {
    void *socket;
    souk_router_output_t output;
    struct {
        const souk_error_t *error;
        zmq_msg_t frame;
    } refusals[ERRORS_MAX]; /* each is encoded once and then shared */
    size_t refusals_count;
    souk_log_pace_t pace;
};

/* The first frame of a client's body: after [path]...[empty][MDPC01][service]. */
static size_t body_of(const souk_message_t *message)
{
    size_t delimiter = 1;
    while (souk_message_frame(message, delimiter).size)
        delimiter++;
    return delimiter + 3;
}

static void cut(souk_message_t *message, size_t first)
{
    owned(souk_message) rest = souk_message_new();
    souk_message_add_rest(rest, message, first);
}

static souk_sent_t send_or_keep(souk_post_t *post, souk_message_t **message)
{
    if (souk_message_send(message, post->socket))
        return SOUK_SENT;
    return errno == EAGAIN ? SOUK_FULL : SOUK_GONE;
}

static bool send_or_drop(souk_post_t *post, souk_message_t *taken)
{
    owned(souk_message) message = taken;
    return send_or_keep(post, &message) == SOUK_SENT;
}

static souk_message_t *command_to(souk_bytes_t worker, const char *command)
{
    souk_message_t *message = souk_message_new();
    souk_message_add(message, worker);
    souk_message_add(message, (souk_bytes_t){ 0 });
    souk_message_add_text(message, SOUK_MDP_WORKER);
    souk_message_add_text(message, command);
    return message;
}

static souk_sent_t post_command(void *self, souk_bytes_t worker, const char *command)
{
    owned(souk_message) message = command_to(worker, command);
    return send_or_keep(self, &message);
}

static souk_sent_t post_request(void *self, souk_bytes_t worker, const void *ticket, void *call)
{
    owned(souk_message) message = command_to(worker, SOUK_MDP_REQUEST);
    souk_message_add(message, (souk_bytes_t){ ticket, SOUK_TICKET_SIZE });
    souk_message_add(message, (souk_bytes_t){ 0 });
    size_t body = message->count;
    souk_message_add_rest(message, call, body_of(call));

    souk_sent_t sent = send_or_keep(self, &message);
    if (sent != SOUK_SENT)
        souk_message_add_rest(call, message, body);
    return sent;
}

static bool post_reply(void *self, void *call, void *reply)
{
    owned(souk_message) from_worker = reply;
    souk_message_add_rest(call, from_worker, REPLY_BODY);
    return send_or_drop(self, call);
}

static bool answer_with(souk_post_t *post, souk_message_t *request, zmq_msg_t *frame, size_t calls)
{
    cut(request, body_of(request));
    for (size_t i = 0; i < calls; i++)
        souk_message_add_frame(request, frame);
    return send_or_drop(post, request);
}

bool souk_post_answer(souk_post_t *post, souk_message_t *request, souk_bytes_t bytes, size_t calls)
{
    owned(souk_message) answer = souk_message_new();
    souk_message_add(answer, bytes);
    return answer_with(post, request, &answer->frames[0], calls);
}

static void encode_refusal(zmq_msg_t *frame, const souk_error_t *error)
{
    owned(souk_pool) pool = souk_pool_new();
    struct souk_refusal refusal = {
        .message = error->meaning,
        .retry = souk_kind(error->kind)->ask_again,
    };
    souk_bytes_t bytes = souk_wire_encode_reply(error->code, &souk_refusal, &refusal, pool);
    souk_sure(zmq_msg_init_size(frame, bytes.size) == 0 ? frame : NULL);
    memcpy(zmq_msg_data(frame), bytes.data, bytes.size);
}

static zmq_msg_t *refusal_of(souk_post_t *post, const souk_error_t *error)
{
    size_t i = 0;
    while (i < post->refusals_count && post->refusals[i].error != error)
        i++;
    assert(i < ERRORS_MAX);
    if (i == post->refusals_count) {
        post->refusals[i].error = error;
        encode_refusal(&post->refusals[i].frame, error);
        post->refusals_count++;
    }
    return &post->refusals[i].frame;
}

bool souk_post_refuse(souk_post_t *post, souk_message_t *request, size_t calls,
    const souk_error_t *error)
{
    return answer_with(post, request, refusal_of(post, error), calls);
}

static bool post_refuse(void *self, void *call, size_t calls, const souk_error_t *error)
{
    return souk_post_refuse(self, call, calls, error);
}

static void post_discard(void *self, void *message)
{
    (void)self;
    souk_message_t *unwanted = message;
    souk_message_destroy(&unwanted);
}

/* All that the broker wants to know of a body, and only of one that has to wait. */
struct call_meta {
    souk_time_t deadline;
};
static const souk_record_t call_meta = {
    .name = "call_meta",
    .size = sizeof(struct call_meta),
    .fields = { FIELD(call_meta, deadline, .optional = true) },
};

/* Bodies that are not Souk's have no deadline. */
static souk_time_t deadline_of(const souk_message_t *message)
{
    struct call_meta meta = { 0 };
    size_t frame = body_of(message) + 1;
    if (frame >= message->count || !souk_message_frame(message, frame).size)
        return (souk_time_t){ 0 };
    owned(souk_pool) pool = souk_pool_new();
    souk_flaws_t flaws = { 0 };
    bool understood =
        souk_wire_decode(&call_meta, souk_message_frame(message, frame), &meta, pool, &flaws);
    return understood ? meta.deadline : (souk_time_t){ 0 };
}

static void post_weigh(void *self, void *call, souk_load_t *load)
{
    (void)self;
    const souk_message_t *message = call;
    load->bytes = sizeof(*message);
    for (size_t i = 0; i < message->count; i++)
        load->bytes += sizeof(zmq_msg_t) + souk_message_frame(message, i).size;
    int64_t deadline_ms = deadline_of(message).ms;
    int64_t now_ms = souk_now().ms;
    load->left_ms = INT64_MAX;
    if (deadline_ms)
        load->left_ms = deadline_ms > now_ms ? deadline_ms - now_ms : 0;
}

/* Peers that come and go must not fill the log. */
static void post_note(void *self, const char *what, souk_bytes_t service, size_t calls)
{
    if (!souk_log_may(&((souk_post_t *)self)->pace, "broker"))
        return;
    char name[SOUK_SERVICE_NAME_MAX + 1], quoted[2 * sizeof(name)];
    memcpy(name, service.data, service.size);
    name[service.size] = '\0';
    souk_log(calls ? SOUK_LOG_WARNING : SOUK_LOG_INFO, "broker", "worker=%s service=%s calls=%zu",
        what, souk_log_value(name, quoted, sizeof(quoted)), calls);
}

souk_post_t *souk_post_new(void *socket)
{
    souk_post_t *post = souk_sure(calloc(1, sizeof(*post)));
    post->socket = socket;
    post->output = (souk_router_output_t){
        .self = post,
        .request = post_request,
        .command = post_command,
        .reply = post_reply,
        .refuse = post_refuse,
        .discard = post_discard,
        .weigh = post_weigh,
        .note = post_note,
    };
    return post;
}

void souk_post_destroy(souk_post_t **post)
{
    if (!*post)
        return;
    for (size_t i = 0; i < (*post)->refusals_count; i++)
        zmq_msg_close(&(*post)->refusals[i].frame);
    free(*post);
    *post = NULL;
}

const souk_router_output_t *souk_post_output(const souk_post_t *post)
{
    return &post->output;
}

size_t souk_post_calls(const souk_message_t *message, size_t body)
{
    size_t frames = message->count - body;
    return frames > 3 ? frames - 2 : 1;
}
