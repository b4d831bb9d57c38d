/* Slows down whoever guesses passwords, and nobody else. */
#ifndef AUTH_THROTTLE_H
#define AUTH_THROTTLE_H

#include "../../lib/throttle.h"
#include "records.h"

extern const souk_error_t auth_too_many_attempts;

/* What failures have in common: each kind is slowed down by itself. */
typedef enum {
    AUTH_PAIR, /* one account, from one network */
    AUTH_ACCOUNT, /* one account, from anywhere */
    AUTH_NETWORK, /* one network, whatever the account */
    AUTH_OWN, /* the caller's own password, asked for once more */
    AUTH_MAIL, /* mail to one address */
    AUTH_MAILS, /* mail that one network has asked for */
    AUTH_REGISTRATIONS, /* that one network has asked for */
    AUTH_COMMONS,
} auth_common_t;

/* Seconds that the next attempt has to wait for, after so many failures; pure. */
int auth_throttle_wait_s(auth_common_t common, int count, int age_s);

/* What an attempt counts for. NULL in subject: nothing is counted, since it is not known. */
typedef struct {
    auth_common_t common;
    const char *subject;
} auth_attempt_t;

/* How long the attempt has to wait, by what is counted; those of count attempts that matter.
   False: the call has failed, with auth_too_many_attempts where it comes too early. */
must_check bool auth_throttle_check(souk_call_t *call, const auth_attempt_t *attempts,
    size_t count);
must_check bool auth_throttle_count(souk_call_t *call, const auth_attempt_t *attempts,
    size_t count);
must_check bool auth_throttle_forgive(souk_call_t *call, const auth_attempt_t *attempts,
    size_t count);

/* The network that the caller comes from; NULL: it is not known. */
const char *auth_network(souk_call_t *call);
/* The subject of AUTH_PAIR: an account, as it is tried from the caller's network. */
const char *auth_pair(souk_call_t *call, const char *email);

#endif
