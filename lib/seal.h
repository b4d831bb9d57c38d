/* What is stored of an idempotency key and of what was asked under it: nothing by which whoever
   reads the table could learn or guess either. */
#ifndef SOUK_SEAL_H
#define SOUK_SEAL_H

#include "call.h"

enum {
    SOUK_SEAL_BYTES = 32,
};

typedef struct {
    char key[SOUK_HASH_SIZE]; /* a hash of the key */
    char fingerprint[SOUK_HASH_SIZE]; /* of what is asked, by whoever has the key */
    uint8_t secret[SOUK_SEAL_BYTES]; /* opens what was answered, and is stored nowhere */
} souk_seal_t;

/* Of a call that has a key; in its memory. */
const souk_seal_t *souk_seal_of(souk_call_t *call);

/* As text that only the same call, asked under the same key, can open. */
const char *souk_seal_close(const souk_seal_t *seal, souk_bytes_t answer, souk_pool_t *pool);
/* False: it was not closed by this seal. */
must_check bool souk_seal_open(const souk_seal_t *seal, const char *text, souk_bytes_t *answer,
    souk_pool_t *pool);

#endif
