/* What is told of the catalogue. */
#ifndef SOUK_PRODUCT_EVENTS_H
#define SOUK_PRODUCT_EVENTS_H

#include "souk.h"

struct product_told {
    const char *sku;
    int version;
    const char *status;
};
static const souk_record_t product_told = {
    .name = "product_told",
    .size = sizeof(struct product_told),
    .fields = {
        FIELD(product_told, sku),
        FIELD(product_told, version, .doc = "as it is now"),
        FIELD(product_told, status),
    },
};

struct category_told {
    const char *slug;
};
static const souk_record_t category_told = {
    .name = "category_told",
    .size = sizeof(struct category_told),
    .fields = {
        FIELD(category_told, slug),
    },
};

#endif
