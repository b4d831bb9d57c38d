/* Stripe, by PaymentIntents. What moves money is asked for in two steps: an intent is made, which
   costs nobody anything and is made once by its Idempotency-Key, and then it is confirmed. So there
   is always something to be looked up, by its id: Stripe keeps even a 500 under a key and answers
   it again for ever, hence a replay of the key would not tell what became of the money; and its
   search knows of what was just done only a while later. */
#include "stripe.h"

#include <ctype.h>
#include <string.h>

#include "stripe_answers.h"

/* One kind of deed. */
typedef struct {
    bool makes_intent;
    stripe_request_t *(*act)(souk_pool_t *pool, const struct deed *deed);
    stripe_take_t *take_act, *take_look;
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

static void take_answer(const errand_t *errand, struct deed *deed)
{
    stripe_request_t *request = deed->work;
    stripe_answer_t answer = { 0 };

    if (!stripe_take(&request, &answer))
        return;
    deed->work = NULL;
    if (deed->phase == MAKE)
        stripe_take_intent(deed, &answer);
    else
        (deed->phase == ACT ? errand->take_act : errand->take_look)(deed, &answer);
    json_decref(answer.body);
}

static void send(const errand_t *errand, souk_pool_t *pool, struct deed *deed)
{
    bool refunds = errand->lists_refunds && !deed->manual;

    if (deed->phase == MAKE && !errand->makes_intent)
        deed->phase = ACT;
    if (deed->phase == MAKE && deed->reference)
        deed->phase = LOOK;
    deed->asked_ms = souk_clock_ms();
    deed->work = deed->phase == MAKE ? make_intent(pool, deed)
        : deed->phase == ACT         ? errand->act(pool, deed)
                                     : look(pool, deed, refunds);
}

/* A reference that was just learned is to be written down before money is moved under it. */
static void move_on(const errand_t *errand, souk_pool_t *pool, struct deed *deed)
{
    const char *known = deed->reference;

    if (deed->work)
        take_answer(errand, deed);
    if (deed->reference == known && !deed->outcome && !deed->work &&
        souk_clock_ms() >= deed->again_ms)
        send(errand, pool, deed);
    deed->wait_ms = stripe_pause_ms(deed->asked_ms);
}

/* Where something was to be answered, it is what is done next that counts. */
static bool run(const errand_t *errand, souk_call_t *call, const souk_list_t *deeds)
{
    struct deed **all = deeds->items;
    souk_pool_t *pool = souk_call_pool(call);

    stripe_turn();
    for (size_t i = 0; i < deeds->count; i++)
        move_on(errand, pool, all[i]);
    stripe_turn();
    return true;
}

static bool charge(souk_call_t *call, const souk_list_t *deeds)
{
    static const errand_t errand = {
        .makes_intent = true,
        .act = confirm,
        .take_act = stripe_take_confirmation,
        .take_look = stripe_take_look,
    };
    return run(&errand, call, deeds);
}

static bool capture(souk_call_t *call, const souk_list_t *deeds)
{
    static const errand_t errand = {
        .act = capture_intent,
        .take_act = stripe_take_capture,
        .take_look = stripe_look_at_capture,
    };
    return run(&errand, call, deeds);
}

static bool release(souk_call_t *call, const souk_list_t *deeds)
{
    static const errand_t errand = {
        .act = let_go,
        .take_act = stripe_take_release,
        .take_look = stripe_look_at_release,
        .lists_refunds = true,
    };
    return run(&errand, call, deeds);
}

static bool refund(souk_call_t *call, const souk_list_t *deeds)
{
    static const errand_t errand = {
        .act = give_back,
        .take_act = stripe_take_refund,
        .take_look = stripe_look_at_refund,
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
