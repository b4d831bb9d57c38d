/* Promotions, as staff makes them: those with a code are coupons, those without are for everybody.
 */
#include "promotions.h"

#include <ctype.h>
#include <string.h>

#include "../../lib/json.h"
#include "queries/pricing.h"

const souk_error_t pricing_code_taken = {
    .code = "code_taken",
    .kind = SOUK_CONFLICT,
    .meaning = "There is, or was, a coupon with this code.",
};
const souk_error_t pricing_no_such_promotion = {
    .code = "no_such_promotion",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is no such promotion.",
};

static const char *const kinds[] = {
    [PRICING_PERCENT] = "percent",
    [PRICING_AMOUNT] = "amount",
    [PRICING_BUY_X_GET_Y] = "buy_x_get_y",
    [PRICING_FREE_SHIPPING] = "free_shipping",
    [PRICING_FREE_SHIPPING + 1] = NULL,
};

/* What a promotion says, in the four records of those who write, read, keep and revise it: none of
   them may know less than another, so it stands here once. */
#define SAYS                                                                                       \
    FIELD(promotion, name, .min = 1, .max = NAME_MAX_SIZE, .doc = "as customers see it"),          \
        FIELD(promotion, kind, .one_of = kinds),                                                   \
        FIELD(promotion, percent, .min = 0, .max = PRICING_WHOLE, .fallback = "0",                 \
            .doc = "of percent: parts per million off, 100000 for 10 %"),                          \
        FIELD(promotion, amount, .min = 0, .max = PRICING_TOTAL_MAX, .fallback = "0",              \
            .doc = "of amount: minor units off all of its lines together"),                        \
        FIELD(promotion, currency, .format = SOUK_CURRENCY, .optional = true,                      \
            .doc = "of amount and minimum; it holds for orders in this currency only"),            \
        FIELD(promotion, buy, .min = 0, .max = QUANTITY_MAX, .fallback = "0",                      \
            .doc = "of buy_x_get_y: so many are paid"),                                            \
        FIELD(promotion, get, .min = 0, .max = QUANTITY_MAX, .fallback = "0",                      \
            .doc = "of buy_x_get_y: so many more cost nothing, the cheapest"),                     \
        FIELD(promotion, minimum, .min = 0, .max = PRICING_TOTAL_MAX, .fallback = "0",             \
            .doc = "minor units that its lines come to, before any discount"),                     \
        FIELD(promotion, minimum_quantity, .min = 0, .max = LINES_MAX * QUANTITY_MAX,              \
            .fallback = "0", .doc = "pieces of its lines"),                                        \
        FIELD(promotion, skus, .max = MEANT_MAX, .optional = true,                                 \
            .doc = "what it is for; neither these nor categories: everything"),                    \
        FIELD(promotion, categories, .max = MEANT_MAX, .optional = true,                           \
            .doc = "what is in them or below"),                                                    \
        FIELD(promotion, exclusive, .optional = true, .doc = "not together with any other"),       \
        FIELD(promotion, priority, .min = 0, .max = 1000, .fallback = "100",                       \
            .doc = "the lowest comes first; all of those for everybody come before coupons")

#define LIMITS                                                                                     \
    FIELD(promotion, starts_at, .optional = true, .doc = "absent: now"),                           \
        FIELD(promotion, ends_at, .optional = true, .doc = "absent: never"),                       \
        FIELD(promotion, limit_total, .min = 0, .max = LIMIT_MAX, .fallback = "0",                 \
            .doc = "orders; 0: any number"),                                                       \
        FIELD(promotion, limit_per_customer, .min = 0, .max = LIMIT_MAX, .fallback = "0",          \
            .doc = "orders of one customer; 0: any number")

const souk_record_t pricing_promotion_draft = {
    .name = "promotion_draft",
    .size = sizeof(struct promotion),
    .fields = {
        FIELD(promotion, code, .min = 1, .max = CODE_MAX, .optional = true,
            .doc = "of a coupon; absent: it is for everybody"),
        SAYS,
        LIMITS,
    },
};
const souk_record_t pricing_promotion_revision = {
    .name = "promotion_revision",
    .size = sizeof(struct promotion),
    .fields = {
        FIELD(promotion, id, .format = SOUK_UUID),
        SAYS,
        LIMITS,
        FIELD(promotion, version, .optional = true),
    },
};
const souk_record_t pricing_promotion_record = {
    .name = "promotion",
    .size = sizeof(struct promotion),
    .fields = {
        FIELD(promotion, id),
        FIELD(promotion, code, .optional = true),
        SAYS,
        LIMITS,
        FIELD(promotion, used, .doc = "orders that have used it, where it is limited"),
        FIELD(promotion, version, .doc = "another after every change"),
    },
};
static const souk_record_t said = {
    .name = "promotion_body",
    .size = sizeof(struct promotion),
    .fields = { SAYS },
};
static const souk_record_t promotion_row = {
    .name = "promotion_row",
    .size = sizeof(struct promotion),
    .fields = {
        FIELD(promotion, id),
        FIELD(promotion, code),
        FIELD(promotion, body),
        FIELD(promotion, starts_at),
        FIELD(promotion, ends_at),
        FIELD(promotion, limit_total),
        FIELD(promotion, limit_per_customer),
        FIELD(promotion, version),
    },
};
static const souk_record_t promotion_found = {
    .name = "promotion_found",
    .size = sizeof(struct promotion),
    .fields = {
        FIELD(promotion, id),
        FIELD(promotion, code, .optional = true),
        FIELD(promotion, body),
        FIELD(promotion, starts_at),
        FIELD(promotion, ends_at),
        FIELD(promotion, limit_total),
        FIELD(promotion, limit_per_customer),
        FIELD(promotion, used),
        FIELD(promotion, version),
    },
};
static const souk_record_t promotion_changed = {
    .name = "promotion_changed",
    .size = sizeof(struct promotion),
    .fields = {
        FIELD(promotion, version),
    },
};

const souk_record_t pricing_promotion_key = {
    .name = "promotion_key",
    .size = sizeof(struct promotion),
    .fields = {
        FIELD(promotion, id, .format = SOUK_UUID),
    },
};
const souk_record_t pricing_promotion_version = {
    .name = "promotion_version",
    .size = sizeof(struct promotion),
    .fields = {
        FIELD(promotion, id, .format = SOUK_UUID),
        FIELD(promotion, version, .optional = true),
    },
};

struct promotion_query {
    const char *after;
    int limit;
};
const souk_record_t pricing_promotion_query = {
    .name = "promotion_query",
    .size = sizeof(struct promotion_query),
    .fields = {
        FIELD(promotion_query, after,
            .format = SOUK_UUID,
            .optional = true,
            .doc = "the next of the page before"),
        FIELD(promotion_query, limit, .min = 1, .max = PAGE_MAX, .fallback = "20"),
    },
};

struct promotion_page {
    souk_list_t items;
    const char *next;
};
const souk_record_t pricing_promotion_page = {
    .name = "promotion_page",
    .size = sizeof(struct promotion_page),
    .fields = {
        FIELD(promotion_page, items, .of = &pricing_promotion_record, .doc = "newest first"),
        FIELD(promotion_page, next, .optional = true, .doc = "to ask with as after; null: no more"),
    },
};

const souk_query_t pricing_save_promotion = {
    .sql = &sql_save_promotion,
    .takes = &promotion_row,
    .duplicate = &pricing_code_taken,
};
const souk_query_t pricing_change_promotion = {
    .sql = &sql_change_promotion,
    .takes = &promotion_row,
    .gives = &promotion_changed,
    .missing = &souk_stale,
};
const souk_query_t pricing_end_promotion = {
    .sql = &sql_end_promotion,
    .takes = &pricing_promotion_version,
    .gives = &promotion_changed,
    .missing = &souk_stale,
};
const souk_query_t pricing_find_promotion = {
    .sql = &sql_find_promotion,
    .takes = &pricing_promotion_key,
    .gives = &promotion_found,
    .missing = &pricing_no_such_promotion,
};
const souk_query_t pricing_list_promotions = {
    .sql = &sql_list_promotions,
    .takes = &pricing_promotion_query,
    .gives = &promotion_found,
};

const char *pricing_code(souk_call_t *call, const char *code)
{
    if (!code)
        return NULL;
    char *large = souk_pool_text(souk_call_pool(call), code, strlen(code));
    for (char *c = large; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return large;
}

static void copy_said(struct promotion *to, const struct promotion *from)
{
    struct promotion row = *to;

    *to = *from;
    to->id = row.id;
    to->code = row.code;
    to->body = row.body;
    to->starts_at = row.starts_at;
    to->ends_at = row.ends_at;
    to->limit_total = row.limit_total;
    to->limit_per_customer = row.limit_per_customer;
    to->used = row.used;
    to->version = row.version;
}

bool pricing_read_promotion(souk_call_t *call, const char *body, struct promotion *promotion)
{
    souk_flaws_t flaws = { 0 };
    struct promotion read;
    json_t *json =
        souk_json_parse((souk_bytes_t){ body, strlen(body) }, souk_call_pool(call), &flaws);
    bool fits = json && souk_json_decode(&said, json, &read, souk_call_pool(call), &flaws);

    json_decref(json);
    if (!fits)
        return souk_fail(call, &souk_internal, "a promotion does not fit: %s %s",
            flaws.items[0].pointer, flaws.items[0].message);
    copy_said(promotion, &read);
    return true;
}

pricing_kind_t pricing_kind_of(const struct promotion *it)
{
    int kind = 0;
    while (strcmp(kinds[kind], it->kind) != 0)
        kind++;
    return (pricing_kind_t)kind;
}

/* What no single field can say. */
static bool check(souk_call_t *call, const struct promotion *it)
{
    pricing_kind_t kind = pricing_kind_of(it);

    if (kind == PRICING_PERCENT && !it->percent)
        return souk_fail_field(call, "/percent", "is required of percent");
    if (kind == PRICING_AMOUNT && !it->amount)
        return souk_fail_field(call, "/amount", "is required of amount");
    if (kind == PRICING_BUY_X_GET_Y && (!it->buy || !it->get))
        return souk_fail_field(call, it->buy ? "/get" : "/buy", "is required of buy_x_get_y");
    if ((it->amount || it->minimum) && !it->currency)
        return souk_fail_field(call, "/currency", "is required of an amount or a minimum");
    if (it->ends_at.ms && it->ends_at.ms <= it->starts_at.ms)
        return souk_fail_field(call, "/ends_at", "must be after starts_at");
    return true;
}

#define NEVER_MS INT64_C(253402300799000) /* the end of 9999 */

static bool prepare(souk_call_t *call, struct promotion *it)
{
    if (!it->starts_at.ms)
        it->starts_at = souk_now();
    if (!check(call, it))
        return false;
    if (!it->ends_at.ms)
        it->ends_at.ms = NEVER_MS;
    it->body = souk_json_encode(&said, it, souk_call_pool(call)).data;
    return true;
}

static bool read_row(souk_call_t *call, struct promotion *row)
{
    if (row->ends_at.ms >= NEVER_MS)
        row->ends_at.ms = 0;
    return pricing_read_promotion(call, row->body, row);
}

static bool tell(souk_call_t *call, const char *id, struct promotion *reply)
{
    return souk_db_one(call, &pricing_find_promotion, &(struct promotion){ .id = id }, reply) &&
        read_row(call, reply);
}

bool pricing_create_promotion(souk_call_t *call, const void *request, void *reply)
{
    struct promotion new = *(const struct promotion *)request;

    new.id = souk_call_new_id(call);
    new.code = pricing_code(call, new.code);
    return prepare(call, &new) && souk_db_run(call, &pricing_save_promotion, &new) &&
        tell(call, new.id, reply);
}

/* One that is not there is told apart from one that has another version by now. */
static bool exists(souk_call_t *call, const char *id)
{
    struct promotion found;
    return souk_db_one(call, &pricing_find_promotion, &(struct promotion){ .id = id }, &found);
}

bool pricing_revise_promotion(souk_call_t *call, const void *request, void *reply)
{
    struct promotion new = *(const struct promotion *)request, changed;

    return prepare(call, &new) && exists(call, new.id) &&
        souk_db_one(call, &pricing_change_promotion, &new, &changed) && tell(call, new.id, reply);
}

bool pricing_finish_promotion(souk_call_t *call, const void *request, void *reply)
{
    const struct promotion *it = request;
    struct promotion changed;

    return exists(call, it->id) && souk_db_one(call, &pricing_end_promotion, it, &changed) &&
        tell(call, it->id, reply);
}

bool pricing_get_promotion(souk_call_t *call, const void *request, void *reply)
{
    return tell(call, ((const struct promotion *)request)->id, reply);
}

bool pricing_show_promotions(souk_call_t *call, const void *request, void *reply)
{
    const struct promotion_query *query = request;
    struct promotion_page *page = reply;

    if (!souk_db_all(call, &pricing_list_promotions, query, &page->items))
        return false;
    struct promotion *rows = page->items.items;
    if (souk_list_cut(&page->items, (size_t)query->limit))
        page->next = rows[query->limit - 1].id;
    for (size_t i = 0; i < page->items.count; i++)
        if (!read_row(call, &rows[i]))
            return false;
    return true;
}
