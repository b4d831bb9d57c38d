/* The bus, as one who asks sees it: many calls in flight over one or more brokers, each with a
   deadline. One thread at a time. */
#ifndef SOUK_CLIENT_H
#define SOUK_CLIENT_H

#include "call.h"
#include "message.h"

typedef struct souk_client souk_client_t;

/* brokers: endpoints with blanks between them. Does not wait for a broker: a client may be made
   before there is one. */
souk_client_t *souk_client_new(const char *brokers);
void souk_client_destroy(souk_client_t **client);
OWNED(souk_client)

/* What is asked: one message of one or more calls of one operation. All is borrowed during the call
   that takes it. */
typedef struct {
    const char *operation; /* SERVICE.OPERATION; a service alone for those that are not Souk's */
    const souk_caller_t *caller; /* user, roles, key, ... to vouch for; NULL: nobody */
    const souk_bytes_t *calls; /* the encoded arguments of each */
    size_t count;
    int timeout_ms;
    void *tag; /* comes back with the answer */
} souk_question_t;

/* Sends to the first broker that takes it, without waiting. False: no broker is there or all are
   full, and nothing was sent: as souk_unavailable, safe to ask again. */
must_check bool souk_client_send(souk_client_t *client, const souk_question_t *question);

/* The answer to one question: as many frames as calls, each [code, value] (wire.h), or error where
   none came in time (souk_timeout) or a broker's answer made no sense. The frames stay valid until
   the next call of souk_client_next. */
typedef struct {
    void *tag;
    const souk_error_t *error; /* NULL: there are frames */
    const souk_bytes_t *frames;
    size_t count;
} souk_answer_t;

/* The next answer or timeout that is there, never waiting; false: none. */
must_check bool souk_client_next(souk_client_t *client, souk_answer_t *answer);

/* What to poll on beside other things: fills up to max items (ZMQ_POLLIN) and returns how many. */
size_t souk_client_poll(souk_client_t *client, zmq_pollitem_t *items, size_t max);
/* The same, to learn that there is a broker to send to (ZMQ_POLLOUT). */
size_t souk_client_poll_brokers(souk_client_t *client, zmq_pollitem_t *items, size_t max);
/* Milliseconds until the first deadline of what is in flight; -1: nothing is. */
int souk_client_wait_ms(const souk_client_t *client);

/* How one call ended. */
typedef struct {
    const char *code; /* "ok", "accepted", "replayed", or an error's */
    souk_bytes_t value; /* the reply, or a souk_refusal, still encoded */
    const souk_error_t *error; /* NULL for those three; where the code is not one of the
                                  library's and not among declared, souk_internal */
    const char *message; /* what was said of the error */
    int retry_after_s; /* and when it is worth asking again; 0: nothing was said of that */
} souk_outcome_t;

/* Reads one frame of an answer, or the answer's own error where frame is NULL. declared is a
   NULL-terminated array of further errors, or NULL. Everything that is new is in pool. */
souk_outcome_t souk_outcome_read(const souk_answer_t *answer, const souk_bytes_t *frame,
    const souk_error_t *const *declared, souk_pool_t *pool);

/* Asks one call and waits for its outcome. It is asked again, within timeout_ms, where the error
   says that nothing was done, or where repeatable. Memory: pool. */
souk_outcome_t souk_client_ask(souk_client_t *client, const souk_question_t *question,
    bool repeatable, const souk_error_t *const *declared, souk_pool_t *pool);

/* What goes with an error code on the wire. */
struct souk_refusal {
    const char *message;
    const char *field; /* RFC 6901 pointer into the arguments */
    bool retry; /* nothing was done: safe to ask again */
    int retry_after; /* seconds until it is worth asking again; 0: nothing is said of that */
    souk_list_t flaws; /* struct souk_refusal_flaw: all that is wrong, where it is more than one */
};
struct souk_refusal_flaw {
    const char *pointer;
    const char *message;
};
extern const souk_record_t souk_refusal, souk_refusal_flaw;

#endif
