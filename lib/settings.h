/* Settings: a record read once, in main, from the environment. */
#ifndef SOUK_SETTINGS_H
#define SOUK_SETTINGS_H

#include "record.h"

/* Every field names its .env; what is not set takes its .fallback. False: *why (in pool) names the
   variable and what is wrong with it. The only place that calls getenv. */
must_check bool souk_settings_read(const souk_record_t *record, void *settings, souk_pool_t *pool,
    const char **why);

enum {
    SOUK_BROKERS_MAX = 8, /* endpoints in SOUK_BROKERS */
    SOUK_CHARGE_TRIES = 8, /* of a charge that fails softly */
    SOUK_BLOCKING_MAX = 64, /* threads of one actor for handlers that wait */
};

/* What bus, actors, broker and edge share. Each field's doc is its line in docs/OPERATIONS.md. */
struct souk_settings {
    const char *brokers; /* endpoints that clients and workers connect to */
    const char *log;
    int heartbeat_ms;
    int stop_ms; /* after SIGTERM */
    int ask_timeout_ms;
    int charge_timeout_ms; /* the same for the payment of an order */
    int enroll_timeout_ms; /* and for the hashing of a new customer's password */
    int patience_ms;
    int give_up_ms; /* after which a saga that gets nowhere goes backwards */
    int stranded_ms; /* untouched for so long, a saga's row is taken up by the sweeper */
    int blocking_threads;
    int handlers_max; /* calls that wait for one of these threads */
    int sagas_max; /* calls under way of one saga */
    int registrations_max; /* the same of registrations, each of which wants a password hashed */
    int message_max; /* bytes of one frame, as the broker takes it */
    int credit;
    const char *dsn; /* {service} stands for the actor's name */
    const char *payment_provider;
    const char *stripe_url;
    const char *stripe_key;
    const char *stripe_secret, *simulator_secret; /* that their callbacks are signed with */
    int provider_timeout_ms;
    int provider_retry_ms;
    int retry_ms, retry_max_ms; /* between the tries of a charge */
    int due_ms;
    int reservation_s;
    int session_s;
    int session_idle_s;
    int reset_s;
    int verification_s;
    int statement_timeout_ms;
    int stock_shown_max;
    const char *events_to; /* endpoints that events are published to */
    const char *events_from; /* and from where those of others come */
    int unread_max; /* events on their way to one who does not read */
    int events_kept_s;
    int fulfilment_ms; /* how often what is due to be shipped is looked for */
    const char *carrier_secret; /* NULL: no carrier may tell anything */
    int carrier_demo_ms; /* 0: there is no simulated carrier */
};
extern const souk_record_t souk_settings_record;
/* Set once by main, before threads are made; constant afterwards. */
extern struct souk_settings souk_settings;

/* Whether value, the variable env, is 1 to most endpoints with blanks between them. NULL: it is. */
const char *souk_settings_check_endpoints(const char *env, const char *value, int most,
    souk_pool_t *pool);

/* What no field can say alone: NULL where all is well, else a line that names the variable. */
const char *souk_settings_check(const struct souk_settings *settings, souk_pool_t *pool);

/* Where service keeps its data: SOUK_DSN_SERVICE where it is set, else SOUK_DSN with the name put
   in for {service}. */
const char *souk_settings_dsn(const char *service, souk_pool_t *pool);

#endif
