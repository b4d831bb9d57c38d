/* Events: what an actor tells of, and what it follows of others. Whoever changes something writes
   the event into the table outbox of its schema, in the transaction of the change: (topic, body),
   the body being a JSON object of the event's .data. All else is the runtime's: it numbers what was
   committed, publishes it, answers for what was missed, and hands to those who follow each event
   once. */
#ifndef SOUK_EVENT_H
#define SOUK_EVENT_H

#include "call.h"

enum {
    SOUK_EVENTS_MAX = 24,
    SOUK_FOLLOWS_MAX = 48,
};

/* What an actor tells of. */
typedef struct {
    const char *topic; /* SERVICE.WHAT_HAPPENED */
    const char *summary;
    const souk_record_t *data;
    const char *subject; /* the text of .data that says what it is about */
} souk_event_t;

/* What an actor follows. Events of one source come in the order of their numbers; those of
   different sources in any. */
typedef struct {
    const char *topic; /* SERVICE.WHAT_HAPPENED; "SERVICE.": all that it tells of */
    const souk_record_t *data; /* as much of it as is wanted, being the request of the batch's
                                  calls; NULL: none, or whatever there is (souk_batch_event) */
    /* In the transaction that moves the cursor. An event that fails is tried again, and after
       SOUK_TRIES_MAX times put among the dead letters; those behind it wait meanwhile. */
    bool (*batch)(souk_batch_t *batch);
} souk_follow_t;
enum {
    SOUK_TRIES_MAX = 5
};

/* An event as it travels: attributes of CloudEvents 1.0 under their names, and the number. */
typedef struct souk_told {
    const char *id; /* another for each event of the source */
    const char *source; /* the service */
    const char *type; /* the topic */
    const char *subject; /* what it is about, such as an order's id; NULL: nothing in particular */
    souk_time_t time; /* when it happened */
    int64_t seq; /* 1, 2, 3 and so on, without gaps within a source */
    bool expired; /* its data was good for a time only, and is gone */
    souk_bytes_t data; /* a MessagePack map */
} souk_told_t;

/* What an auditor has to know: that somebody has asked this service for something. Told, where the
   row SOUK_CALLED is among the .events, of all operations that callers from outside may ask for
   (.role): of each call that writes, in the transaction of its effect; of each that staff or admins
   read with; and of each whoever asks it that is refused as unauthorized or forbidden. Refusals of
   who is nobody that are alike are told together, once a second. */
struct souk_called {
    const char *operation;
    const char *user; /* NULL: nobody had logged in */
    const char *session;
    const char *address;
    const char *subject; /* what it was about: souk_about, else the id in route, state or reply; of
                            who is nobody the id in the route may be all that it takes: its hash */
    const char *outcome; /* "ok", of a saga "begun", or the error's code */
    const char *call; /* W3C Trace Context */
    int times; /* 0: once */
    souk_time_t at; /* not in .data: the event has it */
};
extern const souk_record_t souk_called;
#define SOUK_CALLED(service)                                                                       \
    {                                                                                              \
        .topic = service ".called",                                                                \
        .summary =                                                                                 \
            "Somebody has changed something, or was refused: for who keeps an audit trail.",       \
        .data = &souk_called, .subject = "subject",                                                \
    }

/* In a batch of events: which one call i is of. */
const souk_told_t *souk_batch_event(const souk_batch_t *batch, size_t i);

#endif
