/* Signed messages: HMAC-SHA256 over a time and a body. */
#include "signature.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

enum {
    HEX_SIZE = 2 * crypto_auth_hmacsha256_BYTES + 1,
    DIGITS_MAX = 18,
};

const souk_record_t souk_signed = {
    .name = "signed_message",
    .size = sizeof(struct souk_signed),
    .fields = {
        FIELD(souk_signed, body, .max = SOUK_SIGNED_MAX, .doc = "a JSON object, as it was sent"),
        FIELD(souk_signed, signature, .min = 1, .max = 1024,
            .doc = "t=SECONDS,v1=HEX: HMAC-SHA256 of SECONDS.BODY under the secret"),
    },
};

/* Of "TIME.BODY"; the time is so many digits. */
static void sign(const char *secret, const char *time, size_t time_size, const char *body,
    char hex[HEX_SIZE])
{
    uint8_t mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, (const uint8_t *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)time, time_size);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)".", 1);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)body, strlen(body));
    crypto_auth_hmacsha256_final(&state, mac);
    sodium_bin2hex(hex, HEX_SIZE, mac, sizeof mac);
}

const char *souk_signature_make(const char *secret, souk_time_t time, const char *body,
    souk_pool_t *pool)
{
    const char *seconds = souk_pool_format(pool, "%" PRId64, time.ms / 1000);
    char hex[HEX_SIZE];

    sign(secret, seconds, strlen(seconds), body, hex);
    return souk_pool_format(pool, "t=%s,v1=%s", seconds, hex);
}

/* The value of the next "NAME=..." from *at on, behind which *at is then; NULL: there is none. */
static const char *next_value(const char **at, const char *name, size_t *size)
{
    while (**at) {
        const char *part = *at;
        size_t part_size = strcspn(part, ","), name_size = strlen(name);
        *at += part_size + (part[part_size] == ',');
        if (part_size > name_size && strncmp(part, name, name_size) == 0) {
            *size = part_size - name_size;
            return part + name_size;
        }
    }
    return NULL;
}

static bool is_recent(const char *seconds, size_t size, souk_time_t now)
{
    if (size > DIGITS_MAX || strspn(seconds, "0123456789") != size)
        return false;
    return llabs(strtoll(seconds, NULL, 10) - now.ms / 1000) <= SOUK_SIGNED_FOR_S;
}

bool souk_signature_fits(const char *secret, souk_time_t now, const char *body,
    const char *signature)
{
    const char *at = signature, *value;
    size_t time_size = 0, size;
    const char *time = next_value(&at, "t=", &time_size);
    char hex[HEX_SIZE];
    bool fits = false;

    if (!time || !is_recent(time, time_size, now))
        return false;
    sign(secret, time, time_size, body, hex);
    for (at = signature; (value = next_value(&at, "v1=", &size));)
        fits |= size == HEX_SIZE - 1 && sodium_memcmp(value, hex, size) == 0;
    return fits;
}

static bool read_body(const char *body, const souk_record_t *record, void *value, souk_pool_t *pool,
    souk_flaws_t *flaws)
{
    json_t *object = souk_json_parse((souk_bytes_t){ body, strlen(body) }, pool, flaws);
    bool fits = object && souk_json_decode_some(record, object, value, pool, flaws);

    json_decref(object);
    return fits;
}

bool souk_signed_read(souk_call_t *call, const struct souk_signed *message, const char *secret,
    const souk_record_t *record, void *value)
{
    souk_flaws_t flaws = { 0 };

    if (!souk_signature_fits(secret, souk_now(), message->body, message->signature))
        return souk_fail(call, &souk_unauthorized, "the signature is not one of this body");
    if (read_body(message->body, record, value, souk_call_pool(call), &flaws))
        return true;
    return souk_fail_field(call, flaws.items[0].pointer, "%s", flaws.items[0].message);
}
