/* Looking things up in the audit trail. */
#include "search.h"

#include "queries/audit.h"

static const souk_record_t place_query = {
    .name = "place_query",
    .size = sizeof(struct audit_query),
    .fields = {
        FIELD(audit_query, after),
    },
};
static const souk_record_t place = {
    .name = "place",
    .size = sizeof(struct audit_query),
    .fields = {
        FIELD(audit_query, until),
        FIELD(audit_query, before),
    },
};

#define PAGE_FIELDS                                                                                \
    FIELD(audit_query, from), FIELD(audit_query, until), FIELD(audit_query, before),               \
        FIELD(audit_query, limit)

static const souk_record_t any_query = {
    .name = "any_query",
    .size = sizeof(struct audit_query),
    .fields = { PAGE_FIELDS },
};
static const souk_record_t user_query = {
    .name = "user_query",
    .size = sizeof(struct audit_query),
    .fields = { PAGE_FIELDS, FIELD(audit_query, user_id) },
};
static const souk_record_t object_query = {
    .name = "object_query",
    .size = sizeof(struct audit_query),
    .fields = {
        PAGE_FIELDS,
        FIELD(audit_query, object),
        FIELD(audit_query, user_id, .optional = true),
    },
};

const souk_query_t audit_find_place = {
    .sql = &sql_find_place,
    .takes = &place_query,
    .gives = &place,
    .missing = &souk_not_found,
};
const souk_query_t audit_list = {
    .sql = &sql_list_entries,
    .takes = &any_query,
    .gives = &audit_entry,
};
const souk_query_t audit_list_of_user = {
    .sql = &sql_list_entries_of_user,
    .takes = &user_query,
    .gives = &audit_entry,
};
const souk_query_t audit_list_of_object = {
    .sql = &sql_list_entries_of_object,
    .takes = &object_query,
    .gives = &audit_entry,
};

static const souk_query_t *query_for(const struct audit_query *wanted)
{
    if (wanted->object)
        return &audit_list_of_object;
    return wanted->user_id ? &audit_list_of_user : &audit_list;
}

/* From where the page goes back: the last entry of the one before, or now. */
static bool find_place(souk_call_t *call, struct audit_query *wanted)
{
    if (!wanted->from.ms)
        wanted->from = (souk_time_t){ 1 }; /* 0 is no moment */
    if (wanted->after)
        return souk_db_one(call, &audit_find_place, wanted, wanted);
    if (!wanted->until.ms)
        wanted->until = (souk_time_t){ souk_now().ms + 1 };
    return true;
}

bool audit_search(souk_call_t *call, const void *request, void *reply)
{
    struct audit_query wanted = *(const struct audit_query *)request;
    struct audit_page *page = reply;

    if (!find_place(call, &wanted) || !souk_db_all(call, query_for(&wanted), &wanted, &page->items))
        return false;
    const struct entry *entries = page->items.items;
    if (souk_list_cut(&page->items, (size_t)wanted.limit))
        page->next = entries[wanted.limit - 1].n;
    return true;
}
