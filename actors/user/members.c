/* Users as staff see them, and whether one may order. */
#include "members.h"

#include "../../lib/index.h"
#include "queries/user.h"

const souk_error_t user_blocked = {
    .code = "user_blocked",
    .kind = SOUK_FORBIDDEN,
    .meaning = "This user may look, but not order.",
};
const souk_error_t user_no_such_member = {
    .code = "no_such_user",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is no user of this id, or the account is closed.",
};

struct block_row {
    const char *id;
    const char *reason;
};
static const souk_record_t block_row = {
    .name = "block_row",
    .size = sizeof(struct block_row),
    .fields = {
        FIELD(block_row, id),
        FIELD(block_row, reason),
    },
};

struct user_ids {
    souk_list_t user_ids;
};
static const souk_record_t user_ids = {
    .name = "user_ids",
    .size = sizeof(struct user_ids),
    .fields = {
        FIELD(user_ids, user_ids),
    },
};

const souk_query_t user_list_members_query = {
    .sql = &sql_list_accounts,
    .takes = &member_query,
    .gives = &member,
};
const souk_query_t user_find_by_email = {
    .sql = &sql_find_by_email,
    .takes = &member_query,
    .gives = &member,
};
const souk_query_t user_find_member = {
    .sql = &sql_find_member,
    .takes = &account_key,
    .gives = &member,
    .missing = &user_no_such_member,
};
const souk_query_t user_block_query = {
    .sql = &sql_block_account,
    .takes = &block_row,
    .gives = &member,
    .missing = &user_no_such_member,
};
const souk_query_t user_unblock_query = {
    .sql = &sql_unblock_account,
    .takes = &account_key,
    .gives = &member,
    .missing = &user_no_such_member,
};
const souk_query_t user_find_ineligible = {
    .sql = &sql_find_ineligible,
    .takes = &user_ids,
    .gives = &user_key,
};

bool user_list_members(souk_call_t *call, const void *request, void *reply)
{
    const struct member_query *query = request;
    struct member_page *page = reply;

    if (query->email)
        return souk_db_all(call, &user_find_by_email, query, &page->items);
    if (!souk_db_all(call, &user_list_members_query, query, &page->items))
        return false;
    const struct member *rows = page->items.items;
    if (souk_list_cut(&page->items, (size_t)query->limit))
        page->next = rows[query->limit - 1].id;
    return true;
}

bool user_get_member(souk_call_t *call, const void *request, void *reply)
{
    const struct user_key *key = request;
    return souk_db_one(call, &user_find_member, &(struct account_key){ key->user_id }, reply);
}

bool user_block(souk_call_t *call, const void *request, void *reply)
{
    const struct block *wanted = request;
    return souk_db_one(call, &user_block_query,
        &(struct block_row){ wanted->user_id, wanted->reason }, reply);
}

bool user_unblock(souk_call_t *call, const void *request, void *reply)
{
    const struct user_key *key = request;
    return souk_db_one(call, &user_unblock_query, &(struct account_key){ key->user_id }, reply);
}

/* Who was never registered here, such as a system with a key, is nobody's to block. */
bool user_eligible(souk_batch_t *batch)
{
    souk_list_t wanted = souk_batch_gather(batch), ids = { 0 }, rows = { 0 };
    const struct user_key *users = wanted.items;

    for (size_t i = 0; i < wanted.count; i++)
        souk_list_add_text(&ids, souk_call_pool(batch->all), users[i].user_id);
    if (!souk_db_all(batch->all, &user_find_ineligible, &(struct user_ids){ ids }, &rows))
        return false;
    const souk_index_t *blocked =
        souk_index_of(&rows, &user_key, "user_id", souk_call_pool(batch->all));
    for (size_t i = 0; i < batch->count; i++) {
        const struct user_key *user = souk_batch_request(batch, i);
        if (souk_index_find(blocked, user->user_id))
            souk_batch_refuse(batch, i, &user_blocked);
    }
    return true;
}
