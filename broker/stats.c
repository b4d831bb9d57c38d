/* The records of what the broker counts. */
#include "stats.h"

const souk_record_t souk_service_stats = {
    .name = "service_stats",
    .size = sizeof(struct souk_service_stats),
    .fields = {
        FIELD(souk_service_stats, name),
        FIELD(souk_service_stats, workers),
        FIELD(souk_service_stats, credit, .doc = "of all its workers together"),
        FIELD(souk_service_stats, waiting),
        FIELD(souk_service_stats, in_progress),
        FIELD(souk_service_stats, served),
    },
};

const souk_record_t souk_malformed_stats = {
    .name = "malformed_stats",
    .size = sizeof(struct souk_malformed_stats),
    .fields = {
        FIELD(souk_malformed_stats, frames),
        FIELD(souk_malformed_stats, envelope),
        FIELD(souk_malformed_stats, protocol),
        FIELD(souk_malformed_stats, command),
        FIELD(souk_malformed_stats, service),
        FIELD(souk_malformed_stats, credit),
        FIELD(souk_malformed_stats, address),
        FIELD(souk_malformed_stats, body),
    },
};

const souk_record_t souk_broker_stats = {
    .name = "broker_stats",
    .size = sizeof(struct souk_broker_stats),
    .fields = {
        FIELD(souk_broker_stats, services, .of = &souk_service_stats),
        FIELD(souk_broker_stats, uptime_ms),
        FIELD(souk_broker_stats, received),
        FIELD(souk_broker_stats, malformed, .of = &souk_malformed_stats),
        FIELD(souk_broker_stats, disconnected),
        FIELD(souk_broker_stats, late_replies),
        FIELD(souk_broker_stats, dropped_replies),
        FIELD(souk_broker_stats, busy),
        FIELD(souk_broker_stats, expired),
        FIELD(souk_broker_stats, unavailable),
        FIELD(souk_broker_stats, worker_lost),
    },
};
