/* A message from the bus becomes calls, and their answers become one message. */
#include <string.h>

#include "builtin.h"
#include "majordomo.h"
#include "parcel.h"
#include "settings.h"
#include "wire.h"

enum {
    FIRST_ARGUMENT = 2, /* behind operation and meta */
};

static void send_parcel(souk_parcel_t *parcel)
{
    souk_message_t *message = souk_message_new();
    for (size_t i = 0; i < parcel->count; i++)
        souk_message_add(message, parcel->answers[i]);
    souk_link_reply(parcel->link, &parcel->to, &message);
}

/* A larger one would cost the connection, and all calls that this worker has. */
static souk_bytes_t write_answer(souk_call_t *call, const char *code, souk_pool_t *pool)
{
    souk_bytes_t answer = souk_call_answer(call, code, pool);
    if (answer.size <= (size_t)souk_settings.message_max)
        return answer;
    souk_fail(call, &souk_internal, "the answer is larger than SOUK_MESSAGE_MAX: %zu bytes",
        answer.size);
    return souk_call_answer(call, code, pool);
}

void souk_parcel_answer(souk_call_t *call, const char *code)
{
    souk_parcel_t *parcel = call->parcel;
    if (!parcel)
        return;
    parcel->answers[call->index] = write_answer(call, code, parcel->pool);
    souk_call_log(call, code);
    call->parcel = NULL;
    if (--parcel->open == 0)
        send_parcel(parcel);
}

static bool names(souk_bytes_t frame, const char *service, const char *name)
{
    size_t service_size = strlen(service), name_size = strlen(name);
    const char *text = frame.data;
    if (frame.size == name_size)
        return memcmp(text, name, name_size) == 0;
    return frame.size == service_size + 1 + name_size && text[service_size] == '.' &&
        memcmp(text, service, service_size) == 0 &&
        memcmp(text + service_size + 1, name, name_size) == 0;
}

static const souk_operation_t *find_operation(const souk_actor_t *actor, souk_bytes_t frame)
{
    for (size_t i = 0; i < SOUK_OPERATIONS_MAX && actor->operations[i].name; i++) {
        const char *name = actor->operations[i].name;
        if (strlen(name) == frame.size && memcmp(name, frame.data, frame.size) == 0)
            return &actor->operations[i];
    }
    const souk_operation_t *common;
    for (size_t i = 0; (common = souk_builtin(actor, i)); i++)
        if (names(frame, actor->name, common->name))
            return common;
    return NULL;
}

/* What only the bus may ask for it may ask for whoever calls. */
static bool check_role(souk_call_t *call)
{
    const souk_operation_t *operation = call->operation;
    const souk_caller_t *caller = &call->caller;
    const char *role = souk_operation_role(operation);
    bool is_nobody = !caller->user || !*caller->user;
    if (!operation->role)
        return true;
    if (role && is_nobody && !caller->scopes.count)
        return souk_refuse(call, &souk_unauthorized);
    const char *lacks = souk_caller_lacks(caller, operation->name, role, call->pool);
    return !lacks || souk_fail(call, &souk_forbidden, "%s", lacks);
}

/* Who may call is asked before what was sent is looked at. */
static bool check_caller(souk_call_t *call)
{
    const souk_operation_t *operation = call->operation;
    const char *key = call->caller.key;
    if (!check_role(call))
        return false;
    if (operation->needs_key && !key)
        return souk_refuse(call, &souk_key_missing);
    if (key && souk_operation_uuid_key(operation) && !souk_uuid_is_random(key))
        return souk_fail(call, &souk_invalid,
            "the meta frame (the second): /key must be a random UUID (version 4)");
    return true;
}

static bool decode_request(souk_call_t *call, souk_bytes_t argument)
{
    souk_flaws_t flaws = { 0 };
    call->request = souk_alloc(call, call->operation->request->size);
    call->reply = souk_alloc(call, call->operation->reply->size);
    if (souk_wire_decode(call->operation->request, argument, call->request, call->pool, &flaws))
        return true;
    call->flaws = memcpy(souk_alloc(call, sizeof flaws), &flaws, sizeof flaws);
    return souk_fail(call, &souk_invalid, "%s: %s",
        *flaws.items[0].pointer ? flaws.items[0].pointer : "the arguments", flaws.items[0].message);
}

static void open_call(souk_desk_t *desk, souk_parcel_t *parcel, souk_shared_t *shared,
    const souk_operation_t *operation, const souk_caller_t *caller, souk_bytes_t argument,
    souk_list_t *calls)
{
    souk_call_t *call = souk_call_new(desk);
    call->operation = operation;
    call->caller = *caller;
    call->parcel = parcel;
    call->index = calls->count;
    souk_call_hold(call, shared);
    if (check_caller(call))
        decode_request(call, argument);
    *(souk_call_t **)souk_list_add(calls, parcel->pool, sizeof call) = call;
}

/* For what is no request: every argument frame (or one) is told the same. */
static void refuse(souk_parcel_t *parcel, const souk_error_t *error, const char *message)
{
    struct souk_refusal refusal = { .message = message };
    for (size_t i = 0; i < parcel->count; i++)
        parcel->answers[i] =
            souk_wire_encode_reply(error->code, &souk_refusal, &refusal, parcel->pool);
    send_parcel(parcel);
}

static souk_parcel_t *new_parcel(souk_link_t *link, const souk_return_t *to, size_t frames)
{
    souk_pool_t *pool = souk_pool_new();
    souk_parcel_t *parcel = souk_pool_alloc(pool, sizeof *parcel);
    parcel->link = link;
    parcel->to = *to;
    parcel->pool = pool;
    parcel->count = frames > FIRST_ARGUMENT ? frames - FIRST_ARGUMENT : 1;
    parcel->open = parcel->count;
    parcel->answers = souk_pool_alloc(pool, parcel->count * sizeof *parcel->answers);
    return parcel;
}

static bool read_meta(const souk_message_t *body, souk_caller_t *caller, souk_parcel_t *parcel)
{
    souk_flaws_t flaws = { 0 };
    souk_bytes_t meta = souk_message_frame(body, 1);
    if (meta.size && !souk_wire_decode(&souk_caller_record, meta, caller, parcel->pool, &flaws)) {
        const char *pointer = flaws.items[0].pointer;
        refuse(parcel, &souk_invalid,
            souk_pool_format(parcel->pool, "the meta frame (the second): %s%s%s", pointer,
                *pointer ? " " : "", flaws.items[0].message));
        return false;
    }
    if (caller->key && !*caller->key)
        caller->key = NULL;
    return true;
}

static const souk_operation_t *read_operation(souk_desk_t *desk, const souk_message_t *body,
    souk_parcel_t *parcel)
{
    const souk_operation_t *operation = NULL;
    if (body->count <= FIRST_ARGUMENT || parcel->count > SOUK_CALLS_MAX)
        refuse(parcel, &souk_invalid,
            "a request is [operation][meta][arguments]..., with 1 to 1000 frames of arguments");
    else if (!(operation = find_operation(desk->actor, souk_message_frame(body, 0))))
        refuse(parcel, &souk_no_such_operation, souk_no_such_operation.meaning);
    return operation;
}

/* The list of calls is handed over in pool, since the parcel may be gone before its last call. */
souk_list_t souk_parcel_open(souk_desk_t *desk, souk_link_t *link, const souk_return_t *to,
    const souk_message_t *body, souk_pool_t *pool)
{
    souk_list_t calls = { 0 };
    souk_caller_t caller = { 0 };
    souk_parcel_t *parcel = new_parcel(link, to, body->count);
    souk_shared_t *shared = souk_shared_new(parcel->pool);
    const souk_operation_t *operation = read_operation(desk, body, parcel);

    shared->holders = 1;
    if (operation && read_meta(body, &caller, parcel))
        for (size_t i = FIRST_ARGUMENT; i < body->count; i++)
            open_call(desk, parcel, shared, operation, &caller, souk_message_frame(body, i),
                &calls);
    size_t size = calls.count * sizeof(souk_call_t *);
    if (size)
        calls.items = memcpy(souk_pool_alloc(pool, size), calls.items, size);
    souk_shared_release(shared);
    return calls;
}
