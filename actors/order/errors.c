/* The errors of order.place and order.pay. */
#include "errors.h"

const souk_error_t order_card_declined = {
    .code = "card_declined",
    .kind = SOUK_DECLINED,
    .meaning = "The payment was declined for good; nothing was taken.",
};
const souk_error_t order_authentication_required = {
    .code = "authentication_required",
    .kind = SOUK_DECLINED,
    .meaning = "The bank wants the customer to confirm this payment; use another method. Nothing "
               "was taken.",
};
const souk_error_t order_payment_failed = {
    .code = "payment_failed",
    .kind = SOUK_DECLINED,
    .meaning = "The payment failed for now; nothing was taken, and the order still waits.",
};
const souk_error_t order_total_changed = {
    .code = "total_changed",
    .kind = SOUK_CONFLICT,
    .meaning = "It costs something else by now. Look at it anew, then order it.",
};
const souk_error_t order_cart_ordered = {
    .code = "cart_ordered",
    .kind = SOUK_CONFLICT,
    .meaning = "What is in the cart was ordered already, or is being ordered at this moment.",
};

/* As the other services name them. */
const souk_error_t order_unknown_sku = {
    .code = "unknown_sku",
    .kind = SOUK_MISUSED,
    .meaning =
        "Nothing is sold under this SKU. Where a product has variants, they are what is ordered.",
};
const souk_error_t order_mixed_currencies = {
    .code = "mixed_currencies",
    .kind = SOUK_MISUSED,
    .meaning = "One order cannot hold prices in different currencies.",
};
const souk_error_t order_total_too_large = {
    .code = "total_too_large",
    .kind = SOUK_MISUSED,
    .meaning = "The prices add up to more than one order may cost.",
};
const souk_error_t order_out_of_stock = {
    .code = "out_of_stock",
    .kind = SOUK_CONFLICT,
    .meaning = "There is less left of a product than was asked for.",
};
const souk_error_t order_reservation_gone = {
    .code = "reservation_gone",
    .kind = SOUK_CONFLICT,
    .meaning = "The order's reservation was given back, or has run out.",
};
const souk_error_t order_unknown_payment_method = {
    .code = "unknown_payment_method",
    .kind = SOUK_MISUSED,
    .meaning = "There is no such payment method.",
};
const souk_error_t order_payment_voided = {
    .code = "payment_voided",
    .kind = SOUK_CONFLICT,
    .meaning = "The order's payment was voided.",
};
const souk_error_t order_not_eligible = {
    .code = "not_eligible",
    .kind = SOUK_FORBIDDEN,
    .meaning = "The shop takes no payment from this customer, or none in this currency.",
};
const souk_error_t order_limit_exceeded = {
    .code = "limit_exceeded",
    .kind = SOUK_CONFLICT,
    .meaning = "This is more than the customer may pay at once, or in one day.",
};
const souk_error_t order_no_such_payment = {
    .code = "no_such_payment",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The order has no payment.",
};
const souk_error_t order_not_payable = {
    .code = "not_payable",
    .kind = SOUK_CONFLICT,
    .meaning = "The order does not wait for a payment.",
};
const souk_error_t order_too_many_tries = {
    .code = "too_many_tries",
    .kind = SOUK_CONFLICT,
    .meaning = "The order was tried to be paid too often; nobody can pay it any more.",
};
const souk_error_t order_no_price_in_currency = {
    .code = "no_price_in_currency",
    .kind = SOUK_MISUSED,
    .meaning = "A product is not sold in this currency.",
};
const souk_error_t order_no_such_cart = {
    .code = "no_such_cart",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is no such cart, or it is somebody else's.",
};
const souk_error_t order_cart_empty = {
    .code = "cart_empty",
    .kind = SOUK_MISUSED,
    .meaning = "There is nothing in the cart.",
};
const souk_error_t order_user_blocked = {
    .code = "user_blocked",
    .kind = SOUK_FORBIDDEN,
    .meaning = "The account is blocked: it cannot order.",
};
const souk_error_t order_unknown_coupon = {
    .code = "unknown_coupon",
    .kind = SOUK_MISUSED,
    .meaning = "There is no such coupon.",
};
const souk_error_t order_too_many_attempts = {
    .code = "too_many_attempts",
    .kind = SOUK_LIMITED,
    .meaning = "Too many coupons were tried that there are not; a later attempt is welcome.",
};
const souk_error_t order_coupon_expired = {
    .code = "coupon_expired",
    .kind = SOUK_MISUSED,
    .meaning = "The coupon's time is over.",
};
const souk_error_t order_coupon_used_up = {
    .code = "coupon_used_up",
    .kind = SOUK_CONFLICT,
    .meaning = "The coupon was used as often as it may be.",
};
const souk_error_t order_coupon_not_applicable = {
    .code = "coupon_not_applicable",
    .kind = SOUK_MISUSED,
    .meaning = "The coupon is not for an order like this one.",
};
const souk_error_t order_unknown_shipping_method = {
    .code = "unknown_shipping_method",
    .kind = SOUK_MISUSED,
    .meaning = "There is no such shipping method.",
};
const souk_error_t order_shipping_unavailable = {
    .code = "shipping_unavailable",
    .kind = SOUK_MISUSED,
    .meaning = "The shipping method does not go there, or not with this.",
};
const souk_error_t order_redemption_gone = {
    .code = "redemption_gone",
    .kind = SOUK_CONFLICT,
    .meaning = "The order's uses of promotions were given back.",
};
const souk_error_t order_shipping_method_needed = {
    .code = "shipping_method_needed",
    .kind = SOUK_MISUSED,
    .meaning = "What weighs something is sent: choose a shipping method that goes there.",
};
