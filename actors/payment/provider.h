/* A payment provider, as the payment service sees any: a struct of functions. */
#ifndef PAYMENT_PROVIDER_H
#define PAYMENT_PROVIDER_H

#include "../../lib/souk.h"

/* One charge on its way. */
struct charge {
    const char *key; /* the provider charges once by it, however often it is asked */
    souk_money_t amount;
    const char *method;
    int64_t asked_ms; /* by souk_clock_ms; 0: not yet */
    const char *outcome; /* captured, declined or insufficient; NULL: not known */
    int wait_ms; /* without an outcome: when to look again */
};

/* None of these waits, and none is called in a transaction. What they are given are lists of
   struct charge *. False: the call has failed, and nothing is known of any of them. */
struct provider {
    bool (*takes)(const char *method);
    /* Asks for those that were not asked yet; takes the answers that are there. */
    bool (*charge)(souk_call_t *call, const souk_list_t *charges);
    /* Looks charges up whose answer never came. Those it never heard of stay without outcome. */
    bool (*find)(souk_call_t *call, const souk_list_t *charges);
    /* Gives back what was captured, all of it; of what was not, nothing. */
    bool (*refund)(souk_call_t *call, const souk_list_t *keys);
};

#endif
