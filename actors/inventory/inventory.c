/* The inventory: what is there, what of it is promised, and to which order. */
#include "book.h"
#include "errors.h"
#include "release.h"
#include "reserve.h"
#include "stock.h"

const souk_actor_t inventory_actor = {
    .name = "inventory",
    .summary = "What is in stock, and what of it is promised to whom.",
    .queries = {
        &inventory_find_stock,
        &inventory_lock_wanted,
        &inventory_save_reservations,
        &inventory_save_stock,
        &inventory_bury_reservations,
        &inventory_find_expired,
        &inventory_close_reservations,
        &inventory_set_expiry,
        &inventory_save_delivery,
    },
    .operations = {
        {
            .name = "inventory.check",
            .summary = "How many of each product can be ordered.",
            .request = &stock_query,
            .reply = &stock_items,
            .batch = inventory_check,
            .repeatable = true,
        },
        {
            .name = "inventory.show",
            .http = "GET /v1/stock",
            .summary = "How many of each product can be ordered; more than a shop cares to tell are told as fewer.",
            .request = &stock_query,
            .reply = &stock_items,
            .batch = inventory_show,
            .repeatable = true,
            .role = "anyone",
        },
        {
            .name = "inventory.reserve",
            .summary = "Hold all that an order wants, or nothing of it.",
            .request = &wish,
            .reply = &souk_nothing,
            .errors = { &inventory_out_of_stock, &reservation_gone },
            .batch = inventory_reserve,
            .writes = true,
            .repeatable = true,
        },
        {
            .name = "inventory.release",
            .summary = "Give back what is held for an order, also if it is only held later.",
            .request = &order_key,
            .reply = &souk_nothing,
            .batch = inventory_release,
            .writes = true,
            .repeatable = true,
        },
        {
            .name = "inventory.expire",
            .summary = "Let an order's reservation run out, unless it is released before.",
            .request = &expiry,
            .reply = &souk_nothing,
            .errors = { &reservation_gone },
            .batch = inventory_expire,
            .writes = true,
            .repeatable = true,
        },
        {
            .name = "inventory.receive",
            .summary = "Book what was delivered.",
            .request = &delivery,
            .reply = &souk_nothing,
            .errors = { &no_such_location },
            .handler = inventory_receive,
            .writes = true,
            .repeatable = true,
        },
    },
    .timers = {
        {
            .name = "release_expired",
            .every_ms = 1000,
            .handler = inventory_release_expired,
        },
    },
};
