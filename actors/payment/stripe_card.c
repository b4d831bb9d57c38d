/* What Stripe tells of a token before it is stored. */
#include "stripe.h"
#include "stripe_http.h"

/* One look is all: whoever stores a card can try again himself, and libcurl ends what takes too
   long. */
static void take_card(struct card *card)
{
    stripe_request_t *request = card->work;
    stripe_answer_t answer = { 0 };

    if (!stripe_take(&request, &answer))
        return;
    card->work = NULL;
    const json_t *told = json_object_get(answer.body, "card");
    if (answer.status == 200 && told) {
        card->outcome = "known";
        card->brand = stripe_keep(card->pool, stripe_text(told, "brand"));
        card->last4 = stripe_keep(card->pool, stripe_text(told, "last4"));
        card->expiry_month = (int)json_integer_value(json_object_get(told, "exp_month"));
        card->expiry_year = (int)json_integer_value(json_object_get(told, "exp_year"));
    } else if (answer.status == 200 || answer.status == 400 || answer.status == 404) {
        card->outcome = "unknown";
    } else {
        card->outcome = "unanswered";
    }
    json_decref(answer.body);
}

bool stripe_inspect(souk_call_t *call, const souk_list_t *cards)
{
    struct card **all = cards->items;
    souk_pool_t *pool = souk_call_pool(call);

    stripe_turn();
    for (size_t i = 0; i < cards->count; i++) {
        if (all[i]->work)
            take_card(all[i]);
        if (!all[i]->outcome && !all[i]->work && !all[i]->asked_ms) {
            all[i]->asked_ms = souk_clock_ms();
            all[i]->work =
                stripe_send(souk_pool_format(pool, "/v1/payment_methods/%s", all[i]->token), NULL,
                    NULL);
        }
        all[i]->wait_ms = stripe_pause_ms(all[i]->asked_ms);
    }
    stripe_turn();
    return true;
}
