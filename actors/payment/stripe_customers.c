/* What Stripe's answers mean for customers and what they have stored. */
#include "stripe_answers.h"
#include "stripe_asks.h"

static bool is_missing(const souk_web_answer_t *answer)
{
    const struct stripe_refusal *refusal = answer->refusal;
    return refusal && stripe_is(refusal->error.code, "resource_missing");
}

/* Whether nothing but this would ever be answered under the key. */
static bool is_stuck(const souk_web_answer_t *answer)
{
    return answer->status >= 500 || (answer->replayed && !answer->gives);
}

/* Whoever stores a method can try again himself. */
void stripe_take_customer(struct deed *deed, const souk_web_answer_t *answer)
{
    const struct stripe_customer *customer = answer->gives;

    deed->customer = customer ? customer->id : NULL;
    deed->outcome = customer ? "enrolled" : "unanswered";
    deed->attempt += is_stuck(answer);
}

/* Whoever is to be deleted must be known, also where the answer that told who it is was lost. */
void stripe_learn_customer(struct deed *deed, const souk_web_answer_t *answer)
{
    const struct stripe_customer *customer = answer->gives;

    deed->attempt += is_stuck(answer);
    if (customer) {
        deed->customer = customer->id;
        deed->phase = ACT;
    } else {
        stripe_try_later(deed, MAKE);
    }
}

static void tell_card(struct deed *deed, const struct stripe_card *card)
{
    *deed->card = (struct card){ card->brand, card->last4, card->exp_month, card->exp_year };
    deed->outcome = "attached";
}

/* A method that is another customer's, or no card, is none. */
void stripe_look_at_method(struct deed *deed, const souk_web_answer_t *answer)
{
    const struct stripe_method *method = answer->gives;

    if (stripe_is_put_off(answer) || stripe_is_unclear(answer))
        deed->outcome = "unanswered";
    else if (!method || !method->card.brand)
        deed->outcome = "unknown";
    else if (stripe_is(method->customer, deed->customer))
        tell_card(deed, &method->card);
    else if (method->customer || deed->refused)
        deed->outcome = "unknown";
    else
        deed->phase = ACT;
}

/* A refusal may be of what was done before: libcurl repeats what it has sent over a connection that
   was closed meanwhile. */
void stripe_take_attachment(struct deed *deed, const souk_web_answer_t *answer)
{
    const struct stripe_method *method = answer->gives;
    const struct stripe_refusal *refusal = answer->refusal;

    if (stripe_is_put_off(answer) || stripe_is_unclear(answer)) {
        deed->outcome = "unanswered";
    } else if (method && method->card.brand) {
        tell_card(deed, &method->card);
    } else if (refusal && stripe_is(refusal->error.type, "card_error")) {
        deed->outcome = "declined";
    } else {
        deed->refused = true;
        deed->phase = LOOK;
    }
}

/* What is not there any more is gone. A method may be there and not be the customer's any more. */
void stripe_take_farewell(struct deed *deed, const souk_web_answer_t *answer)
{
    if (answer->gives || is_missing(answer))
        deed->outcome = "gone";
    else if (deed->method && answer->refusal && answer->status == 400)
        deed->phase = LOOK;
    else
        stripe_try_later(deed, ACT);
}

void stripe_look_at_farewell(struct deed *deed, const souk_web_answer_t *answer)
{
    const struct stripe_method *method = answer->gives;

    if (is_missing(answer) || (method && !stripe_is(method->customer, deed->customer)))
        deed->outcome = "gone";
    else
        stripe_try_later(deed, ACT);
}
