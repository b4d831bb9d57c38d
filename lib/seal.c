/* Idempotency keys, hashed; what was asked, hashed with them; what was answered, sealed with both.
 */
#include "seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "call_internal.h"

enum {
    BASE64 = sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
    OVERHEAD = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES,
};

/* One half of a hash may be told; the other cannot be found from it. */
struct halves {
    uint8_t told[SOUK_SEAL_BYTES];
    uint8_t kept[SOUK_SEAL_BYTES];
};
_Static_assert(sizeof(struct halves) == crypto_generichash_BYTES_MAX, "one hash, in two halves");
_Static_assert(SOUK_SEAL_BYTES == crypto_secretbox_KEYBYTES, "a half is a key");
_Static_assert(SOUK_HASH_SIZE == 2 * SOUK_SEAL_BYTES + 1, "a half is told in hex");

/* BLAKE2b (RFC 7693), keyed by secret where there is one. */
static struct halves hash(souk_bytes_t bytes, const uint8_t *secret)
{
    struct halves both;

    crypto_generichash((uint8_t *)&both, sizeof both, bytes.data, bytes.size, secret,
        secret ? SOUK_SEAL_BYTES : 0);
    return both;
}

static void print(const uint8_t half[SOUK_SEAL_BYTES], char hex[SOUK_HASH_SIZE])
{
    sodium_bin2hex(hex, SOUK_HASH_SIZE, half, SOUK_SEAL_BYTES);
}

const souk_seal_t *souk_seal_of(souk_call_t *call)
{
    const char *key = call->caller.key;
    souk_seal_t *seal = souk_alloc(call, sizeof *seal);

    if (sodium_init() < 0)
        abort();
    const struct halves of_key = hash((souk_bytes_t){ key, strlen(key) }, NULL);
    const struct halves of_call = hash(souk_call_asks(call), of_key.kept);
    print(of_key.told, seal->key);
    print(of_call.told, seal->fingerprint);
    memcpy(seal->secret, of_call.kept, sizeof seal->secret);
    return seal;
}

const char *souk_seal_close(const souk_seal_t *seal, souk_bytes_t answer, souk_pool_t *pool)
{
    size_t size = OVERHEAD + answer.size, text_size = sodium_base64_encoded_len(size, BASE64);
    uint8_t *sealed = souk_pool_alloc(pool, size);
    char *text = souk_pool_alloc(pool, text_size);

    randombytes_buf(sealed, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(sealed + crypto_secretbox_NONCEBYTES, answer.data, answer.size, sealed,
        seal->secret);
    return sodium_bin2base64(text, text_size, sealed, size, BASE64);
}

bool souk_seal_open(const souk_seal_t *seal, const char *text, souk_bytes_t *answer,
    souk_pool_t *pool)
{
    size_t text_size = strlen(text), size;
    uint8_t *sealed = souk_pool_alloc(pool, text_size + 1), *opened;

    if (sodium_base642bin(sealed, text_size, text, text_size, NULL, &size, NULL, BASE64) != 0 ||
        size < OVERHEAD)
        return false;
    opened = souk_pool_alloc(pool, size - OVERHEAD + 1);
    *answer = (souk_bytes_t){ opened, size - OVERHEAD };
    return crypto_secretbox_open_easy(opened, sealed + crypto_secretbox_NONCEBYTES,
               size - crypto_secretbox_NONCEBYTES, sealed, seal->secret) == 0;
}
