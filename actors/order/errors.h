/* The errors of order.place and order.pay: its own, and those of whom it asks, as they name them.
 */
#ifndef ORDER_ERRORS_H
#define ORDER_ERRORS_H

#include "../../lib/error.h"

extern const souk_error_t order_card_declined, order_unknown_sku, order_mixed_currencies,
    order_total_too_large, order_out_of_stock, order_reservation_gone, order_unknown_payment_method,
    order_payment_voided, order_no_price_in_currency, order_total_changed, order_no_such_cart,
    order_cart_empty, order_user_blocked, order_unknown_coupon, order_coupon_expired,
    order_coupon_used_up, order_coupon_not_applicable, order_unknown_shipping_method,
    order_shipping_unavailable, order_redemption_gone, order_not_eligible, order_limit_exceeded,
    order_shipping_method_needed, order_cart_ordered, order_too_many_attempts,
    order_authentication_required, order_payment_failed, order_no_such_payment, order_not_payable,
    order_too_many_tries;

#endif
