/* Stripe, by PaymentIntents. What moves money is asked for in two steps: an intent is made, which
   costs nobody anything and is made once by its Idempotency-Key, and then it is confirmed. So there
   is always something to be looked up, by its id: Stripe keeps even a 500 under a key and answers
   it again for ever, hence a replay of the key would not tell what became of the money; and its
   search knows of what was just done only a while later. */
#include "stripe.h"

#include <ctype.h>
#include <string.h>

#include "../../lib/settings.h"
#include "stripe_http.h"

enum {
    PAUSE_MS = 500, /* before what could not be done is tried again */
};

/* Where a deed has come to. */
enum {
    MAKE, /* the intent, for what needs one */
    ACT,
    LOOK,
};

/* One kind of deed. Each function puts the deed's .outcome, or leaves it, or says where to go on.
 */
typedef struct {
    bool makes_intent;
    stripe_request_t *(*act)(souk_pool_t *pool, const struct deed *deed);
    void (*take_act)(souk_pool_t *pool, struct deed *deed, const stripe_answer_t *answer);
    void (*take_look)(souk_pool_t *pool, struct deed *deed, const stripe_answer_t *answer);
    bool lists_refunds; /* what is looked at */
} errand_t;

static bool takes(const char *method)
{
    if (strncmp(method, "pm_", 3) != 0)
        return false;
    for (const char *c = method; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_')
            return false;
    return true;
}

/* Under a key that a 500 came back for, Stripe would answer that 500 for ever. */
static const char *key_of(souk_pool_t *pool, const struct deed *deed, const char *step)
{
    return deed->attempt ? souk_pool_format(pool, "%s.%s.%d", deed->key, step, deed->attempt)
                         : souk_pool_format(pool, "%s.%s", deed->key, step);
}

static const char *currency_of(souk_pool_t *pool, const struct deed *deed)
{
    char *currency = souk_pool_format(pool, "%s", deed->amount.currency);
    for (char *c = currency; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return currency;
}

static stripe_request_t *make_intent(souk_pool_t *pool, const struct deed *deed)
{
    const char *form = souk_pool_format(pool,
        "amount=%lld&currency=%s&payment_method=%s&payment_method_types[]=card&capture_method=%s"
        "&metadata[order_id]=%s",
        (long long)deed->amount.amount, currency_of(pool, deed), deed->method,
        deed->manual ? "manual" : "automatic", deed->order_id);
    return stripe_send("/v1/payment_intents", form, key_of(pool, deed, "intent"));
}

static stripe_request_t *send_to_intent(souk_pool_t *pool, const struct deed *deed,
    const char *verb, const char *form)
{
    const char *path = souk_pool_format(pool, "/v1/payment_intents/%s/%s", deed->reference, verb);
    return stripe_send(path, form, key_of(pool, deed, verb));
}

static stripe_request_t *confirm(souk_pool_t *pool, const struct deed *deed)
{
    return send_to_intent(pool, deed, "confirm", "");
}

static stripe_request_t *capture_intent(souk_pool_t *pool, const struct deed *deed)
{
    return send_to_intent(pool, deed, "capture",
        souk_pool_format(pool, "amount_to_capture=%lld", (long long)deed->amount.amount));
}

static stripe_request_t *give_back(souk_pool_t *pool, const struct deed *deed)
{
    const char *form = souk_pool_format(pool, "payment_intent=%s&amount=%lld&metadata[souk_key]=%s",
        deed->reference, (long long)deed->amount.amount, deed->key);
    return stripe_send("/v1/refunds", form, key_of(pool, deed, "refund"));
}

static stripe_request_t *let_go(souk_pool_t *pool, const struct deed *deed)
{
    return deed->manual ? send_to_intent(pool, deed, "cancel", "") : give_back(pool, deed);
}

static stripe_request_t *look(souk_pool_t *pool, const struct deed *deed, bool refunds)
{
    const char *path = refunds
        ? souk_pool_format(pool, "/v1/refunds?payment_intent=%s&limit=100", deed->reference)
        : souk_pool_format(pool, "/v1/payment_intents/%s", deed->reference);
    return stripe_send(path, NULL, NULL);
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

static void try_later(struct deed *deed)
{
    deed->again_ms = souk_clock_ms() + PAUSE_MS;
}

/* No answer, or one that says nothing of what was done. True: there is none to be read. */
static bool is_unknown(struct deed *deed, const stripe_answer_t *answer)
{
    if (answer->status != 0 && answer->status < 500)
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
    try_later(deed);
    return true;
}

static void read_intent(struct deed *deed, const json_t *intent)
{
    const char *status = stripe_text(intent, "status");
    const json_t *error = json_object_get(intent, "last_payment_error");

    if (strcmp(status, "succeeded") == 0)
        deed->outcome = "captured";
    else if (strcmp(status, "requires_capture") == 0)
        deed->outcome = "authorized";
    else if (strcmp(status, "requires_confirmation") == 0)
        deed->phase = ACT;
    else if (strcmp(status, "processing") == 0)
        try_later(deed);
    else
        deed->outcome = outcome_of_decline(error);
}

static void take_intent(souk_pool_t *pool, struct deed *deed, const stripe_answer_t *answer)
{
    if (answer->status == 0 || answer->status >= 500) {
        deed->attempt += answer->status >= 500;
        try_later(deed);
    } else if (is_put_off(deed, answer)) {
        return;
    } else if (answer->status >= 400) {
        deed->outcome = outcome_of_decline(json_object_get(answer->body, "error"));
    } else {
        deed->reference = stripe_keep(pool, stripe_text(answer->body, "id"));
        deed->phase = answer->replayed ? LOOK : ACT;
        deed->attempt = 0;
    }
}

static void take_confirmation(souk_pool_t *pool, struct deed *deed, const stripe_answer_t *answer)
{
    if (is_unknown(deed, answer) || is_put_off(deed, answer))
        return;
    if (answer->status >= 400)
        deed->outcome = outcome_of_decline(json_object_get(answer->body, "error"));
    else
        read_intent(deed, answer->body);
    deed->phase = deed->outcome ? deed->phase : LOOK;
}

static void take_look(souk_pool_t *pool, struct deed *deed, const stripe_answer_t *answer)
{
    if (answer->status == 200)
        read_intent(deed, answer->body);
    else
        try_later(deed);
}

/* What was captured or let go before is found by looking. */
static void take_capture(souk_pool_t *pool, struct deed *deed, const stripe_answer_t *answer)
{
    if (is_unknown(deed, answer) || is_put_off(deed, answer))
        return;
    if (answer->status >= 400)
        deed->phase = LOOK;
    else
        deed->outcome = "captured";
}

static void look_at_capture(souk_pool_t *pool, struct deed *deed, const stripe_answer_t *answer)
{
    const char *status = stripe_text(answer->body, "status");

    if (answer->status == 200 && strcmp(status, "succeeded") == 0) {
        deed->outcome = "captured";
    } else if (answer->status == 200 && strcmp(status, "canceled") == 0) {
        deed->outcome = "declined";
    } else {
        deed->phase = answer->status == 200 ? ACT : LOOK;
        try_later(deed);
    }
}

static void take_refund(souk_pool_t *pool, struct deed *deed, const stripe_answer_t *answer)
{
    if (is_unknown(deed, answer) || is_put_off(deed, answer))
        return;
    bool failed =
        answer->status >= 400 || strcmp(stripe_text(answer->body, "status"), "failed") == 0;
    deed->outcome = failed ? "failed" : "refunded";
}

static const json_t *find_refund(const json_t *list, const char *key)
{
    const json_t *data = json_object_get(list, "data");

    for (size_t i = 0; i < json_array_size(data); i++) {
        const json_t *refund = json_array_get(data, i);
        if (strcmp(stripe_text(json_object_get(refund, "metadata"), "souk_key"), key) == 0)
            return refund;
    }
    return NULL;
}

static void look_at_refund(souk_pool_t *pool, struct deed *deed, const stripe_answer_t *answer)
{
    const json_t *found = find_refund(answer->body, deed->key);

    if (answer->status != 200) {
        try_later(deed);
    } else if (!found) {
        deed->phase = ACT;
        try_later(deed);
    } else {
        deed->outcome = strcmp(stripe_text(found, "status"), "failed") == 0 ? "failed" : "refunded";
    }
}

/* Nothing but success ends this: the money is owed until it is given back. */
static void take_release(souk_pool_t *pool, struct deed *deed, const stripe_answer_t *answer)
{
    const char *code = stripe_text(json_object_get(answer->body, "error"), "code");

    if (is_unknown(deed, answer) || is_put_off(deed, answer))
        return;
    if (answer->status < 400 || strcmp(code, "charge_already_refunded") == 0)
        deed->outcome = "voided";
    else
        deed->phase = LOOK;
}

static void look_at_release(souk_pool_t *pool, struct deed *deed, const stripe_answer_t *answer)
{
    bool done = deed->manual ? strcmp(stripe_text(answer->body, "status"), "canceled") == 0
                             : find_refund(answer->body, deed->key) != NULL;

    if (answer->status == 200 && done) {
        deed->outcome = "voided";
    } else {
        deed->phase = answer->status == 200 ? ACT : LOOK;
        try_later(deed);
    }
}

static void take_answer(const errand_t *errand, souk_pool_t *pool, struct deed *deed)
{
    stripe_request_t *request = deed->work;
    stripe_answer_t answer = { 0 };

    if (!stripe_take(&request, &answer))
        return;
    deed->work = NULL;
    if (deed->phase == MAKE)
        take_intent(pool, deed, &answer);
    else
        (deed->phase == ACT ? errand->take_act : errand->take_look)(pool, deed, &answer);
    json_decref(answer.body);
}

static void send(const errand_t *errand, souk_pool_t *pool, struct deed *deed)
{
    bool refunds = errand->lists_refunds && !deed->manual;

    if (deed->phase == MAKE && !errand->makes_intent)
        deed->phase = ACT;
    deed->asked_ms = souk_clock_ms();
    deed->work = deed->phase == MAKE ? make_intent(pool, deed)
        : deed->phase == ACT         ? errand->act(pool, deed)
                                     : look(pool, deed, refunds);
}

/* Where something was to be answered, it is what is done next that counts. */
static bool run(const errand_t *errand, souk_call_t *call, const souk_list_t *deeds)
{
    struct deed **all = deeds->items;
    souk_pool_t *pool = souk_call_pool(call);

    stripe_turn();
    for (size_t i = 0; i < deeds->count; i++) {
        if (all[i]->work)
            take_answer(errand, pool, all[i]);
        if (!all[i]->outcome && !all[i]->work && souk_clock_ms() >= all[i]->again_ms)
            send(errand, pool, all[i]);
        all[i]->wait_ms = stripe_pause_ms(all[i]->asked_ms);
    }
    stripe_turn();
    return true;
}

static bool charge(souk_call_t *call, const souk_list_t *deeds)
{
    static const errand_t errand = {
        .makes_intent = true,
        .act = confirm,
        .take_act = take_confirmation,
        .take_look = take_look,
    };
    return run(&errand, call, deeds);
}

static bool capture(souk_call_t *call, const souk_list_t *deeds)
{
    static const errand_t errand = {
        .act = capture_intent,
        .take_act = take_capture,
        .take_look = look_at_capture,
    };
    return run(&errand, call, deeds);
}

static bool release(souk_call_t *call, const souk_list_t *deeds)
{
    static const errand_t errand = {
        .act = let_go,
        .take_act = take_release,
        .take_look = look_at_release,
        .lists_refunds = true,
    };
    return run(&errand, call, deeds);
}

static bool refund(souk_call_t *call, const souk_list_t *deeds)
{
    static const errand_t errand = {
        .act = give_back,
        .take_act = take_refund,
        .take_look = look_at_refund,
        .lists_refunds = true,
    };
    return run(&errand, call, deeds);
}

/* Every request has its own end, and what became of it is looked up by the errand itself. */
static bool find(souk_call_t *call, const souk_list_t *deeds)
{
    return true;
}

const struct provider stripe = {
    .name = "stripe",
    .takes = takes,
    .charge = charge,
    .authorize = charge,
    .capture = capture,
    .release = release,
    .refund = refund,
    .find = find,
    .inspect = stripe_inspect,
};
