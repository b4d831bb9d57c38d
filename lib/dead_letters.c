/* SERVICE.dead_letters and SERVICE.retry: events that could not be dealt with, for the operator. */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "builtin.h"
#include "follow.h"
#include "json.h"
#include "queries/follow.h"
#include "value.h"

enum {
    SHOWN_MAX = 100,
    NAME_SIZE_MAX = 100,
};

struct letter {
    const char *source;
    int64_t seq;
    const char *topic, *subject;
    const char *body; /* JSON */
    souk_bytes_t data;
    souk_time_t told_at, at;
    const char *error;
};
static const souk_record_t letter = {
    .name = "dead_letter",
    .size = sizeof(struct letter),
    .fields = {
        FIELD(letter, source, .doc = "who told it"),
        FIELD(letter, seq, .doc = "and as which number"),
        FIELD(letter, topic),
        FIELD(letter, subject, .optional = true),
        FIELD(letter, data, .optional = true),
        FIELD(letter, told_at),
        FIELD(letter, at, .doc = "when it was given up"),
        FIELD(letter, error, .doc = "why"),
    },
};
static const souk_record_t letter_row = {
    .name = "dead_letter_row",
    .size = sizeof(struct letter),
    .fields = {
        FIELD(letter, source),
        FIELD(letter, seq),
        FIELD(letter, topic),
        FIELD(letter, subject, .optional = true),
        FIELD(letter, body),
        FIELD(letter, told_at),
        FIELD(letter, at),
        FIELD(letter, error),
    },
};
static const souk_record_t letter_key = {
    .name = "dead_letter_key",
    .size = sizeof(struct letter),
    .fields = {
        FIELD(letter, source, .min = 1, .max = NAME_SIZE_MAX),
        FIELD(letter, seq, .min = 1, .max = INT64_MAX),
    },
};

struct letters_page {
    const char *source;
    int64_t after;
    int limit;
};
static const souk_record_t letters_page = {
    .name = "dead_letters_page",
    .size = sizeof(struct letters_page),
    .fields = {
        FIELD(letters_page, source,
            .fallback = "",
            .max = NAME_SIZE_MAX,
            .doc = "with after, the last one of the page before"),
        FIELD(letters_page, after, .optional = true, .max = INT64_MAX),
        FIELD(letters_page, limit, .fallback = "20", .min = 1, .max = SHOWN_MAX),
    },
};
struct letters {
    souk_list_t items;
    bool more;
};
static const souk_record_t letters = {
    .name = "dead_letters",
    .size = sizeof(struct letters),
    .fields = {
        FIELD(letters, items, .of = &letter),
        FIELD(letters, more, .doc = "whether there are more behind the last"),
    },
};

static const souk_error_t no_such_letter = {
    .code = "no_such_letter",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is no dead letter of this source and number.",
};
static const souk_error_t failed_again = {
    .code = "failed_again",
    .kind = SOUK_CONFLICT,
    .meaning = "It could not be dealt with this time either.",
};

static const souk_query_t list_letters = {
    .sql = &sql_list_dead_letters,
    .takes = &letters_page,
    .gives = &letter_row,
};
static const souk_query_t lock_letter = {
    .sql = &sql_lock_dead_letter,
    .takes = &letter_key,
    .gives = &letter_row,
    .missing = &no_such_letter,
};
static const souk_query_t forget_letter = {
    .sql = &sql_forget_dead_letter,
    .takes = &letter_key,
    .gives = &letter_key,
    .missing = &no_such_letter,
};
const souk_query_t *const souk_letter_queries[] = {
    &list_letters,
    &lock_letter,
    &forget_letter,
    NULL,
};

static souk_bytes_t value_of(const char *body, souk_pool_t *pool)
{
    souk_flaws_t flaws = { 0 };
    json_t *json = souk_json_parse((souk_bytes_t){ body, strlen(body) }, pool, &flaws);
    assert(json);
    souk_bytes_t value = json_is_object(json) ? souk_value_from(json, pool) : (souk_bytes_t){ 0 };
    json_decref(json);
    return value;
}

static bool show_letters(souk_call_t *call, const void *request, void *reply)
{
    const struct letters_page *page = request;
    struct letters *shown = reply;
    if (!souk_db_all(call, &list_letters, page, &shown->items))
        return false;
    shown->more = souk_list_cut(&shown->items, (size_t)page->limit);
    struct letter *items = shown->items.items;
    for (size_t i = 0; i < shown->items.count; i++)
        items[i].data = value_of(items[i].body, call->pool);
    return true;
}

/* The letter is forgotten last: that statement waits for those before it, so that what they fail
   with is known here. */
static bool deal_with(souk_call_t *call, const struct letter *key, const souk_told_t *told)
{
    owned(souk_call) all = souk_call_new(call->desk);
    owned(souk_call) event = souk_follow_call(call->desk, told);
    souk_batch_t batch = { .all = all, .calls = (souk_call_t *[]){ event }, .count = 1 };
    struct letter forgotten;
    return (souk_follow_again(&batch) && souk_db_one(all, &forget_letter, key, &forgotten)) ||
        souk_fail(call, &failed_again, "%s", all->error ? all->reason : souk_internal.meaning);
}

/* In one transaction: if it fails once more, the letter is where it was. */
static bool retry(souk_call_t *call, const void *request, void *reply)
{
    const struct letter *key = request;
    struct letter it;
    if (!souk_db_one(call, &lock_letter, key, &it))
        return false;
    souk_told_t told = {
        .id = souk_pool_format(call->pool, "%" PRId64, it.seq),
        .source = it.source,
        .seq = it.seq,
        .type = it.topic,
        .subject = it.subject,
        .time = it.told_at,
        .data = value_of(it.body, call->pool),
    };
    return deal_with(call, key, &told);
}

const souk_operation_t souk_dead_letters_operation = {
    .name = "dead_letters",
    .summary = "Events that this service could not deal with.",
    .request = &letters_page,
    .reply = &letters,
    .handler = show_letters,
    .repeatable = true,
};
const souk_operation_t souk_retry_operation = {
    .name = "retry",
    .summary = "Deals with a dead letter once more, and forgets it where that goes well.",
    .request = &letter_key,
    .reply = &souk_nothing,
    .errors = { &no_such_letter, &failed_again },
    .handler = retry,
    .writes = true,
};
