/* Who the customers are: the index of what this actor does. */
#include "queries/user.h"
#include "accounts.h"
#include "addresses.h"
#include "events.h"
#include "members.h"
#include "tell.h"

enum {
    FORGET_MS = 2000, /* a thousand rows each time: more than can be made meanwhile */
};

static const souk_error_t no_such_account = {
    .code = "no_such_account",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The caller has no account.",
};

static const souk_query_t find_account = {
    .sql = &sql_find_account,
    .takes = &account_key,
    .gives = &account,
    .missing = &no_such_account,
};
static const souk_query_t change_name = {
    .sql = &sql_change_name,
    .takes = &account_id_name,
    .gives = &account,
    .missing = &no_such_account,
};

static bool profile(souk_call_t *call, const void *request, void *reply)
{
    return souk_db_one(call, &find_account, &(struct account_key){ souk_caller(call)->user },
        reply);
}

static bool update(souk_call_t *call, const void *request, void *reply)
{
    struct account wanted = *(const struct account *)request;

    wanted.id = souk_caller(call)->user;
    return souk_db_one(call, &change_name, &wanted, reply) && user_tell_change(call, "name");
}

const souk_actor_t user_actor = {
    .name = "user",
    .summary = "Who the customers are.",
    .queries = {
        &user_save_accounts,
        &user_find_registered,
        &user_forget_keys_query,
        &user_activate_accounts,
        &user_drop_accounts,
        &user_claim_stranded,
        &find_account,
        &change_name,
        &user_lock_changing,
        &user_begin_email,
        &user_settle_email,
        &user_drop_email,
        &user_claim_email,
        &user_lock_closing,
        &user_begin_closures,
        &user_settle_closures,
        &user_claim_closures,
        &user_list_members_query,
        &user_find_by_email,
        &user_find_member,
        &user_block_query,
        &user_unblock_query,
        &user_find_ineligible,
        &user_lock_book,
        &user_find_addresses,
        &user_find_address,
        &user_clear_defaults,
        &user_save_address,
        &user_replace_address_query,
        &user_delete_address_query,
        &user_tell_change_query,
    },
    .operations = {
        {
            .name = "user.register",
            .http = "POST /v1/users",
            .summary = "Become a customer, who can log in.",
            .request = &registration,
            .reply = &account,
            .errors = { &user_email_taken, &user_enrolment_withdrawn, &user_too_many_attempts },
            .saga = &user_register,
            .writes = true,
            .takes_key = true,
            .role = "anyone",
            .http_status = 201,
        },
        {
            .name = "user.profile",
            .http = "GET /v1/me",
            .summary = "The caller's own account.",
            .request = &souk_nothing,
            .reply = &account,
            .errors = { &no_such_account },
            .handler = profile,
            .repeatable = true,
            .role = "customer",
        },
        {
            .name = "user.update",
            .http = "PATCH /v1/me",
            .summary = "Have another name.",
            .request = &account_name,
            .reply = &account,
            .errors = { &no_such_account },
            .handler = update,
            .writes = true,
            .repeatable = true,
            .role = "customer",
        },
        {
            .name = "user.change_email",
            .http = "PUT /v1/me/email",
            .summary = "Have another e-mail address, to log in with; it is to be verified anew.",
            .request = &email_wish,
            .reply = &account,
            .errors = {
                &user_email_taken,
                &user_unknown,
                &user_too_many_attempts,
                &user_wrong_password,
                &user_still_staff,
                &user_change_withdrawn,
                &user_email_awaited,
            },
            .saga = &user_change_email,
            .writes = true,
            .role = "customer",
        },
        {
            .name = "user.close",
            .http = "POST /v1/me/closure",
            .summary = "Close the account for good; orders are kept, without a name.",
            .request = &closure_wish,
            .reply = &souk_nothing,
            .errors = {
                &user_unknown,
                &user_too_many_attempts,
                &user_wrong_password,
                &user_still_staff,
            },
            .saga = &user_close,
            .writes = true,
            .takes_key = true,
            .role = "customer",
        },
        {
            .name = "user.addresses",
            .http = "GET /v1/me/addresses",
            .summary = "The caller's address book.",
            .request = &souk_nothing,
            .reply = &address_book,
            .handler = user_list_addresses,
            .repeatable = true,
            .role = "customer",
        },
        {
            .name = "user.add_address",
            .http = "POST /v1/me/addresses",
            .summary = "Put an address into the book.",
            .request = &user_new_address,
            .reply = &user_address,
            .errors = { &user_book_full },
            .handler = user_add_address,
            .writes = true,
            .takes_key = true,
            .role = "customer",
            .etag = "version",
            .http_status = 201,
        },
        {
            .name = "user.address",
            .http = "GET /v1/me/addresses/{id}",
            .summary = "One of the caller's addresses.",
            .request = &address_id,
            .reply = &user_address,
            .errors = { &user_no_such_address },
            .handler = user_get_address,
            .repeatable = true,
            .role = "customer",
            .etag = "version",
        },
        {
            .name = "user.replace_address",
            .http = "PUT /v1/me/addresses/{id}",
            .summary = "Put another address in the place of one, as a whole.",
            .request = &user_changed_address,
            .reply = &user_address,
            .errors = { &user_no_such_address },
            .handler = user_replace_address,
            .writes = true,
            .role = "customer",
            .etag = "version",
            .if_match = "version",
        },
        {
            .name = "user.delete_address",
            .http = "DELETE /v1/me/addresses/{id}",
            .summary = "Strike an address out.",
            .request = &user_address_version,
            .reply = &souk_nothing,
            .errors = { &user_no_such_address },
            .handler = user_delete_address,
            .writes = true,
            .role = "customer",
            .if_match = "version",
        },
        {
            .name = "user.list",
            .http = "GET /v1/users",
            .summary = "Who has registered.",
            .request = &member_query,
            .reply = &member_page,
            .handler = user_list_members,
            .repeatable = true,
            .role = "staff",
        },
        {
            .name = "user.get",
            .http = "GET /v1/users/{user_id}",
            .summary = "One who has registered.",
            .request = &user_key,
            .reply = &member,
            .errors = { &user_no_such_member },
            .handler = user_get_member,
            .repeatable = true,
            .role = "staff",
        },
        {
            .name = "user.block",
            .http = "PUT /v1/users/{user_id}/block",
            .summary = "Let a user look, but not order.",
            .request = &block,
            .reply = &member,
            .errors = { &user_no_such_member },
            .handler = user_block,
            .writes = true,
            .repeatable = true,
            .role = "staff",
        },
        {
            .name = "user.unblock",
            .http = "DELETE /v1/users/{user_id}/block",
            .summary = "Let a user order again.",
            .request = &user_key,
            .reply = &member,
            .errors = { &user_no_such_member },
            .handler = user_unblock,
            .writes = true,
            .repeatable = true,
            .role = "staff",
        },
        {
            .name = "user.eligible",
            .summary = "Whether a user may order; one who never registered may.",
            .request = &user_key,
            .reply = &souk_nothing,
            .errors = { &user_blocked },
            .batch = user_eligible,
            .repeatable = true,
        },
    },
    .timers = {
        {
            .name = "forget_keys",
            .every_ms = FORGET_MS,
            .handler = user_forget_keys,
        },
    },
    .events = {
        SOUK_CALLED("user"),
        {
            .topic = "user.registered",
            .summary = "There is a new customer.",
            .data = &user_told,
            .subject = "user_id",
        },
        {
            .topic = "user.changed",
            .summary = "A customer's name, e-mail address or address book is another.",
            .data = &user_change_told,
            .subject = "user_id",
        },
        {
            .topic = "user.blocked",
            .summary = "A customer may not order for now.",
            .data = &user_told,
            .subject = "user_id",
        },
        {
            .topic = "user.unblocked",
            .summary = "A customer may order again.",
            .data = &user_told,
            .subject = "user_id",
        },
        {
            .topic = "user.closed",
            .summary = "A customer has gone, and is forgotten.",
            .data = &user_told,
            .subject = "user_id",
        },
    },
};
