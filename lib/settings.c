/* Settings: read once from the environment, each checked against its field. */
#include "settings.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "log.h"

static const char *const payment_providers[] = { "simulator", "stripe", NULL };

const souk_record_t souk_settings_record = {
    .name = "settings",
    .size = sizeof(struct souk_settings),
    .fields = {
        FIELD(souk_settings, brokers,
            .env = "SOUK_BROKERS",
            .fallback = "ipc://var/run/broker.ipc",
            .min = 1,
            .doc = "endpoints of the brokers, with blanks between them"),
        FIELD(souk_settings, log,
            .env = "SOUK_LOG",
            .fallback = "info",
            .one_of = souk_log_levels,
            .doc = "the least important kind of line that is logged"),
        FIELD(souk_settings, heartbeat_ms,
            .env = "SOUK_HEARTBEAT_MS",
            .fallback = "500",
            .min = 10,
            .max = 60000,
            .doc = "how often a worker tells the broker that it lives"),
        FIELD(souk_settings, stop_ms,
            .env = "SOUK_STOP_MS",
            .fallback = "5000",
            .min = 1,
            .max = 600000,
            .doc = "how long an actor goes on after SIGTERM with what it has taken"),
        FIELD(souk_settings, ask_timeout_ms,
            .env = "SOUK_ASK_TIMEOUT_MS",
            .fallback = "2000",
            .min = 1,
            .max = 600000,
            .doc = "how long an actor waits for the answer of another"),
        FIELD(souk_settings, charge_timeout_ms,
            .env = "SOUK_CHARGE_TIMEOUT_MS",
            .fallback = "15000",
            .min = 1,
            .max = 600000,
            .doc = "how long an order waits for its payment before it asks again what became of "
                   "it; more than SOUK_PROVIDER_TIMEOUT_MS"),
        FIELD(souk_settings, enroll_timeout_ms,
            .env = "SOUK_ENROLL_TIMEOUT_MS",
            .fallback = "10000",
            .min = 1,
            .max = 600000,
            .doc = "how long a registration waits for its password to be hashed"),
        FIELD(souk_settings, patience_ms,
            .env = "SOUK_PATIENCE_MS",
            .fallback = "3000",
            .min = 1,
            .max = 600000,
            .doc = "how long a saga's caller waits before it is told that the work goes on"),
        FIELD(souk_settings, give_up_ms,
            .env = "SOUK_GIVE_UP_MS",
            .fallback = "30000",
            .min = 1,
            .max = 3600000,
            .doc = "how long a saga asks again before it gives back what it took"),
        FIELD(souk_settings, stranded_ms,
            .env = "SOUK_STRANDED_MS",
            .fallback = "40000",
            .min = 1,
            .max = 3600000,
            .doc = "how long a saga's row lies untouched before it is taken up as left by a crash; "
                   "more than SOUK_GIVE_UP_MS"),
        FIELD(souk_settings, blocking_threads,
            .env = "SOUK_BLOCKING_THREADS",
            .fallback = "2",
            .min = 1,
            .max = SOUK_BLOCKING_MAX,
            .doc = "threads of each actor for calls that wait or take their time; in auth, how "
                   "many passwords are hashed at once, each with 19 MiB"),
        FIELD(souk_settings, handlers_max,
            .env = "SOUK_HANDLERS_MAX",
            .fallback = "200",
            .min = 1,
            .max = 100000,
            .doc = "calls that wait for one of these threads; more are answered busy"),
        FIELD(souk_settings, sagas_max,
            .env = "SOUK_SAGAS_MAX",
            .fallback = "10000",
            .min = 1,
            .max = 1000000,
            .doc = "orders and the like that one process has under way; more are answered busy"),
        FIELD(souk_settings, registrations_max,
            .env = "SOUK_REGISTRATIONS_MAX",
            .fallback = "100",
            .min = 1,
            .max = 100000,
            .doc = "registrations that one process has under way; more are answered busy"),
        FIELD(souk_settings, message_max,
            .env = "SOUK_MESSAGE_MAX",
            .fallback = "4194304",
            .min = 1024,
            .max = 1 << 30,
            .doc = "bytes of one frame, as the broker takes it; a larger answer is not sent"),
        FIELD(souk_settings, credit,
            .env = "SOUK_CREDIT",
            .fallback = "1024",
            .min = 1,
            .max = 100000,
            .doc = "messages that a worker takes before it has answered the first"),
        FIELD(souk_settings, dsn,
            .env = "SOUK_DSN",
            .fallback = "dbname=souk user=souk_{service}",
            .secret = true,
            .doc = "where PostgreSQL is; {service} stands for the actor's name; SOUK_DSN_ORDER and "
                   "the like go before it"),
        FIELD(souk_settings, payment_provider,
            .env = "SOUK_PAYMENT_PROVIDER",
            .fallback = "simulator",
            .one_of = payment_providers,
            .doc = "who takes the money: simulator, which takes none, or stripe"),
        FIELD(souk_settings, stripe_url,
            .env = "SOUK_STRIPE_URL",
            .fallback = "https://api.stripe.com",
            .format = SOUK_URL,
            .max = 200,
            .doc = "where Stripe is; http only on this machine itself"),
        FIELD(souk_settings, stripe_key,
            .env = "SOUK_STRIPE_KEY",
            .optional = true,
            .secret = true,
            .max = 200,
            .doc = "Stripe's secret key; needed where SOUK_PAYMENT_PROVIDER is stripe"),
        FIELD(souk_settings, stripe_secret,
            .env = "SOUK_STRIPE_SECRET",
            .optional = true,
            .secret = true,
            .max = 200,
            .doc = "what Stripe signs its webhooks with; not set: none is accepted"),
        FIELD(souk_settings, simulator_secret,
            .env = "SOUK_SIMULATOR_SECRET",
            .optional = true,
            .secret = true,
            .max = 200,
            .doc = "the same of the simulator"),
        FIELD(souk_settings, provider_timeout_ms,
            .env = "SOUK_PROVIDER_TIMEOUT_MS",
            .fallback = "5000",
            .min = 1,
            .max = 600000,
            .doc = "how long a payment provider may take before it is asked what became of it"),
        FIELD(souk_settings, provider_retry_ms,
            .env = "SOUK_PROVIDER_RETRY_MS",
            .fallback = "500",
            .min = 1,
            .max = 60000,
            .doc = "how long after a payment provider could not do something it is tried again"),
        FIELD(souk_settings, retry_ms,
            .env = "SOUK_RETRY_MS",
            .fallback = "5000",
            .min = 1,
            .max = 86400000,
            .doc = "the longest pause before a soft failure is tried again; doubled with each try"),
        FIELD(souk_settings, retry_max_ms,
            .env = "SOUK_RETRY_MAX_MS",
            .fallback = "300000",
            .min = 1,
            .max = 604800000,
            .doc = "but never longer than this"),
        FIELD(souk_settings, due_ms,
            .env = "SOUK_DUE_MS",
            .fallback = "1000",
            .min = 10,
            .max = 60000,
            .doc = "how often an actor looks for what is due, such as a charge to be tried again"),
        FIELD(souk_settings, reservation_s,
            .env = "SOUK_RESERVATION_S",
            .fallback = "900",
            .min = 1,
            .max = 31536000,
            .doc = "how long stock is held for an order that waits for its payment; more than all "
                   "pauses of SOUK_RETRY_MS together"),
        FIELD(souk_settings, session_s,
            .env = "SOUK_SESSION_S",
            .fallback = "2592000",
            .min = 1,
            .max = 31536000,
            .doc = "how long a login lasts at the most"),
        FIELD(souk_settings, session_idle_s,
            .env = "SOUK_SESSION_IDLE_S",
            .fallback = "86400",
            .min = 600,
            .max = 31536000,
            .doc = "how long a login lasts that is not used; noted every five minutes"),
        FIELD(souk_settings, reset_s,
            .env = "SOUK_RESET_S",
            .fallback = "3600",
            .min = 60,
            .max = 86400,
            .doc = "how long the token is good that resets a password"),
        FIELD(souk_settings, verification_s,
            .env = "SOUK_VERIFICATION_S",
            .fallback = "86400",
            .min = 60,
            .max = 2592000,
            .doc = "how long the token is good that verifies an e-mail address"),
        FIELD(souk_settings, statement_timeout_ms,
            .env = "SOUK_STATEMENT_TIMEOUT_MS",
            .fallback = "5000",
            .min = 1,
            .max = 600000,
            .doc = "how long one SQL statement may take"),
        FIELD(souk_settings, stock_shown_max,
            .env = "SOUK_STOCK_SHOWN_MAX",
            .fallback = "999",
            .min = 1,
            .max = 1000000000,
            .doc = "of how many of a product everybody may know that they are available; more are "
                   "told as so many"),
        FIELD(souk_settings, events_to,
            .env = "SOUK_EVENTS_TO",
            .fallback = "ipc://var/run/events-in.ipc",
            .min = 1,
            .doc = "endpoints that actors publish events to, with blanks between them: what "
                   "SOUK_EVENTS_IN is of the brokers"),
        FIELD(souk_settings, events_from,
            .env = "SOUK_EVENTS_FROM",
            .fallback = "ipc://var/run/events-out.ipc",
            .min = 1,
            .doc = "endpoints that actors hear events from, with blanks between them: what "
                   "SOUK_EVENTS_OUT is of the brokers"),
        FIELD(souk_settings, unread_max,
            .env = "SOUK_PEER_MAX",
            .fallback = "10000",
            .min = 10,
            .max = 10000000,
            .doc = "messages kept for a peer that does not read; more are dropped"),
        FIELD(souk_settings, events_kept_s,
            .env = "SOUK_EVENTS_KEPT_S",
            .fallback = "2592000",
            .min = 60,
            .max = 315360000,
            .doc = "how long events can be asked for once more"),
        FIELD(souk_settings, fulfilment_ms,
            .env = "SOUK_FULFILMENT_MS",
            .fallback = "200",
            .min = 10,
            .max = 60000,
            .doc = "how often orders are looked for that are to be shipped"),
        FIELD(souk_settings, carrier_secret,
            .env = "SOUK_CARRIER_SECRET",
            .min = 16,
            .max = 200,
            .optional = true,
            .secret = true,
            .doc = "what carriers sign their events with; not set: they cannot tell any"),
        FIELD(souk_settings, carrier_demo_ms,
            .env = "SOUK_CARRIER_DEMO_MS",
            .fallback = "0",
            .max = 3600000,
            .doc = "for demonstrations: after so long a simulated carrier takes each shipment one "
                   "step further; 0: there is none"),
    },
};

struct souk_settings souk_settings;

/* NULL where it is not set; empty is the same. */
static const char *read_environment(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

static void read_field(const souk_field_t *field, void *value, souk_flaws_t *flaws,
    souk_pool_t *pool)
{
    const char *text = read_environment(field->env);

    if (!text)
        souk_field_absent(field, value, flaws, pool, NULL);
    else if (field->type == SOUK_TEXT)
        *(const char **)value =
            souk_field_text(field, (souk_bytes_t){ text, strlen(text) }, flaws, pool, NULL);
    else if (souk_field_parse(field, text, value))
        souk_field_check(field, value, flaws, pool, NULL);
    else
        souk_flaw(flaws, pool, NULL, "%s", souk_type_demand(field->type));
}

bool souk_settings_read(const souk_record_t *record, void *settings, souk_pool_t *pool,
    const char **why)
{
    size_t count = souk_record_count(record);

    memset(settings, 0, record->size);
    for (const souk_field_t *field = record->fields; field < record->fields + count; field++) {
        souk_flaws_t flaws = { 0 };

        assert(field->env);
        read_field(field, (char *)settings + field->offset, &flaws, pool);
        if (flaws.count) {
            *why = souk_pool_format(pool, "%s %s", field->env, flaws.items[0].message);
            return false;
        }
    }
    return true;
}

static bool is_endpoint(const char *text)
{
    static const char *const transports[] = { "ipc://", "tcp://", "inproc://" };
    for (size_t i = 0; i < sizeof transports / sizeof *transports; i++)
        if (strncmp(text, transports[i], strlen(transports[i])) == 0)
            return text[strlen(transports[i])];
    return false;
}

const char *souk_settings_check_endpoints(const char *env, const char *value, int most,
    souk_pool_t *pool)
{
    char *copy = souk_pool_text(pool, value, strlen(value)), *rest = NULL;
    int count = 0;
    for (char *url = strtok_r(copy, " ", &rest); url; url = strtok_r(NULL, " ", &rest), count++)
        if (!is_endpoint(url))
            return souk_pool_format(pool, "%s \"%s\" is not ipc://, tcp:// or inproc:// and a name",
                env, url);
    if (count == 0 || count > most)
        return souk_pool_format(pool, "%s must name 1 to %d endpoints", env, most);
    return NULL;
}

/* Keys and tokens travel in the clear to nobody but this machine. */
static bool is_safe(const char *url)
{
    static const char *const near[] = { "http://127.0.0.1", "http://localhost" };

    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        size_t size = strlen(near[i]);
        if (strncmp(url, near[i], size) == 0 && strchr(":/", url[size]))
            return true;
    }
    return strncmp(url, "https://", 8) == 0;
}

static const char *check_provider(const struct souk_settings *settings)
{
    if (!is_safe(settings->stripe_url))
        return "SOUK_STRIPE_URL must be https, or http on this machine itself";
    if (strcmp(settings->payment_provider, "stripe") == 0 && !settings->stripe_key)
        return "SOUK_PAYMENT_PROVIDER is stripe, which needs SOUK_STRIPE_KEY";
    return NULL;
}

/* What waits for its payment is to be held until the last try. */
static bool outlasts_tries(const struct souk_settings *settings)
{
    int64_t all_ms = 0, pause_ms = settings->retry_ms;
    for (int i = 1; i < SOUK_CHARGE_TRIES; i++, pause_ms *= 2)
        all_ms += pause_ms < settings->retry_max_ms ? pause_ms : settings->retry_max_ms;
    return settings->reservation_s * INT64_C(1000) > all_ms;
}

const char *souk_settings_check(const struct souk_settings *settings, souk_pool_t *pool)
{
    if (settings->stranded_ms <= settings->give_up_ms)
        return "SOUK_STRANDED_MS must be more than SOUK_GIVE_UP_MS";
    if (settings->charge_timeout_ms <= settings->provider_timeout_ms)
        return "SOUK_CHARGE_TIMEOUT_MS must be more than SOUK_PROVIDER_TIMEOUT_MS";
    if (!outlasts_tries(settings))
        return "SOUK_RESERVATION_S must be more than the pauses of SOUK_RETRY_MS together";
    const char *const endpoints[][2] = {
        { "SOUK_BROKERS", settings->brokers },
        { "SOUK_EVENTS_TO", settings->events_to },
        { "SOUK_EVENTS_FROM", settings->events_from },
    };
    const char *why = check_provider(settings);
    for (size_t i = 0; !why && i < sizeof endpoints / sizeof *endpoints; i++)
        why =
            souk_settings_check_endpoints(endpoints[i][0], endpoints[i][1], SOUK_BROKERS_MAX, pool);
    return why;
}

/* SOUK_DSN_ORDER for "order". */
static const char *variable_of(const char *service, souk_pool_t *pool)
{
    char *name = souk_pool_format(pool, "SOUK_DSN_%s", service);

    for (char *c = name; *c; c++)
        *c = (char)(*c == '-' ? '_' : toupper((unsigned char)*c));
    return name;
}

static const char *put_in(const char *dsn, const char *service, souk_pool_t *pool)
{
    static const char mark[] = "{service}";
    souk_buffer_t text = { .pool = pool };
    const char *at;

    for (; (at = strstr(dsn, mark)); dsn = at + strlen(mark)) {
        souk_buffer_add(&text, dsn, (size_t)(at - dsn));
        souk_buffer_add_text(&text, service);
    }
    souk_buffer_add_text(&text, dsn);
    return souk_buffer_done(&text).data;
}

const char *souk_settings_dsn(const char *service, souk_pool_t *pool)
{
    const char *own = read_environment(variable_of(service, pool));

    return put_in(own ? own : souk_settings.dsn, service, pool);
}
