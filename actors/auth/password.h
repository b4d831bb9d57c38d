/* Passwords, of which only an argon2id hash is kept. */
#ifndef AUTH_PASSWORD_H
#define AUTH_PASSWORD_H

#include "../../lib/call.h"

/* In the call's memory. NULL: there is not memory enough at the moment, and the call has failed. */
const char *auth_password_hash(souk_call_t *call, const char *password);

/* hash NULL: nobody's password; false, after just as long. */
bool auth_password_fits(const char *hash, const char *password);

#endif
