/* Events on the wire. */
#include "told.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "json.h"
#include "log.h"
#include "memory.h"
#include "settings.h"
#include "value.h"
#include "wire.h"

enum {
    FRAMES = 3,
    TEXT_MAX = 200,
    LINGER_MS = 200,
};

const souk_record_t souk_told_record = {
    .name = "event",
    .size = sizeof(souk_told_t),
    .fields = {
        FIELD(souk_told, id,
            .min = 1,
            .max = TEXT_MAX,
            .doc = "another for each event of the source"),
        FIELD(souk_told, source, .min = 1, .max = TEXT_MAX, .doc = "the service that tells"),
        FIELD(souk_told, type, .min = 1, .max = TEXT_MAX, .doc = "what happened: the topic"),
        FIELD(souk_told, subject,
            .max = TEXT_MAX,
            .optional = true,
            .doc = "what it is about, such as an order's id"),
        FIELD(souk_told, time, .doc = "when it happened"),
        FIELD(souk_told, seq,
            .max = INT64_MAX,
            .doc = "its number: 1, 2, 3 and so on, without gaps within a source"),
        FIELD(souk_told, expired,
            .optional = true,
            .doc = "its data was good for a time only, and is gone"),
        FIELD(souk_told, data, .optional = true, .doc = "what the event's description says"),
    },
};

const souk_record_t souk_logged = {
    .name = "logged",
    .size = sizeof(struct souk_logged),
    .fields = {
        FIELD(souk_logged, seq),
        FIELD(souk_logged, topic),
        FIELD(souk_logged, body, .optional = true),
        FIELD(souk_logged, at),
    },
};

static const char head[] = ".head";

/* For zsock_attach they have commas between them. */
zsock_t *souk_told_socket(int type, const char *endpoints)
{
    owned(souk_pool) pool = souk_pool_new();
    char *list = souk_pool_text(pool, endpoints, strlen(endpoints));
    zsock_t *socket = souk_sure(zsock_new(type));
    for (char *blank = strchr(list, ' '); blank; blank = strchr(blank, ' '))
        *blank = ',';
    zsock_set_sndhwm(socket, souk_settings.unread_max);
    zsock_set_rcvhwm(socket, souk_settings.unread_max);
    zsock_set_linger(socket, LINGER_MS);
    int attached = zsock_attach(socket, list, false);
    assert(attached == 0);
    (void)attached;
    return socket;
}

const souk_event_t *souk_event_named(const souk_actor_t *actor, const char *topic)
{
    for (size_t i = 0; i < SOUK_EVENTS_MAX && actor->events[i].topic; i++)
        if (strcmp(actor->events[i].topic, topic) == 0)
            return &actor->events[i];
    return NULL;
}

static const char *subject_of(const souk_event_t *event, const char *data)
{
    const souk_field_t *field = souk_record_field(event->data, event->subject);
    return *(const char *const *)(data + field->offset);
}

/* What the statements wrote is held against the record: a body that does not fit is our mistake,
   and is passed on as it stands rather than lost. */
static void take_body(souk_told_t *told, const souk_actor_t *actor, const json_t *json,
    souk_pool_t *pool)
{
    const souk_event_t *event = souk_event_named(actor, told->type);
    souk_flaws_t flaws = { 0 };
    char *data = event ? souk_pool_alloc(pool, event->data->size) : NULL;
    if (event && souk_json_decode(event->data, json, data, pool, &flaws)) {
        told->data = souk_wire_encode(event->data, data, pool);
        told->subject = subject_of(event, data);
        return;
    }
    told->data = souk_value_from(json, pool);
    souk_log(SOUK_LOG_ERROR, actor->name, "event=%s seq=%" PRId64 " body=unfit at=%s", told->type,
        told->seq, event ? flaws.items[0].pointer : "its topic");
}

souk_told_t souk_told_from(const souk_actor_t *actor, const struct souk_logged *logged,
    souk_pool_t *pool)
{
    souk_told_t told = {
        .id = souk_pool_format(pool, "%" PRId64, logged->seq),
        .source = actor->name,
        .type = logged->topic,
        .time = logged->at,
        .seq = logged->seq,
        .expired = !logged->body,
    };
    souk_flaws_t flaws = { 0 };
    if (told.expired)
        return told;
    json_t *json =
        souk_json_parse((souk_bytes_t){ logged->body, strlen(logged->body) }, pool, &flaws);
    assert(json);
    take_body(&told, actor, json, pool);
    json_decref(json);
    return told;
}

souk_told_t souk_told_head(const souk_actor_t *actor, int64_t seq, souk_pool_t *pool)
{
    return (souk_told_t){
        .id = head + 1,
        .source = actor->name,
        .type = souk_pool_format(pool, "%s%s", actor->name, head),
        .time = souk_now(),
        .seq = seq,
    };
}

bool souk_told_is_head(const souk_told_t *told)
{
    size_t source = strlen(told->source);
    return strncmp(told->type, told->source, source) == 0 && strcmp(told->type + source, head) == 0;
}

souk_message_t *souk_told_write(const souk_told_t *told, souk_pool_t *pool)
{
    static const unsigned char nothing[] = { 0x80 }; /* the map without anything in it */
    souk_message_t *message = souk_message_new();
    souk_told_t header = *told;
    header.data = (souk_bytes_t){ 0 };
    souk_message_add_text(message, told->type);
    souk_message_add(message, souk_wire_encode(&souk_told_record, &header, pool));
    souk_message_add(message,
        told->data.size ? told->data : (souk_bytes_t){ nothing, sizeof nothing });
    return message;
}

bool souk_told_read(const souk_message_t *message, souk_told_t *told, souk_pool_t *pool)
{
    souk_flaws_t flaws = { 0 };
    if (message->count != FRAMES ||
        !souk_wire_decode(&souk_told_record, souk_message_frame(message, 1), told, pool, &flaws))
        return false;
    souk_bytes_t data = souk_message_frame(message, 2);
    told->data = (souk_bytes_t){ souk_pool_text(pool, data.data, data.size), data.size };
    return souk_message_is(message, 0, told->type) && souk_wire_sound(told->data);
}
