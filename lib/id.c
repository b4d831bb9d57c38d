/* Ids and tokens: what is new, and what nobody can guess. */
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base.h"

static void fill_random(void *bytes, size_t size)
{
    if (sodium_init() < 0)
        abort();
    randombytes_buf(bytes, size);
}

/* Milliseconds in 48 bits and a fraction of one in 12, as UUIDv7 has them; never the same or less
   than any before in this process, so ids sort as they were made even within one tick. */
static uint64_t next_stamp(void)
{
    static _Atomic uint64_t last;
    struct timespec now;
    uint64_t before = atomic_load(&last), stamp, clock;

    clock_gettime(CLOCK_REALTIME, &now);
    clock = ((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000) << 12;
    clock |= (uint64_t)(now.tv_nsec % 1000000) * 4096 / 1000000;
    do
        stamp = clock > before ? clock : before + 1;
    while (!atomic_compare_exchange_weak(&last, &before, stamp));
    return stamp;
}

static bool dash_before(int i)
{
    return i == 4 || i == 6 || i == 8 || i == 10;
}

void souk_uuid_print(const uint8_t bytes[SOUK_UUID_BYTES], char id[SOUK_ID_SIZE])
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < SOUK_UUID_BYTES; i++) {
        if (dash_before(i))
            *id++ = '-';
        *id++ = digits[bytes[i] >> 4];
        *id++ = digits[bytes[i] & 15];
    }
    *id = '\0';
}

int souk_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool souk_uuid_parse(const char *text, uint8_t bytes[SOUK_UUID_BYTES])
{
    for (int i = 0; i < SOUK_UUID_BYTES; i++) {
        if (dash_before(i) && *text++ != '-')
            return false;
        int high = souk_hex_digit(text[0]);
        int low = high < 0 ? -1 : souk_hex_digit(text[1]);
        if (low < 0)
            return false;
        bytes[i] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    return *text == '\0';
}

bool souk_uuid_is_random(const char *text)
{
    uint8_t bytes[SOUK_UUID_BYTES];
    return souk_uuid_parse(text, bytes) && bytes[6] >> 4 == 4 && bytes[8] >> 6 == 2;
}

void souk_id_new(char id[SOUK_ID_SIZE])
{
    uint64_t stamp = next_stamp();
    uint8_t bytes[SOUK_UUID_BYTES];

    for (int i = 0; i < 6; i++)
        bytes[i] = (uint8_t)(stamp >> (52 - 8 * i));
    bytes[6] = (uint8_t)(0x70 | (stamp >> 8 & 15));
    bytes[7] = (uint8_t)stamp;
    fill_random(bytes + 8, 8);
    bytes[8] = (uint8_t)(0x80 | (bytes[8] & 0x3f));
    souk_uuid_print(bytes, id);
}

void souk_token_new(char token[SOUK_TOKEN_SIZE])
{
    uint8_t bytes[32];

    fill_random(bytes, sizeof bytes);
    sodium_bin2base64(token, SOUK_TOKEN_SIZE, bytes, sizeof bytes,
        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

void souk_hash(souk_bytes_t bytes, char hex[SOUK_HASH_SIZE])
{
    uint8_t hash[crypto_hash_sha256_BYTES];

    if (sodium_init() < 0)
        abort();
    crypto_hash_sha256(hash, bytes.data, bytes.size);
    sodium_bin2hex(hex, SOUK_HASH_SIZE, hash, sizeof hash);
}
