/* The caller's address book. */
#ifndef USER_ADDRESSES_H
#define USER_ADDRESSES_H

#include "records.h"

extern const souk_error_t user_no_such_address, user_book_full;
extern const souk_query_t user_lock_book, user_find_addresses, user_find_address,
    user_clear_defaults, user_save_address, user_replace_address_query, user_delete_address_query;

struct address {
    const char *id;
    int version;
    const char *account_id;
    const char *name;
    const char *company;
    const char *line1;
    const char *line2;
    const char *city;
    const char *postal_code;
    const char *region;
    const char *country;
    const char *phone;
    bool default_shipping;
    bool default_billing;
};
extern const souk_record_t user_address, user_new_address, user_changed_address,
    user_address_version;

struct own_address {
    const char *id;
    const char *account_id;
};
static const souk_record_t address_id = {
    .name = "address_id",
    .size = sizeof(struct own_address),
    .fields = {
        FIELD(own_address, id, .format = SOUK_UUID),
    },
};

struct address_book {
    souk_list_t items;
};
static const souk_record_t address_book = {
    .name = "address_book",
    .size = sizeof(struct address_book),
    .fields = {
        FIELD(address_book, items, .of = &user_address, .doc = "oldest first"),
    },
};

bool user_list_addresses(souk_call_t *call, const void *request, void *reply);
bool user_get_address(souk_call_t *call, const void *request, void *reply);
bool user_add_address(souk_call_t *call, const void *request, void *reply);
bool user_replace_address(souk_call_t *call, const void *request, void *reply);
bool user_delete_address(souk_call_t *call, const void *request, void *reply);

#endif
