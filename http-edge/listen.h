/* The edge's listening socket. */
#ifndef SOUK_LISTEN_H
#define SOUK_LISTEN_H

#include "edge.h"

/* -1: *why (in pool) says what is wrong, such as that the port is taken. */
must_check int souk_listen(const struct souk_edge_settings *settings, souk_pool_t *pool,
    const char **why);

/* Lets this process have as many descriptors as it may, and returns how many that are. */
size_t souk_raise_descriptors(void);

#endif
