/* What can go wrong in more than one of the catalogue's files. */
#ifndef PRODUCT_ERRORS_H
#define PRODUCT_ERRORS_H

#include "../../lib/error.h"

static const souk_error_t no_such_product = {
    .code = "no_such_product",
    .kind = SOUK_NOT_FOUND,
    .meaning = "The catalogue has no product of this SKU.",
};
static const souk_error_t sku_taken = {
    .code = "sku_taken",
    .kind = SOUK_CONFLICT,
    .meaning = "The SKU belongs to another product, now or in former times.",
};
static const souk_error_t unknown_category = {
    .code = "unknown_category",
    .kind = SOUK_MISUSED,
    .meaning = "There is no category of this slug.",
};

#endif
