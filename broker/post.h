/* How the broker sends: the router's wishes put into frames and onto the ROUTER socket. */
#ifndef SOUK_POST_H
#define SOUK_POST_H

#include "../lib/message.h"
#include "router.h"

typedef struct souk_post souk_post_t;

/* socket is borrowed: a ROUTER with ZMQ_ROUTER_MANDATORY. */
souk_post_t *souk_post_new(void *socket);
void souk_post_destroy(souk_post_t **post);
OWNED(souk_post)

/* What a router is given; calls and replies are souk_message_t *. Lives as long as post. */
const souk_router_output_t *souk_post_output(const souk_post_t *post);

/* How many calls the message holds whose body begins at frame body. */
size_t souk_post_calls(const souk_message_t *message, size_t body);

/* Answers a client's message: with bytes, once for each of its calls. Takes request. False: nobody
   is there to take the answer. */
bool souk_post_answer(souk_post_t *post, souk_message_t *request, souk_bytes_t bytes, size_t calls);
/* Answers it with an error. Takes request. */
bool souk_post_refuse(souk_post_t *post, souk_message_t *request, size_t calls,
    const souk_error_t *error);

#endif
