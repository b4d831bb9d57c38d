/* nats-server's C client, with its own threads or without. */
#include "nats_line.h"

#include <poll.h>
#include <unistd.h>

#include "load.h"

enum {
    SILENCE_MS = 10000,
    PAUSE_US = 20000,
};

void bench_line_expect(natsStatus status, const char *what)
{
    if (status != NATS_OK)
        bench_fail("%s: %s", what, natsStatus_GetText(status));
}

/* What the client wants of an event loop. It reads always and writes when it is asked to. */
static natsStatus attach(void **data, void *line, natsConnection *connection, natsSock socket)
{
    ((bench_line_t *)line)->fd = socket;
    *data = line;
    return NATS_OK;
}

static natsStatus want_to_read(void *line, bool add)
{
    return NATS_OK;
}

static natsStatus want_to_write(void *line, bool add)
{
    ((bench_line_t *)line)->writes = add;
    return NATS_OK;
}

static natsStatus detach(void *line)
{
    return NATS_OK;
}

void bench_line_open(bench_line_t *line, const char *url, const char *subject, bool looped,
    bool at_once)
{
    int64_t until_us = bench_now_us() + SILENCE_MS * 1000;
    natsOptions *options = NULL;
    natsStatus status;

    *line = (bench_line_t){ .looped = looped };
    bench_line_expect(natsOptions_Create(&options), "options");
    bench_line_expect(natsOptions_SetURL(options, url), url);
    bench_line_expect(natsOptions_SetSendAsap(options, at_once || looped), "options");
    if (looped)
        bench_line_expect(natsOptions_SetEventLoop(options, line, attach, want_to_read,
                              want_to_write, detach),
            "event loop");
    while ((status = natsConnection_Connect(&line->connection, options)) != NATS_OK) {
        if (bench_now_us() > until_us)
            bench_line_expect(status, url);
        usleep(PAUSE_US);
    }
    natsOptions_Destroy(options);
    bench_line_expect(natsConnection_SubscribeSync(&line->messages, line->connection, subject),
        subject);
}

/* False: nothing came. */
static bool turn(bench_line_t *line)
{
    struct pollfd socket = { .fd = line->fd, .events = POLLIN };

    if (line->writes)
        natsConnection_ProcessWriteEvent(line->connection);
    if (line->writes)
        socket.events |= POLLOUT;
    if (poll(&socket, 1, SILENCE_MS) == 0)
        return false;
    if (socket.revents & ~POLLOUT)
        natsConnection_ProcessReadEvent(line->connection);
    return true;
}

/* In a loop, what was published is written when no further message is there to be taken, so that it
   travels together. */
natsStatus bench_line_next(bench_line_t *line, natsMsg **message)
{
    natsStatus status;

    if (!line->looped)
        return natsSubscription_NextMsg(message, line->messages, SILENCE_MS);
    while ((status = natsSubscription_NextMsg(message, line->messages, 0)) == NATS_TIMEOUT)
        if (!turn(line))
            break;
    return status;
}
