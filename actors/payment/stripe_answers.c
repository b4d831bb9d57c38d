/* What Stripe's answers mean for money. */
#include "stripe_answers.h"

#include <string.h>

#include "../../lib/settings.h"
#include "stripe_asks.h"

void stripe_try_later(struct deed *deed, int phase)
{
    deed->phase = phase;
    deed->again_ms = souk_clock_ms() + souk_settings.provider_retry_ms;
}

bool stripe_is(const char *text, const char *wanted)
{
    return text && strcmp(text, wanted) == 0;
}

static bool is_among(const char *text, const char *const *some)
{
    while (*some && !stripe_is(text, *some))
        some++;
    return *some;
}

bool stripe_is_put_off(const souk_web_answer_t *answer)
{
    return answer->status == 429 || answer->status == 409 || answer->status == 401 ||
        answer->status == 403;
}

bool stripe_is_unclear(const souk_web_answer_t *answer)
{
    return !answer->gives && !answer->refusal;
}

/* NULL: it was no refusal. */
static const struct stripe_error *error_of(const souk_web_answer_t *answer)
{
    const struct stripe_refusal *refusal = answer->refusal;
    return refusal ? &refusal->error : NULL;
}

/* The bank's own word first. What may go another way on another day is soft; what is not named here
   is for good. */
static const char *outcome_of_decline(const struct stripe_error *error)
{
    static const char *const soft[] = { "insufficient_funds", "card_velocity_exceeded",
        "withdrawal_count_limit_exceeded", "issuer_not_available", "processing_error",
        "reenter_transaction", "try_again_later", NULL };
    static const char *const unconfirmed[] = { "authentication_required",
        "payment_intent_action_required", NULL };

    if (is_among(error->decline_code, unconfirmed) || is_among(error->code, unconfirmed))
        return "authentication_required";
    return is_among(error->decline_code ? error->decline_code : error->code, soft) ? "insufficient"
                                                                                   : "declined";
}

static bool is_put_off(struct deed *deed, const souk_web_answer_t *answer)
{
    if (!stripe_is_put_off(answer))
        return false;
    stripe_try_later(deed, deed->phase);
    return true;
}

/* True: it is to be looked up. */
static bool is_unknown(struct deed *deed, const souk_web_answer_t *answer)
{
    if (!stripe_is_unclear(answer))
        return false;
    deed->phase = LOOK;
    deed->attempt += answer->status >= 500;
    return true;
}

/* Not that the intent is in another state, which may be because it succeeded, nor that the key was
   used for something else: neither tells what became of the money. */
static bool is_about_card(const struct stripe_error *error)
{
    return stripe_is(error->type, "card_error") ||
        (stripe_is(error->type, "invalid_request_error") &&
            stripe_is(error->param, "payment_method"));
}

/* What waits for the customer waits for nobody: who was to be asked is not there any more. */
static void read_intent(struct deed *deed, const struct stripe_intent *intent)
{
    if (stripe_is(intent->status, "succeeded"))
        deed->outcome = "captured";
    else if (stripe_is(intent->status, "requires_capture"))
        deed->outcome = "authorized";
    else if (stripe_is(intent->status, "requires_confirmation"))
        deed->phase = ACT;
    else if (stripe_is(intent->status, "requires_action"))
        deed->outcome = "authentication_required";
    else if (stripe_is(intent->status, "requires_payment_method") ||
        stripe_is(intent->status, "canceled"))
        deed->outcome = outcome_of_decline(&intent->last_payment_error);
    else
        stripe_try_later(deed, LOOK);
}

/* Where no intent is made no money is taken, whatever the refusal says. */
void stripe_take_intent(struct deed *deed, const souk_web_answer_t *answer)
{
    const struct stripe_error *error = error_of(answer);
    const struct stripe_intent *intent = answer->gives;

    if (is_put_off(deed, answer))
        return;
    if (error && !stripe_is(error->type, "idempotency_error")) {
        deed->outcome = outcome_of_decline(error);
    } else if (!intent) {
        deed->attempt += answer->status >= 500;
        stripe_try_later(deed, MAKE);
    } else {
        deed->reference = intent->id;
        deed->phase = answer->replayed ? LOOK : ACT;
        deed->attempt = 0;
    }
}

void stripe_take_confirmation(struct deed *deed, const souk_web_answer_t *answer)
{
    const struct stripe_error *error = error_of(answer);

    if (is_put_off(deed, answer) || is_unknown(deed, answer))
        return;
    if (error && is_about_card(error))
        deed->outcome = outcome_of_decline(error);
    else if (answer->gives)
        read_intent(deed, answer->gives);
    if (!deed->outcome)
        stripe_try_later(deed, LOOK);
}

void stripe_take_look(struct deed *deed, const souk_web_answer_t *answer)
{
    if (answer->gives)
        read_intent(deed, answer->gives);
    else
        stripe_try_later(deed, LOOK);
}

/* Nobody is to act on what is not decided. */
void stripe_look_on(struct deed *deed, const souk_web_answer_t *answer)
{
    if (answer->gives)
        read_intent(deed, answer->gives);
    else if (!answer->refusal)
        stripe_try_later(deed, LOOK);
    if (!deed->outcome && (answer->gives || answer->refusal))
        deed->outcome = "pending";
}

static const char *status_of(const souk_web_answer_t *answer)
{
    const struct stripe_intent *intent = answer->gives;
    return intent ? intent->status : NULL;
}

/* What was captured or let go before is found by looking. */
void stripe_take_capture(struct deed *deed, const souk_web_answer_t *answer)
{
    if (is_put_off(deed, answer) || is_unknown(deed, answer))
        return;
    if (stripe_is(status_of(answer), "succeeded"))
        deed->outcome = "captured";
    else
        deed->phase = LOOK;
}

void stripe_look_at_capture(struct deed *deed, const souk_web_answer_t *answer)
{
    const char *status = status_of(answer);

    if (stripe_is(status, "succeeded"))
        deed->outcome = "captured";
    else if (stripe_is(status, "canceled"))
        deed->outcome = "declined";
    else
        stripe_try_later(deed, stripe_is(status, "requires_capture") ? ACT : LOOK);
}

/* What is pending is on its way, and Stripe sees to it. */
static bool is_given_back(const struct stripe_refund *refund)
{
    return stripe_is(refund->status, "succeeded") || stripe_is(refund->status, "pending");
}

static bool is_void(const struct stripe_refund *refund)
{
    return stripe_is(refund->status, "failed") || stripe_is(refund->status, "canceled");
}

/* The one that counts: the last that was not in vain, or else one that was. */
static const struct stripe_refund *find_refund(const souk_web_answer_t *answer, const char *key)
{
    const struct stripe_refunds *list = answer->gives;
    const struct stripe_refund *all = list ? list->data.items : NULL, *found = NULL;

    for (size_t i = 0; list && i < list->data.count; i++)
        if (stripe_is(all[i].metadata.souk_key, key) && (!found || is_void(found)))
            found = &all[i];
    return found;
}

/* A refusal may be of what was done before, so it is looked up as well. */
void stripe_take_refund(struct deed *deed, const souk_web_answer_t *answer)
{
    const struct stripe_error *error = error_of(answer);

    if (is_put_off(deed, answer) || is_unknown(deed, answer))
        return;
    if (answer->gives && is_given_back(answer->gives))
        deed->outcome = "refunded";
    deed->refused = error && !stripe_is(error->type, "idempotency_error");
    deed->phase = LOOK;
}

void stripe_look_at_refund(struct deed *deed, const souk_web_answer_t *answer)
{
    const struct stripe_refund *found = find_refund(answer, deed->key);

    if (!answer->gives)
        stripe_try_later(deed, LOOK);
    else if (found ? is_void(found) : deed->refused)
        deed->outcome = "failed";
    else if (found && is_given_back(found))
        deed->outcome = "refunded";
    else
        stripe_try_later(deed, found ? LOOK : ACT);
}

/* Nothing but success ends this: the money is owed until it is given back. */
void stripe_take_release(struct deed *deed, const souk_web_answer_t *answer)
{
    const struct stripe_error *error = error_of(answer);

    if (is_put_off(deed, answer) || is_unknown(deed, answer))
        return;
    bool done = error  ? stripe_is(error->code, "charge_already_refunded")
        : deed->manual ? stripe_is(status_of(answer), "canceled")
                       : is_given_back(answer->gives);
    if (done)
        deed->outcome = "voided";
    else
        stripe_try_later(deed, LOOK);
}

static void look_at_cancellation(struct deed *deed, const char *status)
{
    if (stripe_is(status, "canceled"))
        deed->outcome = "voided";
    else
        stripe_try_later(deed, stripe_is(status, "requires_capture") ? ACT : LOOK);
}

/* Under the key of a refund that came to nothing, Stripe would answer that one for ever. */
static void look_at_repayment(struct deed *deed, const souk_web_answer_t *answer)
{
    const struct stripe_refund *found = find_refund(answer, deed->key);

    if (!answer->gives) {
        stripe_try_later(deed, LOOK);
    } else if (found && is_given_back(found)) {
        deed->outcome = "voided";
    } else {
        deed->attempt += found && is_void(found);
        stripe_try_later(deed, found && !is_void(found) ? LOOK : ACT);
    }
}

void stripe_look_at_release(struct deed *deed, const souk_web_answer_t *answer)
{
    if (deed->manual)
        look_at_cancellation(deed, status_of(answer));
    else
        look_at_repayment(deed, answer);
}
