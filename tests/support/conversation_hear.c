/* What other services tell, as a test says it. */
#include <string.h>

#include "../../lib/settings.h"
#include "../../lib/told.h"
#include "../../lib/wire.h"
#include "conversation_internal.h"

enum {
    HEARD_MS = 10000,
    AGAIN_MS = 20,
};

static const souk_event_t *event_of(const char *source, const char *topic)
{
    const souk_actor_t *actor = souk_actor_named(source);
    const souk_event_t *event = actor ? souk_event_named(actor, topic) : NULL;
    if (!event)
        fail_msg("no actor tells of %s", topic);
    return event;
}

static souk_told_t make(struct conversation *it, const char *topic, const char *json)
{
    const char *source = souk_pool_text(it->pool, topic, strcspn(topic, "."));
    const souk_record_t *record = event_of(source, topic)->data;
    void *data = conversation_read(it, record, topic, json);
    return (souk_told_t){
        .id = souk_pool_format(it->pool, "%lld", (long long)++it->seq),
        .source = source,
        .type = topic,
        .time = souk_now(),
        .seq = it->seq,
        .data = souk_wire_encode(record, data, it->pool),
    };
}

/* Tables were emptied since the last one, and who follows is to be where that one was. */
static void set_cursor(void **state, const souk_told_t *told)
{
    struct conversation *it = *state;
    row(state,
        "INSERT INTO \"%s\".event_cursor (source, seq) VALUES ('%s', %lld)"
        " ON CONFLICT (source) DO UPDATE SET seq = excluded.seq",
        it->actor->name, told->source, (long long)told->seq - 1);
}

static bool is_heard(void **state, const souk_told_t *told)
{
    struct conversation *it = *state;
    const char *seq = row(state, "SELECT seq FROM \"%s\".event_cursor WHERE source = '%s'",
        it->actor->name, told->source);
    return strcmp(seq, told->id) == 0;
}

/* Told again until it is heard, since nobody knows when a subscription has arrived; and known only
   once. */
void hear(void **state, const char *topic, const char *json)
{
    struct conversation *it = *state;
    souk_told_t told = make(it, topic, json);
    int64_t until_ms = souk_clock_ms() + HEARD_MS;

    set_cursor(state, &told);
    while (!is_heard(state, &told)) {
        owned(souk_message) message = souk_told_write(&told, it->pool);
        bool sent = souk_message_send(&message, zsock_resolve(it->tells));
        (void)sent;
        zmq_poll(NULL, 0, AGAIN_MS);
        if (souk_clock_ms() > until_ms)
            fail_msg("%s is not heard", topic);
    }
}
