/* Binding endpoints so that no two brokers ever share one. */
#ifndef SOUK_ENDPOINT_H
#define SOUK_ENDPOINT_H

#include <czmq.h>

#include "../lib/base.h"

enum {
    SOUK_ENDPOINTS_MAX = 16
};

/* The ipc endpoints that are held: their socket files, each with a locked file beside it. The locks
   end with souk_endpoints_release, or with the process, whatever ends it. */
typedef struct {
    struct {
        int lock;
        char *path; /* of the socket file; NULL before it is there */
    } held[SOUK_ENDPOINTS_MAX];
    size_t count;
} souk_endpoints_t;

/* Binds socket to all of names (with blanks between them). The folder of an ipc endpoint is made
   for the owner alone where it is not there. False: the log says which cannot be bound, and why. */
must_check bool souk_endpoints_bind(souk_endpoints_t *endpoints, zsock_t *socket,
    const char *names);
/* Removes the socket files and unlocks. */
void souk_endpoints_release(souk_endpoints_t *endpoints);

#endif
