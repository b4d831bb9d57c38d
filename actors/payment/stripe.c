/* Stripe, by PaymentIntents. What moves money is asked for in two steps: an intent is made, which
   costs nobody anything and is made once by its Idempotency-Key, and then it is confirmed. So there
   is always something to be looked up, by its id: Stripe keeps even a 500 under a key and answers
   it again for ever, hence a replay of the key would not tell what became of the money; and its
   search knows of what was just done only a while later. */
#include "stripe.h"

#include <ctype.h>
#include <string.h>

#include "stripe_answers.h"
#include "stripe_asks.h"

/* Sends what comes next; the number to take its answer by. */
typedef int64_t stripe_send_t(souk_pool_t *pool, const struct deed *deed);

/* One kind of deed. */
typedef struct {
    int (*begin)(const struct deed *deed); /* the first phase */
    stripe_send_t *send[PHASES];
    stripe_take_t *take[PHASES];
} kind_t;

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

static int64_t make_intent(souk_pool_t *pool, const struct deed *deed)
{
    static const char *types[] = { "card" };
    struct stripe_wish wish = {
        .amount = deed->amount.amount,
        .currency = currency_of(pool, deed),
        .customer = deed->customer,
        .payment_method = deed->method,
        .payment_method_types = { types, 1 },
        .capture_method = deed->manual ? "manual" : "automatic",
        .metadata.order_id = deed->order_id,
    };
    return souk_web_send(&stripe_make_intent, &wish, key_of(pool, deed, "intent"));
}

static int64_t confirm(souk_pool_t *pool, const struct deed *deed)
{
    struct stripe_wish wish = { .id = deed->reference, .error_on_requires_action = true };
    return souk_web_send(&stripe_confirm_intent, &wish, key_of(pool, deed, "confirm"));
}

static int64_t find_intent(souk_pool_t *pool, const struct deed *deed)
{
    return souk_web_send(&stripe_find_intent, &(struct stripe_wish){ .id = deed->reference }, NULL);
}

static int64_t capture_intent(souk_pool_t *pool, const struct deed *deed)
{
    struct stripe_wish wish = { .id = deed->reference, .amount_to_capture = deed->amount.amount };
    return souk_web_send(&stripe_capture_intent, &wish, key_of(pool, deed, "capture"));
}

static int64_t give_back(souk_pool_t *pool, const struct deed *deed)
{
    struct stripe_wish wish = {
        .payment_intent = deed->reference,
        .amount = deed->amount.amount,
        .metadata.souk_key = deed->key,
    };
    return souk_web_send(&stripe_make_refund, &wish, key_of(pool, deed, "refund"));
}

static int64_t list_refunds(souk_pool_t *pool, const struct deed *deed)
{
    struct stripe_wish wish = { .payment_intent = deed->reference, .limit = 100 };
    return souk_web_send(&stripe_list_refunds, &wish, NULL);
}

static int64_t let_go(souk_pool_t *pool, const struct deed *deed)
{
    struct stripe_wish wish = { .id = deed->reference };
    return deed->manual ? souk_web_send(&stripe_cancel_intent, &wish, key_of(pool, deed, "cancel"))
                        : give_back(pool, deed);
}

static int64_t look_at_release(souk_pool_t *pool, const struct deed *deed)
{
    return deed->manual ? find_intent(pool, deed) : list_refunds(pool, deed);
}

static int64_t make_customer(souk_pool_t *pool, const struct deed *deed)
{
    struct stripe_wish wish = { .metadata.user_id = deed->user_id };
    return souk_web_send(&stripe_make_customer, &wish, key_of(pool, deed, "customer"));
}

static int64_t find_method(souk_pool_t *pool, const struct deed *deed)
{
    return souk_web_send(&stripe_find_method, &(struct stripe_wish){ .id = deed->method }, NULL);
}

static int64_t attach_method(souk_pool_t *pool, const struct deed *deed)
{
    struct stripe_wish wish = { .id = deed->method, .customer = deed->customer };
    return souk_web_send(&stripe_attach_method, &wish, NULL);
}

static int64_t detach_or_delete(souk_pool_t *pool, const struct deed *deed)
{
    struct stripe_wish wish = { .id = deed->method ? deed->method : deed->customer };
    return souk_web_send(deed->method ? &stripe_detach_method : &stripe_delete_customer, &wish,
        NULL);
}

static void send(const kind_t *kind, souk_pool_t *pool, struct deed *deed)
{
    if (!deed->asked_ms)
        deed->phase = kind->begin(deed);
    deed->asked_ms = souk_clock_ms();
    deed->work = kind->send[deed->phase](pool, deed);
}

/* A reference that was just learned is to be written down before money is moved under it. */
static void move_on(const kind_t *kind, souk_pool_t *pool, struct deed *deed)
{
    const char *known = deed->reference;
    souk_web_answer_t answer;

    if (deed->work && souk_web_take(deed->work, deed->pool, &answer)) {
        deed->work = 0;
        kind->take[deed->phase](deed, &answer);
    }
    if (deed->reference == known && !deed->outcome && !deed->work &&
        souk_clock_ms() >= deed->again_ms)
        send(kind, pool, deed);
    deed->wait_ms = souk_web_pause_ms(deed->work);
}

/* Where something was to be answered, it is what is done next that counts. */
static bool run(const kind_t *kind, souk_call_t *call, const souk_list_t *deeds)
{
    struct deed **all = deeds->items;

    souk_web_turn();
    for (size_t i = 0; i < deeds->count; i++)
        move_on(kind, souk_call_pool(call), all[i]);
    souk_web_turn();
    return true;
}

static int make_or_look(const struct deed *deed)
{
    return deed->reference ? LOOK : MAKE;
}

static int act(const struct deed *deed)
{
    return ACT;
}

static int look(const struct deed *deed)
{
    return LOOK;
}

static int make_or_act(const struct deed *deed)
{
    return deed->customer ? ACT : MAKE;
}

static bool charge(souk_call_t *call, const souk_list_t *deeds)
{
    static const kind_t kind = {
        .begin = make_or_look,
        .send = { [MAKE] = make_intent, [ACT] = confirm, [LOOK] = find_intent },
        .take = {
            [MAKE] = stripe_take_intent,
            [ACT] = stripe_take_confirmation,
            [LOOK] = stripe_take_look,
        },
    };
    return run(&kind, call, deeds);
}

static bool capture(souk_call_t *call, const souk_list_t *deeds)
{
    static const kind_t kind = {
        .begin = act,
        .send = { [ACT] = capture_intent, [LOOK] = find_intent },
        .take = { [ACT] = stripe_take_capture, [LOOK] = stripe_look_at_capture },
    };
    return run(&kind, call, deeds);
}

static bool release(souk_call_t *call, const souk_list_t *deeds)
{
    static const kind_t kind = {
        .begin = act,
        .send = { [ACT] = let_go, [LOOK] = look_at_release },
        .take = { [ACT] = stripe_take_release, [LOOK] = stripe_look_at_release },
    };
    return run(&kind, call, deeds);
}

static bool refund(souk_call_t *call, const souk_list_t *deeds)
{
    static const kind_t kind = {
        .begin = act,
        .send = { [ACT] = give_back, [LOOK] = list_refunds },
        .take = { [ACT] = stripe_take_refund, [LOOK] = stripe_look_at_refund },
    };
    return run(&kind, call, deeds);
}

static bool look_on(souk_call_t *call, const souk_list_t *deeds)
{
    static const kind_t kind = {
        .begin = look,
        .send = { [LOOK] = find_intent },
        .take = { [LOOK] = stripe_look_on },
    };
    return run(&kind, call, deeds);
}

static bool enroll(souk_call_t *call, const souk_list_t *deeds)
{
    static const kind_t kind = {
        .begin = act,
        .send = { [ACT] = make_customer },
        .take = { [ACT] = stripe_take_customer },
    };
    return run(&kind, call, deeds);
}

static bool attach(souk_call_t *call, const souk_list_t *deeds)
{
    static const kind_t kind = {
        .begin = look,
        .send = { [ACT] = attach_method, [LOOK] = find_method },
        .take = { [ACT] = stripe_take_attachment, [LOOK] = stripe_look_at_method },
    };
    return run(&kind, call, deeds);
}

static bool forget(souk_call_t *call, const souk_list_t *deeds)
{
    static const kind_t kind = {
        .begin = make_or_act,
        .send = { [MAKE] = make_customer, [ACT] = detach_or_delete, [LOOK] = find_method },
        .take = {
            [MAKE] = stripe_learn_customer,
            [ACT] = stripe_take_farewell,
            [LOOK] = stripe_look_at_farewell,
        },
    };
    return run(&kind, call, deeds);
}

/* Every request has its own end, and what became of it is looked up by the deed's own kind. */
static bool find(souk_call_t *call, const souk_list_t *deeds)
{
    return true;
}

const struct provider stripe = {
    .name = "stripe",
    .takes = takes,
    .tokens_pay_once = true,
    .charge = charge,
    .authorize = charge,
    .capture = capture,
    .release = release,
    .refund = refund,
    .find = find,
    .look = look_on,
    .read = stripe_read,
    .owns = stripe_owns,
    .enroll = enroll,
    .attach = attach,
    .forget = forget,
};
