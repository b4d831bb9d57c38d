/* Slows down whoever tries coupons that there are not, and nobody else. */
#ifndef PRICING_GUESSES_H
#define PRICING_GUESSES_H

#include "../../lib/index.h"
#include "../../lib/throttle.h"
#include "records.h"

/* Coupons that somebody means to use. */
struct attempt {
    const char *user_id;
    const char *address;
    souk_list_t coupons; /* const char * */
};
static const souk_record_t attempt = {
    .name = "coupon_attempt",
    .size = sizeof(struct attempt),
    .fields = {
        FIELD(attempt, user_id, .format = SOUK_UUID, .optional = true),
        FIELD(attempt, address, .max = ADDRESS_MAX, .optional = true,
            .doc = "from which network address; of a guest nothing else is known"),
        FIELD(attempt, coupons, .min = 1, .max = COUPONS_MAX),
    },
};

/* Those who try coupons in a batch, and what they have failed at before. */
struct guesses {
    souk_call_t *all;
    souk_list_t keys; /* const char * */
    souk_index_t *by_key; /* struct souk_failure */
    souk_list_t wrong; /* const char *: the key of who was wrong, once for each time */
};

extern const souk_error_t pricing_too_many_attempts;
extern const souk_query_t pricing_find_codes;

/* Whoever is counted: a user, else a network. NULL: neither is known, so it is a service. */
const char *pricing_guesser(souk_call_t *call, const char *user_id, const char *address);

/* First all who try are added, then what they have failed at is found. A NULL is passed over, here
   and below. */
void pricing_guesses_add(struct guesses *guesses, const char *guesser);
must_check bool pricing_guesses_find(struct guesses *guesses);
/* False: the call has failed, since it comes too early. */
bool pricing_may_guess(const struct guesses *guesses, souk_call_t *call, const char *guesser);
/* Counts at once for those who come later in the batch. */
void pricing_guess_wrong(struct guesses *guesses, const char *guesser);
/* Writes down who was wrong. */
must_check bool pricing_guesses_keep(const struct guesses *guesses);

bool pricing_try_coupons(souk_batch_t *batch);

#endif
