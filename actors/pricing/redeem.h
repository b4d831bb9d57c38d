/* Uses of what is limited: reserved by an order and given back, like stock. */
#ifndef PRICING_REDEEM_H
#define PRICING_REDEEM_H

#include "records.h"

extern const souk_error_t pricing_redemption_gone;
extern const souk_query_t pricing_lock_orders, pricing_lock_promotions, pricing_find_redeemed,
    pricing_save_redemptions, pricing_bury_redemptions, pricing_give_back_uses;

bool pricing_redeem(souk_batch_t *batch);
bool pricing_give_back(souk_batch_t *batch);

#endif
