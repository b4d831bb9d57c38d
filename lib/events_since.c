/* SERVICE.events.since: what was told behind a number, for those who missed it or come late. */
#include <inttypes.h>
#include <string.h>

#include "builtin.h"
#include "call_internal.h"
#include "queries/events.h"
#include "settings.h"
#include "told.h"
#include "wire.h"

enum {
    EVENTS_MAX = 1000,
    BYTES_MAX = 1 << 20, /* of data in one answer */
};

static const souk_record_t since = {
    .name = "since",
    .size = sizeof(struct souk_since),
    .fields = {
        FIELD(souk_since, after, .max = INT64_MAX, .doc = "the number of the last event that is known"),
        FIELD(souk_since, or_oldest,
            .optional = true,
            .doc = "where events behind it are gone, begin with the oldest that is kept"),
        FIELD(souk_since, limit,
            .min = 1,
            .max = EVENTS_MAX,
            .fallback = "100",
            .doc = "how many at the most; an answer with much data in it has fewer"),
    },
};

static const souk_record_t told_since = {
    .name = "events",
    .size = sizeof(struct souk_told_since),
    .fields = {
        FIELD(souk_told_since, items,
            .of = &souk_told_record,
            .doc = "in the order of their numbers; none: there are no more yet"),
        FIELD(souk_told_since, head, .doc = "the number of the last event of all"),
        FIELD(souk_told_since, oldest, .doc = "that of the first which is kept"),
    },
};
static const souk_record_t ends = {
    .name = "event_ends",
    .size = sizeof(struct souk_told_since),
    .fields = {
        FIELD(souk_told_since, head),
        FIELD(souk_told_since, oldest),
    },
};

const souk_query_t souk_event_ends_query = {
    .sql = &sql_find_head,
    .gives = &ends,
    .missing = &souk_internal,
};
static const souk_query_t find_events = {
    .sql = &sql_find_events,
    .takes = &since,
    .gives = &souk_logged,
};
const souk_query_t *const souk_since_queries[] = { &souk_event_ends_query, &find_events, NULL };

static const souk_error_t gone = {
    .code = "events_gone",
    .kind = SOUK_NOT_FOUND,
    .meaning = "Events behind this number are not kept any more; begin with the oldest that is.",
};
static const souk_error_t ahead = {
    .code = "events_ahead",
    .kind = SOUK_CONFLICT,
    .meaning =
        "There is no event of this number yet: the service's data is older than the caller's.",
};

/* Looked at before and found after: what was dropped in between leaves a gap that shows. */
static bool check_reach(souk_call_t *call, const struct souk_since *asked, const souk_list_t *rows,
    const struct souk_told_since *before)
{
    const struct souk_logged *first = rows->items;
    bool reaches = rows->count ? first->seq == asked->after + 1 : asked->after == before->head;
    if (asked->after > before->head)
        return souk_fail(call, &ahead, "the last event is %" PRId64, before->head);
    return reaches || asked->or_oldest ||
        souk_fail(call, &gone, "the oldest event that is kept is %" PRId64, before->oldest);
}

static void add_events(souk_call_t *call, const souk_list_t *rows, souk_list_t *items)
{
    const struct souk_logged *logged = rows->items;
    size_t bytes = 0;
    for (size_t i = 0; i < rows->count && bytes < BYTES_MAX; i++) {
        souk_told_t *told = souk_list_add(items, call->pool, sizeof *told);
        *told = souk_told_from(call->desk->actor, &logged[i], call->pool);
        bytes += told->data.size;
    }
}

static bool tell_since(souk_call_t *call, const void *request, void *reply)
{
    const struct souk_since *asked = request;
    struct souk_told_since *answer = reply;
    souk_list_t rows;
    if (!souk_db_one(call, &souk_event_ends_query, NULL, answer) ||
        !souk_db_all(call, &find_events, asked, &rows) || !check_reach(call, asked, &rows, answer))
        return false;
    add_events(call, &rows, &answer->items);
    return true;
}

const souk_operation_t souk_events_since_operation = {
    .name = "events.since",
    .summary = "What this service told behind a number.",
    .request = &since,
    .reply = &told_since,
    .errors = { &gone, &ahead },
    .handler = tell_since,
    .repeatable = true,
};

const char *souk_events_since(souk_client_t *client, const char *source,
    const struct souk_since *asked, struct souk_told_since *told, souk_pool_t *pool)
{
    const souk_operation_t *operation = &souk_events_since_operation;
    souk_bytes_t arguments = souk_wire_encode(&since, asked, pool);
    souk_flaws_t flaws = { 0 };
    souk_question_t question = {
        .operation = souk_pool_format(pool, "%s.%s", source, operation->name),
        .calls = &arguments,
        .count = 1,
        .timeout_ms = souk_settings.ask_timeout_ms,
    };
    souk_outcome_t outcome = souk_client_ask(client, &question, true, operation->errors, pool);
    if (outcome.error)
        return outcome.message;
    if (souk_wire_decode(&told_since, outcome.value, told, pool, &flaws))
        return NULL;
    return souk_pool_format(pool, "the answer is not understood: %s %s", flaws.items[0].pointer,
        flaws.items[0].message);
}
