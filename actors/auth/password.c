/* Passwords, of which only an argon2id hash is kept (RFC 9106). */
#include "password.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum {
    PASSES = 2,
    MEMORY = 19 << 20, /* bytes, as the OWASP Password Storage Cheat Sheet has it */
};

/* Of a password that nobody has, with the same costs. */
static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
                             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/* Done more than once it does nothing. */
static void make_ready(void)
{
    int state = sodium_init();
    assert(state >= 0);
    (void)state;
}

const char *auth_password_hash(souk_call_t *call, const char *password)
{
    char *hash = souk_alloc(call, crypto_pwhash_STRBYTES);

    make_ready();
    if (crypto_pwhash_str_alg(hash, password, strlen(password), PASSES, MEMORY,
            crypto_pwhash_ALG_ARGON2ID13) == 0)
        return hash;
    souk_fail(call, &souk_busy, "too many passwords are hashed at once");
    return NULL;
}

bool auth_password_fits(const char *hash, const char *password)
{
    make_ready();
    return crypto_pwhash_str_verify(hash ? hash : nobody, password, strlen(password)) == 0 && hash;
}
