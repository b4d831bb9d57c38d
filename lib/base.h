/* What every file of Souk may rely on: ownership in scopes, checked results, bytes, moments. */
#ifndef SOUK_BASE_H
#define SOUK_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define must_check __attribute__((warn_unused_result))

/* owned(zmsg) m = ...; is destroyed by zmsg_destroy when its scope ends, unless given away by
   address before. The type needs an OWNED(zmsg) once, beside its declaration. */
#define owned(type) __attribute__((cleanup(souk_owned_##type), unused)) type##_t *
#define OWNED(type)                                                                                \
    static inline void souk_owned_##type(type##_t **thing)                                         \
    {                                                                                              \
        type##_destroy(thing);                                                                     \
    }

/* Borrowed bytes: whoever hands them out says how long they live. */
typedef struct {
    const void *data;
    size_t size;
} souk_bytes_t;

/* A moment: milliseconds since 1970-01-01T00:00:00Z. 0 is no moment. On the bus an integer, in
   JSON an RFC 3339 text in UTC, in PostgreSQL a timestamptz. */
typedef struct {
    int64_t ms;
} souk_time_t;

/* Wall-clock time, for what is stored or compared with other machines. */
souk_time_t souk_now(void);

/* A clock that never jumps, in milliseconds, for waiting and measuring. */
int64_t souk_clock_ms(void);

#define SOUK_TIME_TEXT_SIZE 25
/* Writes "2026-01-31T23:59:59.123Z". */
void souk_time_print(souk_time_t time, char text[SOUK_TIME_TEXT_SIZE]);
/* RFC 3339 section 5.6; false where text is not that. */
must_check bool souk_time_parse(const char *text, souk_time_t *time);
/* Whether its year has four digits, as RFC 3339 wants. */
bool souk_time_tellable(souk_time_t time);

#define SOUK_ID_SIZE 37
/* A new UUIDv7 (RFC 9562 section 5.7) as text: ids made later sort later. */
void souk_id_new(char id[SOUK_ID_SIZE]);

enum {
    SOUK_UUID_BYTES = 16
};
void souk_uuid_print(const uint8_t bytes[SOUK_UUID_BYTES], char id[SOUK_ID_SIZE]);
/* False where text is no UUID; its digits may be of either case. */
must_check bool souk_uuid_parse(const char *text, uint8_t bytes[SOUK_UUID_BYTES]);
/* Whether text is a UUID that was drawn by lot (UUIDv4, RFC 9562 section 5.4): 122 random bits. */
must_check bool souk_uuid_is_random(const char *text);
/* The value of a hexadecimal digit of either case; -1: it is none. */
int souk_hex_digit(char c);

#define SOUK_TOKEN_SIZE 44
/* 256 bits from the system's CSPRNG, as unpadded base64url. */
void souk_token_new(char token[SOUK_TOKEN_SIZE]);
#define SOUK_HASH_SIZE 65
/* SHA-256 as hex. Enough for tokens (they are random); passwords need souk's auth actor. */
void souk_hash(souk_bytes_t bytes, char hex[SOUK_HASH_SIZE]);

#endif
