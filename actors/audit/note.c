/* What other services tell becomes entries of the audit trail. */
#include "note.h"

#include <string.h>

#include "../../lib/wire.h"
#include "queries/audit.h"

/* What an event says of whom it is about, whatever else is in it. */
struct whose {
    const char *user_id;
};
static const souk_record_t whose = {
    .name = "whose",
    .size = sizeof(struct whose),
    .fields = {
        FIELD(whose, user_id, .optional = true),
    },
};

static const souk_record_t last_entry = {
    .name = "last_entry",
    .size = sizeof(struct entry),
    .fields = {
        FIELD(entry, n),
        FIELD(entry, hash),
    },
};

const souk_query_t audit_lock_chain = {
    .sql = &sql_lock_chain,
};
const souk_query_t audit_find_last = {
    .sql = &sql_find_last,
    .gives = &last_entry,
};
const souk_query_t audit_add_entries = {
    .sql = &sql_add_entries,
    .takes = &audit_entry,
    .many = true,
};

static bool is_call(const souk_told_t *told)
{
    const char *kind = strrchr(told->type, '.');
    return kind && strcmp(kind, ".called") == 0;
}

/* Somebody asked a service for something. */
static bool read_call(const souk_told_t *told, struct entry *entry, souk_pool_t *pool)
{
    struct souk_called it = { 0 };
    souk_flaws_t flaws = { 0 };

    if (!is_call(told) || !souk_wire_decode(&souk_called, told->data, &it, pool, &flaws))
        return false;
    entry->what = it.operation;
    entry->user_id = it.user;
    entry->object = it.subject;
    entry->address = it.address;
    entry->session = it.session;
    entry->outcome = it.outcome;
    entry->call = it.call;
    entry->times = it.times ? it.times : 1;
    return true;
}

/* Something became another. */
static void read_change(const souk_told_t *told, struct entry *entry, souk_pool_t *pool)
{
    struct whose it = { 0 };
    souk_flaws_t flaws = { 0 };

    if (told->data.size && souk_wire_decode(&whose, told->data, &it, pool, &flaws))
        entry->user_id = it.user_id;
    entry->what = told->type;
    entry->object = told->subject;
}

static struct entry entry_of(const souk_told_t *told, const struct entry *last, souk_pool_t *pool)
{
    struct entry it = {
        .n = last->n + 1,
        .source = told->source,
        .seq = told->seq,
        .at = told->time,
        .times = 1,
    };

    if (!read_call(told, &it, pool))
        read_change(told, &it, pool);
    it.hash = audit_hash(&it, last->hash, pool);
    return it;
}

/* Events come in the order of their source; in the chain they stand in the order of arrival. */
bool audit_note(souk_batch_t *batch)
{
    souk_pool_t *pool = souk_call_pool(batch->all);
    struct entry last = { .hash = "" };
    souk_list_t found, entries = { 0 };

    if (!souk_db_run(batch->all, &audit_lock_chain, NULL) ||
        !souk_db_all(batch->all, &audit_find_last, NULL, &found))
        return false;
    if (found.count)
        last = *(const struct entry *)found.items;
    for (size_t i = 0; i < batch->count; i++) {
        last = entry_of(souk_batch_event(batch, i), &last, pool);
        *(struct entry *)souk_list_add(&entries, pool, sizeof last) = last;
    }
    return souk_db_run(batch->all, &audit_add_entries, &entries);
}
