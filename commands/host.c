/* Runs the parts of a process until a signal comes or one of them ends. */
#include <assert.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "commands.h"
#include "log.h"

/* Blocked before any thread is made, so that all threads inherit it and only the signalfd hears. */
static int take_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    int descriptor = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    assert(descriptor >= 0);
    return descriptor;
}

void souk_host_start(souk_host_t *host, const souk_part_t *parts, size_t count)
{
    assert(count <= SOUK_PARTS_MAX);
    *host = (souk_host_t){ .count = count, .parts = parts };
    for (size_t i = 0; i < count; i++) {
        host->running[i] = zactor_new(parts[i].run, parts[i].args);
        assert(host->running[i]);
    }
}

void souk_host_stop(souk_host_t *host)
{
    while (host->count > 0)
        zactor_destroy(&host->running[--host->count]);
}

/* True: a signal came. False: a part ended by itself. */
static bool wait_for_end(const souk_host_t *host, int signals)
{
    zpoller_t *poller = zpoller_new(&signals, NULL);
    assert(poller);
    zpoller_set_nonstop(poller, true);
    for (size_t i = 0; i < host->count; i++)
        zpoller_add(poller, host->running[i]);

    void *which = zpoller_wait(poller, -1);
    zpoller_destroy(&poller);
    for (size_t i = 0; i < host->count; i++)
        if (host->running[i] == which)
            souk_log(SOUK_LOG_ERROR, host->parts[i].name, "ended=yes");
    return which == &signals;
}

int souk_host_run(const souk_part_t *parts, size_t count)
{
    souk_host_t host;
    int signals = take_signals();
    souk_host_start(&host, parts, count);
    bool asked = wait_for_end(&host, signals);
    souk_host_stop(&host);
    close(signals);
    return asked ? SOUK_DONE : SOUK_FAILED;
}
