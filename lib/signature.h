/* Messages that come from outside over HTTP, signed by whoever shares a secret with the shop: the
   header says t=SECONDS,v1=HEX, HEX being the HMAC-SHA256 (RFC 2104) of "SECONDS.BODY". It is the
   form that Stripe documents for its webhooks (docs.stripe.com/webhooks/signature). */
#ifndef SOUK_SIGNATURE_H
#define SOUK_SIGNATURE_H

#include "call.h"

enum {
    SOUK_SIGNED_MAX = 262144, /* characters of a body */
    SOUK_SIGNED_FOR_S = 300, /* how far the clocks, and the moment of signing, may be apart */
};

/* The request of an operation with .signature that has nothing in its route. */
struct souk_signed {
    const char *body;
    const char *signature;
};
extern const souk_record_t souk_signed;

/* What the header says of body when it is signed at this time; in pool. */
const char *souk_signature_make(const char *secret, souk_time_t time, const char *body,
    souk_pool_t *pool);

/* Whether one of the header's v1 is of body, and not too far from now. While a secret is replaced a
   sender may sign with both. */
must_check bool souk_signature_fits(const char *secret, souk_time_t now, const char *body,
    const char *signature);

/* Reads the body, a JSON object, as a record into value; keys that the record does not have mean
   nothing. The call fails with souk_unauthorized where the signature does not fit, and with
   souk_invalid where the body does not. */
must_check bool souk_signed_read(souk_call_t *call, const struct souk_signed *message,
    const char *secret, const souk_record_t *record, void *value);

#endif
