/* `souk events tail [TOPIC]` and `souk events since SOURCE [NUMBER]`: a line for each event. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builtin.h"
#include "commands.h"
#include "settings.h"
#include "told.h"
#include "value.h"

enum {
    PAGE = 500,
};

static int usage(void)
{
    fprintf(stderr,
        "usage: souk events tail [TOPIC]            what is told from now on, of topics that begin "
        "so\n"
        "       souk events since SOURCE [NUMBER]   what SOURCE told behind that number, or all "
        "that is kept\n");
    return SOUK_MISUSED_COMMAND;
}

/* What is secret is for those who act on it, not for a screen. */
static void hide_secrets(json_t *data, const souk_record_t *record)
{
    for (size_t i = 0; i < souk_record_count(record); i++)
        if (record->fields[i].secret && json_object_get(data, record->fields[i].name))
            json_object_set_new(data, record->fields[i].name, json_string("(secret)"));
}

static const souk_record_t *record_of(const souk_told_t *told)
{
    const souk_actor_t *actor = souk_actor_named(told->source);
    const souk_event_t *event = actor ? souk_event_named(actor, told->type) : NULL;
    return event ? event->data : &souk_nothing;
}

static void show(const souk_told_t *told)
{
    char time[SOUK_TIME_TEXT_SIZE];
    json_t *data = told->expired ? json_string("expired") : souk_value_json(told->data);
    hide_secrets(data, record_of(told));
    souk_time_print(told->time, time);
    printf("%s %s %" PRId64 " %s %s ", time, told->source, told->seq, told->type,
        told->subject ? told->subject : "-");
    json_dumpf(data, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
    puts("");
    fflush(stdout);
    json_decref(data);
}

static void hear(void *socket)
{
    owned(souk_pool) pool = souk_pool_new();
    owned(souk_message) message = souk_message_receive(socket);
    souk_told_t told;
    if (message && souk_told_read(message, &told, pool) && !souk_told_is_head(&told))
        show(&told);
}

/* Until it is interrupted. */
static int tail(const char *topic)
{
    zsock_t *in = souk_told_socket(ZMQ_SUB, souk_settings.events_from);
    zmq_pollitem_t item = { .socket = zsock_resolve(in), .events = ZMQ_POLLIN };
    zsock_set_subscribe(in, topic);
    while (zmq_poll(&item, 1, -1) >= 0)
        hear(item.socket);
    zsock_destroy(&in);
    return SOUK_FAILED;
}

/* One page; how many more there are, or -1: the reason was told. */
static int64_t show_since(souk_client_t *client, const char *source, struct souk_since *since)
{
    owned(souk_pool) pool = souk_pool_new();
    struct souk_told_since told;
    const char *why = souk_events_since(client, source, since, &told, pool);
    if (why) {
        fprintf(stderr, "souk events: %s: %s\n", source, why);
        return -1;
    }
    const souk_told_t *items = told.items.items;
    for (size_t i = 0; i < told.items.count; i++)
        show(&items[i]);
    since->after = told.items.count ? items[told.items.count - 1].seq : told.head;
    return told.head - since->after;
}

static int since(const char *source, const char *number)
{
    char *end = NULL;
    struct souk_since since = { .or_oldest = !number, .limit = PAGE };
    int64_t left = 1;
    since.after = number ? strtoll(number, &end, 10) : 0;
    if (number && (end == number || *end || since.after < 0))
        return usage();
    owned(souk_client) client = souk_client_new(souk_settings.brokers);
    while (left > 0)
        left = show_since(client, source, &since);
    return left < 0 ? SOUK_FAILED : SOUK_DONE;
}

int souk_command_events(int argc, char **argv)
{
    if (argc >= 2 && argc <= 3 && strcmp(argv[1], "tail") == 0)
        return tail(argc == 3 ? argv[2] : "");
    if (argc >= 3 && strcmp(argv[1], "since") == 0)
        return since(argv[2], argv[3]);
    return usage();
}
