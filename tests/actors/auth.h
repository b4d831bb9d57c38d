/* Whom the tests of auth are about. */
#ifndef TESTS_AUTH_H
#define TESTS_AUTH_H

#include <stdio.h>
#include <string.h>

#include "../support/conversation.h"

extern const souk_actor_t auth_actor;

#define ALICE "018f0000-0000-7000-8000-00000000000a"
#define BOB "018f0000-0000-7000-8000-00000000000b"

static inline int open(void **state)
{
    return conversation_open(state, &auth_actor);
}

static inline void enroll_alice(void **state)
{
    ask(state, "auth.enroll",
        "{'user_id': '" ALICE "', 'email': 'Alice@example.com', 'password': 'correct horse'}");
}

static inline void enroll_bob(void **state)
{
    ask(state, "auth.enroll",
        "{'user_id': '" BOB "', 'email': 'bob@example.com', 'password': 'another horse'}");
}

static inline void log_in(void **state, const char *email, const char *password)
{
    ask(state, "auth.login", "{'email': '%s', 'password': '%s'}", email, password);
}

static inline const char *mailed_token(void **state, const char *topic)
{
    return row(state,
        "SELECT body ->> 'token' FROM auth.told WHERE topic = '%s' ORDER BY at DESC LIMIT 1",
        topic);
}

#endif
