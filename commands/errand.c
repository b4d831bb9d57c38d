/* Asks one call with JSON in and JSON out; what the operation takes, its service is asked. */
#include <stdio.h>
#include <string.h>

#include "../broker/stats.h"
#include "commands.h"
#include "describe.h"
#include "json.h"
#include "wire.h"

/* What one errand has at hand while it is run. */
typedef struct {
    const souk_errand_t *errand;
    souk_client_t *client;
    souk_pool_t *pool;
    const souk_record_t *request, *reply;
    bool repeatable;
} run_t;

static void tell_flaws(const souk_flaws_t *flaws)
{
    size_t shown = flaws->count < SOUK_FLAWS_MAX ? flaws->count : SOUK_FLAWS_MAX;
    for (size_t i = 0; i < shown; i++)
        fprintf(stderr, "  %s%s%s\n", flaws->items[i].pointer, *flaws->items[i].pointer ? ": " : "",
            flaws->items[i].message);
}

static void tell_refusal(const souk_outcome_t *outcome, souk_pool_t *pool)
{
    struct souk_refusal refusal = { 0 };
    souk_flaws_t flaws = { 0 };
    fprintf(stderr, "%s: %s\n", outcome->code, outcome->message);
    if (!outcome->value.size ||
        !souk_wire_decode(&souk_refusal, outcome->value, &refusal, pool, &flaws))
        return;
    const struct souk_refusal_flaw *flaw = refusal.flaws.items;
    for (size_t i = 0; i < refusal.flaws.count; i++)
        fprintf(stderr, "  %s: %s\n", flaw[i].pointer, flaw[i].message);
    if (refusal.flaws.count == 0 && refusal.field)
        fprintf(stderr, "  %s\n", refusal.field);
}

/* One question over the bus; false: the reason was told. */
static bool ask(const run_t *run, const char *operation, souk_bytes_t arguments, bool repeatable,
    souk_outcome_t *outcome)
{
    souk_question_t question = {
        .operation = operation,
        .caller = &run->errand->caller,
        .calls = &arguments,
        .count = 1,
        .timeout_ms = run->errand->timeout_ms,
    };
    *outcome = souk_client_ask(run->client, &question, repeatable, NULL, run->pool);
    if (outcome->error)
        tell_refusal(outcome, run->pool);
    return !outcome->error;
}

/* These are in no description: what every service has, and what the broker itself answers. */
static bool find_common(run_t *run)
{
    const char *name = run->errand->operation;
    bool of_broker = strcmp(name, "souk.stats") == 0;
    bool describe = strcmp(strchr(name, '.'), ".describe") == 0;
    bool health = strcmp(strchr(name, '.'), ".health") == 0;

    run->request = &souk_nothing;
    run->reply = of_broker ? &souk_broker_stats : describe ? &souk_description : &souk_health;
    run->repeatable = true;
    return of_broker || describe || health;
}

static bool make_records(run_t *run, const struct souk_operation_description *operation)
{
    const char *why = NULL;
    run->request = souk_record_from(operation->request_name, &operation->request, run->pool, &why);
    if (run->request)
        run->reply = souk_record_from(operation->reply_name, &operation->reply, run->pool, &why);
    run->repeatable = operation->repeatable;
    if (!run->reply)
        fprintf(stderr, "the service describes %s in a way that makes no sense: %s\n",
            operation->name, why);
    return run->reply;
}

static bool find_described(run_t *run, const struct souk_description *description)
{
    const struct souk_operation_description *operation = description->operations.items;
    for (size_t i = 0; i < description->operations.count; i++)
        if (strcmp(operation[i].name, run->errand->operation) == 0)
            return make_records(run, &operation[i]);
    fprintf(stderr, "there is no %s; %s has:\n", run->errand->operation, description->service);
    for (size_t i = 0; i < description->operations.count; i++)
        fprintf(stderr, "  %s  %s\n", operation[i].name,
            operation[i].summary ? operation[i].summary : "");
    return false;
}

static bool find_operation(run_t *run)
{
    const char *name = strchr(run->errand->operation, '.');
    struct souk_description description;
    souk_flaws_t flaws = { 0 };
    souk_outcome_t outcome;

    if (!name || name == run->errand->operation) {
        fprintf(stderr, "%s: an operation is named SERVICE.OPERATION\n", run->errand->operation);
        return false;
    }
    if (find_common(run))
        return true;
    const char *describe = souk_pool_format(run->pool, "%.*s.describe",
        (int)(name - run->errand->operation), run->errand->operation);
    souk_bytes_t nothing = souk_wire_encode(&souk_nothing, &(struct souk_nothing){ 0 }, run->pool);
    if (!ask(run, describe, nothing, true, &outcome))
        return false;
    if (souk_wire_decode(&souk_description, outcome.value, &description, run->pool, &flaws))
        return find_described(run, &description);
    fprintf(stderr, "%s answered what is no description\n", describe);
    return false;
}

static bool read_arguments(const run_t *run, souk_bytes_t *arguments)
{
    souk_flaws_t flaws = { 0 };
    json_t *json = souk_json_parse(run->errand->json, run->pool, &flaws);
    void *request = souk_pool_alloc(run->pool, run->request->size);
    bool fits = json && souk_json_decode(run->request, json, request, run->pool, &flaws);

    json_decref(json);
    if (fits) {
        *arguments = souk_wire_encode(run->request, request, run->pool);
        return true;
    }
    fprintf(stderr, "%s cannot take these arguments:\n", run->errand->operation);
    tell_flaws(&flaws);
    return false;
}

static json_t *read_reply(const run_t *run, const souk_outcome_t *outcome)
{
    souk_flaws_t flaws = { 0 };
    void *reply = souk_pool_alloc(run->pool, run->reply->size);
    if (!souk_wire_decode(run->reply, outcome->value, reply, run->pool, &flaws)) {
        fprintf(stderr, "the reply is not what %s describes:\n", run->errand->operation);
        tell_flaws(&flaws);
        return NULL;
    }
    souk_bytes_t text = souk_json_encode(run->reply, reply, run->pool);
    return souk_json_parse(text, run->pool, &flaws);
}

json_t *souk_errand_run(const souk_errand_t *errand, souk_client_t *client)
{
    owned(souk_pool) pool = souk_pool_new();
    run_t run = { .errand = errand, .client = client, .pool = pool };
    souk_bytes_t arguments;
    souk_outcome_t outcome;

    if (!find_operation(&run) || !read_arguments(&run, &arguments))
        return NULL;
    if (!ask(&run, errand->operation, arguments, run.repeatable, &outcome))
        return NULL;
    if (strcmp(outcome.code, "accepted") == 0)
        fprintf(stderr, "accepted: the work goes on, this is how it stands\n");
    return read_reply(&run, &outcome);
}
