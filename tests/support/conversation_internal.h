/* A conversation as its own files see it. */
#ifndef SOUK_TEST_CONVERSATION_INTERNAL_H
#define SOUK_TEST_CONVERSATION_INTERNAL_H

#include "conversation.h"

#include <czmq.h>
#include <jansson.h>

#include "../../lib/client.h"
#include "../../lib/runtime.h"
#include "others.h"
#include "test_database.h"

struct conversation {
    souk_pool_t *pool;
    souk_test_database_t database;
    const souk_actor_t *actor;
    zactor_t *broker;
    souk_others_t *others;
    souk_runtime_t *runtime;
    souk_client_t *client;
    zsock_t *tells; /* events of others */
    int64_t seq; /* of the last of them */

    souk_caller_t caller;
    const char **codes; /* of the last answers */
    size_t count;
    const char *message; /* of the last error */
    json_t *reply; /* of the last success */
};

/* JSON of what a test writes with ' for ". In pool. */
char *conversation_json(const char *text, souk_pool_t *pool);
/* The same as the record says. In the conversation's pool; what does not fit fails the test. */
void *conversation_read(struct conversation *it, const souk_record_t *record, const char *what,
    const char *text);

#endif
