/* Looking things up in the audit trail. */
#ifndef AUDIT_SEARCH_H
#define AUDIT_SEARCH_H

#include "chain.h"

enum {
    PAGE_MAX = 100,
    ID_MAX = 200,
};

struct audit_query {
    const char *user_id;
    const char *object;
    souk_time_t from, until;
    int64_t after;
    int limit;

    int64_t before; /* of those of the same moment */
};
static const souk_record_t audit_query = {
    .name = "audit_query",
    .size = sizeof(struct audit_query),
    .fields = {
        FIELD(audit_query, user_id, .max = ID_MAX, .optional = true,
            .doc = "only what this user did, or what was done to this user"),
        FIELD(audit_query, object, .max = ID_MAX, .optional = true,
            .doc = "only what this was done to: the id of an order, a product, ..."),
        FIELD(audit_query, from, .optional = true, .doc = "only since then"),
        FIELD(audit_query, until, .optional = true, .doc = "only before then"),
        FIELD(audit_query, after, .min = 1, .max = INT64_MAX, .optional = true,
            .doc = "the `next` of the page before"),
        FIELD(audit_query, limit, .min = 1, .max = PAGE_MAX, .fallback = "20"),
    },
};

struct audit_page {
    souk_list_t items;
    int64_t next;
};
static const souk_record_t audit_page = {
    .name = "audit_page",
    .size = sizeof(struct audit_page),
    .fields = {
        FIELD(audit_page, items, .of = &audit_entry, .doc = "the latest first"),
        FIELD(audit_page, next, .optional = true, .doc = "to ask with as after; none: no more"),
    },
};

extern const souk_query_t audit_find_place, audit_list, audit_list_of_user, audit_list_of_object;

bool audit_search(souk_call_t *call, const void *request, void *reply);

#endif
