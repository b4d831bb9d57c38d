/* What more than one saga of the order actor asks of other services. */
#include "asks.h"

const souk_ask_t order_release_stock = {
    .operation = "inventory.release",
    .takes = &order_reference,
    .gives = &souk_nothing,
};
const souk_ask_t order_void_charge = {
    .operation = "payment.void",
    .takes = &order_reference,
    .gives = &souk_nothing,
};
const souk_ask_t order_give_back_uses = {
    .operation = "pricing.give_back",
    .takes = &order_reference,
    .gives = &souk_nothing,
};
