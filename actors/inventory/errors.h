/* What can go wrong in more than one part of the inventory. */
#ifndef INVENTORY_ERRORS_H
#define INVENTORY_ERRORS_H

#include "../../lib/error.h"

static const souk_error_t reservation_gone = {
    .code = "reservation_gone",
    .kind = SOUK_CONFLICT,
    .meaning = "The order's reservation was given back, or has run out.",
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
static const souk_error_t no_such_stock = {
    .code = "no_such_stock",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The product has never been in stock there.",
};

#endif
