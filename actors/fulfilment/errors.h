/* What can go wrong in more than one part of the fulfilment; and the errors of those whom it asks,
   as they name them. */
#ifndef FULFILMENT_ERRORS_H
#define FULFILMENT_ERRORS_H

#include "../../lib/error.h"

static const souk_error_t no_such_shipment = {
    .code = "no_such_shipment",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is no such shipment.",
};
static const souk_error_t wrong_status = {
    .code = "wrong_status",
    .kind = SOUK_CONFLICT,
    .meaning = "From the status that it has there is no way to this one.",
};
static const souk_error_t too_many = {
    .code = "too_many",
    .kind = SOUK_CONFLICT,
    .meaning = "An order has 1,000 shipments, or 1,000 returns, at the most.",
};
static const souk_error_t leaving_already = {
    .code = "leaving_already",
    .kind = SOUK_RUNNING,
    .meaning = "A shipment of the order is just leaving.",
};
static const souk_error_t tracking_number_taken = {
    .code = "tracking_number_taken",
    .kind = SOUK_CONFLICT,
    .meaning = "Another shipment has this tracking number.",
};
static const souk_error_t no_such_order = {
    .code = "no_such_order",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The caller has no order of this id.",
};
static const souk_error_t no_such_return = {
    .code = "no_such_return",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The caller has no return of this id.",
};
static const souk_error_t order_running = {
    .code = "order_running",
    .kind = SOUK_RUNNING,
    .meaning = "The order is just being placed.",
};
static const souk_error_t not_shippable = {
    .code = "not_shippable",
    .kind = SOUK_CONFLICT,
    .meaning = "Only an order that is confirmed can be shipped.",
};
static const souk_error_t reservation_gone = {
    .code = "reservation_gone",
    .kind = SOUK_CONFLICT,
    .meaning = "The order's reservation was given back, or has run out.",
};
static const souk_error_t not_held = {
    .code = "not_held",
    .kind = SOUK_CONFLICT,
    .meaning = "More is to leave for an order than is held for it.",
};
static const souk_error_t no_such_location = {
    .code = "no_such_location",
    .kind = SOUK_NOT_FOUND,
    .meaning = "There is no location of this code.",
};
static const souk_error_t unknown_location = {
    .code = "unknown_location",
    .kind = SOUK_MISUSED,
    .meaning = "There is no location of this code to lay things down at or take them from.",
};

#endif
