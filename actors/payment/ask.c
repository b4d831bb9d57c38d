/* How the provider is asked: never inside a transaction, and never twice without looking. */
#include <string.h>

#include "../../lib/settings.h"
#include "payment.h"
#include "queries/payment.h"
#include "simulator.h"
#include "stripe.h"

enum {
    PAUSE_MIN_MS = 10, /* before a provider is looked at again */
};

const souk_error_t payment_missing = {
    .code = "no_such_payment",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The order has no payment.",
};
const souk_error_t payment_unknown_method = {
    .code = "unknown_payment_method",
    .kind = SOUK_MISUSED,
    .meaning = "There is no such payment method.",
};

const souk_query_t payment_lock_rows = {
    .sql = &sql_lock_payments,
    .takes = &order_ids,
    .gives = &locked_payment,
};

const struct provider *payment_provider(void)
{
    bool by_stripe = strcmp(souk_settings.payment_provider, stripe.name) == 0;
    return by_stripe ? &stripe : &simulator;
}

souk_list_t payment_orders_of(souk_batch_t *batch)
{
    return souk_batch_texts(batch, offsetof(struct payment, order_id));
}

bool payment_is_free(const struct payment *it)
{
    return it->amount.amount == 0;
}

bool payment_lock(souk_batch_t *batch, const souk_list_t *orders, souk_list_t *rows)
{
    return souk_db_all(batch->all, &payment_lock_rows, &(struct order_ids){ *orders }, rows);
}

static bool is_open(const struct deed *deed)
{
    return !deed->outcome;
}

static bool is_lost(const struct deed *deed)
{
    return is_open(deed) && deed->asked_ms &&
        souk_clock_ms() - deed->asked_ms >= souk_settings.provider_timeout_ms;
}

static int pause_ms(const struct deed *deed)
{
    int64_t now_ms = souk_clock_ms();
    int64_t left_ms = deed->asked_ms + souk_settings.provider_timeout_ms - now_ms;
    int64_t pause = left_ms < deed->wait_ms ? left_ms : deed->wait_ms;
    if (deed->again_ms > now_ms)
        pause = deed->again_ms - now_ms;
    return pause > PAUSE_MIN_MS ? (int)pause : PAUSE_MIN_MS;
}

static bool act_on(souk_batch_t *batch, payment_deed_t *deed_of,
    bool (*is_meant)(const struct deed *deed), provider_act_t *act)
{
    souk_list_t deeds = { 0 };

    for (size_t i = 0; i < batch->count; i++) {
        struct deed *deed = deed_of(batch, i);
        deed->pool = souk_call_pool(batch->calls[i]);
        if (is_meant(deed))
            *(struct deed **)souk_list_add(&deeds, souk_call_pool(batch->all), sizeof deed) = deed;
    }
    return deeds.count == 0 || act(batch->all, &deeds);
}

bool payment_ask(souk_batch_t *batch, payment_deed_t *deed_of, provider_act_t *act)
{
    if (!act_on(batch, deed_of, is_open, act) ||
        !act_on(batch, deed_of, is_lost, payment_provider()->find))
        return false;
    for (size_t i = 0; i < batch->count; i++) {
        const struct deed *deed = deed_of(batch, i);
        if (is_open(deed))
            souk_batch_wait(batch, i, pause_ms(deed));
    }
    return true;
}
