/* What is in a cart. A change locks the cart first, so that two devices of one customer change it
   one after the other. Whether a thing can be bought at all is only looked at when the cart is seen
   and when it is ordered: by then it may be another matter than when it was put in. */
#include "contents.h"

#include <sodium.h>

#include "queries/cart.h"

const souk_error_t cart_missing = {
    .code = "no_such_cart",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is no such cart, or it is somebody else's.",
};
const souk_error_t cart_full = {
    .code = "cart_full",
    .kind = SOUK_MISUSED,
    .meaning = "A cart holds 100 different products at most.",
};
const souk_error_t cart_line_too_large = {
    .code = "line_too_large",
    .kind = SOUK_MISUSED,
    .meaning = "A cart holds 999 of one product at most.",
};

/* As pricing names it. */
const souk_error_t cart_too_many_attempts = {
    .code = "too_many_attempts",
    .kind = SOUK_LIMITED,
    .meaning = "Too many coupons were tried that there are not; a later attempt is welcome.",
};

const souk_ask_t cart_try_coupons = {
    .operation = "pricing.try_coupons",
    .takes = &attempt,
    .gives = &souk_nothing,
};

static const souk_record_t merging = {
    .name = "merging",
    .size = sizeof(struct merger),
    .fields = {
        FIELD(merger, guest_id),
        FIELD(merger, cart_id),
        FIELD(merger, most),
        FIELD(merger, coupons_max),
    },
};
static const souk_record_t cart_named = {
    .name = "cart_named",
    .size = sizeof(struct cart),
    .fields = {
        FIELD(cart, id),
    },
};

const souk_query_t cart_save = {
    .sql = &sql_save_cart,
    .takes = &cart_key,
    .gives = &cart_row,
};
const souk_query_t cart_find = {
    .sql = &sql_find_cart,
    .takes = &cart_key,
    .gives = &cart_row,
    .missing = &cart_missing,
};
const souk_query_t cart_find_many = {
    .sql = &sql_find_carts,
    .takes = &cart_ids,
    .gives = &owned_cart,
};
const souk_query_t cart_touch = {
    .sql = &sql_touch_cart,
    .takes = &cart_key,
    .gives = &cart_row,
    .missing = &cart_missing,
};
const souk_query_t cart_find_line_rows = {
    .sql = &sql_find_lines,
    .takes = &cart_ids,
    .gives = &line_row,
};
const souk_query_t cart_add_line = {
    .sql = &sql_add_line,
    .takes = &line_change,
};
const souk_query_t cart_set_line = {
    .sql = &sql_set_line,
    .takes = &line_change,
};
const souk_query_t cart_drop_line = {
    .sql = &sql_drop_line,
    .takes = &line_key,
};
const souk_query_t cart_drop = {
    .sql = &sql_drop_cart,
    .takes = &cart_key,
};
const souk_query_t cart_set_delivery = {
    .sql = &sql_set_delivery,
    .takes = &delivery,
};
const souk_query_t cart_set_coupons = {
    .sql = &sql_set_coupons,
    .takes = &coupons,
};
const souk_query_t cart_take_guests = {
    .sql = &sql_take_guests,
    .takes = &merging,
    .gives = &cart_named,
    .missing = &cart_missing,
};

static struct cart_key key_of(souk_call_t *call, const char *id)
{
    return (struct cart_key){ .cart_id = id, .user_id = souk_caller(call)->user };
}

static bool find_lines(souk_call_t *call, struct cart *cart)
{
    const struct cart_ids wanted = { .cart_ids = { &cart->id, 1 } };
    return souk_db_all(call, &cart_find_line_rows, &wanted, &cart->lines);
}

bool cart_look(souk_call_t *call, const char *id, struct cart *found)
{
    const struct cart_key key = key_of(call, id);
    return souk_db_one(call, &cart_find, &key, found) && find_lines(call, found);
}

/* Random all over (UUIDv4, RFC 9562 section 5.4), since a guest's cart belongs to whoever knows it.
 */
static const char *new_id(souk_call_t *call)
{
    uint8_t bytes[SOUK_UUID_BYTES];
    char *id = souk_alloc(call, SOUK_ID_SIZE);

    randombytes_buf(bytes, sizeof bytes);
    bytes[6] = (uint8_t)(0x40 | (bytes[6] & 15));
    bytes[8] = (uint8_t)(0x80 | (bytes[8] & 0x3f));
    souk_uuid_print(bytes, id);
    return id;
}

bool cart_create(souk_call_t *call, const void *request, void *reply)
{
    const struct cart_key key = key_of(call, new_id(call));
    struct cart *cart = reply;
    return souk_db_one(call, &cart_save, &key, cart) && find_lines(call, cart);
}

/* Within bounds, or nothing of it is done. */
static bool tell(souk_call_t *call, struct cart *cart)
{
    if (!find_lines(call, cart))
        return false;
    const struct cart_line *lines = cart->lines.items;
    if (cart->lines.count > LINES_MAX)
        return souk_refuse(call, &cart_full);
    for (size_t i = 0; i < cart->lines.count; i++)
        if (lines[i].quantity > QUANTITY_MAX)
            return souk_fail(call, &cart_line_too_large, "%s: at most %d", lines[i].sku,
                QUANTITY_MAX);
    return true;
}

static bool touch(souk_call_t *call, const char *id, struct cart *cart)
{
    const struct cart_key key = key_of(call, id);
    return souk_db_one(call, &cart_touch, &key, cart);
}

static bool change_line(souk_call_t *call, const souk_query_t *change, const void *request,
    void *reply)
{
    const struct cart_line *line = request;
    return touch(call, line->cart_id, reply) && souk_db_run(call, change, line) &&
        tell(call, reply);
}

bool cart_add(souk_call_t *call, const void *request, void *reply)
{
    return change_line(call, &cart_add_line, request, reply);
}

bool cart_put(souk_call_t *call, const void *request, void *reply)
{
    return change_line(call, &cart_set_line, request, reply);
}

bool cart_remove(souk_call_t *call, const void *request, void *reply)
{
    return change_line(call, &cart_drop_line, request, reply);
}

bool cart_discard(souk_call_t *call, const void *request, void *reply)
{
    const struct cart_key key = key_of(call, ((const struct cart_key *)request)->cart_id);
    struct cart gone;
    return touch(call, key.cart_id, &gone) && souk_db_run(call, &cart_drop, &key);
}

bool cart_deliver(souk_call_t *call, const void *request, void *reply)
{
    const struct delivery *wish = request;
    struct cart *cart = reply;

    if (wish->region && !wish->country)
        return souk_fail_field(call, "/region", "is part of a country: name that, too");
    if (!touch(call, wish->cart_id, cart) || !souk_db_run(call, &cart_set_delivery, wish))
        return false;
    cart->currency = wish->currency;
    cart->country = wish->country;
    cart->region = wish->region;
    cart->shipping_method = wish->shipping_method;
    return tell(call, cart);
}

static bool may_try(souk_call_t *call, const souk_list_t *wanted)
{
    const souk_caller_t *caller = souk_caller(call);
    const struct attempt tried = { caller->user, caller->address, *wanted };
    struct souk_nothing nothing;

    return !wanted->count || souk_ask(call, &cart_try_coupons, &tried, &nothing);
}

bool cart_use_coupons(souk_call_t *call, const void *request, void *reply)
{
    const struct coupons *wish = request;
    struct cart *cart = reply;

    if (!may_try(call, &wish->coupons))
        return false;
    if (!touch(call, wish->cart_id, cart) || !souk_db_run(call, &cart_set_coupons, wish))
        return false;
    cart->coupons = wish->coupons;
    return tell(call, cart);
}

/* What was chosen before the login is not lost by it. The guest's cart is locked first, so that
   what is just being put into it is seen. */
bool cart_merge(souk_call_t *call, const void *request, void *reply)
{
    struct merger wish = *(const struct merger *)request;
    const struct cart_key key = key_of(call, new_id(call)), guests = { .cart_id = wish.guest_id };
    struct cart *cart = reply, guest, merged;

    if (!souk_db_one(call, &cart_save, &key, cart) ||
        !souk_db_one(call, &cart_touch, &guests, &guest))
        return false;
    wish.cart_id = cart->id;
    wish.most = QUANTITY_MAX;
    wish.coupons_max = COUPONS_MAX;
    return souk_db_one(call, &cart_take_guests, &wish, &merged) && touch(call, cart->id, cart) &&
        tell(call, cart);
}
