/* A connection to nats-server with one subscription, served by the client's threads, as its
   documentation shows, or by the caller in an event loop, which is faster and seldom done. */
#ifndef BENCH_NATS_LINE_H
#define BENCH_NATS_LINE_H

#include <nats/nats.h>
#include <stdbool.h>

typedef struct {
    natsConnection *connection;
    natsSubscription *messages;
    bool looped;
    int fd; /* of a looped one */
    bool writes; /* it has something to write */
} bench_line_t;

/* Waits for the server, which may have been started just now. at_once: with threads, each message
   is written when it is published; else another thread gathers them for a millisecond. */
void bench_line_open(bench_line_t *line, const char *url, const char *subject, bool looped,
    bool at_once);

/* NATS_TIMEOUT: none came for 10 s. NATS_NO_RESPONDERS: nobody listens to what was asked. */
natsStatus bench_line_next(bench_line_t *line, natsMsg **message);

/* Fails unless status is NATS_OK. */
void bench_line_expect(natsStatus status, const char *what);

#endif
