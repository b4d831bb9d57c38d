/* The caller's address book. Whoever writes in it locks the account, so that its limit holds and
   there is one default of each kind. */
#include "addresses.h"

#include "queries/user.h"
#include "tell.h"

enum {
    ADDRESSES_MAX = 50, /* of one account */
};

const souk_error_t user_no_such_address = {
    .code = "no_such_address",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The caller has no address of this id.",
};
const souk_error_t user_book_full = {
    .code = "too_many_addresses",
    .kind = SOUK_CONFLICT,
    .meaning = "One account may have 50 addresses.",
};

#define WRITTEN_FIELDS                                                                             \
    FIELD(address, name, .min = 1, .max = NAME_MAX),                                               \
        FIELD(address, company, .max = NAME_MAX, .optional = true),                                \
        FIELD(address, line1, .min = 1, .max = LINE_MAX),                                          \
        FIELD(address, line2, .max = LINE_MAX, .optional = true),                                  \
        FIELD(address, city, .min = 1, .max = NAME_MAX),                                           \
        FIELD(address, postal_code, .min = 1, .max = 20),                                          \
        FIELD(address, region, .format = SOUK_REGION, .optional = true,                            \
            .doc = "ISO 3166-2 without the country, such as CA"),                                  \
        FIELD(address, country, .format = SOUK_COUNTRY, .doc = "ISO 3166-1, such as DE"),          \
        FIELD(address, phone, .max = 40, .optional = true),                                        \
        FIELD(address, default_shipping, .optional = true,                                         \
            .doc = "the one that goods go to; no other is then"),                                  \
        FIELD(address, default_billing, .optional = true,                                          \
            .doc = "the one that bills go to; no other is then")

const souk_record_t user_address = {
    .name = "book_address",
    .size = sizeof(struct address),
    .fields = { FIELD(address, id), FIELD(address, version), WRITTEN_FIELDS },
};
const souk_record_t user_new_address = {
    .name = "new_address",
    .size = sizeof(struct address),
    .fields = { WRITTEN_FIELDS },
};
const souk_record_t user_changed_address = {
    .name = "changed_address",
    .size = sizeof(struct address),
    .fields = {
        FIELD(address, id, .format = SOUK_UUID),
        FIELD(address, version, .optional = true),
        WRITTEN_FIELDS,
    },
};
const souk_record_t user_address_version = {
    .name = "address_version",
    .size = sizeof(struct address),
    .fields = {
        FIELD(address, id, .format = SOUK_UUID),
        FIELD(address, version, .optional = true),
    },
};
static const souk_record_t address_row = {
    .name = "address_row",
    .size = sizeof(struct address),
    .fields = { FIELD(address, id), FIELD(address, account_id), WRITTEN_FIELDS },
};
static const souk_record_t own_address = {
    .name = "own_address",
    .size = sizeof(struct own_address),
    .fields = {
        FIELD(own_address, id),
        FIELD(own_address, account_id),
    },
};

const souk_query_t user_lock_book = {
    .sql = &sql_lock_book,
    .takes = &own_address,
    .gives = &account_key,
    .missing = &souk_unauthorized,
};
const souk_query_t user_find_addresses = {
    .sql = &sql_list_addresses,
    .takes = &own_address,
    .gives = &user_address,
};
const souk_query_t user_find_address = {
    .sql = &sql_find_address,
    .takes = &own_address,
    .gives = &user_address,
    .missing = &user_no_such_address,
};
const souk_query_t user_clear_defaults = {
    .sql = &sql_clear_defaults,
    .takes = &address_row,
};
const souk_query_t user_save_address = {
    .sql = &sql_save_address,
    .takes = &address_row,
    .gives = &user_address,
};
const souk_query_t user_replace_address_query = {
    .sql = &sql_replace_address,
    .takes = &address_row,
    .gives = &user_address,
    .missing = &user_no_such_address,
};
const souk_query_t user_delete_address_query = {
    .sql = &sql_delete_address,
    .takes = &own_address,
};

static struct own_address own(souk_call_t *call, const char *id)
{
    return (struct own_address){ id, souk_caller(call)->user };
}

bool user_list_addresses(souk_call_t *call, const void *request, void *reply)
{
    struct own_address key = own(call, NULL);
    return souk_db_all(call, &user_find_addresses, &key, &((struct address_book *)reply)->items);
}

bool user_get_address(souk_call_t *call, const void *request, void *reply)
{
    struct own_address key = own(call, ((const struct own_address *)request)->id);
    return souk_db_one(call, &user_find_address, &key, reply);
}

bool user_add_address(souk_call_t *call, const void *request, void *reply)
{
    struct address row = *(const struct address *)request;
    struct account_key locked;
    souk_list_t others = { 0 };

    row.id = souk_call_new_id(call);
    row.account_id = souk_caller(call)->user;
    struct own_address key = own(call, row.id);
    if (!souk_db_one(call, &user_lock_book, &key, &locked) ||
        !souk_db_all(call, &user_find_addresses, &key, &others))
        return false;
    if (others.count >= ADDRESSES_MAX)
        return souk_refuse(call, &user_book_full);
    return souk_db_run(call, &user_clear_defaults, &row) &&
        souk_db_one(call, &user_save_address, &row, reply) && user_tell_change(call, "addresses");
}

/* The one that the caller has seen, or any where no version is named. */
static bool find_as_seen(souk_call_t *call, const struct address *wanted)
{
    struct own_address key = own(call, wanted->id);
    struct account_key locked;
    struct address now = { 0 };

    if (!souk_db_one(call, &user_lock_book, &key, &locked) ||
        !souk_db_one(call, &user_find_address, &key, &now))
        return false;
    return wanted->version == 0 || wanted->version == now.version ||
        souk_fail(call, &souk_stale, "it is version %d by now", now.version);
}

bool user_replace_address(souk_call_t *call, const void *request, void *reply)
{
    struct address row = *(const struct address *)request;

    row.account_id = souk_caller(call)->user;
    return find_as_seen(call, &row) && souk_db_run(call, &user_clear_defaults, &row) &&
        souk_db_one(call, &user_replace_address_query, &row, reply) &&
        user_tell_change(call, "addresses");
}

bool user_delete_address(souk_call_t *call, const void *request, void *reply)
{
    const struct address *wanted = request;
    struct own_address key = own(call, wanted->id);

    return find_as_seen(call, wanted) && souk_db_run(call, &user_delete_address_query, &key) &&
        user_tell_change(call, "addresses");
}
