/* What Stripe's answers mean for a deed. Only what says plainly what was done is believed: all else
   is looked up, or tried again later. */
#ifndef PAYMENT_STRIPE_ANSWERS_H
#define PAYMENT_STRIPE_ANSWERS_H

#include "provider.h"
#include "stripe_http.h"

/* Where a deed has come to. */
enum {
    MAKE, /* the intent, for what needs one */
    ACT,
    LOOK,
};

/* Puts the deed's .outcome, or leaves it, or says where to go on. */
typedef void stripe_take_t(struct deed *deed, const stripe_answer_t *answer);

stripe_take_t stripe_take_intent, stripe_take_confirmation, stripe_take_look, stripe_take_capture,
    stripe_look_at_capture, stripe_take_refund, stripe_look_at_refund, stripe_take_release,
    stripe_look_at_release;

#endif
