/* One HTTP request from its first byte to its answer, and the edge as its parts see it. */
#ifndef SOUK_REQUEST_H
#define SOUK_REQUEST_H

#include <microhttpd.h>

#include "../lib/client.h"
#include "../lib/log.h"
#include "connections.h"
#include "edge.h"
#include "headers.h"
#include "problem.h"
#include "routes.h"
#include "trace.h"

enum {
    SOUK_EDGE_LOG_SIZE = 200, /* of one value from outside in the edge's log */
};

typedef struct souk_directory souk_directory_t;
typedef struct souk_readiness souk_readiness_t;

/* What comes back with an answer from the bus: who takes it. The first member of all that asks. */
typedef struct souk_tag {
    void (*take)(struct souk_tag *tag, const souk_answer_t *answer);
} souk_tag_t;

typedef struct souk_request souk_request_t;
/* Takes the reply to one call. */
typedef void souk_take_fn(souk_request_t *request, souk_bytes_t frame);

struct souk_request {
    souk_tag_t tag;
    struct souk_edge *edge;
    struct MHD_Connection *connection;
    souk_pool_t *pool;
    const char *version, *method, *url;
    souk_headers_t headers;
    souk_target_t target;
    char *body; /* malloced */
    size_t body_size, body_capacity;
    char traceparent[SOUK_TRACEPARENT_SIZE];
    int64_t started_ms, deadline_ms;

    const souk_offer_t *offer; /* its service is held */
    souk_bytes_t arguments;
    souk_caller_t caller;
    const char *token;
    const char *signature; /* where the operation wants its body signed */
    struct {
        const char *operation;
        souk_bytes_t call;
        souk_take_fn *take;
    } joined; /* what it asks together with others */

    bool suspended; /* and in the edge's list of those */
    int status; /* 0: there is no answer yet */
    souk_bytes_t text; /* of the answer, in pool */
    bool is_problem;
    bool close; /* the connection ends with this answer */
    const char *allow, *challenge;
    int retry_after_s; /* 0: nothing is said of that */
    const char *etag; /* NULL: it has none */
    bool replayed; /* as it was answered before */
    struct souk_request *prev, *next; /* among joined or answered */
    struct souk_request *suspended_prev, *suspended_next;
};

typedef struct souk_edge {
    const struct souk_edge_settings *settings;
    zsock_t *pipe;
    struct MHD_Daemon *daemon;
    souk_connections_t connections;
    souk_client_t *client;
    souk_directory_t *directory;
    souk_readiness_t *readiness;
    souk_request_t *joined; /* wait for the end of the turn, when those that ask the same do so */
    souk_request_t *answered; /* to be resumed at the end of the turn */
    souk_request_t *suspended; /* all that wait for the bus */
    souk_log_pace_t pace; /* a shop without services fails faster than one can read */
    size_t under_way;
    size_t body_bytes; /* of all bodies that are kept */
    bool stopping;
    bool given_up; /* nothing more is asked of the bus */
} souk_edge_t;

/* libmicrohttpd's handlers; argument is the souk_edge_t. */
void *souk_request_new(void *argument, const char *target, struct MHD_Connection *connection);
enum MHD_Result souk_request_handle(void *argument, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version, const char *upload,
    size_t *upload_size, void **context);
void souk_request_done(void *argument, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code);

/* The answer; the first one counts. flaws may be NULL. */
void souk_request_refuse(souk_request_t *request, const souk_problem_t *problem, const char *detail,
    const souk_list_t *flaws);
void souk_request_fail(souk_request_t *request, const souk_error_t *error, const char *detail);
/* What is at this address takes only the methods in request->allow. */
void souk_request_refuse_method(souk_request_t *request);
void souk_request_answer(souk_request_t *request, int status, souk_bytes_t text);
/* What the offer's service said. */
void souk_request_tell(souk_request_t *request, souk_bytes_t frame);

/* Hands the answer to libmicrohttpd. */
enum MHD_Result souk_request_send(souk_request_t *request);
/* Sends the answer past libmicrohttpd, which takes none in the middle of a body; the connection
   must end right behind it. */
void souk_request_send_at_once(souk_request_t *request);

/* Answers what the edge answers by itself (/livez and such); false: it is not that. */
must_check bool souk_request_own(souk_request_t *request);

/* Builds request->arguments from path, query and body; false: the request is refused. */
must_check bool souk_request_arguments(souk_request_t *request);

/* Asks the offer's operation, with the arguments and the caller as they are now. */
void souk_request_ask(souk_request_t *request);
int souk_request_left_ms(const souk_request_t *request);

/* Takes those up again that have their answer: all in one go, as each time libmicrohttpd looks at
   all that are suspended. */
void souk_requests_resume(souk_edge_t *edge);
/* Answers all that wait; what the bus still says of them must not be taken any more. */
void souk_requests_give_up(souk_edge_t *edge);

/* Asks whose the token is, and then the offer's operation. */
void souk_request_authenticate(souk_request_t *request);

/* Asks the operation at the end of the turn, for nobody in particular, in one message with others
   that ask the same then. Whatever keeps the reply from coming fails the request. */
void souk_request_join(souk_request_t *request, const char *operation, souk_bytes_t call,
    souk_take_fn *take);
void souk_ask_joined(souk_edge_t *edge);

#endif
