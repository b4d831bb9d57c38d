/* What is told of the stock. */
#ifndef SOUK_INVENTORY_EVENTS_H
#define SOUK_INVENTORY_EVENTS_H

#include "souk.h"

struct stock_told {
    const char *sku;
    const char *location;
    int available;
    int threshold;
};
static const souk_record_t stock_told = {
    .name = "stock_told",
    .size = sizeof(struct stock_told),
    .fields = {
        FIELD(stock_told, sku),
        FIELD(stock_told, location),
        FIELD(stock_told, available),
        FIELD(stock_told, threshold),
    },
};

#endif
