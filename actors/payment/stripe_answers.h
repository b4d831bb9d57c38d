/* What Stripe's answers mean for a deed. Only what says plainly what was done is believed: all else
   is looked up, or tried again later. */
#ifndef PAYMENT_STRIPE_ANSWERS_H
#define PAYMENT_STRIPE_ANSWERS_H

#include "../../lib/web.h"
#include "provider.h"

/* Where a deed has come to. */
enum {
    MAKE, /* what it is about, where that is Stripe's to name */
    ACT,
    LOOK,
    PHASES,
};

/* Puts the deed's .outcome, or leaves it, or says where to go on. */
typedef void stripe_take_t(struct deed *deed, const souk_web_answer_t *answer);

stripe_take_t stripe_take_intent, stripe_take_confirmation, stripe_take_look, stripe_take_capture,
    stripe_look_on, stripe_look_at_capture, stripe_take_refund, stripe_look_at_refund,
    stripe_take_release, stripe_look_at_release;
stripe_take_t stripe_take_customer, stripe_learn_customer, stripe_look_at_method,
    stripe_take_attachment, stripe_take_farewell, stripe_look_at_farewell;

/* For what all of them are made of. */
void stripe_try_later(struct deed *deed, int phase);
bool stripe_is(const char *text, const char *wanted);
/* Nothing was done: too many requests, the same just under way, or not our key. */
bool stripe_is_put_off(const souk_web_answer_t *answer);
/* Neither a success nor a refusal of Stripe's own: nothing is known of what was done. */
bool stripe_is_unclear(const souk_web_answer_t *answer);

#endif
