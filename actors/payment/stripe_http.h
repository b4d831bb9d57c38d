/* Requests to Stripe, many at once, none of which is waited for. One thread at a time. */
#ifndef PAYMENT_STRIPE_HTTP_H
#define PAYMENT_STRIPE_HTTP_H

#include <jansson.h>

#include "../../lib/souk.h"

typedef struct stripe_request stripe_request_t;

/* Sends a form (NULL: a GET) to a path below SOUK_STRIPE_URL. key is Stripe's Idempotency-Key. */
stripe_request_t *stripe_send(const char *path, const char *form, const char *key);

/* Moves all requests on, as far as the network lets them. */
void stripe_turn(void);

typedef struct {
    long status; /* of HTTP; 0: no answer came, and whether it was done is not known */
    bool replayed; /* as the first time that it was asked under this key */
    json_t *body; /* NULL: it is not JSON */
} stripe_answer_t;

/* False: it is still under way. Else *request is gone, and the body is the caller's to json_decref.
 */
must_check bool stripe_take(stripe_request_t **request, stripe_answer_t *answer);

/* A text of an object; "" where there is none such. */
const char *stripe_text(const json_t *object, const char *name);
const char *stripe_keep(souk_pool_t *pool, const char *text);
/* When to look again at what was asked then. */
int stripe_pause_ms(int64_t asked_ms);

#endif
