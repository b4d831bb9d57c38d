/* What is asked for when an order is placed: held together, and made ready for the saga. */
#include "checkout.h"

#include <ctype.h>
#include <string.h>

#include "../../lib/json.h"
#include "../../lib/settings.h"

enum {
    GRACE_S = 60, /* beyond the reservation of what waits for its payment */
};

/* UUIDv8 (RFC 9562 section 5.8), of which all but the version is the beginning of a hash. Users
   have UUIDv7, so no guest is one of them. */
const char *order_guest(souk_call_t *call, const char *email)
{
    char *text = souk_pool_format(souk_call_pool(call), "guest %s", email), hash[SOUK_HASH_SIZE];
    char *id = souk_alloc(call, SOUK_ID_SIZE);
    uint8_t bytes[SOUK_UUID_BYTES];

    for (char *c = text; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    souk_hash((souk_bytes_t){ text, strlen(text) }, hash);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(souk_hex_digit(hash[2 * i]) << 4 | souk_hex_digit(hash[2 * i + 1]));
    bytes[6] = (uint8_t)(0x80 | (bytes[6] & 15));
    bytes[8] = (uint8_t)(0x80 | (bytes[8] & 0x3f));
    souk_uuid_print(bytes, id);
    return id;
}

const char *order_write_detail(souk_call_t *call, const struct placing *it)
{
    const struct placement *wish = it->wish;
    const struct order said = {
        .email = wish->email,
        .shipping_address = wish->shipping_address,
        .billing_address = wish->billing_address,
        .shipping_method = it->shipping_method,
        .discounts = it->discounts,
        .note = wish->note,
    };
    bool says_more = said.email || said.note || said.shipping_method || said.discounts.count ||
        said.shipping_address.country || said.billing_address.country;

    return says_more ? souk_json_encode(&order_detail, &said, souk_call_pool(call)).data : NULL;
}

bool order_read_detail(souk_call_t *call, const char *detail, struct order *into)
{
    souk_pool_t *pool = souk_call_pool(call);
    souk_flaws_t flaws = { 0 };
    struct order said;

    if (!detail)
        return true;
    json_t *json = souk_json_parse((souk_bytes_t){ detail, strlen(detail) }, pool, &flaws);
    bool fits = json && souk_json_decode(&order_detail, json, &said, pool, &flaws);
    json_decref(json);
    if (!fits)
        return souk_fail(call, &souk_internal, "what order %s says does not fit: %s %s", into->id,
            flaws.items[0].pointer, flaws.items[0].message);
    into->email = said.email;
    into->shipping_address = said.shipping_address;
    into->billing_address = said.billing_address;
    into->shipping_method = said.shipping_method;
    into->discounts = said.discounts;
    into->note = said.note;
    return true;
}

/* What no single field can say. */
static bool check(souk_call_t *call, const struct placement *wish)
{
    const char *user = souk_caller(call)->user;

    if (!user && !wish->email)
        return souk_fail(call, &souk_unauthorized, "log in, or say who you are by email");
    if (user && wish->email)
        return souk_fail_field(call, "/email", "is for guests: who is logged in has one");
    if (wish->cart_id && wish->lines.count)
        return souk_fail_field(call, "/lines", "cannot be ordered together with a cart");
    if (!wish->cart_id && !wish->lines.count)
        return souk_fail_field(call, "/lines", "is required where there is no cart");
    if (wish->shipping_method && !wish->shipping_address.country)
        return souk_fail_field(call, "/shipping_address", "is required for a shipping method");
    return true;
}

bool order_open(souk_call_t *call, const void *request, void *state)
{
    const struct placement *wish = request;
    const souk_caller_t *caller = souk_caller(call);

    if (!check(call, wish))
        return false;
    *(struct placing *)state = (struct placing){
        .wish = wish,
        .id = souk_call_new_id(call),
        .user_id = caller->user ? caller->user : order_guest(call, wish->email),
        .request_key = caller->key,
        .fingerprint = souk_fingerprint(call),
        .status = "placing",
        .payment_method = wish->payment_method,
        .cart_id = wish->cart_id,
        .currency = wish->currency,
        .coupons = wish->coupons,
        .country = wish->shipping_address.country,
        .region = wish->shipping_address.region,
        .shipping_method = wish->shipping_method,
        .lines = wish->lines,
        .placed_at = souk_now(),
        .attempt = 1,
        .patience_s = souk_settings.reservation_s + GRACE_S,
    };
    return true;
}
