/* What Stripe's answers mean for a deed. */
#include "stripe_answers.h"

#include <string.h>

enum {
    PAUSE_MS = 500, /* before what could not be done is tried again */
};

static bool is(const json_t *object, const char *name, const char *text)
{
    return strcmp(stripe_text(object, name), text) == 0;
}

static void try_later(struct deed *deed, int phase)
{
    deed->phase = phase;
    deed->again_ms = souk_clock_ms() + PAUSE_MS;
}

/* What may go another way on another day. All else is for good. */
static const char *outcome_of_decline(const json_t *error)
{
    static const char *const soft[] = { "insufficient_funds", "card_velocity_exceeded",
        "withdrawal_count_limit_exceeded", "issuer_not_available", "processing_error",
        "reenter_transaction", "try_again_later" };
    const char *code = stripe_text(error, "decline_code");

    if (!*code)
        code = stripe_text(error, "code");
    for (size_t i = 0; i < sizeof soft / sizeof *soft; i++)
        if (strcmp(soft[i], code) == 0)
            return "insufficient";
    return "declined";
}

/* No answer, or none of Stripe's own: of a proxy, cut short, or of a failure. */
static bool is_unclear(const stripe_answer_t *answer)
{
    bool answered = (answer->status >= 200 && answer->status < 300) ||
        (answer->status >= 400 && answer->status < 500);
    return !answered || !json_is_object(answer->body);
}

/* Nothing is known of what was done. True: it is to be looked up. */
static bool is_unknown(struct deed *deed, const stripe_answer_t *answer)
{
    if (!is_unclear(answer))
        return false;
    deed->phase = LOOK;
    deed->attempt += answer->status >= 500;
    return true;
}

/* Nothing was done: too many requests, the same just under way, or not our key. */
static bool is_put_off(struct deed *deed, const stripe_answer_t *answer)
{
    if (answer->status != 429 && answer->status != 409 && answer->status != 401 &&
        answer->status != 403)
        return false;
    try_later(deed, deed->phase);
    return true;
}

/* NULL: it was no refusal. */
static const json_t *refusal_of(const stripe_answer_t *answer)
{
    return answer->status >= 400 ? json_object_get(answer->body, "error") : NULL;
}

/* Not that the intent is in another state, which may be because it succeeded, nor that the key was
   used for something else: neither tells what became of the money. */
static bool is_about_card(const json_t *error)
{
    return is(error, "type", "card_error") ||
        (is(error, "type", "invalid_request_error") && is(error, "param", "payment_method"));
}

static void read_intent(struct deed *deed, const json_t *intent)
{
    if (is(intent, "status", "succeeded"))
        deed->outcome = "captured";
    else if (is(intent, "status", "requires_capture"))
        deed->outcome = "authorized";
    else if (is(intent, "status", "requires_confirmation"))
        deed->phase = ACT;
    else if (is(intent, "status", "requires_payment_method") ||
        is(intent, "status", "requires_action") || is(intent, "status", "canceled"))
        deed->outcome = outcome_of_decline(json_object_get(intent, "last_payment_error"));
    else
        try_later(deed, LOOK);
}

/* Where no intent is made no money is taken, whatever the refusal says. */
void stripe_take_intent(struct deed *deed, const stripe_answer_t *answer)
{
    const json_t *error = refusal_of(answer);

    if (is_put_off(deed, answer))
        return;
    if (error && !is(error, "type", "idempotency_error")) {
        deed->outcome = outcome_of_decline(error);
    } else if (answer->status >= 300 || is_unclear(answer) || !*stripe_text(answer->body, "id")) {
        deed->attempt += answer->status >= 500;
        try_later(deed, MAKE);
    } else {
        deed->reference = stripe_keep(deed->pool, stripe_text(answer->body, "id"));
        deed->phase = answer->replayed ? LOOK : ACT;
        deed->attempt = 0;
    }
}

void stripe_take_confirmation(struct deed *deed, const stripe_answer_t *answer)
{
    const json_t *error = refusal_of(answer);

    if (is_put_off(deed, answer) || is_unknown(deed, answer))
        return;
    if (error && is_about_card(error))
        deed->outcome = outcome_of_decline(error);
    else if (answer->status < 300)
        read_intent(deed, answer->body);
    if (!deed->outcome)
        try_later(deed, LOOK);
}

void stripe_take_look(struct deed *deed, const stripe_answer_t *answer)
{
    if (answer->status == 200)
        read_intent(deed, answer->body);
    else
        try_later(deed, LOOK);
}

/* What was captured or let go before is found by looking. */
void stripe_take_capture(struct deed *deed, const stripe_answer_t *answer)
{
    if (is_put_off(deed, answer) || is_unknown(deed, answer))
        return;
    if (answer->status < 300 && is(answer->body, "status", "succeeded"))
        deed->outcome = "captured";
    else
        deed->phase = LOOK;
}

void stripe_look_at_capture(struct deed *deed, const stripe_answer_t *answer)
{
    const json_t *intent = answer->status == 200 ? answer->body : NULL;

    if (is(intent, "status", "succeeded"))
        deed->outcome = "captured";
    else if (is(intent, "status", "canceled"))
        deed->outcome = "declined";
    else
        try_later(deed, is(intent, "status", "requires_capture") ? ACT : LOOK);
}

/* What is pending is on its way, and Stripe sees to it. */
static bool is_given_back(const json_t *refund)
{
    return is(refund, "status", "succeeded") || is(refund, "status", "pending");
}

static bool is_void(const json_t *refund)
{
    return is(refund, "status", "failed") || is(refund, "status", "canceled");
}

/* The one that counts: the last that was not in vain, or else one that was. */
static const json_t *find_refund(const json_t *list, const char *key)
{
    const json_t *data = json_object_get(list, "data"), *found = NULL;

    for (size_t i = 0; i < json_array_size(data); i++) {
        const json_t *refund = json_array_get(data, i);
        if (is(json_object_get(refund, "metadata"), "souk_key", key) && (!found || is_void(found)))
            found = refund;
    }
    return found;
}

static bool lists_refunds(const stripe_answer_t *answer)
{
    return answer->status == 200 && json_is_array(json_object_get(answer->body, "data"));
}

/* A refusal may be of what was done before, so it is looked up as well. */
void stripe_take_refund(struct deed *deed, const stripe_answer_t *answer)
{
    const json_t *error = refusal_of(answer);

    if (is_put_off(deed, answer) || is_unknown(deed, answer))
        return;
    if (answer->status < 300 && is_given_back(answer->body))
        deed->outcome = "refunded";
    deed->refused = error && !is(error, "type", "idempotency_error");
    deed->phase = LOOK;
}

void stripe_look_at_refund(struct deed *deed, const stripe_answer_t *answer)
{
    const json_t *found = find_refund(answer->body, deed->key);

    if (!lists_refunds(answer))
        try_later(deed, LOOK);
    else if (found ? is_void(found) : deed->refused)
        deed->outcome = "failed";
    else if (found && is_given_back(found))
        deed->outcome = "refunded";
    else
        try_later(deed, found ? LOOK : ACT);
}

/* Nothing but success ends this: the money is owed until it is given back. */
void stripe_take_release(struct deed *deed, const stripe_answer_t *answer)
{
    if (is_put_off(deed, answer) || is_unknown(deed, answer))
        return;
    bool done = answer->status >= 300 ? is(refusal_of(answer), "code", "charge_already_refunded")
        : deed->manual                ? is(answer->body, "status", "canceled")
                                      : is_given_back(answer->body);
    if (done)
        deed->outcome = "voided";
    else
        try_later(deed, LOOK);
}

static void look_at_cancellation(struct deed *deed, const json_t *intent)
{
    if (is(intent, "status", "canceled"))
        deed->outcome = "voided";
    else
        try_later(deed, is(intent, "status", "requires_capture") ? ACT : LOOK);
}

/* Under the key of a refund that came to nothing, Stripe would answer that one for ever. */
void stripe_look_at_release(struct deed *deed, const stripe_answer_t *answer)
{
    const json_t *found = find_refund(answer->body, deed->key);

    if (deed->manual) {
        look_at_cancellation(deed, answer->status == 200 ? answer->body : NULL);
    } else if (!lists_refunds(answer)) {
        try_later(deed, LOOK);
    } else if (found && is_given_back(found)) {
        deed->outcome = "voided";
    } else {
        deed->attempt += found && is_void(found);
        try_later(deed, found && !is_void(found) ? LOOK : ACT);
    }
}
