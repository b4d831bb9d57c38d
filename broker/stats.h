/* What the broker counts and tells when asked `souk.stats`. All numbers are of messages, each of
   which may hold several calls; they start at 0 with the broker. */
#ifndef SOUK_STATS_H
#define SOUK_STATS_H

#include "../lib/record.h"

struct souk_service_stats {
    const char *name;
    int workers;
    int credit; /* of all its workers together */
    int waiting;
    int in_progress;
    int64_t served;
};

/* Messages that were dropped because they are not Majordomo, by what is wrong. */
struct souk_malformed_stats {
    int64_t frames; /* too many of them */
    int64_t envelope; /* no empty delimiter, or too much before it */
    int64_t protocol; /* neither MDPC01 nor MDPW01 */
    int64_t command; /* one that workers do not have, or with the wrong number of frames */
    int64_t service; /* a name that is empty, too long or not printable */
    int64_t credit; /* not a number from 1 to SOUK_CREDIT_MAX */
    int64_t address; /* a reply without one, or without the empty frame after it */
    int64_t body; /* nothing in it */
};

struct souk_broker_stats {
    souk_list_t services; /* struct souk_service_stats, by name */
    int64_t uptime_ms;
    int64_t received;
    struct souk_malformed_stats malformed;
    int64_t disconnected; /* how often a worker was told to start afresh */
    int64_t late_replies; /* for calls that the worker does not hold (any more) */
    int64_t dropped_replies; /* for clients that are gone or do not read */
    int64_t busy, expired, unavailable, worker_lost; /* answers given in a worker's stead */
};

extern const souk_record_t souk_service_stats, souk_malformed_stats, souk_broker_stats;

#endif
