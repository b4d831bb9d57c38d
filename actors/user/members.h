/* Users as staff see them, and whether one may order. */
#ifndef USER_MEMBERS_H
#define USER_MEMBERS_H

#include "records.h"

extern const souk_error_t user_blocked, user_no_such_member;
extern const souk_query_t user_list_members_query, user_find_by_email, user_find_member,
    user_block_query, user_unblock_query, user_find_ineligible;

struct member {
    const char *id;
    const char *email;
    const char *name;
    const char *status;
    const char *blocked_reason;
    souk_time_t made_at;
};
static const souk_record_t member = {
    .name = "member",
    .size = sizeof(struct member),
    .fields = {
        FIELD(member, id),
        FIELD(member, email, .optional = true, .doc = "null: the account is closed"),
        FIELD(member, name, .optional = true, .doc = "null: the account is closed"),
        FIELD(member, status, .doc = "active, closing or closed"),
        FIELD(member, blocked_reason, .optional = true, .doc = "null: the user is not blocked"),
        FIELD(member, made_at),
    },
};

struct member_query {
    const char *email;
    const char *after;
    int limit;
};
static const souk_record_t member_query = {
    .name = "member_query",
    .size = sizeof(struct member_query),
    .fields = {
        FIELD(member_query, email,
            .format = SOUK_EMAIL,
            .max = EMAIL_MAX,
            .optional = true,
            .doc = "only who has this address"),
        FIELD(member_query, limit, .min = 1, .max = PAGE_MAX, .fallback = "20"),
        FIELD(member_query, after,
            .format = SOUK_UUID,
            .optional = true,
            .doc = "the next of the page before"),
    },
};

struct member_page {
    souk_list_t items;
    const char *next;
};
static const souk_record_t member_page = {
    .name = "member_page",
    .size = sizeof(struct member_page),
    .fields = {
        FIELD(member_page, items, .of = &member, .doc = "newest first"),
        FIELD(member_page, next, .optional = true, .doc = "to ask with as after; null: no more"),
    },
};

struct block {
    const char *user_id;
    const char *reason;
};
static const souk_record_t block = {
    .name = "block",
    .size = sizeof(struct block),
    .fields = {
        FIELD(block, user_id, .format = SOUK_UUID),
        FIELD(block, reason, .min = 1, .max = REASON_MAX, .doc = "for staff; the user is not told"),
    },
};

bool user_list_members(souk_call_t *call, const void *request, void *reply);
bool user_get_member(souk_call_t *call, const void *request, void *reply);
bool user_block(souk_call_t *call, const void *request, void *reply);
bool user_unblock(souk_call_t *call, const void *request, void *reply);
bool user_eligible(souk_batch_t *batch);

#endif
